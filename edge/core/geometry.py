"""Plain plane geometry: letterbox, crop and back, boxes, angles. Pixels, x right, y down."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edge.core.types import Box, Floats, Pose


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How a region of a picture lies in a model's input: scaled evenly, top left."""

    left: float  # px of the picture, where the region begins
    top: float
    scale: float  # input px a picture px
    width: int  # px of the input that the region fills
    height: int

    @staticmethod
    def fit(region: Box, into: tuple[int, int]) -> Letterbox:
        """The largest even scaling of the region into (height, width) px."""
        x0, y0, x1, y1 = region
        scale = min(into[1] / (x1 - x0), into[0] / (y1 - y0))
        width = min(into[1], max(1, round((x1 - x0) * scale)))
        height = min(into[0], max(1, round((y1 - y0) * scale)))
        return Letterbox(x0, y0, scale, width, height)

    def back(self, xy: Floats) -> Floats:
        """Points (K, 2) px of the input -> px of the picture."""
        # Scaling keeps the pixels' corners in place, and points are pixels' middles.
        return ((xy + 0.5) / self.scale - 0.5 + (self.left, self.top)).astype(xy.dtype)


@dataclass(frozen=True, slots=True)
class Crop:
    """A square cut out of a picture and turned, so that what it shows is upright in the input."""

    x: float  # px of the picture, its middle
    y: float
    side: float  # px of the picture
    angle: float  # rad clockwise, from the picture's up to the crop's

    def along(self, right: float, up: float) -> tuple[float, float]:
        """The point (px of the picture) so far from the middle, in the crop's own directions."""
        sin, cos = math.sin(self.angle), math.cos(self.angle)
        return self.x + right * cos + up * sin, self.y + right * sin - up * cos

    def matrix(self, into: tuple[int, int]) -> Floats:
        """The affine map (2, 3) from px of an input of (height, width) to px of the picture."""
        scale = self.side / min(into)
        turn = scale * rotation(self.angle)
        # Points are pixels' middles, so the middle of the input lies at (size - 1) / 2.
        middle = np.array((into[1] - 1, into[0] - 1), np.float32) / 2
        shift = np.array((self.x, self.y), np.float32) - turn @ middle
        return np.column_stack([turn, shift]).astype(np.float32)

    def back(self, xy: Floats, into: tuple[int, int]) -> Floats:
        """Points (K, 2) px of an input of (height, width) -> px of the picture."""
        matrix = self.matrix(into)
        return (xy @ matrix[:, :2].T + matrix[:, 2]).astype(xy.dtype)


def rotation(angle: float) -> Floats:
    """The matrix (2, 2) that turns points clockwise by rad, as one sees it with y down."""
    sin, cos = math.sin(angle), math.cos(angle)
    return np.array(((cos, -sin), (sin, cos)), np.float32)


def heading(dx: float, dy: float) -> float:
    """Angle in rad, clockwise from the picture's up, of a direction (px)."""
    return math.atan2(dx, -dy)


def area(box: Box) -> float:
    """px^2; 0 for an empty box."""
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def overlap(a: Box, b: Box) -> float:
    """Area common to both, px^2."""
    return area((max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])))


def iou(a: Box, b: Box) -> float:
    """Intersection over union, 0..1."""
    common = overlap(a, b)
    return common / (area(a) + area(b) - common) if common else 0.0


def middle(box: Box) -> tuple[float, float]:
    """Its centre, px."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def scaled(box: Box, by: float) -> Box:
    """The same box in a picture of another scale."""
    return (box[0] * by, box[1] * by, box[2] * by, box[3] * by)


def around(pose: Pose) -> Box:
    """The smallest box that holds all keypoints, px."""
    (x0, y0), (x1, y1) = pose.xy.min(axis=0).tolist(), pose.xy.max(axis=0).tolist()
    return (x0, y0, x1, y1)


def clip(box: Box, size: tuple[int, int]) -> Box:
    """The part of a box inside a picture of (width, height) px."""
    w, h = size
    x0, y0 = min(max(box[0], 0.0), w), min(max(box[1], 0.0), h)
    return (x0, y0, min(max(box[2], x0), w), min(max(box[3], y0), h))


def tilt_deg(dx: float, dy: float) -> float:
    """Angle of a body's up-direction (dx, dy) px from the picture's: 0 upright, 180 head down."""
    return math.degrees(math.atan2(abs(dx), -dy))


def inside(x: float, y: float, polygon: Sequence[tuple[float, float]]) -> bool:
    """Even-odd rule; a point on the left or upper border counts as inside."""
    hit = False
    x1, y1 = polygon[-1]
    for x2, y2 in polygon:
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            hit = not hit
        x1, y1 = x2, y2
    return hit
