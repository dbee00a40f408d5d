"""Does a series grow? A line by least squares, its interval, and the rule that decides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MEMORY_MB_A_DAY = 1.0  # less is no leak that matters: a year is 365 MB
MEMORY_MB = 1.5  # Python's allocator takes 1 MB at a time: one step is no slope
LATENCY_TIMES = 1.5
OUTBOX_KB = 8192.0  # SQLite's journal alone grows to 4 MB before it is begun anew
_LEAST_DAYS = 1 / 24  # in less, only a great leak is seen
_LEAST = 8  # points that a line needs
_Z975 = 1.959964  # the normal distribution's 97.5 % point
_TENTH = 10


@dataclass(frozen=True, slots=True)
class Slope:
    """A line's rise per unit of x, and the 95 % interval of it."""

    rise: float
    low: float
    high: float


def slope(x: Sequence[float], y: Sequence[float]) -> Slope | None:
    """Fit a line by least squares; None where there are too few points.

    Neighbours in a series resemble each other, so there is less in it than its length says:
    the interval is that of the effective number of points, n (1 - r) / (1 + r), r being the
    correlation of neighbouring residuals.
    """
    count = len(x)
    if count < _LEAST or max(x) == min(x):
        return None
    xs, ys = np.asarray(x, np.float64), np.asarray(y, np.float64)
    away = xs - xs.mean()
    spread = float(away @ away)
    rise = float(away @ (ys - ys.mean())) / spread
    left = ys - ys.mean() - rise * away
    square = float(left @ left)
    like = float(left[:-1] @ left[1:]) / square if square > 0.0 else 0.0
    like = min(max(like, 0.0), 0.99)
    freedom = max(count * (1.0 - like) / (1.0 + like) - 2.0, 2.0)
    half = student975(freedom) * math.sqrt(square / freedom / spread)
    return Slope(rise, rise - half, rise + half)


def student975(freedom: float) -> float:
    """The 97.5 % point of Student's distribution, within 4 % from 2 degrees of freedom on."""
    z, v = _Z975, freedom
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )


def later(values: Sequence[float]) -> Sequence[float]:
    """The last three quarters: caches and pools have filled by then."""
    return values[len(values) // 4 :]


def tenths(values: Sequence[float]) -> tuple[Sequence[float], Sequence[float]]:
    """The first and the last tenth, each of one value at least."""
    size = max(len(values) // _TENTH, 1)
    return values[:size], values[-size:]


def percentiles(values: Sequence[float] | npt.NDArray[np.float32]) -> dict[str, float]:
    """p50 and p95; nan of nothing."""
    if not len(values):
        return {"p50": math.nan, "p95": math.nan}
    low, high = np.percentile(np.asarray(values, np.float64), (50, 95))
    return {"p50": float(low), "p95": float(high)}


def memory_verdict(days: Sequence[float], memory: Sequence[float]) -> str:
    """Grows: the interval of the slope (MB a day) is above 0, and the rise is no mere step."""
    line = slope(later(days), later(memory))
    if line is None:
        return "too short"
    first, last = tenths(later(memory))
    risen = min(last) - max(first)
    grows = line.low > 0.0 and line.rise > MEMORY_MB_A_DAY and risen > MEMORY_MB
    if grows:
        return "grows"
    return "steady" if days[-1] >= _LEAST_DAYS else "too short"


def count_verdict(values: Sequence[float], margin: float = 0.0) -> str:
    """Grows: the last tenth never comes down to the most of the first, `margin` aside."""
    if len(values) < _LEAST:
        return "too short"
    first, last = tenths(values)
    return "grows" if min(last) > max(first) + margin else "steady"


def latency_verdict(first: float, last: float, *, alike: bool) -> str:
    """Grows: the last tenth's p50 is more than 1.5 times the first one's, of frames `alike`."""
    if not alike:
        return "too short"
    return "grows" if last > LATENCY_TIMES * first else "steady"
