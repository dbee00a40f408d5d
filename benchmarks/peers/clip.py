"""The loop around a peer, as its users write it: read a picture, turn its colours, see."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.errors import BenchError
from benchmarks.fps.turn import Turn, repeated

See = Callable[[npt.NDArray[np.uint8]], Sequence[npt.NDArray[np.float32]]]
_SURE = 0.3  # mean score from which somebody counts as a person


class Loop:
    """A clip, played for ever, and a peer that sees it."""

    def __init__(self, source: str, see: See) -> None:
        self._source = source
        self._see = see
        self._capture: Any = cv2.VideoCapture(source)
        self._people: list[int] = []
        if not self._capture.isOpened():
            raise BenchError(source, "cannot be opened by OpenCV", "peers take video files")

    def step(self) -> None:
        """One frame, all the way."""
        people = self._see(self._next())
        self._people.append(sum(float(one[:, 2].mean()) >= _SURE for one in people))

    def turn(self, seconds: float) -> Turn:
        """Work for so long."""
        self._people = []
        ages: list[float] = []

        def timed() -> None:
            begin = time.perf_counter()
            self.step()
            ages.append((time.perf_counter() - begin) * 1e3)

        turn = repeated(timed, seconds)
        turn.people = sum(self._people) / max(len(self._people), 1)
        turn.latency_ms = ages
        return turn

    def _next(self) -> npt.NDArray[np.uint8]:
        good, picture = self._capture.read()
        if not good:
            self._capture = cv2.VideoCapture(self._source)
            good, picture = self._capture.read()
        if not good:
            raise BenchError(self._source, "holds no picture that can be decoded")
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)
