"""Where a hand is: a turned square, fingers up, from a palm, from its own landmarks, from an arm.

The first two as MediaPipe has them (palm_detection_detection_to_roi.pbtxt and
hand_landmark_landmarks_to_roi.pbtxt in mediapipe/modules/hand_landmark), so that a hand fills the
model's input as it did when the model was taught. For an arm: from elbow to wrist 0.146 of the
standing height, from wrist to finger tips 0.108 (Drillis and Contini, 1966).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from edge.core.geometry import Crop, heading, rotation
from edge.core.posture import SEEN, measure
from edge.core.types import Floats, Pose, Side

_PALM_SIDE, _PALM_SHIFT = 2.6, 0.5  # of the palm's box
_HAND_SIDE, _HAND_SHIFT = 2.0, 0.1  # of the box around what bends little
_BACK = (0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18)  # wrist, thumb, the two lower joints of fingers
_ARM_SIDE, _ARM_SHIFT = 1.6, 0.5  # of the hand's length; wrists and forearms are rough guides
_FURTHER_SIDE, _FURTHER_SHIFT = 1.25, 0.25  # of the arm's square
_WIDER_SIDE, _WIDER_SHIFT = 1.5, -0.1
_HAND_OF_FOREARM = 0.108 / 0.146
_HAND_OF_HEIGHT = 0.108
_ARMS: tuple[tuple[Side, int, int], ...] = (("left", 7, 9), ("right", 8, 10))  # elbow, wrist


def from_palm(palm: Pose) -> Crop:
    """The square of a palm9: from the wrist to the middle finger's knuckle is up."""
    wrist, knuckle, (x0, y0), (x1, y1) = palm.xy[[0, 2, 7, 8]].tolist()
    angle = heading(knuckle[0] - wrist[0], knuckle[1] - wrist[1])
    middle = Crop((x0 + x1) / 2, (y0 + y1) / 2, 0.0, angle)
    x, y = middle.along(right=0.0, up=_PALM_SHIFT * (y1 - y0))
    return Crop(x, y, _PALM_SIDE * max(x1 - x0, y1 - y0), angle)


def from_landmarks(hand: Pose) -> Crop:
    """The square around a hand21 for the next frame, with room for its motion."""
    up = _knuckles(hand.xy) - hand.xy[0]
    angle = heading(float(up[0]), float(up[1]))
    turn = rotation(angle)
    upright = hand.xy[list(_BACK)] @ turn  # turned back by the angle
    low, high = upright.min(axis=0), upright.max(axis=0)
    x, y = (turn @ ((low + high) / 2)).tolist()
    width, height = (high - low).tolist()
    x, y = Crop(x, y, 0.0, angle).along(right=0.0, up=_HAND_SHIFT * height)
    return Crop(x, y, _HAND_SIDE * max(width, height), angle)


def from_arms(body: Pose) -> Iterator[tuple[Crop, Side]]:
    """The squares beyond the wrists of a body17, where elbow and wrist are seen."""
    person = measure(body)
    # A forearm that points at the camera looks short; the rest of the body still tells the scale.
    least = _HAND_OF_HEIGHT * person.height if person and person.height else 0.0
    for side, elbow, wrist in _ARMS:
        if min(body.score[elbow], body.score[wrist]) < SEEN:
            continue
        (x0, y0), (x1, y1) = body.xy[[elbow, wrist]].tolist()
        length = max(_HAND_OF_FOREARM * math.hypot(x1 - x0, y1 - y0), least)
        angle = heading(x1 - x0, y1 - y0)
        x, y = Crop(x1, y1, 0.0, angle).along(right=0.0, up=_ARM_SHIFT * length)
        yield Crop(x, y, _ARM_SIDE * length, angle), side


def further(crop: Crop) -> Crop:
    """A larger square further out, where a hand is whose arm looked too short."""
    x, y = crop.along(right=0.0, up=_FURTHER_SHIFT * crop.side)
    return Crop(x, y, _FURTHER_SIDE * crop.side, crop.angle)


def wider(crop: Crop) -> Crop:
    """A larger square about the same place, where a hand is whose wrist was a little off."""
    x, y = crop.along(right=0.0, up=_WIDER_SHIFT * crop.side)
    return Crop(x, y, _WIDER_SIDE * crop.side, crop.angle)


def palm_length(hand: Pose) -> float:
    """From the wrist to the middle finger's knuckle, px: the unit for distances in a hand21."""
    return float(np.hypot(*(hand.xy[9] - hand.xy[0])))


def _knuckles(xy: Floats) -> Floats:
    """The middle of the knuckles, that of the middle finger counting as much as its neighbours."""
    middle: Floats = (xy[5] + 2.0 * xy[9] + xy[13]) / 4.0
    return middle
