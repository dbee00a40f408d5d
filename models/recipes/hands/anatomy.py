"""The axes about which a hand's joints turn, found from the rig in rest pose.

Everything is reckoned for a left hand; a right one is mirrored before and after, so that both are
exact mirrors of each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.recipes.humans.rig import Rig
from models.recipes.poses.rotation import from_vector, unit
from models.recipes.poses.types import Floats

FINGERS = (2, 3, 4, 5)  # index to little, as the rig counts; 1 is the thumb
_MIRROR = np.array([-1.0, 1.0, 1.0])


@dataclass(frozen=True, slots=True, eq=False)
class Palm:
    """Unit vectors of a palm: along to the middle finger, across to the thumb, out of the palm."""

    along: Floats
    across: Floats
    out: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """A left hand in rest pose: its palm and, in degrees, how bent and spread it is already."""

    palm: Palm
    axes: Floats  # (4, 3), about which index to little finger bend at the middle and end joints
    rest: Floats  # (4, 4), spread towards the thumb, flexion of the three joints
    thumb_axis: Floats  # (3,), about which the thumb's joints bend
    thumb_rest: Floats  # (2,), flexion of its middle and end joint


def mirrored(points: Floats, side: str) -> Floats:
    """Points (..., 3) of the hand at `side` ("L" or "R") as those of a left one, or back."""
    return points * _MIRROR if side == "R" else points


def mirrored_turn(turn: Floats, side: str) -> Floats:
    """A turn (..., 3, 3) of a left hand as that of the hand at `side`."""
    return turn * np.outer(_MIRROR, _MIRROR) if side == "R" else turn


def palm_of(points: Floats, side: str) -> Palm:
    """The palm of 21 landmarks (21, 3) m of a hand, wherever it is."""
    return _palm(points[0], points[9], points[5], points[17], -1.0 if side == "R" else 1.0)


def _palm(wrist: Floats, middle: Floats, index: Floats, little: Floats, sign: float) -> Palm:
    along = unit(middle - wrist)
    out = unit(np.cross(along, index - little)) * sign
    return Palm(along, np.cross(out, along) * sign, out)


def about(axis: Floats, degrees: float | NDArray[np.floating]) -> Floats:
    """Rotations (..., 3, 3) about a unit axis (3,)."""
    return from_vector(np.asarray(axis) * np.radians(np.asarray(degrees, np.float64))[..., None])


def joints_of(rig: Rig, side: str) -> dict[str, int]:
    """The numbers of the bones at `side`, by name without the side."""
    return _joints(tuple(rig.names), side)


@lru_cache(maxsize=8)
def _joints(names: tuple[str, ...], side: str) -> dict[str, int]:
    return {name[:-2]: number for number, name in enumerate(names) if name.endswith(f".{side}")}


@lru_cache(maxsize=1024)
def anatomy_of(rig: Rig, side: str) -> Anatomy:
    """Find the axes of the hand at `side`, as if it were a left one."""
    bones = joints_of(rig, side)
    heads, tails = mirrored(np.asarray(rig.heads, np.float64), side), mirrored(rig.tails, side)

    def directions(finger: int) -> Floats:
        chain = [bones[f"finger{finger}-{part}"] for part in (1, 2, 3)]
        return unit(tails[chain] - heads[chain])

    starts = [heads[bones[f"finger{finger}-1"]] for finger in FINGERS]
    palm = _palm(heads[bones["wrist"]], starts[1], starts[0], starts[3], 1.0)
    axes, rest = [], []
    for finger in FINGERS:
        parts = directions(finger)
        spread = np.degrees(np.arctan2(parts[0] @ palm.across, parts[0] @ palm.along))
        straight = about(palm.out, spread) @ palm.along
        bent = np.degrees(np.arctan2(parts @ palm.out, parts @ straight))
        axes.append(-about(palm.out, spread) @ palm.across)
        rest.append([spread, bent[0], bent[1] - bent[0], bent[2] - bent[1]])
    thumb = directions(1)
    axis = unit(np.cross(thumb[0], thumb[2]))
    bends = [np.degrees(np.arccos(np.clip(thumb[k] @ thumb[k + 1], -1, 1))) for k in (0, 1)]
    return Anatomy(palm, np.array(axes), np.array(rest), axis, np.array(bends))


# Shares of the palm's length by which landmarks lie farther out than the rig's joints: where the
# knuckles of a real hand are, which are the places that trackers of hands are trained on.
_FARTHER = {"wrist": 0.06, "1": -0.05, "2": 0.04, "3": 0.03, "tip": -0.035}


def refined(rig: Rig) -> Rig:
    """Return the rig with the joints of its fingers where knuckles are; bends turn about them."""
    heads, tails = rig.heads.copy(), rig.tails.copy()
    for side in "LR":
        bones = joints_of(rig, side)
        wrist, middle = rig.heads[bones["wrist"]], rig.heads[bones["finger3-1"]]
        palm = float(np.linalg.norm(middle - wrist))
        heads[bones["wrist"]] += _FARTHER["wrist"] * (middle - wrist)
        for finger in range(1, 6):
            chain = [bones[f"finger{finger}-{part}"] for part in (1, 2, 3)]
            ways = unit(rig.tails[chain] - rig.heads[chain])
            if finger > 1:
                start = rig.heads[bones[f"metacarpal{finger - 1}"]]
                heads[chain[0]] += _FARTHER["1"] * palm * unit(rig.heads[chain[0]] - start)
                heads[chain[1]] += _FARTHER["2"] * palm * ways[1]
                heads[chain[2]] += _FARTHER["3"] * palm * ways[2]
            tails[chain[:2]] = heads[chain[1:]]
            tails[chain[2]] += _FARTHER["tip"] * palm * ways[2]
    return replace(rig, heads=heads, tails=tails)
