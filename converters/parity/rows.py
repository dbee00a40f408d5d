"""Rows that the tables of several kinds of model have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from converters.parity.match import Matches
from converters.parity.measure import Measure
from edge.core.types import Floats


def found(kept: Matches, real: Matches, what: str, at_least: float) -> tuple[Measure, ...]:
    """Who is found; `kept` are the original's, `real` the quantized model's, the worse decides.

    An original that finds nobody proves nothing, so the model fails.
    """
    return (
        Measure(what, f"{what} the original is sure of", kept.clear, at_least=1),
        Measure(f"{what}_quantized", f"{what} the quantized model is sure of", real.clear),
        Measure(
            "found_by_both",
            f"{what} found by both",
            min(kept.share, real.share),
            at_least=at_least,
        ),
    )


def distances(
    apart: Sequence[Floats], what: str, length: str, at_most: float
) -> tuple[Measure, ...]:
    """How far apart the two models' joints are; `apart` in shares of a length."""
    unit = f"% of {length}"
    median, most = (100 * quantile(apart, share) for share in (0.5, 0.95))
    return (
        Measure("distance", f"median {what} distance", median, unit, at_most=at_most),
        Measure("distance_p95", f"{what} distance, 95th percentile", most, unit),
    )


def quantile(parts: Sequence[Floats], share: float) -> float:
    """Of all values together; nan when there are none."""
    values = np.concatenate([np.zeros(0, np.float32), *parts])
    return float(np.quantile(values, share)) if len(values) else float("nan")


def mean(values: Sequence[float]) -> float:
    """Average; nan when there are no values."""
    return sum(values) / len(values) if values else float("nan")
