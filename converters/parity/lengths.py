"""What distances are told in: a person's size, a palm's length. Pixels in, pixels out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edge.core.posture import SEEN
from edge.core.skeletons import SKELETONS
from edge.core.types import Pose

_THINNEST = 0.25  # a body is at least so wide for its length: joints in a row have a size, too
_LEAST_PX = 1.0


def person_size(pose: Pose) -> float:
    """Side of a square as large as the box around the keypoints that the model is sure of, px."""
    sides = np.ptp(pose.xy[pose.score >= SEEN], axis=0)
    long, short = float(sides.max()), float(sides.min())
    return max(_LEAST_PX, float(np.sqrt(long * max(short, _THINNEST * long))))


def palm_length(pose: Pose) -> float:
    """From the wrist to the knuckle of the middle finger, px; for palm9 and hand21."""
    wrist, knuckle = palm_ends(SKELETONS[pose.skeleton].joints)
    return max(_LEAST_PX, float(np.linalg.norm(pose.xy[knuckle] - pose.xy[wrist])))


def palm_ends(joints: Sequence[str]) -> tuple[int, int]:
    """Places of the wrist and the middle finger's knuckle among a hand's joints."""
    return joints.index("wrist"), joints.index("middle_mcp")
