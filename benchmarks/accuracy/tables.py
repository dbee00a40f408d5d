"""Figures as tables for a terminal: one a model, a row for each variant."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks.accuracy.figures import loss
from benchmarks.accuracy.measure import Measured, reference
from benchmarks.answer import table
from edge.core.skeletons import HAND21

_BODIES = {
    "AP": "oks_ap",
    "95 % of": "oks_ap_interval",
    "AP50": "oks_ap_50",
    "AP75": "oks_ap_75",
    "medium": "oks_ap_medium",
    "large": "oks_ap_large",
    "AR": "oks_ar",
    "PCK@.2": "pck_0.2",
    "@.1": "pck_0.1",
    "found": "found",
    "invented": "invented",
}
_HANDS = {
    "PCK@.2": "pck_0.2",
    "95 % of": "pck_0.2_interval",
    "@.1": "pck_0.1",
    "AUC": "auc",
    "error": "mean_error",
    "found": "found",
    "invented": "invented",
}
_COUNTS = {"invented"}
_POINTS = 100.0  # in all


def tables(done: Sequence[Measured], skeleton: str) -> Iterator[str]:
    """For each model its figures, then its PCK by keypoint."""
    for name in dict.fromkeys(one.variant.manifest.name for one in done):
        model = [one for one in done if one.variant.manifest.name == name]
        yield f"{name}\n{_figures(model, _HANDS if skeleton == HAND21.name else _BODIES)}"
        yield table(
            ["PCK@.2", *(one.variant.target for one in model)],
            [
                [joint.replace("_", " "), *(_number(_pck(one)[joint]) for one in model)]
                for joint in _pck(model[0])
            ],
        )


def _figures(model: Sequence[Measured], columns: Mapping[str, str]) -> str:
    """A row for each variant; the last column only where one is held against another."""
    head = ["", *columns]
    rows = [[one.variant.target, *(_cell(one, key) for key in columns.values())] for one in model]
    losses = [_loss(one, model) for one in model]
    if any(losses):
        head.append(f"{head[1]} lost")
        rows = [[*row, lost] for row, lost in zip(rows, losses, strict=True)]
    return table(head, rows)


def _pck(measured: Measured) -> dict[str, float]:
    every: dict[str, float] = measured.figures.values["pck_per_keypoint"]
    return every


def _cell(measured: Measured, key: str) -> str:
    values = measured.figures.values
    value: Any = values[key]
    if key == "found":
        return f"{value} of {values['people']}"
    if key.endswith("_interval"):
        return _range(value, _short)
    return str(value) if key in _COUNTS else _number(value)


def _loss(measured: Measured, model: Sequence[Measured]) -> str:
    """In points, hundredths: "0.8 (-1.2 to 2.9)"; empty for the reference itself."""
    base = reference(measured, model)
    if base is None:
        return ""
    lost, interval = loss(measured.figures, base.figures)
    return f"{_points(lost)} ({_range(interval, _points)})"


def _range(interval: tuple[float, float], told: Callable[[float], str]) -> str:
    low, high = interval
    return f"{told(low)} to {told(high)}" if math.isfinite(low) else "-"


def _number(value: float) -> str:
    return f"{value:.3f}" if math.isfinite(value) else "-"


def _short(value: float) -> str:
    return f"{value:.2f}"


def _points(value: float) -> str:
    return f"{round(_POINTS * value, 1) + 0.0:.1f}" if math.isfinite(value) else "-"  # no -0.0
