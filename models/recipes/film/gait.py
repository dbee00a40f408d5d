"""Standing and walking: feet that stay where they are set down, and hips carried over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from models.recipes.film.curves import Floats, between, smooth, through
from models.recipes.film.layout import AWAY, OPERATOR
from models.recipes.poses import limbs, rotation
from models.recipes.poses.draft import Draft
from models.recipes.poses.figure import INDEX, Figure

_BALL = 0.125  # m, from the ankle ahead to the ball of the foot
_CLEAR = 0.05  # m, how high a foot swings
_CARRY = 0.17  # s, how long the body takes to follow the feet
_STRETCH = 0.988  # of a leg's length when standing
_SIDES = (("L", 1.0), ("R", -1.0))


@dataclass(frozen=True, slots=True)
class Foothold:
    """A foot is lifted and set down (s) with its ankle over x, z (m), pointing to `yaw` (deg)."""

    lift: float
    land: float
    x: float
    z: float
    yaw: float


@dataclass(frozen=True, slots=True, eq=False)
class Feet:
    """Both feet over time, left first: ankles (N, 2, 3) m, yaw and heel raised (N, 2) deg."""

    ankles: Floats
    level: Floats  # (N, 2, 2): x, z of each foot as if flat on the floor, m
    yaw: Floats
    raised: Floats


def walk_away(begin: float) -> dict[str, list[Foothold]]:
    """From the bench to the free floor: turning left, four strides, the feet brought together."""
    x, z = OPERATOR
    plan: dict[str, list[Foothold]] = {
        "L": [Foothold(-2.0, -1.0, x + 0.11, z, 8.0)],
        "R": [Foothold(-2.0, -1.0, x - 0.11, z, -8.0)],
    }
    # x of the ankle, z from where the operator stood, where the foot points to (90 is ahead).
    ways = (
        ("L", x + 0.3, -0.02, 60.0), ("R", x + 0.42, 0.14, 85.0), ("L", x + 0.88, -0.05, 90.0),
        ("R", x + 1.28, 0.16, 84.0), ("L", AWAY + 0.12, -0.02, 45.0), ("R", AWAY - 0.1, 0.12, 22.0),
    )  # fmt: skip
    t = begin
    for side, across, along, yaw in ways:
        plan[side].append(Foothold(t, t + 0.42, across, z + along, yaw))
        t += 0.54
    return plan


def follow(plan: dict[str, list[Foothold]], height: float, t: Floats) -> Feet:
    """The feet at times t (N,); `height` is the ankle's over the sole, m."""
    tracks = [_foot(plan[side], height, t) for side, _ in _SIDES]
    ankles, level, yaw, raised = (
        np.stack([track[k] for track in tracks], axis=1) for k in range(4)
    )
    return Feet(ankles, level, yaw, raised)


def _foot(holds: Sequence[Foothold], height: float, t: Floats) -> tuple[Floats, ...]:
    x, z, yaw = (np.full(len(t), value) for value in (holds[0].x, holds[0].z, holds[0].yaw))
    up = np.zeros(len(t))
    keys = [(-9.0, 0.0)]
    for before, hold in pairwise(holds):
        share = between(t, hold.lift, hold.land)
        x += share * (hold.x - before.x)
        z += share * (hold.z - before.z)
        yaw += share * (hold.yaw - before.yaw)
        up += _CLEAR * 16 * share**2 * (1 - share) ** 2
        far = min(np.hypot(hold.x - before.x, hold.z - before.z) / 0.6, 1.0)
        long = hold.land - hold.lift
        keys += [
            (hold.lift - 0.2, 0.0),
            (hold.lift, 30.0 * far),
            (hold.lift + 0.3 * long, 34.0 * far),
            (hold.land - 0.02, -9.0 * far),
            (hold.land + 0.09, 0.0),
        ]
    keys.append((1e6, 0.0))
    raised = through([k[0] for k in keys], [k[1] for k in keys], t)
    up += 0.2 * np.sin(np.radians(np.maximum(-raised, 0.0)))  # on the heel: the ball is up
    heading = rotation.about(1, yaw)
    ball = np.stack([x, up, z], axis=1) + heading @ (0.0, 0.0, _BALL)
    back = rotation.about(0, raised) @ np.array([0.0, height, -_BALL])
    ankle = ball + np.einsum("nij,nj->ni", heading, back)
    return ankle, np.stack([x, z], axis=1), yaw, raised


def hips(figure: Figure, feet: Feet, shift: Floats, fps: float) -> tuple[Floats, Floats]:
    """Where the hips' middle is (N, 3), m, moved by `shift` (N, 2), and their heading (N,), deg."""
    yaw = smooth(feet.yaw.mean(axis=1), _CARRY * fps)
    level = smooth(feet.level.mean(axis=1), _CARRY * fps) + shift
    legs = np.linalg.norm(figure.offsets[[INDEX["knee.L"], INDEX["ankle.L"]]], axis=-1).sum()
    tops = []
    for number, (side, _) in enumerate(_SIDES):
        offset = rotation.about(1, yaw) @ figure.offsets[INDEX[f"hip.{side}"]]
        ankle = feet.ankles[:, number]
        away = np.linalg.norm(level + offset[:, [0, 2]] - ankle[:, [0, 2]], axis=1)
        reach = np.sqrt(np.maximum((_STRETCH * legs) ** 2 - away**2, 0.05))
        tops.append(ankle[:, 1] + reach - offset[:, 1])
    height = np.min(tops, axis=0)
    height = np.minimum(smooth(height, 1.5), height) - 0.004
    return np.stack([level[:, 0], height, level[:, 1]], axis=1), yaw


def stand(draft: Draft, feet: Feet, at: Floats) -> None:
    """Bend the legs so that the feet are where they shall be; hips at (N, 3), m; in place."""
    for number, (side, _) in enumerate(_SIDES):
        world = rotation.about(1, feet.yaw[:, number])
        pole = world[..., 2] + (0.0, 0.15, 0.0)
        ankle = feet.ankles[:, number] - at
        draft.joints[:] = limbs.reach(draft.figure, draft.joints, f"knee.{side}", ankle, pole)
        tipped = world @ rotation.about(0, feet.raised[:, number])
        draft.joints[:] = limbs.set_world(draft.figure, draft.joints, f"ankle.{side}", tipped)
        toes = np.clip(-feet.raised[:, number], -50.0, 0.0)
        draft.joints[:, INDEX[f"toes.{side}"]] = rotation.about(0, toes)


def swing_arms(draft: Draft, feet: Feet, yaw: Floats, lifted: Floats) -> None:
    """Let the arms hang and swing against the legs; `lifted` (N,) 0..1 bends elbows, in place."""
    ahead = rotation.about(1, yaw)[..., 2][:, [0, 2]]
    apart = np.sum((feet.level[:, 1] - feet.level[:, 0]) * ahead, axis=1)
    apart = smooth(apart, 2.0)
    for side, sign in _SIDES:
        swing = 48 * sign * apart
        zero = np.zeros(draft.count)
        bend = 16 + np.maximum(swing, 0.0) * 0.8 + 100 * lifted
        draft.arm(side, (swing + 3, zero + 9, zero), (bend, zero + 20))
        draft.joints[:, INDEX[f"wrist.{side}"]] = np.eye(3)
