"""Bending a hand: from angles of its joints, within human limits, to turns of the rig."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.recipes.hands.anatomy import (
    FINGERS,
    Anatomy,
    about,
    anatomy_of,
    joints_of,
    mirrored_turn,
)
from models.recipes.humans.rig import Rig
from models.recipes.poses.types import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Angles:
    """A hand's joints in degrees; zero is straight, and in line with the palm.

    fingers (4, 4): index to little; spread towards the thumb, flexion at the three joints.
    thumb (4,): opposition (about the palm's length, out of its plane), flexion at the three joints.
    cup: how much the little finger's side of the palm folds in.
    """

    fingers: Floats
    thumb: Floats
    cup: float = 0.0


@dataclass(frozen=True, slots=True)
class Wrist:
    """A wrist in degrees: flexion towards the palm, deviation towards the thumb."""

    flexion: float = 0.0
    deviation: float = 0.0


LEAST = np.array([[-6, -25, 0, -5], [-14, -25, 0, -5], [-22, -25, 0, -5], [-34, -25, 0, -5]], float)
MOST = np.array([[24, 92, 108, 80], [14, 94, 110, 80], [6, 94, 112, 80], [2, 94, 108, 80]], float)
_THUMB_LEAST, _THUMB_MOST = np.array([-25.0, -28, -8, -18]), np.array([75.0, 38, 62, 85])


def limited(angles: Angles) -> Angles:
    """Angles within what human joints can do (active ranges; Kapandji 1970, rounded)."""
    fingers = np.clip(angles.fingers, LEAST, MOST)
    # Ligaments taut over a bent knuckle leave no room to spread.
    taut = 1 - 0.8 * np.clip(fingers[:, 1] / 90, 0, 1)
    closed = np.array([3.0, 0.0, -3.0, -6.0])
    fingers[:, 0] = closed + (fingers[:, 0] - closed) * taut
    thumb = np.clip(angles.thumb, _THUMB_LEAST, _THUMB_MOST)
    return Angles(fingers, thumb, float(np.clip(angles.cup, 0, 20)))


def mixed(first: Angles, second: Angles, share: float | Floats) -> Angles:
    """Interpolate: 0 is the first, 1 the second; five shares are of thumb and fingers."""
    shares = np.broadcast_to(np.asarray(share, np.float64), (5,))
    return Angles(
        first.fingers + (second.fingers - first.fingers) * shares[1:, None],
        first.thumb + (second.thumb - first.thumb) * shares[0],
        float(first.cup + (second.cup - first.cup) * shares.mean()),
    )


def bent(rig: Rig, turns: Floats, side: str, angles: Angles, wrist: Wrist | None = None) -> Floats:
    """Return the turns (B, 3, 3) of a pose with the hand at `side` ("L" or "R") bent.

    The wrist's turn is added to the one it has.
    """
    anatomy, bones = anatomy_of(rig, side), joints_of(rig, side)
    new = np.array(turns, np.float32)
    for name, turn in _turns(anatomy, angles).items():
        new[bones[name]] = mirrored_turn(turn, side)
    if wrist is not None:
        palm = anatomy.palm
        turn = about(palm.out, wrist.deviation) @ about(-palm.across, wrist.flexion)
        new[bones["wrist"]] = new[bones["wrist"]] @ mirrored_turn(turn, side)
    return new


def _turns(anatomy: Anatomy, angles: Angles) -> dict[str, Floats]:
    palm = anatomy.palm
    result: dict[str, Floats] = {}
    for row, finger in enumerate(FINGERS):
        spread, *bends = angles.fingers[row]
        before, *bends_before = anatomy.rest[row]
        wanted = about(palm.out, spread) @ about(-palm.across, bends[0])
        rest = about(palm.out, before) @ about(-palm.across, bends_before[0])
        result[f"finger{finger}-1"] = wanted @ rest.T
        for part in (1, 2):
            more = bends[part] - bends_before[part]
            result[f"finger{finger}-{part + 1}"] = about(anatomy.axes[row], more)
    result["metacarpal3"] = about(-palm.across, 0.4 * angles.cup)
    result["metacarpal4"] = about(-palm.across, angles.cup)
    oppose, *bends = angles.thumb
    result["finger1-1"] = about(palm.along, oppose) @ about(anatomy.thumb_axis, bends[0])
    for part in (1, 2):
        more = bends[part] - anatomy.thumb_rest[part - 1]
        result[f"finger1-{part + 1}"] = about(anatomy.thumb_axis, more)
    return result
