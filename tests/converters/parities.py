"""What tests of comparing models share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from converters.parity.measure import Measure
from edge.core.types import Pose


def figures(measures: Iterable[Measure]) -> dict[str, float]:
    return {measure.key: measure.value for measure in measures}


def moved(pose: Pose, by: npt.ArrayLike, scale: float = 1.0) -> Pose:
    """A pose in a picture that is scaled, then shifted by px, all of it or each keypoint."""
    xy = pose.xy.astype(np.float64) * scale + np.asarray(by)
    return replace(pose, xy=xy.astype(np.float32))
