"""Backgrounds without people: other scenes, colours, noise of all scales, fallen leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.recipes.training.augment import Source

Bytes = npt.NDArray[np.uint8]
_HALF = 0.5
_SCENES = 0.5  # share that are other pictures, where they show nobody


def backdrop(
    rng: np.random.Generator, other: Callable[[], Source], frame: tuple[int, int]
) -> Bytes:
    """A picture (height, width, 3) without people."""
    kind = rng.random()
    if kind < _SCENES:
        source = other()
        if not len(source.people):
            return _cut(rng, source.rgb, frame)
    return leaves(rng, frame) if kind < 0.8 else noise(rng, frame)  # noqa: PLR2004 - shares


def noise(rng: np.random.Generator, frame: tuple[int, int]) -> Bytes:
    """Clouds of colour: noise of several scales, coarse ones strongest; (height, width, 3)."""
    height, width = frame
    cells = 64
    total = np.full((cells, cells, 3), _colors(rng, rng.uniform(30, 225)), np.float32)
    for count in (2, 5, 12, 64):
        light = rng.normal(0, rng.uniform(5, 35), (count, count, 1))
        tint = rng.normal(0, rng.uniform(0, 15), (count, count, 3))
        grid = (light + tint).astype(np.float32)
        total += cv2.resize(grid, (cells, cells), interpolation=cv2.INTER_LINEAR)
    small = np.clip(total, 0, 255).astype(np.uint8)
    made = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    return made.astype(np.uint8, copy=False)


def leaves(rng: np.random.Generator, frame: tuple[int, int]) -> Bytes:
    """Shapes over shapes, many small and few large, as in photographs; (height, width, 3).

    Dead leaves: Baradad et al., arXiv:2106.05963.
    """
    height, width = frame
    made = noise(rng, frame)
    near = rng.uniform(0, 255)
    for _ in range(int(rng.integers(8, 40))):
        reach = float(np.exp(rng.uniform(np.log(4), np.log(0.4 * width))))
        at = rng.uniform(0, 1, 2) * (width, height)
        color = _colors(rng, near + rng.normal(0, 60))
        if rng.random() < _HALF:
            axes = (int(reach), int(reach * rng.uniform(0.2, 1)) + 1)
            middle = (int(at[0]), int(at[1]))
            cv2.ellipse(made, middle, axes, rng.uniform(0, 180), 0, 360, color, -1)
        else:
            sides = (2 * reach, 2 * reach * rng.uniform(0.05, 1))
            box = cv2.boxPoints(((at[0], at[1]), sides, rng.uniform(0, 180)))
            cv2.fillPoly(made, [np.rint(box).astype(np.int32)], color)
    return made


def _colors(rng: np.random.Generator, grey: float) -> tuple[float, float, float]:
    """A colour about as light as a grey; strong ones are rare."""
    red, green, blue = np.clip(grey + rng.normal(0, rng.choice([8, 25, 60]), 3), 0, 255).tolist()
    return red, green, blue


def _cut(rng: np.random.Generator, rgb: Bytes, frame: tuple[int, int]) -> Bytes:
    """Any part of a scene, of a third of its sides and more, in a frame (height, width)."""
    height, width = rgb.shape[:2]
    share = rng.uniform(0.35, 1)
    h, w = int(height * share), int(width * share)
    y, x = (int(rng.integers(0, spare + 1)) for spare in (height - h, width - w))
    made = cv2.resize(rgb[y : y + h, x : x + w], frame[::-1], interpolation=cv2.INTER_LINEAR)
    if rng.random() < _HALF:
        made = made[:, ::-1]
    return np.ascontiguousarray(made, np.uint8)
