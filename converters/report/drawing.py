"""Poses drawn into pictures, the way two models are compared by eye."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import cast

import cv2
import numpy as np

from edge.core.posture import SEEN
from edge.core.skeletons import SKELETONS, Skeleton
from edge.core.types import Image, Pose

Colour = tuple[int, int, int]  # RGB
Point = tuple[int, int]

_LONG_SIDE = 640  # px
_QUALITY = 82  # of a JPEG, 0..100
_LARGE = 160  # px; smaller poses are drawn thinner
_DARK, _LIGHT = (20, 20, 24), (255, 255, 255)
# By the first word of a joint's name. Blue and orange are told apart by the colour-blind, too.
_COLOURS: Mapping[str, Colour] = {
    "left": (255, 150, 30),
    "right": (60, 170, 255),
    "thumb": (255, 150, 30),
    "index": (255, 225, 60),
    "middle": (90, 220, 120),
    "ring": (60, 170, 255),
    "pinky": (225, 120, 255),
}


def panel(image: Image, poses: Iterable[Pose]) -> Image:
    """A copy of an RGB picture with its poses (px of it), 640 px on its long side."""
    height, width = image.shape[:2]
    scale = _LONG_SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
    canvas = cast("Image", cv2.resize(image, size, interpolation=way))
    for pose in poses:
        _draw(canvas, pose, scale)
    return canvas


def data_uri(image: Image) -> str:
    """An RGB picture as a JPEG inside an address, for pages that stand alone."""
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, jpeg = cv2.imencode(".jpg", bgr, (cv2.IMWRITE_JPEG_QUALITY, _QUALITY))
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg.tobytes()).decode('ascii')}"


def _draw(canvas: Image, pose: Pose, scale: float) -> None:
    """Bones and joints the model is sure of, light on a dark outline; thin where it is small."""
    skeleton = SKELETONS[pose.skeleton]
    xy = (pose.xy + 0.5) * scale - 0.5
    unit = 2 if np.ptp(xy, axis=0).max() >= _LARGE else 1
    points: list[Point] = [(x, y) for x, y in np.rint(xy).astype(int).tolist()]
    sure = (pose.score >= SEEN).tolist()
    bones = [bone for bone in skeleton.bones if sure[bone[0]] and sure[bone[1]]]
    joints = [point for point, is_sure in zip(points, sure, strict=True) if is_sure]
    for a, b in bones:
        cv2.line(canvas, points[a], points[b], _DARK, 3 * unit + 1, cv2.LINE_AA)
    for point in joints:
        cv2.circle(canvas, point, 3 * unit, _DARK, -1, cv2.LINE_AA)
    for a, b in bones:
        cv2.line(canvas, points[a], points[b], _colour(skeleton, a, b), unit + 1, cv2.LINE_AA)
    for point in joints:
        cv2.circle(canvas, point, 2 * unit, _LIGHT, -1, cv2.LINE_AA)


def _colour(skeleton: Skeleton, a: int, b: int) -> Colour:
    """Give the colour of the side or finger that a bone belongs to."""
    first, second = (skeleton.joints[joint].partition("_")[0] for joint in (a, b))
    between = first in _COLOURS and first != second
    return _LIGHT if between else _COLOURS.get(second, _LIGHT)
