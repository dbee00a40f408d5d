"""People as two models see them: found by both, and how far apart their joints are.

Likeness is COCO's object keypoint similarity (Ruggero Ronchi and Perona, arXiv:1707.05388, with
the constants of pycocotools), where the first pose's sure keypoints are the truth.
"""

from __future__ import annotations

import numpy as np

from converters.parity.lengths import person_size
from converters.parity.match import Seen, match
from converters.parity.measure import Measure, Parity
from converters.parity.rows import distances, found, mean
from converters.parity.tolerances import BodyTolerances
from edge.core.posture import SEEN
from edge.core.types import Floats, Pose

_SAME = 0.5  # OKS from which two poses are one person, as for COCO's AP50
_NOSE, _PAIRS = 0.026, (0.025, 0.035, 0.079, 0.072, 0.062, 0.107, 0.087, 0.089)  # eyes .. ankles
_SPREAD = 2 * np.array((_NOSE, *np.repeat(_PAIRS, 2)), np.float32)  # of marks, in person sizes


def compare(reference: Seen, seen: Seen, tolerances: BodyTolerances) -> Parity:
    """Measure a quantized model against its float original in the same pictures, px of them.

    People are compared whose keypoints have a mean score of 0.3 in one model, with whoever the
    other tells of; their keypoints, where the original is as sure of them.
    """
    kept = match(reference, seen, SEEN, oks, _SAME)
    real = match(seen, reference, SEEN, oks, _SAME)
    apart = [_apart(one, other) for one, other in kept.pairs]
    alike = mean([oks(one, other) for one, other in kept.pairs])
    return Parity(
        pictures=len(reference),
        measures=(
            *found(kept, real, "people", tolerances.found_by_both),
            *distances(apart, "keypoint", "person size", tolerances.distance),
            Measure("oks", "mean OKS of the two", alike),
        ),
    )


def oks(one: Pose, other: Pose) -> float:
    """Object keypoint similarity of two poses, 0..1, over what the first is sure of."""
    spread = _SPREAD[one.score >= SEEN]
    return float(np.exp(-((_apart(one, other) / spread) ** 2) / 2).mean())


def _apart(one: Pose, other: Pose) -> Floats:
    """Distances of the keypoints that the first is sure of, in its person sizes."""
    sure = one.score >= SEEN
    distance: Floats = np.linalg.norm((one.xy - other.xy)[sure], axis=1) / person_size(one)
    return distance
