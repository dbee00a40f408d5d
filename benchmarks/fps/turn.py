"""What a worker is told and what it answers, one JSON object a line."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from edge.runtime.health import memory_mb

WARM = 4  # frames of every turn that are not counted: caches, clocks and threads come back


@dataclass(frozen=True, slots=True)
class Job:
    """What one worker is to be."""

    role: str  # "runtime", "bare", or the name of a peer
    source: str  # a clip or camera
    model: str = ""  # the model's name or folder
    weights: str = ""  # file name in it
    backend: str = ""
    threads: int = 1
    palm: str = ""  # weights of this backend find the palms for a hand model
    mqtt: str = ""
    realtime: bool = False

    @staticmethod
    def of(table: Mapping[str, Any]) -> Job:
        """Read it back from JSON."""
        return Job(**{one.name: table[one.name] for one in fields(Job)})

    def table(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


@dataclass(slots=True)
class Turn:
    """What one turn amounted to."""

    frames: int  # that were counted
    seconds: float  # that they took
    cpu_s: float = 0.0  # of all threads of the process, in the same time
    memory_mb: float | None = None  # resident at the end
    peak_mb: float | None = None  # most ever resident
    drops: int = 0
    looks: int = 0  # second looks
    people: float = 0.0  # found, mean of the frames
    latency_ms: list[float] = field(default_factory=list)  # captured -> published, by frame
    stages: dict[str, list[float]] = field(default_factory=dict)  # s, stay by stay

    @property
    def fps(self) -> float:
        """Frames a second."""
        return self.frames / self.seconds if self.seconds > 0 else 0.0


def counted(done: Sequence[float], closed: float) -> tuple[int, float]:
    """Frames and seconds of a turn, from when each frame was done (s) and when the turn ended.

    Counts from the end of the warm-up to the last frame that was done in time.
    """
    inside = [t for t in done if t <= closed]
    inside = inside if len(inside) > WARM + 1 else list(done)  # a board slower than its turn
    kept = inside[min(WARM, max(len(inside) - 2, 0)) :]
    return max(len(kept) - 1, 0), (kept[-1] - kept[0]) if kept else 0.0


def repeated(work: Callable[[], object], seconds: float) -> Turn:
    """Do the same again and again for a turn; raises what the work raises."""
    for _ in range(WARM):
        work()
    cpu, begin = time.process_time(), time.perf_counter()
    done = 0
    while True:
        work()
        done += 1
        passed = time.perf_counter() - begin
        if passed >= seconds:
            break
    return Turn(done, passed, time.process_time() - cpu, memory_mb(), peak_mb())


def peak_mb() -> float:
    """Most memory this process ever had resident, MB."""
    most = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1.024e-3, 1)
    return max(most, memory_mb() or 0.0)  # the kernel's own count lags behind
