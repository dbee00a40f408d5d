"""Poses of people on chairs: leaning back, upright, bent over their knees, or at a table."""

from __future__ import annotations

import numpy as np

from models.recipes.poses import rotation
from models.recipes.poses.draft import Draft
from models.recipes.poses.types import Floats
from models.recipes.poses.upright import hands_at_work, idle_arm, low_hands

_SIDES = (("L", 1.0), ("R", -1.0))
_BENT = 0.5  # share of those without a table who lean forward


def on_chair(draft: Draft) -> None:
    """On a chair, leaning back or upright, or forward with a round back: tired, or about to rise.

    Who falls from a chair mostly leans forward before.
    """
    if draft.rng.random() >= _BENT:
        _sit(draft, draft.about(-6.0, 12.0), draft.about(14.0, 9.0))
        draft.look(draft.about(8.0, 15.0), turn=26.0)
        _hands_on_thighs(draft)
        return
    _sit(draft, draft.about(16.0, 12.0), draft.about(36.0, 16.0))
    draft.look(draft.about(-2.0, 18.0), turn=20.0)
    if draft.rng.random() < 0.35:  # noqa: PLR2004 - arms hang between the knees, or to the floor
        low_hands(draft)
    else:
        _hands_on_thighs(draft)


def at_bench(draft: Draft) -> None:
    """At a table on a chair, both hands at work."""
    _sit(draft, draft.evenly(-4.0, 18.0), draft.evenly(5.0, 35.0), turn=10.0)
    draft.look(draft.evenly(5.0, 45.0), turn=12.0)
    hands_at_work(draft, draft.evenly(0.16, 0.3))


def _sit(draft: Draft, lean: Floats, back: Floats, turn: float = 8.0) -> None:
    """Hips forward by `lean`, the back bent (N,), degrees; soles flat, or legs crossed."""
    draft.root(rotation.about(0, lean))
    draft.trunk(back, turn=turn)
    crossed = draft.rng.random() < 0.15  # noqa: PLR2004
    for side, _ in _SIDES:
        raised = draft.about(86.0, 7.0) + lean
        knee = draft.about(85.0, 16.0)
        out, round_ = draft.about(9.0, 9.0), draft.about(0.0, 7.0)
        if crossed and side == "L":
            raised, out = raised + 15.0, draft.about(-18.0, 3.0)
        draft.leg(side, (raised, out, round_), knee)
        free = crossed and side == "L"
        flat = raised - lean - knee  # what the sole would slope by
        draft.ankle(side, draft.about(20.0, 8.0) if free else flat + draft.about(0.0, 3.0))


def _hands_on_thighs(draft: Draft) -> None:
    for side, sign in _SIDES:
        if draft.rng.random() < 0.35:  # noqa: PLR2004
            idle_arm(draft, side)
            continue
        knee, hip = draft.at(f"knee.{side}"), draft.at(f"hip.{side}")
        spot = hip + (knee - hip) * draft.evenly(0.35, 1.0)[:, None] + (0.0, 0.11, 0.0)
        spot[:, 0] -= sign * draft.about(0.02, 0.04)
        draft.touch(side, spot, np.broadcast_to((sign * 0.8, -0.3, -1.0), spot.shape))
        draft.lay_hand(side, knee - hip)
