"""Poses of people near the floor: sitting on it, kneeling, crawling, holding a plank."""

from __future__ import annotations

import numpy as np

from models.recipes.poses import chairs, limbs, rotation
from models.recipes.poses.draft import Draft
from models.recipes.poses.figure import INDEX
from models.recipes.poses.types import Floats
from models.recipes.poses.upright import idle_arm

_SIDES = (("L", 1.0), ("R", -1.0))


def sitting(draft: Draft) -> None:
    """On a chair, or on the floor."""
    (chairs.on_chair if draft.rng.random() < 0.7 else sitting_on_floor)(draft)  # noqa: PLR2004


def sitting_on_floor(draft: Draft) -> None:
    """Legs out, crossed or drawn up, hands on knees or behind."""
    way = int(draft.rng.integers(0, 4))
    back = way in (0, 3) and draft.rng.random() < 0.5  # noqa: PLR2004 - on the hands behind
    lean = draft.about(-28.0, 6.0) if back else draft.about(-12.0, 8.0)
    draft.root(rotation.about(0, lean))
    draft.trunk(draft.about(5.0, 5.0) if back else draft.about(30.0, 9.0))
    draft.look(draft.about(5.0, 15.0), turn=24.0)
    for side, sign in _SIDES:
        if way == 0:  # legs straight out
            hip, out, turn = draft.about(88.0, 4.0), draft.evenly(3.0, 28.0), draft.about(-12.0, 10)
            knee = np.abs(draft.about(8.0, 6.0))
        elif way == 1:  # cross-legged
            hip, out, turn = draft.about(98.0, 5.0), draft.about(48.0, 6.0), draft.about(-38.0, 4.0)
            knee = draft.about(122.0 if sign > 0 else 112.0, 6.0)
        else:  # knees up, or one of them
            up = way == 2 or side == "L"  # noqa: PLR2004
            hip = draft.about(126.0 if up else 90.0, 6.0)
            out, turn = draft.evenly(0.0, 22.0), draft.about(0.0, 8.0)
            knee = draft.about(105.0, 14.0) if up else np.abs(draft.about(8.0, 6.0))
        draft.leg(side, (hip + lean + 6.0, out, turn), knee)
        draft.ankle(side, draft.about(14.0, 10.0))
    for side, sign in _SIDES:
        hip, knee = draft.at(f"hip.{side}"), draft.at(f"knee.{side}")
        if back:
            spot = hip + np.stack(
                [sign * draft.evenly(0.08, 0.25), -0.06 + np.zeros(draft.count),
                 -draft.evenly(0.25, 0.4)], axis=1
            )  # fmt: skip
            draft.touch(side, spot, np.broadcast_to((sign * 0.4, 0.2, -1.0), spot.shape))
            draft.lay_hand(side, np.broadcast_to((sign * 0.7, 0.0, -0.8), spot.shape))
            continue
        spot = knee + np.stack([draft.about(0.0, 0.06), draft.about(0.09, 0.03),
                                draft.about(0.03, 0.07)], axis=1)  # fmt: skip
        draft.touch(side, spot, np.broadcast_to((sign, -0.6, -0.2), spot.shape))
        draft.wrist(side, 15.0)


def kneeling(draft: Draft) -> None:
    """On both knees, upright or on the heels, or on one knee."""
    one = draft.rng.random() < 0.45  # noqa: PLR2004
    sit = draft.evenly(0.0, 0.25) if one else draft.evenly(0.0, 1.0) ** 1.5
    lean = draft.about(6.0, 7.0) + 8 * sit
    draft.root(rotation.about(0, lean))
    draft.trunk(draft.about(12.0, 9.0))
    draft.look(draft.about(12.0, 15.0), turn=22.0)
    tiptoe = draft.rng.random() < 0.4  # noqa: PLR2004
    for side, _ in _SIDES:
        fold = draft.about(4.0, 4.0) + 62 * sit
        draft.leg(
            side, (fold + lean, draft.evenly(3.0, 16.0), draft.about(0.0, 5.0)), 88.0 + 0.98 * fold
        )
        draft.ankle(side, draft.about(-24.0 if tiptoe else 46.0, 4.0))
        toes = draft.about(-50.0, 6.0) if tiptoe else draft.about(0.0, 3.0)
        draft.joints[:, INDEX[f"toes.{side}"]] = rotation.about(0, toes)
    if one:
        other, hip = draft.at("knee.R"), draft.at("hip.L")
        spot = np.stack(
            [hip[:, 0] + 0.06, other[:, 1] + 0.03, hip[:, 2] + draft.evenly(0.3, 0.42)], 1
        )
        pole = np.broadcast_to((0.15, 0.6, 1.0), spot.shape)
        draft.joints[:] = limbs.reach(draft.figure, draft.joints, "knee.L", spot, pole)
        flat = limbs.flat_foot(draft.figure.place(draft.joints)[0], "L")
        draft.joints[:] = limbs.set_world(draft.figure, draft.joints, "ankle.L", flat)
    for side, sign in _SIDES:
        idle_arm(draft, side)
        shoulder = draft.at(f"shoulder.{side}")
        spot = shoulder + np.stack(
            [draft.about(0.0, 0.12), -draft.evenly(0.05, 0.48), draft.evenly(0.15, 0.4)], axis=1
        )
        if draft.rng.random() < 0.6:  # noqa: PLR2004 - something on the floor or ahead
            draft.touch(side, spot, np.broadcast_to((sign, -0.8, -0.3), spot.shape))
            draft.wrist(side, 10.0)


def _on_hands(draft: Draft, floor: Floats, ahead: tuple[float, float], apart: float) -> None:
    """Both palms on the floor at y = `floor` (N,), m from the hips, before the shoulders."""
    for side, sign in _SIDES:
        spot = draft.at(f"shoulder.{side}").copy()
        spot[:, 0] += sign * draft.about(apart, 0.05)
        spot[:, 1] = floor + 0.05
        spot[:, 2] += draft.evenly(*ahead)
        draft.touch(side, spot, np.broadcast_to((sign * 0.8, 0.15, -1.0), spot.shape))
        draft.lay_hand(side, np.stack([-sign * draft.about(0.1, 0.2), 0 * floor, 1 + 0 * floor], 1))


def crawling(draft: Draft) -> None:
    """On hands and knees."""
    pitch = draft.about(82.0, 7.0)
    draft.root(rotation.about(0, pitch))
    draft.trunk(draft.about(12.0, 9.0), turn=8.0)
    draft.look(draft.about(-22.0, 18.0), turn=15.0)
    for side, _ in _SIDES:
        hip = pitch + draft.about(2.0, 13.0)
        draft.leg(side, (hip, draft.evenly(2.0, 14.0), draft.about(0.0, 6.0)),
                  draft.about(88.0, 6.0) + hip - pitch)  # fmt: skip
        draft.ankle(side, draft.about(42.0, 6.0))
    floor = np.minimum(draft.at("knee.L")[:, 1], draft.at("knee.R")[:, 1]) - 0.055
    _on_hands(draft, floor, (-0.1, 0.2), 0.0)


def push_up(draft: Draft) -> None:
    """Plank and push-up, arms straight to fully bent, on toes or knees."""
    low = draft.evenly(0.0, 1.0)
    pitch = 68 + 19 * low + draft.about(0.0, 3.0)
    draft.root(rotation.about(0, pitch))
    draft.trunk(draft.about(2.0, 5.0), side=2.0, turn=3.0)
    draft.look(draft.about(-18.0, 12.0), turn=10.0)
    on_knees = draft.rng.random() < 0.2  # noqa: PLR2004
    for side, _ in _SIDES:
        knee = draft.about(60.0, 20.0) if on_knees else np.abs(draft.about(4.0, 3.0))
        draft.leg(
            side, (draft.about(4.0, 4.0), draft.evenly(0.0, 9.0), draft.about(0.0, 4.0)), knee
        )
        draft.ankle(side, draft.about(20.0, 10.0) if on_knees else draft.about(-12.0, 5.0))
        toes = 0.0 if on_knees else -48.0
        draft.joints[:, INDEX[f"toes.{side}"]] = rotation.about(0, draft.about(toes, 5.0))
    end = "knee" if on_knees else "toe"
    floor = np.minimum(draft.at(f"{end}.L")[:, 1], draft.at(f"{end}.R")[:, 1])
    _on_hands(draft, floor - (0.05 if on_knees else 0.0), (-0.12, 0.1), 0.08)
