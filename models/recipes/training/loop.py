"""The training loop: long, in phases from small to large pictures, and stopped at any time.

A checkpoint holds all that is needed to go on. Sizes grow because the network takes any: most is
learned from small pictures, which cost a third (Howard, fast.ai's DAWNBench entry, 2018).
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from converters.progress import Progress
from converters.stopping import stop_like_ctrl_c
from models.recipes.training import history
from models.recipes.training.averages import Average, settle
from models.recipes.training.checkpoint import Checkpoint, load, load_weights, save
from models.recipes.training.courses import AugmentSettings
from models.recipes.training.data import Plan, loader
from models.recipes.training.eight_bits import feel_eight_bits
from models.recipes.training.losses import LossSettings
from models.recipes.training.task import Batch, Feed, Task
from models.recipes.training.widen import widened

_SAVE_S = 60.0
_TELL_S = 20.0
_MIDDLE = 127.5


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the schedule: a size of pictures, and its share of all that are seen."""

    size: int  # px, a multiple of 16, plus 1
    share: float
    batch: int = 16  # small ones take more steps for each picture that is made


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """What a run is."""

    pictures: int = 400_000  # seen in all, augmented ones
    phases: tuple[Phase, ...] = (Phase(161, 0.62), Phase(193, 0.2), Phase(257, 0.18))
    rate: float = 2e-3  # the highest learning rate
    warmup: float = 0.02  # share of the schedule
    least: float = 0.01  # of the highest rate, in the end
    decay: float = 0.03  # of weights
    clip: float = 5.0  # longest gradient
    average: float = 0.9995  # of a step, what the averaged weights keep
    seed: int = 0
    workers: int = 1
    threads: int = 1
    device: str = "cpu"  # or "cuda"
    eight_bits: bool = False  # train as int8 will run
    settling: int = 40  # batches of the last size for the normalisations' statistics
    augment: AugmentSettings = field(default_factory=AugmentSettings)
    loss: LossSettings = field(default_factory=LossSettings)


def train(
    task: Task, folders: tuple[Path, ...], out: Path, settings: TrainSettings, init: Path | None
) -> bool:
    """Train, or go on from OUT/checkpoint.pt; `init` is a checkpoint whose weights to begin with.

    Of another task's it takes those that fit: a trunk that knows people learns hands sooner. Of a
    narrower one's of the same task it takes all, each channel twice.

    Gives True when the schedule is done, False when stopped (Ctrl-C or SIGTERM): run it again to
    go on. Raises OSError for what cannot be read or written, ValueError for another network's
    checkpoint.
    """
    stop_like_ctrl_c()
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    network = task.build()
    network.to(settings.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    run = _Run(task, network, settings, Average(network, settings.average))
    if settings.eight_bits:
        feel_eight_bits(network)
    file = out / "checkpoint.pt"
    if file.exists():
        run.resume(load(file, task.name, task.shape))
    elif init is not None:
        run.begin_with(load_weights(init), str(init))
    return run.go(folders, out)


class _Run:
    def __init__(
        self, task: Task, network: nn.Module, settings: TrainSettings, average: Average
    ) -> None:
        self._task, self._network, self._settings = task, network, settings
        self._device = torch.device(settings.device)
        self._average = average
        self._feed = self._feeding()
        groups: list[dict[str, Any]] = [
            {"params": [p for p in network.parameters() if p.ndim > 1]},
            {"params": [p for p in network.parameters() if p.ndim <= 1], "weight_decay": 0.0},
        ]
        self._optimizer = torch.optim.AdamW(groups, settings.rate, weight_decay=settings.decay)
        self._seen = 0  # pictures
        self._steps = 0

    def _feeding(self) -> Feed:
        if self._device.type != "cpu" and self._task.on_gpu:
            return self._task.on_gpu(self._device)
        return lambda plan, workers: loader(plan, workers, self._task.make)

    def resume(self, found: Checkpoint) -> None:
        self._network.load_state_dict(found.weights)
        self._average.network.load_state_dict(found.average)
        self._average.steps = found.steps
        self._optimizer.load_state_dict(found.optimizer)
        self._seen, self._steps = found.seen, found.steps

    def begin_with(self, weights: dict[str, Any], where: str) -> None:
        mine = self._network.state_dict()
        if weights.keys() == mine.keys():
            weights = widened(weights, mine)
        same = {
            name: value
            for name, value in weights.items()
            if name in mine and mine[name].shape == value.shape
        }
        if not any(value.ndim for value in same.values()):
            raise ValueError(f"{where} has no weights that fit into {self._task.name}")
        for network in (self._network, self._average.network):
            network.load_state_dict(same, strict=False)

    def go(self, folders: tuple[Path, ...], out: Path) -> bool:
        progress = Progress()
        log = history.Log(out, self._settings.pictures, progress)
        saved = time.monotonic()
        try:
            with progress.stage(f"train {self._task.name}") as bar:
                for batch, size in self._batches(folders):
                    log.add(self._step(batch), self._seen, size, self._rate())
                    bar(self._seen, self._settings.pictures)
                    if time.monotonic() - log.told > _TELL_S:
                        log.tell()
                    if time.monotonic() - saved > _SAVE_S:
                        self._save(out)
                        saved = time.monotonic()
                log.tell()
            with progress.stage("settle statistics") as bar:
                plan = self._plan(folders, self._settings.phases[-1], 1 << 20, 1 << 20)
                settle(
                    self._average.network,
                    (prepared(batch["pictures"].to(self._device)) for batch in self._some(plan)),
                    lambda done: bar(done, self._settings.settling),
                )
        except KeyboardInterrupt:
            self._save(out)
            progress.say(f"stopped after {self._seen} pictures; the same command goes on")
            return False
        self._save(out)
        history.plot(out)
        return True

    def _batches(self, folders: tuple[Path, ...]) -> Iterator[tuple[Batch, int]]:
        """What is left of the schedule."""
        begin = 0
        for number, phase in enumerate(self._settings.phases):
            whole = self._settings.pictures * phase.share
            first = max(self._seen - begin, 0) // phase.batch
            last = max(math.ceil(whole / phase.batch), 1)
            begin += int(whole)
            if first < last:
                base = number << 22  # no phase sees the pictures of another again
                plan = self._plan(folders, phase, base + first, base + last)
                for batch in self._feed(plan, self._settings.workers):
                    yield batch, phase.size

    def _plan(self, folders: tuple[Path, ...], phase: Phase, first: int, last: int) -> Plan:
        settings = self._settings
        return Plan(folders, settings.seed, phase.size, phase.batch, first, last, settings.augment)

    def _some(self, plan: Plan) -> Iterator[Batch]:
        last = plan.first + self._settings.settling
        chosen = Plan(
            plan.folders, plan.seed, plan.size, plan.batch, plan.first, last, plan.augment
        )
        yield from self._feed(chosen, self._settings.workers)

    def _step(self, batch: Batch) -> dict[str, float]:
        """One step of the optimizer; gives the parts of the loss."""
        for group in self._optimizer.param_groups:
            group["lr"] = self._rate()
        self._network.train()
        batch = {name: value.to(self._device) for name, value in batch.items()}
        with torch.autocast(self._device.type, torch.bfloat16):
            heads = self._network(prepared(batch["pictures"]))
        parts = self._task.cost(heads, batch, self._settings.loss)
        costs = torch.stack(list(parts.values()))
        self._optimizer.zero_grad(set_to_none=True)
        costs.sum().backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._network.parameters(), self._settings.clip)
        found = costs.tolist()
        if all(map(math.isfinite, found)):
            self._optimizer.step()
            self._average.update(self._network)
        self._steps += 1
        self._seen += len(batch["pictures"])
        return dict(zip(parts, found, strict=True))

    def _rate(self) -> float:
        """Up in a straight line, down in half a cosine (arXiv:1608.03983)."""
        settings = self._settings
        done = min(self._seen / settings.pictures, 1.0)
        if done < settings.warmup:
            return settings.rate * max(done / settings.warmup, 0.01)
        share = (done - settings.warmup) / (1 - settings.warmup)
        fallen = 0.5 * (1 + math.cos(math.pi * share))
        return settings.rate * (settings.least + (1 - settings.least) * fallen)

    def _save(self, out: Path) -> None:
        found = Checkpoint(
            self._task.name,
            self._task.shape,
            self._network.state_dict(),
            self._average.network.state_dict(),
            self._optimizer.state_dict(),
            self._seen,
            self._steps,
        )
        save(found, out / "checkpoint.pt")


def prepared(pictures: Tensor) -> Tensor:
    """Pictures (B, H, W, 3) uint8 as a network takes them, (B, 3, H, W) from -1 to 1."""
    return pictures.permute(0, 3, 1, 2).float().sub_(_MIDDLE).div_(_MIDDLE)
