"""Palms to what the locator's anchors should give, in the order in which the decoder reads them.

The runtime's anchors are all of one size, eight layers of them: two in each cell of stride 8, six
in each of stride 16. Here each layer is for palms of one size, so that none has to tell all sizes
apart; palms near the border of two sizes are learned by both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.decode.palm import anchors

Floats = npt.NDArray[np.float32]
STRIDES = (8, 16, 16, 16)  # of the decoder's layers, two anchors each
SIDES = ((13.0, 20.0), (27.0, 37.0, 50.0, 68.0, 92.0, 125.0))  # px, of palms, at strides 8 and 16
CODES = 18
_APART = 0.22  # log of sizes: half the step from one layer to the next, and a little
_NEXT = 0.45  # log of sizes up to which an anchor's answer is neither right nor wrong
_CORE, _ROUND = 0.3, 0.65  # of a palm's side from its middle: right within, wrong beyond


@dataclass(frozen=True, slots=True)
class LocatorTargets:
    """For each of N anchors; float32."""

    scores: Floats  # (N,), 0 or 1
    score_weights: Floats  # (N,)
    boxes: Floats  # (N, 18) px from the anchor
    sides: Floats  # (N,) px, of the anchor's palm


def anchor_sides(size: int) -> Floats:
    """The side (N,) px of palms that each anchor of an input of size px is for."""
    rows = [
        np.tile(np.array(sides, np.float32), (size // stride) ** 2)
        for stride, sides in zip((8, 16), SIDES, strict=True)
    ]
    return np.concatenate(rows)


def locator_targets(palms: Floats, unsure: Floats, size: int) -> LocatorTargets:
    """Palms (K, 9, 2), and such that may or may not be told of (M, 9, 2), px of an input."""
    middles, wanted = anchors((size, size), STRIDES), anchor_sides(size)
    count = len(middles)
    scores, boxes = np.zeros(count, np.float32), np.zeros((count, CODES), np.float32)
    sides = np.ones(count, np.float32)
    weights = np.ones(count, np.float32)
    for palm in unsure:
        weights[_away(palm, middles)[0] < 1.0] = 0.0
    nearest = np.full(count, np.inf, np.float32)
    for palm in palms:
        away, side = _away(palm, middles)
        other = np.abs(np.log(wanted / np.clip(side, SIDES[0][0], SIDES[1][-1])))
        weights[(away < _ROUND) & (other < _NEXT)] = 0.0
        fitting = other < max(_APART, float(other.min()) + 0.01)
        reach = max(_CORE, float(away[fitting].min()) + 1e-3)  # small palms: the nearest cell
        mine = fitting & (away <= reach) & (away < nearest)
        nearest[mine] = away[mine]
        scores[mine], sides[mine] = 1.0, side
        boxes[mine] = _codes(palm, middles[mine])
    weights[scores > 0] = 1.0
    return LocatorTargets(scores, weights, boxes, sides)


def _away(palm: Floats, middles: Floats) -> tuple[Floats, float]:
    """How far anchors are from a palm's middle, in its sides, and the side, px."""
    low, high = palm[7], palm[8]
    side = float((high - low).max())
    return np.abs(middles - (low + high) / 2).max(axis=1) / max(side, 1.0), side


def _codes(palm: Floats, middles: Floats) -> Floats:
    low, high = palm[7], palm[8]
    pairs = np.empty((len(middles), CODES // 2, 2), np.float32)
    pairs[:, 0] = (low + high) / 2 - middles
    pairs[:, 1] = high - low
    pairs[:, 2:] = palm[None, :7] - middles[:, None]
    return pairs.reshape(len(middles), CODES)
