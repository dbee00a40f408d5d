"""A small network from vectors to kinds, and how it learns them in a minute or two on one core."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from converters.progress import Bar
from edge.core.features import Bools, Features
from edge.core.types import Floats
from edge.decode.labels import NONE
from models.recipes.gestures.classes import Classes, Names
from models.recipes.gestures.examples import Examples

Noise = Callable[[np.random.Generator, Examples], Examples]
Batches = tuple[Tensor, Tensor]  # vectors (N, D), numbers of kinds (N,)
_CHUNK = 24_000  # examples changed at once, which is quicker


@dataclass(frozen=True, slots=True)
class Settings:
    """How long, how fast, how wide."""

    steps: int = 12000
    batch: int = 384
    rate: float = 3e-3
    hidden: int = 96
    place: int = 24  # numbers between vector and kinds: the place of a hand among hands
    none: float = 1.5  # times as often as any other class
    smooth: float = 0.05  # of the truth that is left to other kinds
    seed: int = 0


class Network(nn.Module):
    """Vector (N, D) -> place (N, P) -> logits of kinds (N, K)."""

    def __init__(self, features: int, kinds: int, settings: Settings) -> None:
        super().__init__()
        self.mean = nn.Parameter(torch.zeros(features), requires_grad=False)
        self.std = nn.Parameter(torch.ones(features), requires_grad=False)
        self.first = nn.Linear(features, settings.hidden)
        self.second = nn.Linear(settings.hidden, settings.place)
        self.last = nn.Linear(settings.place, kinds)
        self.dropped = nn.Dropout(0.1)

    def place(self, vector: Tensor) -> Tensor:
        """Where a vector lies; no bend after it, so that kinds lie in it as clouds do."""
        x = torch.relu(self.first((vector - self.mean) / self.std))
        place: Tensor = self.second(self.dropped(x))
        return place

    def forward(self, vector: Tensor) -> Tensor:
        """Logits of kinds."""
        logits: Tensor = self.last(self.place(vector))
        return logits


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What is learned, and from what."""

    features: Features
    classes: Classes
    noise: Noise
    settings: Settings = field(default_factory=Settings)

    def vectors(self, examples: Examples) -> tuple[Floats, Names, Bools]:
        """Vectors (N, D), kinds (N,) and which of both can be used (N,)."""
        vector, usable = self.features.make(examples.xy, examples.score)
        return vector, examples.kind, usable & np.isin(examples.kind, self.classes.kinds)

    def shares(self, examples: Examples) -> Floats:
        """How often each example is drawn: every class as often as any other, and so its kinds."""
        return _shares(examples, self.classes, self.settings.none)

    def draw(self, rng: np.random.Generator, examples: Examples, shares: Floats) -> Batches:
        """Vectors (N, D) and kinds (N,), as numbers, of a whole chunk of changed examples."""
        picked = examples.at(rng.choice(len(examples), _CHUNK, p=shares))
        vector, kinds, usable = self.vectors(self.noise(rng, picked))
        number = {kind: index for index, kind in enumerate(self.classes.kinds)}
        truth = np.array([number[kind] for kind in kinds[usable].tolist()])
        return torch.from_numpy(vector[usable]), torch.from_numpy(truth)


def learn(course: Course, examples: Examples, bar: Bar | None = None) -> Network:
    """Train on examples, changed by noise each time they are seen."""
    settings = course.settings
    torch.manual_seed(settings.seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(settings.seed)
    network = Network(course.features.length, len(course.classes.kinds), settings)
    shares = course.shares(examples)
    vector, truth = course.draw(rng, examples, shares)
    network.mean.data = vector.mean(dim=0)
    network.std.data = vector.std(dim=0).clamp(min=0.05)
    optimizer = torch.optim.AdamW(network.parameters(), settings.rate, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.rate, total_steps=settings.steps, pct_start=0.1
    )
    loss_of = nn.CrossEntropyLoss(label_smoothing=settings.smooth)
    network.train()
    first = 0
    for step in range(settings.steps):
        if first + settings.batch > len(vector):
            first = 0
            vector, truth = course.draw(rng, examples, shares)
        these = slice(first, first + settings.batch)
        first += settings.batch
        loss = loss_of(network(vector[these]), truth[these])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        if bar is not None and step % 50 == 0:
            bar(step, settings.steps)
    return network.eval()


@torch.no_grad()
def places(network: Network, vector: Floats) -> Floats:
    """Where vectors (N, D) lie (N, P)."""
    found: Floats = network.place(torch.from_numpy(vector)).numpy()
    return found


def membership(classes: Classes) -> Floats:
    """Which kind (K) belongs to which class (C): (K, C) of ones and zeros."""
    owners = classes.of(np.array(classes.kinds))
    table = owners[:, None] == np.array(classes.names)[None]
    return np.asarray(table, np.float32)


def _shares(examples: Examples, classes: Classes, none: float) -> Floats:
    """How often each example is drawn."""
    owner = classes.of(examples.kind)
    source = np.char.partition(examples.recording, " ")[:, 0]
    weight = np.zeros(len(examples))
    kinds: Mapping[str, int] = {name: len(set(examples.kind[owner == name])) for name in set(owner)}
    for kind in set(examples.kind.tolist()):
        rows = examples.kind == kind
        name = str(owner[rows][0])
        sources = set(source[rows].tolist())
        for one in sources:
            these = rows & (source == one)
            times = none if name == NONE else 1.0
            weight[these] = times / kinds[name] / len(sources) / these.sum()
    shares: Floats = weight / weight.sum()
    return shares
