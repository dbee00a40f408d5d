"""Recorded poses played again and again, with time going on: a source, and who knows its poses."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from types import TracebackType

import numpy as np

from benchmarks.errors import BenchError
from edge.core.engine import Memory
from edge.core.types import Frame, Observation
from edge.recording import Reader
from edge.runtime.estimate import Estimator, Look

PAUSE_S = 10.0  # of an empty picture between two recordings: long enough for presence to end
_EXACT_S = 1e-6
_FRAME_S = 0.1  # how long the last observation of a recording lasts when it is alone


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """Observations and when each begins, s from 0; it starts anew after `long_s`."""

    observations: tuple[Observation, ...]
    begins: tuple[float, ...]
    long_s: float

    def at(self, t: float, seq: int) -> Observation:
        """What was seen at a time, however often the film has been played by then."""
        # A remainder of a day's time is not exact: without the allowance, loops would differ.
        place = bisect_right(self.begins, t % self.long_s + _EXACT_S) - 1
        return replace(self.observations[place], t=t, seq=seq)


def film(scenes: Sequence[Sequence[Observation]]) -> Film:
    """Join scenes, each not empty, with a pause after each."""
    observations: list[Observation] = []
    begins: list[float] = []
    end = 0.0
    for scene in scenes:
        first, last = scene[0].t, scene[-1].t
        step = (last - first) / (len(scene) - 1) if len(scene) > 1 else _FRAME_S
        begins += [end + seen.t - first for seen in scene]
        observations += scene
        end += last - first + step
        begins.append(end)
        observations.append(replace(scene[-1], poses=(), changes=(), steady=True))
        end += PAUSE_S
    return Film(tuple(observations), tuple(begins), end)


def recorded(paths: Sequence[Path], warn: list[str]) -> Film:
    """Read recordings; raises SourceError, or BenchError where one holds no frame."""
    scenes = [tuple(Reader(path, warn.append)) for path in paths]
    for path, scene in zip(paths, scenes, strict=True):
        if not scene:
            hint = "record a longer one: edgepose record SOURCE --out poses.jsonl"
            raise BenchError(str(path), "holds no observation", hint)
        if any(late.t < early.t for early, late in pairwise(scene)):
            raise BenchError(str(path), "its time goes backwards", "record it again")
    return film(scenes)


class Playing:
    """A source of tiny pictures: `count` frames, `fps` a second of their own time."""

    live = False  # nothing is dropped: every frame waits until it is taken
    name = "recorded poses"

    def __init__(self, count: int, fps: float) -> None:
        self._count = count
        self._fps = fps
        self._image = np.zeros((1, 1, 3), np.uint8)
        self._image.setflags(write=False)

    def open(self) -> Playing:
        """Be its own settings."""
        return self

    def __enter__(self) -> Playing:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to let go of."""

    def frames(self) -> Iterator[Frame]:
        """As fast as they are taken."""
        for seq in range(self._count):
            yield Frame(self._image, seq / self._fps, seq)


class Projector(Estimator):
    """An estimator without models: the poses of a frame are those of the film at its time."""

    def __init__(self, film: Film, begin: Callable[[], None]) -> None:
        super().__init__(None, None)
        self._film = film
        self._begin = begin

    def observe(self, look: Look, memory: Memory) -> Observation:  # noqa: ARG002 - the estimator's interface
        """Tell that the frame's step begins, and give its poses."""
        self._begin()
        return self._film.at(look.frame.t, look.frame.seq)
