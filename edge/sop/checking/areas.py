"""Zones as areas: how large, whether they cross themselves, how much of one lies in another."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from edge.core.types import Polygon

_GRID = 96  # samples along each side
_POINTS = 4  # corners from which on an outline can cross itself
_Flags = npt.NDArray[np.bool_]


def area(zone: Polygon) -> float:
    """Share of the picture; of an outline that crosses itself, it means nothing."""
    return abs(_twice(zone)) / 2


def size(zone: Polygon) -> tuple[float, float]:
    """Width and height, shares of the picture's."""
    xs, ys = zip(*zone, strict=True)
    return max(xs) - min(xs), max(ys) - min(ys)


def outside(zone: Polygon) -> bool:
    """Whether a corner lies outside the picture, or nowhere."""
    return any(not (0.0 <= share <= 1.0) for corner in zone for share in corner)


def crosses_itself(zone: Polygon) -> bool:
    """Whether two sides that are not neighbours meet."""
    sides = list(pairwise((*zone, zone[0])))
    count = len(sides)
    return count >= _POINTS and any(
        _meet(sides[i], sides[j])
        for i in range(count)
        for j in range(i + 2, count)
        if (i, j) != (0, count - 1)
    )


def covered(zone: Polygon, by: Polygon) -> float:
    """Share 0..1 of a zone that lies in the other, to about a hundredth."""
    (x0, y0), (x1, y1) = np.min(zone, axis=0).tolist(), np.max(zone, axis=0).tolist()
    steps = (np.arange(_GRID) + 0.5) / _GRID
    x, y = np.meshgrid(x0 + steps * (x1 - x0), y0 + steps * (y1 - y0))
    own = _inside(x, y, zone)
    count = int(own.sum())
    return float((own & _inside(x, y, by)).sum()) / count if count else 0.0


def _inside(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], zone: Polygon) -> _Flags:
    """Even-odd rule for many points at once."""
    hit = np.zeros(x.shape, np.bool_)
    for (x1, y1), (x2, y2) in pairwise((*zone, zone[0])):
        if y1 != y2:
            hit ^= ((y1 > y) != (y2 > y)) & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return hit


def _twice(zone: Polygon) -> float:
    if not zone:
        return 0.0
    return math.fsum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise((*zone, zone[0])))


Side = tuple[tuple[float, float], tuple[float, float]]


def _meet(one: Side, other: Side) -> bool:
    """Two sides have a point in common."""
    (a, b), (c, d) = one, other
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    spots = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turn == 0 and _between(*spot) for turn, spot in zip(turns, spots, strict=True))


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _between(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    """A point on the line of a side lies on the side itself."""
    return all(min(a[i], b[i]) <= c[i] <= max(a[i], b[i]) for i in (0, 1))
