"""Lines, boxes and words on a white sheet, drawn at twice the size so that they come out smooth.

All places and lengths are px of the finished sheet. OpenCV's letters are ASCII only: accents are
left out, and a text in another script has to be replaced by the caller.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import cast

import cv2
import numpy as np

from edge.core.types import Image

Colour = tuple[int, int, int]  # RGB
Point = tuple[float, float]

BLACK, WHITE, GREY, PALE = (25, 28, 33), (255, 255, 255), (110, 116, 125), (232, 235, 239)
RED = (200, 30, 40)
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_TWICE = 2
_CAP = 21.0  # px, height of a capital letter at OpenCV's scale 1
_DASH = 6.0  # px
_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
    | {"\N{EN DASH}": "-", "\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{MULTIPLICATION SIGN}": "x"}
)


def ascii_of(words: str, otherwise: str = "?") -> str:
    """What OpenCV can write of a text; `otherwise` where that would be little or nothing."""
    plain = unicodedata.normalize("NFKD", words.translate(_LETTERS))
    letters = "".join(letter for letter in plain if " " <= letter <= "~")
    lost = sum(not unicodedata.combining(letter) and not " " <= letter <= "~" for letter in plain)
    return otherwise if lost > len(letters) // 4 else letters


def width(words: str, size: float, *, bold: bool = False) -> float:
    """How wide a text of this height of capitals is, px."""
    scale, thick = _pen(size, bold=bold)
    return float(cv2.getTextSize(words, _FONT, scale, thick)[0][0]) / _TWICE


def wrapped(words: str, size: float, most: float, lines: int, *, bold: bool = False) -> list[str]:
    """A text in at most so many lines of so many px; what does not fit ends in two dots."""
    found = [""]
    for word in words.split():
        longer = f"{found[-1]} {word}".strip()
        if not found[-1] or width(longer, size, bold=bold) <= most:
            found[-1] = longer
        else:
            found.append(word)
    if len(found) > lines:
        found = [*found[: lines - 1], " ".join(found[lines - 1 :])]
    return [_cut(line, size, most, bold=bold) for line in found if line]


def _cut(line: str, size: float, most: float, *, bold: bool) -> str:
    if width(line, size, bold=bold) <= most:
        return line
    while line and width(f"{line}..", size, bold=bold) > most:
        line = line[:-1]
    return f"{line.rstrip()}.."


def _pen(size: float, *, bold: bool) -> tuple[float, int]:
    scale = _TWICE * size / _CAP
    return scale, max(1, round(_TWICE * size * (0.2 if bold else 0.11)))


class Sheet:
    """White paper of (width, height) px."""

    def __init__(self, wide: float, high: float) -> None:
        shape = (math.ceil(high) * _TWICE, math.ceil(wide) * _TWICE, 3)
        self._image: Image = np.full(shape, 255, np.uint8)

    def finished(self) -> Image:
        """The RGB picture (H, W, 3)."""
        high, wide = self._image.shape[:2]
        size = (wide // _TWICE, high // _TWICE)
        return cast("Image", cv2.resize(self._image, size, interpolation=cv2.INTER_AREA))

    def picture(self, image: Image, x: float, y: float, wide: float, high: float) -> None:
        """Paste an RGB picture, scaled, with its upper left corner there."""
        (left, top), (right, bottom) = _at((x, y)), _at((x + wide, y + high))
        size = (right - left, bottom - top)
        self._image[top:bottom, left:right] = cv2.resize(
            image,
            size,
            interpolation=cv2.INTER_AREA if image.shape[1] > size[0] else cv2.INTER_CUBIC,
        )

    def text(  # noqa: PLR0913 - a text, where, and how
        self,
        words: str,
        x: float,
        y: float,
        size: float,
        colour: Colour = BLACK,
        *,
        bold: bool = False,
    ) -> None:
        """Write with the left end of the base line there."""
        scale, thick = _pen(size, bold=bold)
        cv2.putText(self._image, words, _at((x, y)), _FONT, scale, colour, thick, cv2.LINE_AA)

    def line(
        self,
        points: Sequence[Point],
        colour: Colour = BLACK,
        thick: float = 1.0,
        *,
        dashed: bool = False,
    ) -> None:
        """Draw through all points."""
        for part in _dashes(points) if dashed else [points]:
            ends = np.array([_at(point) for point in part], np.int32)
            cv2.polylines(self._image, [ends], False, colour, round(_TWICE * thick), cv2.LINE_AA)  # noqa: FBT003

    def area(self, points: Sequence[Point], colour: Colour, share: float = 1.0) -> None:
        """Fill an outline; with a share below 1, what is below it shows through."""
        corners = np.array([_at(point) for point in points], np.int32)
        if share >= 1.0:
            cv2.fillPoly(self._image, [corners], colour, cv2.LINE_AA)
            return
        # Only the part around it is mixed: a sheet may be large.
        low = np.maximum(corners.min(axis=0), 0)
        high = np.minimum(corners.max(axis=0) + 1, self._image.shape[1::-1])
        if (low >= high).any():
            return
        part = self._image[low[1] : high[1], low[0] : high[0]]
        tinted = part.copy()
        cv2.fillPoly(tinted, [corners - low], colour, cv2.LINE_AA)
        part[:] = cv2.addWeighted(tinted, share, part, 1.0 - share, 0.0)

    def box(  # noqa: PLR0913 - a rectangle, and how it is drawn
        self,
        corner: Point,
        size: tuple[float, float],
        edge: Colour = GREY,
        paper: Colour | None = WHITE,
        thick: float = 1.0,
        *,
        dashed: bool = False,
    ) -> None:
        """A rectangle with round corners."""
        outline = _round(corner, size, min(7.0, *(length / 2 for length in size)))
        if paper is not None:
            self.area(outline, paper)
        self.line([*outline, outline[0]], edge, thick, dashed=dashed)

    def arrow(self, points: Sequence[Point], colour: Colour = GREY, thick: float = 1.4) -> None:
        """A smooth line through all points, down the sheet, with a head at its end."""
        *way, (x, y) = points
        self.line(_smooth([*way, (x, y - 5.0)]), colour, thick)
        self.area([(x, y), (x - 4.5, y - 9.0), (x + 4.5, y - 9.0)], colour)


def _at(point: Point) -> tuple[int, int]:
    return round(point[0] * _TWICE), round(point[1] * _TWICE)


def _round(corner: Point, size: tuple[float, float], radius: float) -> list[Point]:
    (x, y), (wide, high) = corner, size
    middles = (
        (x + wide - radius, y + radius, -90),
        (x + wide - radius, y + high - radius, 0),
        (x + radius, y + high - radius, 90),
        (x + radius, y + radius, 180),
    )
    return [
        (mx + radius * math.cos(math.radians(angle)), my + radius * math.sin(math.radians(angle)))
        for mx, my, start in middles
        for angle in range(start, start + 91, 15)
    ]


def _smooth(points: Sequence[Point]) -> list[Point]:
    """Between two points, a curve that leaves and comes straight down."""
    found: list[Point] = []
    for (x0, y0), (x1, y1) in pairwise(points):
        if abs(x0 - x1) < 1.0:
            found += [(x0, y0), (x1, y1)]
            continue
        for step in range(17):
            share = step / 16
            ease = share * share * (3 - 2 * share)
            found.append((x0 + ease * (x1 - x0), y0 + share * (y1 - y0)))
    return found


def _dashes(points: Sequence[Point]) -> list[list[Point]]:
    """Every other piece of a line."""
    parts: list[list[Point]] = []
    walked = 0.0
    for (x0, y0), (x1, y1) in pairwise(points):
        length = math.hypot(x1 - x0, y1 - y0)
        steps = max(1, math.ceil(length / 2))
        for step in range(steps):
            a, b = step / steps, (step + 1) / steps
            if (walked + a * length) % (2 * _DASH) < _DASH:
                ends = [(x0 + share * (x1 - x0), y0 + share * (y1 - y0)) for share in (a, b)]
                parts.append(ends)
        walked += length
    return parts
