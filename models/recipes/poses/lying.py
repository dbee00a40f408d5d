"""Poses of people who lie: on the back, the front, either side and between, arms anywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.recipes.poses import rotation
from models.recipes.poses.draft import Draft
from models.recipes.poses.figure import INDEX, POINT
from models.recipes.poses.ground import DROP, FREE, STEP, settle
from models.recipes.poses.limits import clamp, hinge_elbow
from models.recipes.poses.types import Floats

_DOWN = rotation.about(0, -90.0)  # from upright onto the back, head to -z


def lying_back(draft: Draft) -> None:
    """On the back, rolled by up to about 35 degrees."""
    _lay(draft, draft.about(0.0, 14.0), flex=draft.about(2.0, 7.0))
    for side in "LR":
        _arm_flat(draft, side, sign=1.0)
    _rest(draft, arms=0.85, legs=_legs(draft, 1.0))


def lying_front(draft: Draft) -> None:
    """On the front, rolled by up to about 35 degrees, the face to one side."""
    _lay(draft, draft.about(180.0, 14.0), flex=draft.about(-3.0, 6.0))
    side = np.where(draft.chance(0.5), 1.0, -1.0)
    turn = side * draft.evenly(20.0, 72.0)
    for name, share in (("neck", 0.6), ("head", 0.4)):
        draft.joints[:, INDEX[name]] = rotation.about(1, share * turn)
    for side_name in "LR":
        _arm_flat(draft, side_name, sign=-1.0)
    _rest(draft, arms=0.9, legs=_legs(draft, -1.0))


def lying_side(draft: Draft) -> None:
    """On the left side (the mirror gives the right), straight to curled up, and half rolled."""
    roll = np.where(draft.chance(0.7), draft.about(90.0, 12.0), draft.evenly(40.0, 140.0))
    curl = np.where(draft.chance(0.35), 0.0, draft.evenly(0.0, 1.0))
    _lay(draft, roll, flex=38 * curl + draft.about(3.0, 5.0))
    draft.look(25 * curl + draft.about(2.0, 9.0), turn=12.0)
    forward = draft.evenly(15.0, 150.0)
    elbow = np.where(draft.chance(0.5), draft.evenly(5.0, 60.0), draft.evenly(60.0, 140.0))
    draft.arm("L", (forward, draft.about(8.0, 8.0), draft.about(0.0, 20.0)),
              (elbow, draft.evenly(-40.0, 60.0)))  # fmt: skip
    over = np.where(draft.chance(0.3), draft.about(0.0, 15.0), draft.evenly(20.0, 115.0))
    draft.arm("R", (over, draft.about(4.0, 8.0), draft.evenly(-10.0, 50.0)),
              (draft.evenly(5.0, 120.0), draft.evenly(0.0, 70.0)))  # fmt: skip
    for side in "LR":
        hip = 95 * curl + draft.about(8.0, 10.0) + (0.0 if side == "L" else draft.about(10.0, 10.0))
        knee = np.clip(hip * draft.evenly(0.7, 1.5) + draft.about(8.0, 10.0), 0.0, 140.0)
        # The upper leg sinks onto the lower one, or before it onto the floor.
        out = draft.about(0.0, 4.0) if side == "L" else draft.about(-14.0, 4.0)
        draft.leg(side, (hip, out, draft.about(0.0, 8.0)), knee)
        draft.ankle(side, draft.about(25.0, 12.0))
    lower = np.where(draft.chance(0.9), DROP, FREE)
    _rest(draft, arms=0.8, legs=np.stack([lower, np.full(draft.count, FREE)], axis=1))


def _lay(draft: Draft, roll: Floats, flex: Floats) -> None:
    draft.root(_DOWN @ rotation.about(1, roll))
    draft.trunk(flex, side=9.0, turn=14.0)
    draft.look(draft.about(6.0, 9.0), turn=32.0, side=9.0)


def _arm_flat(draft: Draft, side: str, sign: float) -> None:
    """An arm spread on the floor; `sign` is 1 on the back and -1 on the front."""
    away = draft.evenly(5.0, 165.0)
    away = np.where(draft.chance(0.35), draft.evenly(5.0, 35.0), away)
    bend = np.where(draft.chance(0.35), draft.evenly(3.0, 25.0), draft.evenly(25.0, 125.0))
    # The forearm lies towards the head (turned out, on the back) or towards the feet.
    up = np.where(away > 60.0, draft.chance(0.75), draft.chance(0.3))  # noqa: PLR2004
    inward = np.where(up, -80.0, 65.0) * sign + draft.about(0.0, 12.0)
    slight = bend < 25.0  # noqa: PLR2004 - nearly straight: turned by chance
    inward = np.where(slight, draft.about(0.0, 30.0), inward)
    flex = draft.about(-4.0 * sign, 8.0)
    draft.arm(side, (flex, away, inward), (bend, draft.evenly(-50.0, 70.0)))
    if draft.rng.random() < 0.3:  # noqa: PLR2004 - on the belly, the chest, the face, or under it
        _arm_on_trunk(draft, side, sign)


def _arm_on_trunk(draft: Draft, side: str, sign: float) -> None:
    out = 1.0 if side == "L" else -1.0
    turned, points = draft.figure.place(draft.joints)
    chest = turned[:, INDEX["chest"]]
    high = draft.evenly(-0.25, 0.2)
    if sign < 0:
        high = draft.evenly(0.1, 0.3)  # under the face or the shoulder
    near = 0.15 if sign > 0 else 0.1
    spot = np.stack([out * draft.evenly(-0.08, 0.16), high, draft.about(near, 0.02)], axis=1)
    spot[:, 2] = np.where(high > 0.1, spot[:, 2] + 0.06, spot[:, 2])  # noqa: PLR2004 - the face
    target = points[:, POINT["chest"]] + np.einsum("nij,nj->ni", chest, spot)
    pole = np.einsum("nij,j->ni", chest, (out, -0.4, -0.2 * sign))
    draft.touch(side, target, pole)
    elbow = draft.joints[:, INDEX[f"elbow.{side}"]]
    draft.joints[:, INDEX[f"elbow.{side}"]] = elbow @ hinge_elbow(
        np.zeros(draft.count), draft.evenly(20.0, 70.0), side
    )
    draft.wrist(side)


def _legs(draft: Draft, sign: float) -> NDArray[np.integer]:
    """Straight, splayed, or one or both bent; gives how each rests (N, 2), see `settle`.

    On the front bent knees go outward.
    """
    rests = []
    for side in "LR":
        bent = draft.chance(0.35)
        fallen = bent & (draft.chance(0.55 if sign > 0 else 1.0))  # the bent knee falls outward
        hip = np.where(bent, draft.evenly(18.0, 62.0), draft.about(2.0 * sign, 4.0))
        knee = np.where(bent, hip * draft.evenly(1.5, 2.1), np.abs(draft.about(6.0, 6.0)))
        out = np.where(fallen, draft.evenly(25.0, 60.0), draft.evenly(0.0, 26.0))
        out = np.where(bent & ~fallen, draft.about(4.0, 7.0), out)
        turn = np.where(fallen, -draft.evenly(15.0, 42.0), draft.about(-16.0, 14.0))
        turn = np.where(bent & ~fallen, draft.about(0.0, 10.0), turn)
        draft.leg(side, (hip, out, turn), np.clip(knee, 0.0, 135.0))
        draft.ankle(side, np.where(bent & ~fallen, 4.0, draft.about(28.0 + 5 * (1 - sign), 9.0)))
        free = draft.chance(0.08)
        rests.append(np.where(free, FREE, np.where(bent & ~fallen, STEP, DROP)))
    return np.stack(rests, axis=1)


def _rest(draft: Draft, arms: float, legs: NDArray[np.integer]) -> None:
    shares = (0.92, arms, arms)
    upper = np.stack([np.where(draft.chance(share), DROP, FREE) for share in shares], axis=1)
    drop = np.concatenate([upper, legs], axis=1)
    draft.joints[:] = settle(draft.figure, clamp(draft.joints), drop)
