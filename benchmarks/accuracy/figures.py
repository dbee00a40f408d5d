"""What one variant saw, as figures: the stable keys of the JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.accuracy import chance, found
from benchmarks.accuracy.chance import Numbers
from benchmarks.bootstrap import Draws, draws, interval
from converters.parity import accuracy
from converters.parity.accuracy import NEAR, SAME, Distances
from converters.parity.match import Seen
from converters.parity.truth import Truth
from edge.core.skeletons import HAND21, SKELETONS

_NEARER = 0.1  # of a length


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """One variant against the marks."""

    values: Mapping[str, Any]  # by their keys in the JSON; nan: nobody to measure on
    drawn: Numbers  # (times,) the first figure, with other pictures drawn from the same


def figures(truth: Truth, seen: Seen) -> Figures:
    """Hold poses in px of the marks against them; `seen` has a list for every picture."""
    apart = accuracy.distances(truth, seen)
    chosen = draws(len(truth.marks), chance.TIMES)
    if truth.skeleton == HAND21.name:
        return _hands(truth, seen, apart, chosen)
    evaluation = accuracy.evaluated(truth, seen)
    drawn = chance.average_precisions(evaluation, chosen)
    oks = {f"oks_{name}": value for name, value in accuracy.summary(evaluation).items()}
    ap = oks.pop("oks_ap")
    values = {"oks_ap": ap, "oks_ap_interval": interval(drawn), **oks}
    right = _pck(truth, apart, _drawn(apart, chosen))
    return Figures(values | right | _found(apart, *found.people(truth, seen, evaluation)), drawn)


def loss(figures: Figures, reference: Figures) -> tuple[float, tuple[float, float]]:
    """How much of the first figure is lost, and its interval: of the same pictures each time."""
    first = next(iter(reference.values))
    lost = reference.values[first] - figures.values[first]
    return lost, interval(reference.drawn - figures.drawn)


def _hands(truth: Truth, seen: Seen, apart: Distances, chosen: Draws) -> Figures:
    drawn = _drawn(apart, chosen)
    known = apart.lengths[~np.isnan(apart.lengths)]
    there = known[np.isfinite(known)]
    values = {
        **_pck(truth, apart, drawn),
        # The area below the curve of PCK from 0 to SAME, as a share: exact, not by steps.
        "auc": float(np.clip(1.0 - known / SAME, 0.0, 1.0).mean()) if len(known) else float("nan"),
        "mean_error": float(there.mean()) if len(there) else float("nan"),
        **_found(apart, *found.hands(truth, seen, apart)),
    }
    return Figures(values, drawn)


def _pck(truth: Truth, apart: Distances, drawn: Numbers) -> dict[str, Any]:
    joints = zip(SKELETONS[truth.skeleton].joints, apart.lengths.T, strict=True)
    return {
        "pck_0.2": accuracy.share(apart.lengths, NEAR),
        "pck_0.2_interval": interval(drawn),
        "pck_0.1": accuracy.share(apart.lengths, _NEARER),
        "pck_per_keypoint": {name: accuracy.share(column, NEAR) for name, column in joints},
    }


def _drawn(apart: Distances, chosen: Draws) -> Numbers:
    """PCK of each draw of pictures."""
    count = chosen.shape[1]
    right = _by_picture(apart, apart.lengths <= NEAR, count)
    known = _by_picture(apart, ~np.isnan(apart.lengths), count)
    return chance.shares(right, known, chosen)


def _by_picture(apart: Distances, which: npt.NDArray[np.bool_], pictures: int) -> Numbers:
    """How many keypoints of each picture are so."""
    count = np.bincount(apart.picture, which.sum(axis=1), minlength=pictures)
    return count.astype(np.float64)  # of nobody at all it is whole numbers


def _found(apart: Distances, found: int, invented: int) -> dict[str, Any]:
    people = len(apart.lengths)
    share = found / people if people else float("nan")
    return {"people": people, "found": found, "found_share": share, "invented": invented}
