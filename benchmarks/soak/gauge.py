"""What is measured from inside the loop, in memory that was all taken before the first frame."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from benchmarks.soak.trend import percentiles
from edge.runtime import health
from edge.runtime.viewers import Instant

SAMPLES = 100
_PROC = Path("/proc/self")
_BAR_FRAMES = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """How things were at one point of the run."""

    frames: int  # processed so far
    hours: float  # of the frames' own time
    memory_mb: float  # resident
    fds: int
    threads: int  # the runtimes' own among them
    p50_ms: float  # a frame's step, since the last sample
    p95_ms: float
    outbox_kb: float  # the file of events that wait for the broker, its side files included
    events_kb: float  # the file of events as JSON lines
    events: int


_COLUMNS = len(Sample.__dataclass_fields__)


class Gauge:
    """A viewer of the loop: `begin` when a frame's step begins, `show` when it has gone through."""

    def __init__(
        self, count: int, fps: float, folder: Path, events: Path, tick: Callable[[int], None]
    ) -> None:
        self.frames = 0
        self._fps = fps
        self._folder = folder
        self._events_file = events
        self._tick = tick
        self._events = 0
        self._begun = 0.0
        # Written to, so that the kernel gives the pages now and not while the run goes on.
        self._taken_ms = np.full(count, np.nan, np.float32)
        samples = min(SAMPLES, count)
        self._due = [round(count * (place + 1) / samples) for place in range(samples)]
        self._rows = np.full((samples, _COLUMNS), np.nan)
        self._done = 0

    def __enter__(self) -> Callable[[Instant], None]:
        return self.show

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """What was measured stays."""

    def begin(self) -> None:
        """A frame's step begins."""
        self._begun = time.perf_counter()

    def show(self, instant: Instant) -> None:
        """Note one frame; at the regular points, everything."""
        self._taken_ms[self.frames] = (time.perf_counter() - self._begun) * 1e3
        self.frames += 1
        self._events += len(instant.events)
        if self._done < len(self._due) and self.frames == self._due[self._done]:
            self._sample()
        if self.frames % _BAR_FRAMES == 0:
            self._tick(self.frames)

    def series(self) -> list[Sample]:
        """Every point that was reached."""
        return [Sample(*(_number(value) for value in row)) for row in self._rows[: self._done]]

    def taken_ms(self) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        """Duration of every frame's step, ms."""
        return self._taken_ms[: self.frames]

    def _sample(self) -> None:
        since = self._due[self._done - 1] if self._done else 0
        recent = percentiles(self._taken_ms[since : self.frames])
        sample = Sample(
            frames=self.frames,
            hours=self.frames / self._fps / 3600.0,
            memory_mb=health.memory_mb() or float("nan"),
            fds=sum(1 for _ in (_PROC / "fd").iterdir())
            - 1,  # without the folder that is being read
            threads=sum(1 for _ in (_PROC / "task").iterdir()),
            p50_ms=recent["p50"],
            p95_ms=recent["p95"],
            outbox_kb=sum(_kb(file) for file in self._folder.glob("outbox.sqlite*")),
            events_kb=_kb(self._events_file),
            events=self._events,
        )
        self._rows[self._done] = tuple(asdict(sample).values())
        self._done += 1


def _number(value: float) -> Any:
    """Counts are whole again."""
    return int(value) if value.is_integer() else float(value)


def _kb(file: Path) -> float:
    return file.stat().st_size / 1e3 if file.is_file() else 0.0
