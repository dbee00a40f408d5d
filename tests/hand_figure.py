"""A hand drawn by hand: flat, open, seen from the back, so that tests know where its joints are."""

from __future__ import annotations

import math

import numpy as np

from edge.core.geometry import rotation
from edge.core.types import Floats, Pose, Side

# In palm lengths from the wrist, fingers up: the thumb, then index to little finger, each outwards.
OPEN = np.array(
    [
        (0.0, 0.0),
        *((-0.3, -0.2), (-0.55, -0.45), (-0.75, -0.7), (-0.9, -0.9)),
        *((-0.25, -1.0), (-0.3, -1.45), (-0.32, -1.7), (-0.34, -1.95)),
        *((0.0, -1.0), (0.0, -1.5), (0.0, -1.8), (0.0, -2.05)),
        *((0.2, -0.93), (0.24, -1.4), (0.26, -1.7), (0.28, -1.95)),
        *((0.4, -0.82), (0.48, -1.15), (0.52, -1.35), (0.56, -1.55)),
    ],
    np.float32,
)


def hand(
    at: tuple[float, float] = (320.0, 240.0),
    palm_px: float = 40.0,
    deg: float = 0.0,
    side: Side = "right",
) -> Pose:
    """A hand21 with its wrist at px, turned clockwise by degrees."""
    xy = palm_px * OPEN @ rotation(math.radians(deg)).T + np.array(at, np.float32)
    return Pose("hand21", xy.astype(np.float32), np.full(21, 0.9, np.float32), side)


def palm_of(seen: Pose) -> Pose:
    """The palm9 a detector gives for a hand: its own points, and a box around them."""
    points: Floats = seen.xy[[0, 5, 9, 13, 17, 1, 2]]
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    half = np.ptp(points, axis=0).max() / 2
    xy = np.concatenate([points, [middle - half, middle + half]]).astype(np.float32)
    return Pose("palm9", xy, np.full(9, 0.8, np.float32))
