"""From zones back to paths: which zone a hand was in when, also where its rest was hard to see.

Noise may hide that a hand rested. Once zones are known from the times that were clear, being inside
one for about as long as usual is a visit, too; passing through takes less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from edge.sop.teaching.paths import Dwell, Dwelling, Path, Times, steadied
from edge.sop.teaching.zones import Visit, Zone

_USUAL = 0.55  # of how long hands stay in a zone, mostly
_SHARED = 0.3  # of an interval that other visits may cover


def visits(path: Path, stays: Sequence[Dwell], found: Sequence[Zone], how: Dwelling) -> list[Visit]:
    """One hand's visits to zones, in order; `stays` are its dwells, all of them in zones."""
    zone_of = {id(dwell): k for k, zone in enumerate(found) for dwell in zone.dwells}
    known = [Visit(dwell, zone_of[id(dwell)]) for dwell in stays]
    xy = steadied(path)
    for k, zone in enumerate(found):
        if not any(dwell.side == path.side for dwell in zone.dwells):
            continue
        usual = float(np.median([dwell.duration for dwell in zone.dwells]))
        for dwell in _inside(path, xy, zone, how):
            enough = dwell.duration >= max(how.dwell_s, _USUAL * usual)
            if enough and _covered(dwell, known) <= _SHARED * dwell.duration:
                known.append(Visit(dwell, k))
    return _merged(sorted(known, key=lambda visit: visit.dwell.begin))


def _inside(path: Path, xy: Times, zone: Zone, how: Dwelling) -> list[Dwell]:
    """When a hand was in a zone, short leaps out of it and short losses aside."""
    x0, y0, x1, y1 = zone.box
    within = (xy >= (x0, y0)).all(axis=1) & (xy <= (x1, y1)).all(axis=1)
    found: list[list[int]] = []
    for k in np.flatnonzero(within).tolist():
        last = found[-1][-1] if found else None
        if last is not None and path.t[k] - path.t[last] <= (
            how.lost_s if k == last + 1 else how.away_s
        ):
            found[-1].append(k)
        else:
            found.append([k])
    return [_dwell(path, xy[some], path.t[some]) for some in found]


def _dwell(path: Path, xy: Times, t: npt.NDArray[np.float64]) -> Dwell:
    x, y = np.median(xy, axis=0)
    return Dwell(path.side, float(t[0]), float(t[-1]), xy, (float(x), float(y)))


def _covered(dwell: Dwell, known: Sequence[Visit]) -> float:
    """How much of a dwell others cover, s."""
    return sum(
        max(0.0, min(dwell.end, other.dwell.end) - max(dwell.begin, other.dwell.begin))
        for other in known
    )


def _merged(known: Sequence[Visit]) -> list[Visit]:
    """The same zone again with no other between is the same visit."""
    found: list[Visit] = []
    for visit in known:
        if found and found[-1].zone == visit.zone:
            last = found[-1].dwell
            found[-1] = replace(found[-1], dwell=replace(last, end=visit.dwell.end))
        else:
            found.append(visit)
    return found
