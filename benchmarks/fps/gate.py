"""A clip that is played for ever, but only while it is this process's turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Protocol

from benchmarks.fps.stages import Clocks
from edge.core.types import Frame
from edge.ports import Source

_GAP_S = 1.0 / 30.0  # between the last frame of a clip and its first one again


class Opens(Protocol):
    """Settings of a source."""

    def open(self) -> Source:
        """Make it."""
        ...


class Gate:
    """Lets frames through while it is open; the first one always, to show that all works."""

    def __init__(self) -> None:
        self.given = 0  # frames let through
        self._open = threading.Event()
        self._ended = False

    def open(self) -> None:
        """Let frames through."""
        self._open.set()

    def close(self) -> None:
        """Hold frames back."""
        self._open.clear()

    def end(self) -> None:
        """No frame any more; the clip ends."""
        self._ended = True
        self._open.set()

    def admits(self) -> float | None:
        """Wait until the next frame may pass; gives how long, s, and None at the end."""
        begin = time.perf_counter()
        if self.given:
            self._open.wait()
        if self._ended:
            return None
        self.given += 1
        return time.perf_counter() - begin

    def ajar(self) -> bool:
        """Whether a frame of a camera, which waits for nobody, may pass now."""
        if self.given and not self._open.is_set():
            return False
        self.given += 1
        return True


class GatedSource:
    """A source behind a gate: a file is played again and again, a camera is watched on and off."""

    def __init__(
        self, settings: Opens, gate: Gate, clocks: Clocks, *, realtime: bool = False
    ) -> None:
        self._realtime = realtime  # time goes on while the gate is closed
        self._settings, self._gate, self._clocks = settings, gate, clocks
        self._source = settings.open()
        self.live, self.name = self._source.live, self._source.name

    def open(self) -> GatedSource:
        """Itself: it is its own settings, too."""
        return self

    def __enter__(self) -> GatedSource:
        self._source.__enter__()
        return self

    def frames(self) -> Iterator[Frame]:
        """Give every frame once its turn has come; times go on rising from clip to clip."""
        if self.live:
            yield from (frame for frame in self._timed() if self._gate.ajar())
            return
        seq, start, t = 0, 0.0, 0.0
        while True:
            for frame in self._timed():
                waited = self._gate.admits()
                if waited is None:
                    return
                start += waited if self._realtime else 0.0
                t = start + frame.t
                yield Frame(frame.image, t, seq)
                seq += 1
            start = t + _GAP_S
            self._source.__exit__(None, None, None)
            self._source = self._settings.open()
            self._source.__enter__()

    def _timed(self) -> Iterator[Frame]:
        frames = self._source.frames()
        while True:
            begin = time.perf_counter()
            frame = next(frames, None)
            if frame is None:
                return
            self._clocks.add("capture", time.perf_counter() - begin)
            yield frame

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._source.__exit__(kind, error, trace)
