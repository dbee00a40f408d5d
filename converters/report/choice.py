"""Which parity pictures a person is shown: from where two models differ most to where least."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from converters.parity.match import match
from converters.result import Sight
from edge.core.geometry import around
from edge.core.posture import SEEN
from edge.core.types import Pose

COUNT = 6


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """One picture, and the trial that differs most from the float model there."""

    sight: Sight
    trial: tuple[str, str]  # target, backend
    difference: float  # 0 the same .. 1 nothing alike

    @property
    def seen(self) -> tuple[Pose, ...]:
        """What that trial sees, px of the picture."""
        return self.sight.seen[self.trial]


def comparisons(sights: Sequence[Sight], count: int = COUNT) -> tuple[Comparison, ...]:
    """At most so many pictures that show anybody, worst first, spread evenly down to the best."""
    shown = [_worst(sight) for sight in sights if sight.seen and _shows_somebody(sight)]
    ranked = sorted(shown, key=lambda one: (-one.difference, one.sight.name))
    picks = np.linspace(0, len(ranked) - 1, min(count, len(ranked))).round().astype(int)
    return tuple(ranked[pick] for pick in picks)


def difference(one: Sequence[Pose], other: Sequence[Pose]) -> float:
    """How differently two models see a picture: 0 the same, 1 nothing alike.

    The mean distance of the sure keypoints of a pose, as a share of its extent; 1 for a pose that
    the other model lacks. The model for which more is different decides.
    """
    return max(_missed(one, other), _missed(other, one))


def _worst(sight: Sight) -> Comparison:
    ways = {trial: difference(sight.reference, seen) for trial, seen in sight.seen.items()}
    trial = max(ways, key=lambda one: ways[one])
    return Comparison(sight, trial, ways[trial])


def _shows_somebody(sight: Sight) -> bool:
    return any(_sure(pose) for poses in (sight.reference, *sight.seen.values()) for pose in poses)


def _missed(poses: Sequence[Pose], others: Sequence[Pose]) -> float:
    found = match([poses], [others], SEEN, _closeness, 0.0)
    close = sum(_closeness(pose, other) for pose, other in found.pairs)
    return 1.0 - close / found.clear if found.clear else 0.0


def _closeness(pose: Pose, other: Pose) -> float:
    x0, y0, x1, y1 = around(pose)
    extent = max(math.hypot(x1 - x0, y1 - y0), 1.0)
    apart = np.linalg.norm(pose.xy - other.xy, axis=1)[pose.score >= SEEN]
    return max(0.0, 1.0 - float(apart.mean()) / extent)


def _sure(pose: Pose) -> bool:
    return float(pose.score.mean()) >= SEEN
