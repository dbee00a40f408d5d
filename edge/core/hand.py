"""One hand over time, as rules see it."""

from __future__ import annotations

from dataclasses import dataclass

from edge.core.types import Pose, Side


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """A hand that a hand model follows, or that a body's arm shows where there is none."""

    id: int
    side: Side
    xy: tuple[float, float]  # px, the middle of the palm; unseen: where it was
    palm: float  # px, from the wrist to the knuckle of the middle finger
    pose: Pose | None  # hand21, px; None while unseen, or where only an arm shows the hand
    since: float  # s, first seen
    seen: float  # s, last seen
    score: float  # 0..1, how sure the model was when it was last seen
    label: str = ""  # its gesture when last seen, as a classifier names it
    label_score: float = 0.0  # 0..1
