"""The floor and the body itself: balance on feet, rest on the floor, limbs not inside the trunk."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.recipes.poses import limbs, rotation
from models.recipes.poses.figure import INDEX, POINT, Figure, relative
from models.recipes.poses.types import Bools, Floats


class Ball(NamedTuple):
    """A ball of flesh: the joint that carries it, its middle in neutral axes and radius, m."""

    joint: int
    middle: tuple[float, float, float]
    radius: float


TRUNK = (
    Ball(INDEX["root"], (0.075, 0.0, -0.02), 0.11),
    Ball(INDEX["root"], (-0.075, 0.0, -0.02), 0.11),
    Ball(INDEX["spine"], (0.05, 0.08, 0.02), 0.11),
    Ball(INDEX["spine"], (-0.05, 0.08, 0.02), 0.11),
    Ball(INDEX["chest"], (0.08, 0.06, 0.01), 0.115),
    Ball(INDEX["chest"], (-0.08, 0.06, 0.01), 0.115),
    Ball(INDEX["clavicle.L"], (0.12, 0.02, -0.03), 0.07),
    Ball(INDEX["clavicle.R"], (-0.12, 0.02, -0.03), 0.07),
)
HEAD = Ball(INDEX["head"], (0.0, 0.06, 0.04), 0.105)
# Half thickness of limbs at their points, m.
THICK = {"elbow": 0.05, "wrist": 0.035, "hand": 0.015, "knee": 0.06, "ankle": 0.05,
         "heel": 0.01, "toe": 0.02, "mid": 0.045}  # fmt: skip
# How a limb rests: only kept above the floor, all of it on the floor, or the foot set on it.
FREE, DROP, STEP = 0, 1, 2
_HIDDEN = 0.03  # how much a limb may sink into flesh before it counts, m
_MASS = {"root": 0.28, "chest": 0.34, "head": 0.08, "elbow.L": 0.03, "elbow.R": 0.03,
         "wrist.L": 0.02, "wrist.R": 0.02, "knee.L": 0.08, "knee.R": 0.08, "ankle.L": 0.02,
         "ankle.R": 0.02}  # fmt: skip


def balls(turned: Floats, points: Floats, which: tuple[Ball, ...] = TRUNK) -> Floats:
    """Middles (N, K, 3) of balls in the world, m."""
    joints = [ball.joint for ball in which]
    offsets = np.array([ball.middle for ball in which])
    middles: Floats = points[:, joints] + np.einsum("nkij,kj->nki", turned[:, joints], offsets)
    return middles


def bottoms(turned: Floats, points: Floats, which: tuple[Ball, ...] = TRUNK) -> Floats:
    """The lowest y (N, K) of balls, m."""
    radii = np.array([ball.radius for ball in which])
    bottom: Floats = balls(turned, points, which)[..., 1] - radii
    return bottom


def off_balance(points: Floats) -> Floats:
    """How far the middle of mass is from over the feet (N, 3), m, level: y is 0."""
    mass = np.array(list(_MASS.values()))
    centre = np.einsum("npi,p->ni", points[:, [POINT[name] for name in _MASS]], mass)
    feet = points[:, [POINT[f"{end}.{side}"] for side in "LR" for end in ("ankle", "toe")]]
    off: Floats = (centre - feet.mean(axis=1)) * (1.0, 0.0, 1.0)
    return off


def settle(figure: Figure, joints: Floats, drop: NDArray[np.integer]) -> Floats:
    """Poses lying on the floor: trunk level, head and limbs above it, or on it where they rest.

    `drop` (N, 5) is FREE, DROP or STEP for head, left arm, right arm, left leg, right leg.
    """
    turned, points = figure.place(joints)
    for _ in range(2):
        _level(turned, points)
    floor = bottoms(turned, points, TRUNK).min(axis=1)
    _settle_head(turned, points, floor, drop[:, 0] == DROP)
    for number, side in enumerate("LR"):
        for upper, drops in (("shoulder", drop[:, 1 + number]), ("hip", drop[:, 3 + number])):
            _settle_limb(turned, points, f"{upper}.{side}", floor, drops)
    return relative(turned)


def _level(turned: Floats, points: Floats) -> None:
    """Turn the body until the lowest of pelvis and of chest are as low."""
    lower, upper = TRUNK[:2], TRUNK[4:]
    first, second = balls(turned, points, lower), balls(turned, points, upper)
    rows = np.arange(len(points))
    low = first[rows, np.argmin(bottoms(turned, points, lower), axis=1)]
    high = second[rows, np.argmin(bottoms(turned, points, upper), axis=1)]
    radii = np.array([ball.radius for ball in upper])
    height = bottoms(turned, points, upper).min(axis=1) - bottoms(turned, points, lower).min(axis=1)
    along = (high - low) * (1.0, 0.0, 1.0)
    length = np.maximum(rotation.length(along), radii.max())
    axis = rotation.cross(rotation.unit(along), (0.0, 1.0, 0.0))
    turn = rotation.from_vector(-axis * np.arctan2(height[:, None], length))
    limbs.turn_branch(turned, points, 0, turn)


def _settle_head(turned: Floats, points: Floats, floor: Floats, drop: Bools) -> None:
    """Tip neck and head until the head is above the floor, or on it."""
    for name in ("neck", "head"):
        joint = INDEX[name]
        skull = balls(turned, points, (HEAD,))[:, 0]
        offset = skull - points[:, joint]
        height = skull[:, 1] - HEAD.radius - floor
        move = (height < 0) | drop
        level = np.linalg.norm(offset * (1.0, 0.0, 1.0), axis=-1)
        axis = rotation.cross(rotation.unit(offset * (1.0, 0.0, 1.0)), (0.0, 1.0, 0.0))
        angle = np.clip(-np.arctan2(height, np.maximum(level, 0.05)), -0.45, 0.45)
        turn = rotation.from_vector(axis * np.where(move, angle, 0.0)[:, None])
        limbs.turn_branch(turned, points, joint, turn)


def _settle_limb(
    turned: Floats, points: Floats, name: str, floor: Floats, rest: NDArray[np.integer]
) -> None:
    """Bring one arm or leg above the floor, or onto it as it rests, from the trunk outward."""
    upper, side = name.split(".")
    arm = upper == "shoulder"
    bend, end, tips = ("elbow", "wrist", ("hand",)) if arm else ("knee", "ankle", ("heel", "toe"))
    lies = rest == DROP
    limbs.raise_end((turned, points), name, f"{bend}.{side}", floor + THICK[bend], drop=lies)
    level = floor + THICK[end]
    limbs.swing_end(turned, points, name, level, drop=lies)
    limbs.raise_end((turned, points), f"{bend}.{side}", f"{end}.{side}", level, drop=rest == STEP)
    for tip in tips:
        above = floor + THICK[tip]
        limbs.raise_end((turned, points), f"{end}.{side}", f"{tip}.{side}", above, drop=lies & arm)


def sunk(figure: Figure, joints: Floats) -> Floats:
    """How far limbs are inside trunk, head or one another (N,), m summed; 0 is free."""
    turned, points = figure.place(joints)
    flesh = (*TRUNK[:6], HEAD)
    middles = balls(turned, points, flesh)
    radii = np.array([ball.radius for ball in flesh])
    names = [f"{end}.{side}" for side in "LR" for end in ("elbow", "wrist", "hand", "knee")]
    spots = points[:, [POINT[name] for name in names]]
    half = [0.5 * (spots[:, 4 * s] + spots[:, 4 * s + 1]) for s in (0, 1)]
    spots = np.concatenate([spots, np.stack(half, axis=1)], axis=1)
    thick = np.array([THICK[name.split(".")[0]] for name in names] + [THICK["mid"]] * 2)
    far = np.linalg.norm(spots[:, :, None] - middles[:, None], axis=-1)
    deep = np.maximum(thick[:, None] + radii - _HIDDEN - far, 0.0).sum(axis=(1, 2))
    total: Floats = deep + _crossed(points)
    return total


def _crossed(points: Floats) -> Floats:
    """How far the bones of different limbs pass through one another (N,), m."""
    limb = [
        [points[:, POINT[f"{name}.{side}"]] for name in chain]
        for side in "LR"
        for chain in (("elbow", "wrist", "hand"), ("hip", "knee", "ankle", "toe"))
    ]
    shares = np.linspace(0.0, 1.0, 4)[:, None]
    spots = [
        np.concatenate(
            [a[:, None] * (1 - shares) + b[:, None] * shares
             for a, b in pairwise(chain)], axis=1
        )
        for chain in limb
    ]  # fmt: skip
    thick = (0.035, 0.06, 0.035, 0.06)
    total = np.zeros(len(points))
    for first in range(4):
        for second in range(first + 1, 4):
            gap = np.linalg.norm(spots[first][:, :, None] - spots[second][:, None], axis=-1)
            close = thick[first] + thick[second] - gap.min(axis=(1, 2))
            total += np.maximum(close, 0.0)
    return total
