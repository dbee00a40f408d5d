"""From dwells to zones: places where hands stay again and again, and a polygon around each.

Dwells of one hand that are near each other are one place; places of the two hands that cover each
other mostly are one zone. A zone is a rectangle, which a person can read and correct: around what
was seen there, and a margin. Where two would overlap, the border goes between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from edge.core.geometry import area, overlap
from edge.core.settings import setting
from edge.core.types import Polygon
from edge.sop.teaching.paths import Dwell

_MOSTLY = 0.6  # of the smaller of two boxes lies in the other: they are one zone

Box = tuple[float, float, float, float]  # x0, y0, x1, y1, picture widths


@dataclass(frozen=True, slots=True)
class Zoning:
    """How places become zones."""

    apart: float = setting(1.5, "dwells further apart are two places", unit="palms", low=0.1)
    margin: float = setting(0.8, "around where hands stayed", unit="palms", low=0)
    least: float = setting(1.6, "no zone is smaller", unit="palms", low=0)


@dataclass(frozen=True, slots=True, eq=False)
class Visit:
    """A dwell, and the number of the zone it was in."""

    dwell: Dwell
    zone: int


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """A place that hands stay at."""

    box: Box
    spread: float  # picture widths, how far apart the middles of its dwells are, standard deviation
    dwells: tuple[Dwell, ...]

    def polygon(self, size: tuple[int, int]) -> Polygon:
        """Corners as shares of the picture's width and height."""
        tall = size[0] / size[1]
        x0, y0, x1, y1 = (round(min(max(value, 0.0), most), 4) for value, most in (
            (self.box[0], 1.0), (self.box[1] * tall, 1.0),
            (self.box[2], 1.0), (self.box[3] * tall, 1.0),
        ))  # fmt: skip
        return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def places(dwells: Sequence[Dwell], palm: float, how: Zoning) -> list[list[Dwell]]:
    """Dwells at the same place together: each hand's own first, then those of both hands."""
    groups: list[list[Dwell]] = []
    for side in ("left", "right"):
        groups += _near([dwell for dwell in dwells if dwell.side == side], how.apart * palm)
    joined: list[list[Dwell]] = []
    for group in sorted(groups, key=len, reverse=True):
        box = _box(group, palm, how)
        for other in joined:
            theirs = _box(other, palm, how)
            if overlap(box, theirs) >= _MOSTLY * min(area(box), area(theirs)):
                other.extend(group)
                break
        else:
            joined.append(list(group))
    return joined


def zones(groups: Sequence[Sequence[Dwell]], palm: float, how: Zoning) -> list[Zone]:
    """A zone around each place; no two overlap."""
    made = []
    for group in groups:
        middles = np.array([dwell.middle for dwell in group])
        spread = float(np.sqrt(middles.var(axis=0).sum()))
        made.append(Zone(_box(group, palm, how), spread, tuple(group)))
    for i in range(len(made)):
        for j in range(i):
            made[i], made[j] = _parted(made[i], made[j])
    return made


def _near(dwells: Sequence[Dwell], apart: float) -> list[list[Dwell]]:
    """Average linkage: the two nearest groups are joined until all are further apart."""
    groups = [[k] for k in range(len(dwells))]
    if not groups:
        return []
    middles = np.array([dwell.middle for dwell in dwells])
    distance: npt.NDArray[np.float64] = np.linalg.norm(middles[:, None] - middles[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    while len(groups) > 1:
        i, j = sorted(divmod(int(distance.argmin()), len(groups)))
        if distance[i, j] > apart:
            break
        # The new distance to every other group: weighted by how many dwells each has.
        a, b = len(groups[i]), len(groups[j])
        mixed = (a * distance[i] + b * distance[j]) / (a + b)
        distance[i], distance[:, i] = mixed, mixed
        distance[i, i] = np.inf
        distance = np.delete(np.delete(distance, j, axis=0), j, axis=1)
        groups[i] += groups.pop(j)
    return [[dwells[k] for k in group] for group in groups]


def _box(group: Sequence[Dwell], palm: float, how: Zoning) -> Box:
    """Around most of what was seen, each dwell counting alike, and a margin."""
    each = 20  # sights of a dwell, evenly
    xy = np.concatenate(
        [d.xy[np.linspace(0, len(d.xy) - 1, each).round().astype(int)] for d in group]
    )
    low, high = np.quantile(xy, 0.04, axis=0), np.quantile(xy, 0.96, axis=0)
    middle = (low + high) / 2
    half = np.maximum((high - low) / 2 + how.margin * palm, how.least * palm / 2)
    (x0, y0), (x1, y1) = middle - half, middle + half
    return float(x0), float(y0), float(x1), float(y1)


def _parted(one: Zone, other: Zone) -> tuple[Zone, Zone]:
    """Two zones side by side: where they overlap less, the border is moved to the middle of it."""
    a, b = list(one.box), list(other.box)
    over = [min(a[k + 2], b[k + 2]) - max(a[k], b[k]) for k in (0, 1)]
    if min(over) <= 0:
        return one, other
    k = 0 if over[0] <= over[1] else 1
    border = (min(a[k + 2], b[k + 2]) + max(a[k], b[k])) / 2
    first, second = (a, b) if a[k] + a[k + 2] <= b[k] + b[k + 2] else (b, a)
    first[k + 2], second[k] = border, border
    return (
        replace(one, box=(a[0], a[1], a[2], a[3])),
        replace(other, box=(b[0], b[1], b[2], b[3])),
    )
