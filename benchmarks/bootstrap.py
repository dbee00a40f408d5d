"""How far a figure would move with other cases: the bootstrap (Efron, 1979)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Draws = npt.NDArray[np.intp]  # (times, cases) which case stands at each place

LEAST = 2  # cases; one says nothing of others
_OUTSIDE = (2.5, 97.5)  # percentiles that 95 of 100 lie between


def draws(cases: int, times: int) -> Draws:
    """Choose as many cases as there are, with repeats; the same ones every time."""
    return np.random.default_rng(0).integers(max(cases, 1), size=(times, cases))


def interval(values: npt.ArrayLike) -> tuple[float, float]:
    """What 95 of 100 values lie between; nan where there are too few to tell."""
    every = np.asarray(values, np.float64)
    known = every[np.isfinite(every)]
    if len(known) < LEAST:
        return math.nan, math.nan
    low, high = np.percentile(known, _OUTSIDE)
    return float(low), float(high)
