"""What light, lenses, sensors and compression make of a picture."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
_GREY = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601
_LEVELS = np.arange(256, dtype=np.float32)


def photographed(rng: np.random.Generator, rgb: Bytes) -> Bytes:
    """The same picture (H, W, 3) as some camera might have taken it."""
    made: Any = cv2.transform(rgb, colors(rng))
    if rng.random() < 0.5:  # noqa: PLR2004 - shares
        curve = 255.0 * (_LEVELS / 255.0) ** float(np.exp(rng.uniform(-0.4, 0.4)))
        made = cv2.LUT(made, np.clip(curve, 0, 255).astype(np.uint8))
    if rng.random() < 0.35:  # noqa: PLR2004
        made = _blurred(rng, made)
    if rng.random() < 0.5:  # noqa: PLR2004
        made = _grainy(rng, made)
    if rng.random() < 0.3:  # noqa: PLR2004
        quality = int(rng.integers(15, 90))
        stored = cv2.imencode(".jpg", made, (cv2.IMWRITE_JPEG_QUALITY, quality))[1]
        made = cv2.imdecode(stored, cv2.IMREAD_COLOR)
    return np.asarray(made, np.uint8)


def colors(rng: np.random.Generator) -> Floats:
    """A matrix (3, 4) for RGB and 1: hue, saturation, gains, contrast and brightness in one."""
    mixed = np.eye(3)
    kind = rng.random()
    if kind < 0.12:  # noqa: PLR2004 - shares
        mixed = np.tile(_GREY, (3, 1))  # a camera at night
    elif kind < 0.75:  # noqa: PLR2004
        grey = np.tile(_GREY, (3, 1))
        hue = _turned_about_grey(rng.normal(0, 0.35))
        mixed = hue @ (grey + (np.eye(3) - grey) * rng.uniform(0.2, 1.6))
    if rng.random() < 0.03:  # noqa: PLR2004
        mixed = mixed[rng.permutation(3)]
    gains = np.exp(rng.normal(0, 0.08, 3) + rng.normal(0, 0.16))
    contrast = float(np.exp(rng.normal(0, 0.2)))
    brightness = rng.normal(0, 15) + 128 * (1 - contrast)
    matrix = np.column_stack([gains[:, None] * mixed * contrast, np.full(3, brightness)])
    return np.asarray(matrix, np.float64)


def _turned_about_grey(angle: float) -> Floats:
    """A turn (3, 3) of RGB about the axis of greys, by radians: it changes hue alone."""
    cos, sin = np.cos(angle), np.sin(angle) / np.sqrt(3)
    even = np.full((3, 3), (1 - cos) / 3)
    cross = sin * np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    return np.asarray(even + cos * np.eye(3) + cross, np.float64)


def _blurred(rng: np.random.Generator, rgb: Bytes) -> Bytes:
    """Out of focus, moved, or seen by few pixels."""
    kind = rng.random()
    if kind < 0.4:  # noqa: PLR2004 - shares
        return np.asarray(cv2.GaussianBlur(rgb, (0, 0), float(rng.uniform(0.4, 1.6))), np.uint8)
    if kind < 0.7:  # noqa: PLR2004
        length = int(rng.integers(2, 4)) * 2 + 1
        kernel = np.zeros((length, length), np.float32)
        angle = rng.uniform(0, np.pi)
        reach = np.array([np.cos(angle), np.sin(angle)]) * (length // 2)
        start, end = (np.rint(length // 2 + sign * reach).astype(int).tolist() for sign in (-1, 1))
        cv2.line(kernel, start, end, 1.0)
        return np.asarray(cv2.filter2D(rgb, -1, kernel / kernel.sum()), np.uint8)
    height, width = rgb.shape[:2]
    share = rng.uniform(0.4, 0.9)
    few = cv2.resize(rgb, (int(width * share), int(height * share)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(few, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _grainy(rng: np.random.Generator, rgb: Bytes) -> Bytes:
    """Noise of a sensor: of each value, or of light alone."""
    height, width = rgb.shape[:2]
    strength = int(np.exp(rng.uniform(np.log(3), np.log(30))))
    shape = (2, height, width, 3 if rng.random() < 0.6 else 1)  # noqa: PLR2004 - share
    # The sum of two even ones is near enough to a bell, and costs a tenth of one.
    two = np.frombuffer(rng.bytes(int(np.prod(shape))), np.uint8).reshape(shape)
    grain = two[0].astype(np.int16) + two[1]
    grain -= 255
    grain *= strength
    grain >>= 8
    if grain.shape[2] == 1:
        grain = np.repeat(grain, 3, axis=2)
    return np.asarray(cv2.add(rgb, grain, dtype=cv2.CV_8U), np.uint8)
