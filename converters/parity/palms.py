"""Palms as two detectors see them: found by both, and how far apart their points are."""

from __future__ import annotations

import numpy as np

from converters.parity.lengths import palm_length
from converters.parity.match import Seen, match
from converters.parity.measure import Parity
from converters.parity.rows import distances, found
from converters.parity.tolerances import PalmTolerances
from edge.core import geometry
from edge.core.skeletons import PALM9
from edge.core.types import Box, Floats, Pose

POINTS = PALM9.joints.index("box_top_left")  # so many of the palm come before the box
_CLEAR = 0.7  # score well above the 0.5 from which a detector tells of a palm
_SAME = 0.3  # IoU from which two boxes are one palm, as in the detector


def compare(reference: Seen, seen: Seen, tolerances: PalmTolerances) -> Parity:
    """Measure a quantized detector against its float original in the same pictures, px of them.

    Palms are compared that have a score of 0.7 in one model, with whatever the other tells of.
    """
    kept = match(reference, seen, _CLEAR, iou, _SAME)
    real = match(seen, reference, _CLEAR, iou, _SAME)
    apart = [_apart(one, other) for one, other in kept.pairs]
    return Parity(
        pictures=len(reference),
        measures=(
            *found(kept, real, "palms", tolerances.found_by_both),
            *distances(apart, "point", "palm length", tolerances.distance),
        ),
    )


def iou(one: Pose, other: Pose) -> float:
    """Intersection over union of the boxes of two palms, 0..1."""
    return geometry.iou(_box(one), _box(other))


def _apart(one: Pose, other: Pose) -> Floats:
    """Distances of a palm's points, in palm lengths of the first."""
    distance: Floats = np.linalg.norm((one.xy - other.xy)[:POINTS], axis=1) / palm_length(one)
    return distance


def _box(palm: Pose) -> Box:
    (x0, y0), (x1, y1) = palm.xy[POINTS:].tolist()
    return (x0, y0, x1, y1)
