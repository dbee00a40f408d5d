"""A clip for those who have none: somebody drawn walks through a room, always the same.

640x480, 30 frames a second, ten seconds. What people look like matters little to how long a model
takes, but does to what comes after it: a clip of your own is better, and says so in the result.
"""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np

from benchmarks.errors import BenchError
from edge.core.types import Image

NAME = "made-up-640x480.mp4"
_SIZE = (640, 480)  # px
_FPS, _SECONDS = 30.0, 10
_SKIN, _SHIRT, _TROUSERS, _HAIR = (150, 180, 225), (160, 90, 40), (70, 60, 55), (40, 50, 70)  # BGR


def write(folder: Path) -> Path:
    """Draw it; raises BenchError where no video can be written."""
    path = folder / NAME
    fourcc = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), fourcc, _FPS, _SIZE)
    if not writer.isOpened():
        raise BenchError(str(path), "cannot be written", "give a clip: --source CLIP.mp4")
    room = _room()
    for number in range(round(_FPS * _SECONDS)):
        picture = room.copy()
        _person(picture, number / _FPS)
        writer.write(picture)
    writer.release()
    return path


def _room() -> Image:
    """A wall, a floor, and the grain of a camera, so that there is something to decode."""
    width, height = _SIZE
    rows = np.linspace(0.0, 1.0, height)[:, None, None]
    room = np.where(rows < 0.62, 190.0 - 30.0 * rows, 120.0 + 40.0 * rows)  # noqa: PLR2004 - wall, floor
    noise = np.random.default_rng(0).normal(0.0, 6.0, (height, width, 3))
    picture = np.clip(np.broadcast_to(room, (height, width, 3)) + noise, 0, 255)
    blurred = cv2.GaussianBlur(picture.astype(np.uint8), (3, 3), 0)
    return np.asarray(blurred, np.uint8)


def _person(picture: Image, t: float) -> None:
    """Somebody 330 px tall who walks to and fro, seen from the front."""
    x = 320.0 + 150.0 * math.sin(2.0 * math.pi * t / _SECONDS)
    swing = math.sin(2.0 * math.pi * t / 1.1)

    def at(dx: float, y: float) -> tuple[int, int]:
        return round(x + dx), round(y)

    for side in (-1, 1):
        step = side * swing
        hip, knee, foot = (
            at(side * 18, 280),
            at(side * 20, 355 - 8 * step),
            at(side * 21, 425 - 14 * step),
        )
        cv2.line(picture, hip, knee, _TROUSERS, 30, cv2.LINE_AA)
        cv2.line(picture, knee, foot, _TROUSERS, 24, cv2.LINE_AA)
        cv2.ellipse(picture, (foot[0], foot[1] + 12), (15, 10), 0, 0, 360, _HAIR, -1, cv2.LINE_AA)
        shoulder, elbow = at(side * 44, 165), at(side * 58, 225)
        hand = at(side * 58, 280 + 10 * step)
        cv2.line(picture, shoulder, elbow, _SHIRT, 22, cv2.LINE_AA)
        cv2.line(picture, elbow, hand, _SKIN, 16, cv2.LINE_AA)
    body = np.array([at(-52, 150), at(52, 150), at(38, 290), at(-38, 290)], np.int32)
    cv2.fillConvexPoly(picture, body, _SHIRT, cv2.LINE_AA)
    cv2.line(picture, at(0, 120), at(0, 150), _SKIN, 24, cv2.LINE_AA)
    cv2.ellipse(picture, at(0, 100), (25, 33), 0, 0, 360, _SKIN, -1, cv2.LINE_AA)
    cv2.ellipse(picture, at(0, 84), (27, 20), 0, 180, 360, _HAIR, -1, cv2.LINE_AA)
    for side in (-1, 1):
        cv2.circle(picture, at(side * 9, 97), 3, _HAIR, -1, cv2.LINE_AA)
        cv2.ellipse(picture, at(side * 26, 102), (4, 8), 0, 0, 360, _SKIN, -1, cv2.LINE_AA)
    cv2.line(picture, at(0, 100), at(0, 108), (120, 150, 200), 3, cv2.LINE_AA)
    cv2.line(picture, at(-8, 118), at(8, 118), (90, 90, 170), 2, cv2.LINE_AA)
