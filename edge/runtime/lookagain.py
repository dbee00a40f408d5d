"""Where to look again, when a model that does not know lying people has lost one.

A person lost inside the picture has not left it. For a while one more inference a frame goes to
an enlarged square around where the body must be now, upright and turned by a quarter either way
in rotation; then one a second; then none. Nothing is spent while everybody is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from edge.core.geometry import clip, middle
from edge.core.settings import setting
from edge.core.track import Track
from edge.core.types import Box, Floats, Image


@dataclass(frozen=True, slots=True)
class LookAgain:
    """How long and how often."""

    enabled: bool = setting(default=True, doc="look again for people lost inside the picture")
    eager_s: float = setting(3.0, "after a loss: once a frame", unit="s", low=0)
    patient_s: float = setting(60.0, "then once every `every_s`, up to here", unit="s", low=0)
    every_s: float = setting(1.0, "pause between two patient looks", unit="s", low=0)
    reach: float = setting(0.75, "half the side of the square", unit="heights", low=0.1)
    min_score: float = setting(0.3, "least mean keypoint score of a glimpse", low=0, high=1)

    def wants(self, track: Track, t: float, last_look: float) -> bool:
        """Whether the person is worth an inference now."""
        lost = t - track.seen
        if track.pose is not None or track.edge or track.posture is None or lost > self.patient_s:
            return False
        return lost <= self.eager_s or t - last_look >= self.every_s

    def region(self, track: Track, size: tuple[int, int]) -> Box:
        """A square (px) over the ground the person stood on and the way they were going down."""
        if track.posture is None:
            return clip(track.box, size)
        reach = self.reach * track.posture.height_px
        x, _ = middle(track.box)
        y = track.posture.ground - 0.3 * track.posture.height_px
        return clip((x - reach, y - reach, x + reach, y + reach), size)


_LEFT, _RIGHT = 1, 3
QUARTERS = (0, _LEFT, _RIGHT)  # turns to try: as it is, a quarter either way


def turned(image: Image, quarter: int) -> Image:
    """A picture (H, W, 3) turned counter-clockwise by quarters."""
    return np.ascontiguousarray(np.rot90(image, quarter))


def turned_back(xy: Floats, quarter: int, size: tuple[int, int]) -> Floats:
    """Points (K, 2) px of the turned picture -> px of the picture of (width, height) px."""
    w, h = size
    x, y = xy[:, 0], xy[:, 1]
    if quarter == _LEFT:
        x, y = w - 1 - y, x
    elif quarter == _RIGHT:
        x, y = y, h - 1 - x
    return np.stack([x, y], axis=1)


def rotation() -> Iterator[int]:
    """The turns, over and over."""
    while True:
        yield from QUARTERS
