"""Models opened as a device opens them, and what they see in pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from converters.model import Written
from converters.pictures import Picture
from converters.progress import Bar
from edge import registry
from edge.core.types import Pose
from edge.manifest import Manifest
from edge.ports import Backend
from edge.runtime.predictor import Predictor

Poses = tuple[tuple[Pose, ...], ...]  # of every picture, px of it


@dataclass(frozen=True, slots=True)
class Contender:
    """One file of weights, to be opened in one inference runtime."""

    target: str
    backend: str
    manifest: Manifest
    weights: Path
    size: int  # bytes of the file and its parts

    def open(self) -> Backend:
        """Make the runtime's own backend, at one thread; it opens when entered."""
        made: Backend = registry.load("backends", self.backend)(self.manifest, self.weights, 1)
        return made

    def see(self, pictures: Sequence[Picture], bar: Bar) -> Poses:
        """Open it, and give the poses in every picture; raises what a backend raises."""
        seen = []
        with self.open() as backend:
            predictor = Predictor(self.manifest, backend)
            for number, picture in enumerate(pictures, start=1):
                seen.append(predictor.whole(picture.image).poses)
                bar(number, len(pictures))
        return tuple(seen)


def contenders(place: Path, known: Manifest, written: Mapping[str, Written]) -> Iterator[Contender]:
    """Every target with every runtime its first file is meant for."""
    for target, files in written.items():
        size = sum(len(content) for content in files.files.values())
        for backend in files.backends:
            yield Contender(target, backend, known, place / next(iter(files.files)), size)
