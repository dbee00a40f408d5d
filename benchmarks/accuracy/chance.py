"""How far figures of keypoints would move with other pictures: the bootstrap, over pictures."""

from __future__ import annotations

import contextlib
import copy
import io

import numpy as np
import numpy.typing as npt
from pycocotools.cocoeval import COCOeval

from benchmarks.bootstrap import LEAST, Draws

Numbers = npt.NDArray[np.float64]

TIMES = 200


def shares(right: Numbers, known: Numbers, chosen: Draws) -> Numbers:
    """Of each draw, what is right of all that is known; both are counts by picture."""
    if chosen.shape[1] < LEAST:
        return np.full(len(chosen), np.nan)
    with np.errstate(invalid="ignore"):  # a draw without anybody
        return np.asarray(right[chosen].sum(axis=1) / known[chosen].sum(axis=1), np.float64)


def average_precisions(evaluation: COCOeval, chosen: Draws) -> Numbers:
    """COCO's AP of each draw, from what was evaluated picture by picture."""
    if chosen.shape[1] < LEAST:
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
