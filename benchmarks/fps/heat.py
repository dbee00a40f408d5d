"""A long run under full load, to see whether the board keeps its speed when it is warm."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.fps.seat import Seat
from benchmarks.fps.turn import Turn
from edge.runtime import heat

_STEADY = 0.05  # of the first fps: losing more is throttling, whatever the board says


@dataclass(frozen=True, slots=True)
class Moment:
    """One look at a long run."""

    minute: float
    fps: float
    latency_p95_ms: float | None
    temperature_c: float | None
    throttled: tuple[str, ...] | None
    frequency_mhz: float | None
    memory_mb: float | None


def soak(
    seat: Seat,
    minutes: float,
    turn_s: float,
    frequency_mhz: Callable[[], float | None],
    tell: Callable[[Moment], None],
) -> list[Moment]:
    """Work without a pause for so long; Ctrl-C ends it, and gives what there is."""
    begin = time.monotonic()
    moments: list[Moment] = []
    try:
        while (passed := time.monotonic() - begin) < 60.0 * minutes or not moments:
            turn = seat.turn(turn_s)
            moments.append(_moment(turn, passed / 60.0, frequency_mhz()))
            tell(moments[-1])
    except KeyboardInterrupt:
        if not moments:
            raise
    return moments


def line(moment: Moment) -> str:
    """One look as a row of a table, ten characters a column."""
    numbers = (
        (moment.minute, 2), (moment.fps, 1), (moment.latency_p95_ms, 1),
        (moment.temperature_c, 1), (moment.frequency_mhz, 0), (moment.memory_mb, 0),
    )  # fmt: skip
    cells = ["-" if value is None else f"{value:.{digits}f}" for value, digits in numbers]
    cells.append("-" if moment.throttled is None else ",".join(moment.throttled) or "no")
    return "".join(cell.rjust(10) for cell in cells)


def figures(moments: Sequence[Moment]) -> dict[str, Any]:
    """The series, and how the last tenth compares with the first."""
    tenth = max(1, len(moments) // 10)
    first = sum(one.fps for one in moments[:tenth]) / tenth
    last = sum(one.fps for one in moments[-tenth:]) / tenth
    hot = [one.temperature_c for one in moments if one.temperature_c is not None]
    slowed = sorted({why for one in moments for why in one.throttled or ()})
    return {
        "minutes": moments[-1].minute,
        "fps_first": first,
        "fps_last": last,
        "kept": last / first if first else None,
        "temperature_max_c": max(hot, default=None),
        "throttled": slowed,
        "verdict": "steady"
        if first and last >= (1.0 - _STEADY) * first and not slowed
        else "slows",
        "series": [asdict(one) for one in moments],
    }


def _moment(turn: Turn, minute: float, mhz: float | None) -> Moment:
    ages = sorted(turn.latency_ms)
    worst = ages[min(len(ages) - 1, int(0.95 * len(ages)))] if ages else None
    return Moment(
        minute=minute,
        fps=turn.fps,
        latency_p95_ms=worst,
        temperature_c=heat.temperature_c(),
        throttled=heat.throttled(),
        frequency_mhz=mhz,
        memory_mb=turn.memory_mb,
    )
