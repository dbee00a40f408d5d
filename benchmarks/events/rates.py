"""Shares and rates with their 95 % intervals; NaN where there is nothing to divide by. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

Interval = tuple[float, float]

_Z = 1.959963984540054  # standard deviations that hold 95 %
_TAIL = 0.025
_NONE = (math.nan, math.nan)
_STEPS = 200  # halvings: more than a float has digits


def share(count: int, of: int) -> float:
    """A part of a whole, 0..1."""
    return count / of if of else math.nan


def wilson(count: int, of: int) -> Interval:
    """Interval of a share (Wilson, 1927)."""
    if not of:
        return _NONE
    p, z2 = count / of, _Z**2
    middle = p + z2 / (2 * of)
    spread = _Z * math.sqrt(p * (1 - p) / of + z2 / (4 * of**2))
    low, high = (middle - spread) / (1 + z2 / of), (middle + spread) / (1 + z2 / of)
    return (low if count else 0.0), (high if count < of else 1.0)


def garwood(events: int, hours: float) -> Interval:
    """Exact interval of a Poisson rate, events per hour (Garwood, 1936)."""
    if not hours:
        return _NONE
    low = _mean(events - 1, 1 - _TAIL) if events else 0.0
    return low / hours, _mean(events, _TAIL) / hours


def percentile(values: Sequence[float], q: float) -> float:
    """Percentile `q` of the values that are known, between neighbours in proportion."""
    known = [value for value in values if not math.isnan(value)]
    return float(np.percentile(known, q)) if known else math.nan


def _mean(most: int, chance: float) -> float:
    """The Poisson mean at which no more than `most` events have this chance."""
    return _falling(lambda mean: _at_most(most, mean) - chance, most + 10.0)


def _at_most(most: int, mean: float) -> float:
    """Chance of no more than `most` events."""
    if mean <= 0:
        return 1.0
    log = math.log(mean)
    return math.fsum(math.exp(k * log - mean - math.lgamma(k + 1)) for k in range(most + 1))


def _falling(function: Callable[[float], float], guess: float) -> float:
    """Where a function that falls from above zero to below is zero, by bisection."""
    low, high = 0.0, guess
    while function(high) > 0:
        low, high = high, 2 * high
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return (low + high) / 2
