"""How far a figure would move with other pictures: the bootstrap, over pictures."""

from __future__ import annotations

import contextlib
import copy
import io

import numpy as np
import numpy.typing as npt
from pycocotools.cocoeval import COCOeval

Draws = npt.NDArray[np.intp]  # (times, pictures) which picture stands at each place
Numbers = npt.NDArray[np.float64]

TIMES = 200
_OUTSIDE = (2.5, 97.5)  # percentiles that 95 of 100 lie between
_LEAST = 2  # pictures; one says nothing of others


def draws(pictures: int) -> Draws:
    """Choose as many pictures as there are, with repeats; the same ones for every model."""
    return np.random.default_rng(0).integers(pictures, size=(TIMES, pictures))


def interval(values: Numbers) -> tuple[float, float]:
    """What 95 of 100 values lie between; nan where there are none to tell."""
    known = values[np.isfinite(values)]
    if len(known) < _LEAST:
        return float("nan"), float("nan")
    low, high = np.percentile(known, _OUTSIDE)
    return float(low), float(high)


def shares(right: Numbers, known: Numbers, chosen: Draws) -> Numbers:
    """Of each draw, what is right of all that is known; both are counts by picture."""
    if chosen.shape[1] < _LEAST:
        return np.full(len(chosen), np.nan)
    with np.errstate(invalid="ignore"):  # a draw without anybody
        return np.asarray(right[chosen].sum(axis=1) / known[chosen].sum(axis=1), np.float64)


def average_precisions(evaluation: COCOeval, chosen: Draws) -> Numbers:
    """COCO's AP of each draw, from what was evaluated picture by picture."""
    if chosen.shape[1] < _LEAST:
        return np.full(len(chosen), np.nan)
    params = copy.deepcopy(evaluation.params)
    params.areaRng, params.areaRngLbl = params.areaRng[:1], params.areaRngLbl[:1]  # of any size
    params.imgIds = list(range(chosen.shape[1]))
    return np.array([_precision(evaluation, params, draw) for draw in chosen], np.float64)


def _precision(evaluation: COCOeval, params: object, draw: npt.NDArray[np.intp]) -> float:
    """AP as COCO accumulates it; a picture drawn twice counts twice."""
    again = COCOeval(iouType="keypoints")
    again.params = again._paramsEval = params  # noqa: SLF001 - it has no other way in
    # Results lie by size of people, then by picture; those of any size are the first.
    again.evalImgs = [evaluation.evalImgs[i] for i in draw]
    with contextlib.redirect_stdout(io.StringIO()):  # it tells of its progress
        again.accumulate()
    precision = again.eval["precision"]
    return float(precision[precision >= 0.0].mean()) if (precision >= 0.0).any() else float("nan")
