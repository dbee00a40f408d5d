"""Putting a wrist at a point of the world, on any rig: analytic two-bone inverse kinematics."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from models.recipes.poses import limbs
from models.recipes.poses.figure import INDEX, POINT, make_figure
from models.recipes.poses.types import Floats, Skeleton

_ARM = ("upperarm01", "upperarm02", "lowerarm01", "lowerarm02", "wrist")


def reach(
    rig: Skeleton, turns: Floats, side: str, target: ArrayLike, pole: ArrayLike = (0.7, -0.7, -0.5)
) -> Floats:
    """Turns (B, 3, 3) whose wrist ("L" or "R") is at `target` (3,), m, where `Rig.pose` puts it.

    The elbow bends towards `pole` (3,): outward, up and ahead of the chest. What is too far is
    pointed at. Other bones stay as they are.
    """
    figure = make_figure(rig)
    joints = figure.contract(turns)[None]
    turned, points = figure.place(joints)
    shoulder = points[0, POINT[f"shoulder.{side}"]]
    aim = shoulder + np.asarray(target) - _head(rig, turns, figure.bones[f"upperarm01.{side}"])
    outward = np.asarray(pole) * (1.0 if side == "L" else -1.0, 1.0, 1.0)
    bend = turned[0, INDEX["chest"]] @ outward
    made = figure.expand(limbs.reach(figure, joints, f"elbow.{side}", aim[None], bend[None])[0])
    new = np.array(turns, dtype=np.float32)
    for name in _ARM:
        bone = figure.bones[f"{name}.{side}"]
        new[bone] = made[bone]
    return new


def _head(rig: Skeleton, turns: Floats, bone: int) -> Floats:
    """Where one bone begins (3,), m, as `Rig.pose` puts it."""
    chain = [bone]
    while rig.parents[chain[0]] >= 0:
        chain.insert(0, int(rig.parents[chain[0]]))
    place = np.asarray(rig.heads[chain[0]], dtype=np.float64)
    whole = np.eye(3)
    for above, below in pairwise(chain):
        whole = whole @ turns[above]
        place = place + whole @ (rig.heads[below] - rig.heads[above])
    return place
