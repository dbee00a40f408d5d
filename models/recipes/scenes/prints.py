"""Printed things: text-like glyphs, logos, posters, and heaps of overlapping shapes."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from models.recipes.rendering.types import Bytes
from models.recipes.scenes.chance import chance
from models.recipes.scenes.colors import draw_srgb

Random = np.random.Generator
_SIZE: Final = 192  # px
_FONTS: Final = (
    cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_TRIPLEX,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
)  # fmt: skip


def _color(random: Random, loud: float = 0.5) -> tuple[float, float, float]:
    red, green, blue = draw_srgb(random, loud)
    return float(red), float(green), float(blue)


def _plain(random: Random, loud: float = 0.3) -> Bytes:
    return np.full((_SIZE, _SIZE, 3), np.array(_color(random, loud)), np.uint8)


def shape(random: Random, image: Bytes, middle: tuple[int, int], radius: float) -> None:
    """Draws one random shape (disc, box, polygon, ring) of this radius (px) into the image."""
    color, kind = _color(random), int(random.integers(5))
    if kind == 0:
        axes = (max(int(radius), 1), max(int(radius * random.uniform(0.3, 1)), 1))
        cv2.ellipse(image, middle, axes, random.uniform(0, 180), 0, 360, color, -1, cv2.LINE_AA)
    elif kind == 1:
        cv2.circle(image, middle, max(int(radius), 1), color, max(int(radius * 0.3), 1))
    else:
        corners = 4 if kind == 2 else int(random.integers(3, 8))  # noqa: PLR2004 - boxes often
        turns = np.sort(random.uniform(0, 2 * np.pi, corners))
        if kind == 2:  # noqa: PLR2004
            turns = np.arange(4) * np.pi / 2 + random.uniform(0, np.pi)
        reach = radius * (1.0 if kind == 2 else random.uniform(0.5, 1.2, corners))  # noqa: PLR2004
        points = np.stack([np.cos(turns) * reach, np.sin(turns) * reach], axis=1) + middle
        cv2.fillPoly(image, [points.astype(np.int32)], color, cv2.LINE_AA)


def leaves(random: Random) -> Bytes:
    """Dead leaves: shapes over shapes whose sizes have a heavy tail (Lee, Mumford, Huang 2001)."""
    image = _plain(random)
    count = int(random.integers(40, 220))
    # Uniform in the inverse square: radii with density 1/r**3, as natural pictures have.
    low, high = random.uniform(2, 5), random.uniform(30, 80)
    radii = 1 / np.sqrt(random.uniform(1 / high**2, 1 / low**2, count))
    for radius in radii:
        x, y = random.integers(0, _SIZE, 2)
        shape(random, image, (int(x), int(y)), float(radius))
    return image


def letters(random: Random) -> Bytes:
    """Lines of letters and figures, as on a box or a sheet of paper."""
    image = _plain(random, 0.2)
    color, font = _color(random), int(random.choice(_FONTS))
    scale = random.uniform(0.3, 1.4)
    y = int(random.integers(10, 40))
    while y < _SIZE:
        if chance(random, 0.8):  # some lines stay empty
            codes = random.choice([*range(48, 58), *range(65, 91), *range(97, 123)], 14)
            line = "".join(" " if chance(random, 0.15) else chr(code) for code in codes)
            at = (int(random.integers(-20, 60)), y)
            cv2.putText(
                image, line, at, font, scale, color, int(random.integers(1, 4)), cv2.LINE_AA
            )
        y += int(34 * scale + random.uniform(2, 20))
    return image


def logo(random: Random) -> Bytes:
    """A plain ground with a few large shapes in the middle, and perhaps a word."""
    image = _plain(random, 0.4)
    for _ in range(int(random.integers(1, 4))):
        x, y = random.normal(_SIZE / 2, _SIZE / 10, 2)
        shape(random, image, (int(x), int(y)), random.uniform(15, 60))
    if chance(random, 0.6):  # mostly a word
        word = "".join(chr(code) for code in random.integers(65, 91, int(random.integers(2, 7))))
        at = (int(random.integers(5, 60)), int(random.integers(40, 180)))
        cv2.putText(
            image,
            word,
            at,
            int(random.choice(_FONTS)),
            random.uniform(0.8, 2.2),
            _color(random),
            3,
            cv2.LINE_AA,
        )
    return image


def poster(random: Random) -> Bytes:
    """A picture in a frame: a sky, hills or shapes, and lines of print."""
    image = _plain(random, 0.4)
    top, bottom = np.array(_color(random)), np.array(_color(random))
    share = np.linspace(0, 1, _SIZE)[:, None, None]
    image[:] = top + (bottom - top) * share
    for _ in range(int(random.integers(2, 12))):
        x, y = random.integers(0, _SIZE, 2)
        shape(random, image, (int(x), int(y)), float(random.exponential(25) + 4))
    wide = int(random.integers(0, 12))
    if wide:
        cv2.rectangle(image, (0, 0), (_SIZE - 1, _SIZE - 1), _color(random, 0.1), wide)
    return image
