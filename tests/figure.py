"""A stick figure with a human's proportions, bent at its joints, seen by a camera.

Lengths are shares of the standing height (Winter, Biomechanics and Motor Control of Human
Movement). The figure is built in its own axes, x forward, y up, z to its right, and stands on
whatever part of it is lowest: nobody sinks into the floor, and whoever lies, lies on it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from edge.core.types import Floats

SOLE = 0.04  # the lowest joint above the ground
_HEAD = (  # forward, up from the shoulders, right
    (0.05, 0.105, 0.0), (0.045, 0.12, -0.02), (0.045, 0.12, 0.02), (0.0, 0.11, -0.045),
    (0.0, 0.11, 0.045),
)  # fmt: skip
_TORSO, _ARM, _FOREARM, _THIGH, _SHANK = 0.288, 0.186, 0.146, 0.245, 0.246


@dataclass(frozen=True)
class Shape:
    """How a body is bent, in degrees from upright; forward is positive."""

    torso: float = 0.0
    thigh: float = 0.0
    shank: float = 0.0
    arm: float = 0.0
    lean: float = 0.0  # the whole body over its feet
    to: float = 0.0  # where it leans to: 0 forward, 90 left, 180 backward

    def towards(self, other: Shape, share: float) -> Shape:
        """The shape on the way to another one, 0..1."""
        mixed = {
            f.name: getattr(self, f.name) + share * (getattr(other, f.name) - getattr(self, f.name))
            for f in fields(self)
        }
        mixed["to"] = other.to if other.lean else self.to  # who stands upright leans nowhere
        return Shape(**mixed)


STAND = Shape()
SIT = Shape(torso=5, thigh=85, arm=30)
SQUAT = Shape(torso=35, thigh=110, shank=-35, arm=60)
TIE_SHOES = Shape(torso=55, thigh=100, shank=-40, arm=20)
BEND = Shape(torso=85)
PICK_UP = Shape(torso=80, thigh=45, shank=-35, arm=10)
FLOOR_SIT = Shape(torso=-10, thigh=90, shank=90, arm=-20)
ON_BACK = Shape(torso=-90, thigh=90, shank=90, arm=90)
FORWARD = Shape(lean=88, arm=170)
BACKWARD = Shape(lean=88, to=180)
LEFT = Shape(lean=88, to=90)
RIGHT = Shape(lean=88, to=-90)
OFF_CHAIR = Shape(torso=30, thigh=85, shank=-30, lean=88, to=90)


def joints(shape: Shape, swing: float = 0.0) -> Floats:
    """The 17 joints (17, 3): forward, up from the ground, right; the feet around 0, 0.

    `swing` degrees brings the left leg forward and the right one back, as in walking.
    """
    sides = np.array((-1.0, 1.0))  # left, right
    shoulder = _TORSO * _up(shape.torso)
    body = np.zeros((17, 3))
    body[:5] = shoulder + np.array(_HEAD) @ _turned(shape.torso)
    for side in (0, 1):
        leg = swing if side == 0 else -swing
        across = np.array((0.0, 0.0, sides[side]))
        at = shoulder + 0.11 * across
        elbow = at - _ARM * _up(-shape.arm)
        knee = 0.055 * across - _THIGH * _up(-shape.thigh - leg)
        ankle = knee - _SHANK * _up(-shape.shank - leg)
        wrist = elbow - _FOREARM * _up(-shape.arm)
        body[5 + side :: 2][:6] = (at, elbow, wrist, 0.055 * across, knee, ankle)
    body = _leant(body, shape.lean, shape.to)
    body -= body[15:].mean(axis=0) * (1.0, 0.0, 1.0)
    body[:, 1] += SOLE - body[:, 1].min()
    return body.astype(np.float32)


def seen_by(body: Floats, yaw: float, pitch: float) -> Floats:
    """Joints (17, 3) -> (17, 2), right and down in a picture, from the point between the feet.

    `yaw` 0 faces the camera and 90 looks to the picture's right; the camera looks down by `pitch`.
    """
    cos, sin = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
    right = body[:, 0] * sin - body[:, 2] * cos
    near = body[:, 0] * cos + body[:, 2] * sin
    down = near * np.sin(np.radians(pitch)) - body[:, 1] * np.cos(np.radians(pitch))
    return np.stack([right, down], axis=1).astype(np.float32)


def _up(deg: float) -> np.ndarray:
    """The direction that is up in a part of the body bent forward by this angle."""
    return np.array((np.sin(np.radians(deg)), np.cos(np.radians(deg)), 0.0))


def _turned(deg: float) -> np.ndarray:
    """Rows: where the forward, up and right of an upright part point when it is bent forward."""
    cos, sin = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    return np.array(((cos, -sin, 0.0), (sin, cos, 0.0), (0.0, 0.0, 1.0)))


def _leant(body: np.ndarray, lean: float, to: float) -> np.ndarray:
    """The body turned about its feet, so that its head goes to where it leans."""
    way = np.array((np.cos(np.radians(to)), 0.0, -np.sin(np.radians(to))))
    cos, sin = np.cos(np.radians(lean)), np.sin(np.radians(lean))
    along, high = body @ way, body[:, 1]
    body = body + np.outer(along * (cos - 1.0) + high * sin, way)
    body[:, 1] = high * cos - along * sin
    return body
