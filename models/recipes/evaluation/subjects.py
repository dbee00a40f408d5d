"""Who is measured: a model folder, a file of weights, a network in PyTorch, or MoveNet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import variants
from benchmarks.errors import BenchError
from benchmarks.fps.turn import Job
from benchmarks.peers import movenet
from edge.core.types import Image, Pose
from edge.modelstore import model_store
from edge.runtime.predictor import Predictor
from models.recipes.evaluation import loose

Look = Callable[[Image], tuple[Pose, ...]]  # an RGB picture (H, W, 3) to poses, px of it

_FILES = (".onnx", ".tflite")
_HAND, _BODY = "hand21", "body17"


@dataclass(frozen=True, slots=True)
class Subject:
    """One model, not yet open."""

    name: str
    about: str  # its runtime and weights
    skeleton: str  # "body17" or "hand21"
    make: Callable[[], Predictor] | None  # None: MoveNet, which no decoder of ours reads
    model: str = ""  # what `edgepose run --model` takes; empty: clips cannot be watched with it
    backend: str = ""
    movenet: str = ""  # its weights

    @contextmanager
    def look(self) -> Iterator[Look]:
        """Open it for whole pictures, one pass each."""
        if self.make is None:
            see = movenet.open(Job("movenet", "", weights=self.movenet))
            yield lambda image: tuple(_pose(one) for one in see(image))
            return
        predictor = self.make()
        with predictor.backend:
            yield lambda image: predictor.whole(image).poses


def of(spec: str | Path | Subject) -> Subject:
    """A model by name, folder or file; "NAME@onnxruntime:float32" takes that file of a folder.

    Raises ModelError or BenchError for what is not there. Without "@" it is what a device runs.
    """
    if isinstance(spec, Subject):
        return spec
    name, _, target = str(spec).partition("@")
    if Path(name).suffix in _FILES:
        skeleton = loose.from_file(Path(name)).manifest.skeleton
        about = Path(name).suffix[1:]
        return Subject(Path(name).stem, about, skeleton, lambda: loose.from_file(Path(name)))
    model = model_store().find(name)
    every = list(variants.variants(model))
    fits = [one for one in every if target in {"", one.target, one.backend}]
    if not fits:
        known = ", ".join(one.target for one in every) or "nothing that runs"
        raise BenchError(str(spec), "is not among the model's files", f"it has: {known}")
    first = fits[0]
    return Subject(
        name=model.manifest.name + (f"@{target}" if target else ""),
        about=first.target,
        skeleton=model.manifest.skeleton,
        make=lambda: first.predictor(1),
        model=name,
        backend=first.backend,
    )


def of_module(module: Any, size: tuple[int, int], name: str = "module") -> Subject:
    """A torch.nn.Module with PoseNet's heads for an input of (height, width) px."""
    return Subject(name, "torch", _BODY, lambda: loose.from_module(module, size))


def of_movenet(weights: Path) -> Subject:
    """MoveNet on the whole picture, as short example programs run it."""
    return Subject("movenet-lightning", "tflite", _BODY, None, movenet=str(weights))


def is_hand(one: Subject) -> bool:
    """Whether it finds the joints of a hand in a crop."""
    return one.skeleton == _HAND


def _pose(person: Any) -> Pose:
    """A peer's (17, 3) x, y, score."""
    values = np.asarray(person, np.float32)
    return Pose(_BODY, np.ascontiguousarray(values[:, :2]), np.ascontiguousarray(values[:, 2]))
