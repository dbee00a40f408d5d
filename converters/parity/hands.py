"""Hands as two models see them in the same cut-outs: is there one, which, where its joints are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from converters.parity.lengths import palm_length
from converters.parity.match import Seen
from converters.parity.measure import Measure, Parity
from converters.parity.rows import distances, mean, quantile
from converters.parity.tolerances import HandTolerances
from edge.core.types import Floats, Pose

_MM = 1000.0  # in a metre


def compare(reference: Seen, seen: Seen, tolerances: HandTolerances) -> Parity:
    """Measure a quantized model against its float original; a picture shows one hand or none."""
    agreed = [bool(one) == bool(other) for one, other in zip(reference, seen, strict=True)]
    both = [(one[0], two[0]) for one, two in zip(reference, seen, strict=True) if one and two]
    apart = [_apart(one, other) for one, other in both]
    in_space = _MM * quantile([_apart_in_space(one, other) for one, other in both], 0.5)
    return Parity(
        pictures=len(reference),
        measures=(
            Measure("hands", "hands the original finds", _count(reference), at_least=1),
            Measure("hands_quantized", "hands the quantized model finds", _count(seen)),
            Measure(
                "presence",
                "agreement on whether there is a hand",
                mean(agreed),
                at_least=tolerances.presence,
            ),
            *_handedness(both, tolerances.handedness),
            *distances(apart, "joint", "palm length", tolerances.distance),
            Measure("world_distance", "median joint distance in space", in_space, "mm"),
        ),
    )


def _handedness(both: Sequence[tuple[Pose, Pose]], least: float) -> tuple[Measure, ...]:
    """Agreement on which hand it is; nothing of models that never say."""
    agreed = [one.side == other.side for one, other in both if one.side or other.side]
    if not agreed:
        return ()
    words = "agreement on which hand it is"
    return (Measure("handedness", words, mean(agreed), at_least=least),)


def _count(seen: Seen) -> int:
    return sum(bool(poses) for poses in seen)


def _apart(one: Pose, other: Pose) -> Floats:
    """Distances of the joints, in palm lengths of the first."""
    distance: Floats = np.linalg.norm(one.xy - other.xy, axis=1) / palm_length(one)
    return distance


def _apart_in_space(one: Pose, other: Pose) -> Floats:
    """Distances of the joints, m; none where a model gives no positions in space."""
    if one.world is None or other.world is None:
        return np.zeros(0, np.float32)
    distance: Floats = np.linalg.norm(one.world - other.world, axis=1)
    return distance
