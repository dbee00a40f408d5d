"""MediaPipe's palm detector: anchors of a single-shot detector, palms blended where they overlap.

Anchors and encoding are those of mediapipe/modules/palm_detection/palm_detection_cpu.pbtxt: all
anchors are of one size, so that a box and its seven points are px of the input from the middle of
an anchor's cell.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from edge.core.settings import setting
from edge.core.types import Floats, Pose

_PER_LAYER = 2  # anchors in a cell for each layer: one of the layer's scale, one towards the next
_POINTS = 7
_CODES = 4 + 2 * _POINTS  # middle x, y, width, height, then x, y of every point


@dataclass(frozen=True, slots=True)
class Palm:
    """Decoder of the two heads `boxes` and `scores`."""

    min_score: float = setting(0.5, "least score of a palm", low=0.01, high=0.99)
    same: float = setting(0.3, "boxes that overlap more are one palm", unit="IoU", low=0, high=1)
    strides: tuple[int, ...] = setting((8, 16, 16, 16), "of its layers", unit="px", low=1)

    def __call__(self, heads: Mapping[str, Floats], size: tuple[int, int]) -> tuple[Pose, ...]:
        """Heads (1, N, 18) px, (1, N, 1) logits; the input's (height, width) px -> palms in it.

        Each a palm9 with one score for all points; best first.
        """
        logits = heads["scores"].reshape(-1)
        # A threshold for logits needs no clipping, and 8-bit logits are compared as they are.
        kept = np.flatnonzero(logits > math.log(self.min_score / (1.0 - self.min_score)))
        kept = kept[np.argsort(-logits[kept], kind="stable")]
        palms = _palms(heads["boxes"][0], anchors(size, self.strides))[kept]
        sound = np.isfinite(palms).all(axis=(1, 2)) & (palms[:, -1] > palms[:, -2]).all(axis=1)
        kept, palms = kept[sound], palms[sound]
        score = (1.0 / (1.0 + np.exp(-logits[kept]))).astype(np.float32)
        return tuple(
            Pose("palm9", palm, np.full(len(palm), best, np.float32))
            for palm, best in _blend(palms, score, self.same)
        )


def anchors(size: tuple[int, int], strides: tuple[int, ...]) -> Floats:
    """Middles (N, 2) x, y px of all anchors of an input of (height, width) px, in heads' order."""
    grids = []
    for stride, layers in groupby(strides):  # neighbours of one stride share their cells
        rows, columns = (math.ceil(side / stride) for side in size)
        y, x = np.mgrid[:rows, :columns].reshape(2, -1)
        middles = (np.column_stack([x, y]) + 0.5) * stride
        grids.append(np.repeat(middles, _PER_LAYER * len(list(layers)), axis=0))
    return np.concatenate(grids).astype(np.float32)


def _palms(codes: Floats, middles: Floats) -> Floats:
    """Codes (N, 18) -> seven points and two corners (N, 9, 2) px."""
    pairs = codes.reshape(len(middles), _CODES // 2, 2)
    middle, half = pairs[:, :1] + middles[:, None], pairs[:, 1:2] / 2
    points = pairs[:, 2:] + middles[:, None]
    return np.concatenate([points, middle - half, middle + half], axis=1)


def _blend(palms: Floats, score: Floats, same: float) -> list[tuple[Floats, float]]:
    """Weighted non-maximum suppression: palms come best first; each takes its likes in."""
    found = []
    left = np.arange(len(palms))
    while len(left):
        best = left[0]
        alike = _iou(palms[best, _POINTS:], palms[left, _POINTS:]) > same
        alike[0] = True  # whatever rounding makes of a tiny box
        weight = score[left[alike]]
        mean = np.average(palms[left[alike]], axis=0, weights=weight).astype(np.float32)
        found.append((mean, float(score[best])))
        left = left[~alike]
    return found


def _iou(one: Floats, many: Floats) -> Floats:
    """Intersection over union of a box (2, 2) with boxes (N, 2, 2), each two corners."""
    sides = np.minimum(one[1], many[:, 1]) - np.maximum(one[0], many[:, 0])
    common = np.maximum(sides, 0.0).prod(axis=1)
    union = (one[1] - one[0]).prod() + (many[:, 1] - many[:, 0]).prod(axis=1) - common
    ratio: Floats = common / np.maximum(union, np.finfo(np.float32).tiny)
    return ratio


PLUGIN = Palm
