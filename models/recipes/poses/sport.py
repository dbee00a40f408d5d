"""Poses of people who do sports, dance or fool about: anything goes within joint limits."""

from __future__ import annotations

import numpy as np

from models.recipes.poses import rotation
from models.recipes.poses.draft import Draft, Step
from models.recipes.poses.upright import leg_length

_SIDES = (("L", 1.0), ("R", -1.0))


def sport(draft: Draft) -> None:
    """A lunge, a stand on one leg, a jump; arms anywhere."""
    draft.root(rotation.about(0, draft.about(8.0, 12.0)) @ rotation.about(2, draft.about(0.0, 8.0)))
    draft.trunk(draft.about(8.0, 12.0), side=14.0, turn=20.0)
    draft.look(draft.about(0.0, 15.0), turn=28.0)
    tall = leg_length(draft.figure)
    way = int(draft.rng.integers(0, 3))
    if way == 0:  # both feet far apart
        long, wide = draft.about(0.0, 0.3), draft.evenly(0.08, 0.4)
        height = tall * draft.evenly(0.6, 0.93)
        steps = {}
        for side, sign in _SIDES:
            raised = np.where(sign * long < -0.2, draft.evenly(10.0, 55.0), 0.0)  # noqa: PLR2004
            up = 0.14 * np.sin(np.radians(raised))
            ankle = np.stack([sign * wide, up - height, sign * long], axis=1)
            steps[side] = Step(ankle, draft.about(15.0, 14.0), raised)
        draft.stand(steps)
    else:  # one leg carries, or none does
        for side, _ in _SIDES:
            free = way == 2 or side == "L"  # noqa: PLR2004
            hip = draft.evenly(-15.0, 105.0) if free else draft.about(8.0, 7.0)
            out = draft.evenly(-5.0, 45.0) if free else draft.about(2.0, 4.0)
            knee = draft.evenly(0.0, 125.0) if free else np.abs(draft.about(10.0, 8.0))
            draft.leg(side, (hip, out, draft.about(0.0, 14.0)), knee)
            draft.ankle(side, draft.about(22.0, 14.0) if free else draft.about(-4.0, 4.0))
    for side, _ in _SIDES:
        arm = (draft.evenly(-45.0, 170.0), draft.evenly(0.0, 75.0), draft.about(0.0, 35.0))
        draft.arm(side, arm, (draft.evenly(0.0, 125.0), draft.evenly(-50.0, 70.0)))
