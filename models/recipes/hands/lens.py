"""From a rendered picture of hands to a photograph: soft shadows in crevices, blur, noise, tint."""

from __future__ import annotations

import cv2
import numpy as np

from models.recipes.rendering.types import Bytes, Floats, Picture

_FOLD = 0.012  # m, how deep a crevice is that gets no light from around
_BEHIND = 0.15  # m: nothing so far behind the hands lies in their crevices


def expose(rng: np.random.Generator, picture: Picture, scale: float, far: float) -> Bytes:
    """Return the picture as a camera gives it; hands are `far` m away, `scale` px a metre."""
    depth = np.minimum(picture.depth, far + _BEHIND)
    shade = _crevices(depth, scale, rng.uniform(0.15, 0.5))[..., None]
    image = np.asarray(picture.rgb * shade, np.float32)
    if rng.random() < 0.4:  # noqa: PLR2004 - share
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.6)), np.float32)
    if rng.random() < 0.15:  # noqa: PLR2004 - share
        image = np.asarray(cv2.filter2D(image, -1, _streak(rng)), np.float32)
    # A camera exposes for the whole picture, and often not quite right.
    wanted = np.clip(rng.normal(112, 26), 45, 175) / max(float(image.mean()), 8.0)
    gain = np.clip(wanted, 0.5, 2.2) * np.exp(rng.normal(0, 0.05, 3))
    image = 255 * np.clip(image * gain / 255, 0, 1) ** np.exp(rng.normal(0, 0.15))
    noise = rng.standard_normal(image.shape[:2], np.float32)[..., None] * rng.choice([0, 1, 3, 7])
    return np.asarray(np.clip(image + noise, 0, 255), np.uint8)


def _crevices(depth: Floats, scale: float, strength: float) -> Floats:
    """How much light reaches places (H, W) that lie deeper than what is around them: 0..1."""
    shade = np.zeros_like(depth)
    for reach in (0.005, 0.014):  # m
        side = int(np.clip(2 * reach * scale, 1, 15)) | 1
        # What is deeper than what is on both sides; far behind, light comes from elsewhere.
        around = cv2.morphologyEx(depth, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
        gap = depth - around
        touched = np.clip(gap / _FOLD, 0, 1) * np.clip(2.5 - gap / _FOLD, 0, 1)
        shade += cv2.GaussianBlur(touched, (0, 0), max(side / 4, 0.5))
    result: Floats = 1 - strength * np.clip(shade, 0, 1)
    return result


def _streak(rng: np.random.Generator) -> Floats:
    """Motion: a line of up to 7 px."""
    side = int(rng.integers(2, 7)) | 1
    kernel = np.zeros((side, side), np.float32)
    angle, half = rng.uniform(0, np.pi), side // 2
    way = np.round(np.array([np.cos(angle), np.sin(angle)]) * half).astype(int)
    cv2.line(kernel, (half - way[0], half - way[1]), (half + way[0], half + way[1]), 1.0)
    blurred: Floats = kernel / max(float(kernel.sum()), 1e-6)
    return blurred
