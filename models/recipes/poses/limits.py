"""How far human joints go, degrees, and keeping poses within it.

Angles are those of clinical range-of-motion tables (e.g. Kapandji, The Physiology of the Joints),
somewhat widened: people on the floor are passive, and heaps of limbs push joints to their ends.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.recipes.poses import rotation
from models.recipes.poses.figure import INDEX
from models.recipes.poses.types import Floats


class Ball(NamedTuple):
    """Limits of a ball joint: forward bend, outward spread, inward turn: (least, most), degrees."""

    flex: tuple[float, float]
    spread: tuple[float, float]
    turn: tuple[float, float]


BALLS = {
    "hip": Ball((-22.0, 130.0), (-28.0, 65.0), (-48.0, 42.0)),
    "ankle": Ball((-28.0, 50.0), (-18.0, 18.0), (-20.0, 20.0)),
    "wrist": Ball((-72.0, 78.0), (-40.0, 30.0), (-30.0, 30.0)),
}
KNEE = (0.0, 150.0)
ELBOW = (0.0, 148.0)
PRONATION = (-85.0, 90.0)
# The longest rotation vectors of joints of the trunk: about x, y, z.
_TRUNK = {
    "spine": ((-25.0, 55.0), (-30.0, 30.0), (-28.0, 28.0)),
    "chest": ((-15.0, 38.0), (-30.0, 30.0), (-22.0, 22.0)),
    "neck": ((-40.0, 40.0), (-50.0, 50.0), (-32.0, 32.0)),
    "head": ((-22.0, 22.0), (-30.0, 30.0), (-15.0, 15.0)),
    "clavicle.L": ((-12.0, 12.0), (-30.0, 22.0), (-10.0, 38.0)),
    "clavicle.R": ((-12.0, 12.0), (-22.0, 30.0), (-38.0, 10.0)),
}
# An upper arm points back no further than this share of its length, and across the chest.
_BACK, _ACROSS = -0.88, -0.8


def ball(flex: Floats, spread: Floats, turn: Floats, side: str) -> Floats:
    """A hip, ankle or shoulder: bent forward, then spread outward, turned inward first; degrees."""
    sign = 1.0 if side == "L" else -1.0
    made: Floats = (
        rotation.about(0, -flex)
        @ rotation.about(2, sign * spread)
        @ rotation.about(1, -sign * turn)
    )
    return made


def angles(matrix: Floats, side: str) -> tuple[Floats, Floats, Floats]:
    """Undo `ball`: forward bend, outward spread, inward turn (...), degrees."""
    sign = 1.0 if side == "L" else -1.0
    spread = np.degrees(np.arcsin(np.clip(-matrix[..., 0, 1], -1.0, 1.0)))
    turn = np.degrees(np.arctan2(matrix[..., 0, 2], matrix[..., 0, 0]))
    flex = np.degrees(np.arctan2(matrix[..., 2, 1], matrix[..., 1, 1]))
    return -flex, sign * spread, -sign * turn


def hinge_elbow(bend: Floats, pronation: Floats, side: str) -> Floats:
    """An elbow bent forward, the forearm turned palm down by `pronation`; degrees."""
    sign = 1.0 if side == "L" else -1.0
    made: Floats = rotation.about(0, -bend) @ rotation.about(1, -sign * pronation)
    return made


def clamp(joints: Floats) -> Floats:
    """The nearest poses (N, J, 3, 3) that joints can take."""
    new = joints.copy()
    names = list(_TRUNK)
    vectors = rotation.to_vector(joints[:, [INDEX[name] for name in names]])
    least, most = np.radians(np.array([_TRUNK[name] for name in names])).transpose(2, 0, 1)
    new[:, [INDEX[name] for name in names]] = rotation.from_vector(np.clip(vectors, least, most))
    for side in "LR":
        for name, limit in BALLS.items():
            joint = INDEX[f"{name}.{side}"]
            found = angles(joints[:, joint], side)
            kept = [np.clip(a, *ends) for a, ends in zip(found, limit, strict=True)]
            new[:, joint] = ball(kept[0], kept[1], kept[2], side)
        knee, elbow = INDEX[f"knee.{side}"], INDEX[f"elbow.{side}"]
        bend = -angles(joints[:, knee], side)[0]
        new[:, knee] = rotation.about(0, np.clip(bend, *KNEE))
        bend, _, turn = angles(joints[:, elbow], side)
        new[:, elbow] = hinge_elbow(np.clip(bend, *ELBOW), np.clip(turn, *PRONATION), side)
        new[:, INDEX[f"shoulder.{side}"]] = _shoulder(joints[:, INDEX[f"shoulder.{side}"]], side)
    return new


def _shoulder(matrix: Floats, side: str) -> Floats:
    """Upper arms brought forward or outward where they are too far back or across."""
    sign = 1.0 if side == "L" else -1.0
    pointing = -matrix[..., 1]
    wanted = pointing.copy()
    wanted[..., 2] = np.maximum(pointing[..., 2], _BACK)
    wanted[..., 0] = sign * np.maximum(sign * pointing[..., 0], _ACROSS)
    turned: Floats = rotation.shortest(pointing, wanted) @ matrix
    return turned
