"""The failure sheet: where a model was wrong, drawn, for a person to look at.

It shows real people: it is written where one asks for it, and belongs in no repository.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from benchmarks.errors import BenchError
from edge.core.skeletons import SKELETONS
from edge.core.types import Box, Floats, Image
from models.recipes.evaluation.bodies import Case, corners
from models.recipes.evaluation.hands import HandCase
from models.recipes.evaluation.lying import Sighting

Colour = tuple[int, int, int]  # RGB
_WIDE, _HIGH, _ACROSS = 320, 260, 6  # px of a tile, tiles in a row
_TITLE = 20  # px
_TRUE: Colour = (60, 220, 90)
_SEEN: Colour = (255, 120, 20)
_OTHER: Colour = (70, 150, 255)
_INK, _PAPER = (235, 235, 235), 24
_SCORE = 0.3  # a keypoint with less is not drawn
_CLOSE = 1.7  # a crop's side, of the box of who it is about


def body(cases: Sequence[Case], sightings: Sequence[Sighting], most: int = 24) -> Image:
    """The worst photographs, then frames in which nobody is found; truth green, poses orange."""
    worst = sorted((one for one in cases if one.right < 1.0), key=lambda one: one.right)
    missed = [one for one in sightings if one.found is None]
    step = max(1, -(-len(missed) // most))  # from all clips
    tiles = [_photo(one) for one in worst[:most]] + [_frame(one) for one in missed[::step]]
    return _sheet(tiles)


def hand(cases: Sequence[HandCase], most: int = 24) -> Image:
    """The worst crops of hands; truth green, landmarks orange."""
    worst = sorted(cases, key=lambda one: -float(np.nanmean(one.apart)))
    return _sheet([_hand(one) for one in worst[:most]])


def save(image: Image, file: Path) -> None:
    """Write an RGB picture as a PNG; raises BenchError where that fails."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(file), cv2.cvtColor(image, cv2.COLOR_RGB2BGR)):
        raise BenchError(str(file), "cannot be written")


def _photo(one: Case) -> Image:
    tile = _Tile(one.photo.image, corners(one.mark))
    tile.bones("body17", one.mark.xy, one.mark.known.astype(np.float32), _TRUE)
    if one.pose is not None:
        tile.bones("body17", one.pose.xy, np.ones(len(one.pose.xy), np.float32), _SEEN)
    return tile.titled(f"{Path(one.photo.name).stem.lstrip('0')}  right {one.right:.0%}")


def _frame(one: Sighting) -> Image:
    tile = _Tile(one.shot.image, None)
    tile.box(one.shot.box, _TRUE)
    for pose in one.poses:
        tile.bones("body17", pose.xy, pose.score, _OTHER)
    best = max((float(pose.score.mean()) for pose in one.poses), default=0.0)
    what = "lying" if one.shot.lying else "upright"
    return tile.titled(f"{one.shot.clip} {one.shot.number} {what}  best {best:.2f}")


def _hand(one: HandCase) -> Image:
    mark = one.hand.mark
    x, y, width, height = mark.box
    tile = _Tile(one.hand.image, (x, y, x + width, y + height))
    tile.bones("hand21", mark.xy, mark.known.astype(np.float32), _TRUE)
    if one.pose is not None:
        tile.bones("hand21", one.pose.xy, np.ones(len(one.pose.xy), np.float32), _SEEN)
    return tile.titled(f"{one.hand.source} {one.hand.name} {one.crop}  {np.nanmean(one.apart):.2f}")


class _Tile:
    """A part of a picture, enlarged to be drawn on."""

    def __init__(self, image: Image, about: Box | None) -> None:
        height, width = image.shape[:2]
        x0, y0, x1, y1 = 0, 0, width, height
        if about is not None:
            reach = _CLOSE / 2 * max(about[2] - about[0], about[3] - about[1])
            x, y = (about[0] + about[2]) / 2, (about[1] + about[3]) / 2
            x0, x1 = max(0, int(x - reach)), min(width, int(x + reach))
            y0, y1 = max(0, int(y - reach)), min(height, int(y + reach))
        self._scale = min(_WIDE / max(x1 - x0, 1), (_HIGH - _TITLE) / max(y1 - y0, 1))
        self._corner = np.array((x0, y0), np.float32)
        size = (max(1, int((x1 - x0) * self._scale)), max(1, int((y1 - y0) * self._scale)))
        self._canvas = cast("Image", cv2.resize(image[y0:y1, x0:x1], size))

    def bones(self, skeleton: str, xy: Floats, score: Floats, colour: Colour) -> None:
        """A skeleton's bones whose both ends are sure."""
        points = np.rint((xy - self._corner) * self._scale).astype(int).tolist()
        for a, b in SKELETONS[skeleton].bones:
            if min(score[a], score[b]) >= _SCORE:
                cv2.line(self._canvas, points[a], points[b], colour, 2, cv2.LINE_AA)
        for point, sure in zip(points, score, strict=True):
            if sure >= _SCORE:
                cv2.circle(self._canvas, point, 2, colour, -1, cv2.LINE_AA)

    def box(self, box: Box, colour: Colour) -> None:
        """A box, px of the picture."""
        ends = (np.reshape(box, (2, 2)) - self._corner) * self._scale
        first, last = np.rint(ends).astype(int).tolist()
        cv2.rectangle(self._canvas, first, last, colour, 1)

    def titled(self, words: str) -> Image:
        """The tile below its title."""
        tile = np.full((_HIGH, _WIDE, 3), _PAPER, np.uint8)
        height, width = self._canvas.shape[:2]
        tile[_TITLE : _TITLE + height, :width] = self._canvas
        cv2.putText(tile, words, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.4, _INK, 1, cv2.LINE_AA)
        return tile


def _sheet(tiles: list[Image]) -> Image:
    """Tiles in rows; one that says so where nothing went wrong."""
    if not tiles:
        tiles = [_Tile(np.zeros((_HIGH, _WIDE, 3), np.uint8), None).titled("nothing went wrong")]
    blank = np.full((_HIGH, _WIDE, 3), _PAPER, np.uint8)
    tiles = tiles + [blank] * (-len(tiles) % min(_ACROSS, len(tiles)))
    across = min(_ACROSS, len(tiles))
    rows = [np.hstack(tiles[i : i + across]) for i in range(0, len(tiles), across)]
    return cast("Image", np.vstack(rows))
