"""Precision, recall and F1 by step and by recording, with 95 % intervals over recordings. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.bootstrap import draws, interval

Counts = npt.NDArray[np.int64]  # (..., 3): right, told wrongly, not told

TIMES = 1000


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one recording: steps that the engine blames, and those that people blame."""

    told: frozenset[str]
    true: frozenset[str]

    @property
    def steps(self) -> tuple[int, int, int]:
        """Blamed rightly, wrongly, and not at all."""
        right = len(self.told & self.true)
        return right, len(self.told) - right, len(self.true) - right

    @property
    def recording(self) -> tuple[int, int, int]:
        """The same of the recording as a whole."""
        told, true = bool(self.told), bool(self.true)
        return int(told and true), int(told and not true), int(true and not told)


def verdict(told: Collection[str], true: Collection[str]) -> Verdict:
    """Hold one recording's steps against each other."""
    return Verdict(frozenset(told), frozenset(true))


def scored(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """All figures of a kind of error."""
    found: dict[str, Any] = {}
    for unit, rows in (
        ("step", [one.steps for one in verdicts]),
        ("recording", [one.recording for one in verdicts]),
    ):
        counts = np.array(rows, np.int64).reshape(-1, 3)
        right, wrong, lacking = (int(one) for one in counts.sum(axis=0))
        found |= {
            f"{unit}_precision": _share(right, right + wrong),
            f"{unit}_recall": _share(right, right + lacking),
            f"{unit}_f1": float(f1(counts.sum(axis=0))),
            f"{unit}_f1_interval": interval(f1(counts[draws(len(counts), TIMES)].sum(axis=1))),
            f"{unit}s": {"right": right, "wrong": wrong, "missed": lacking},
        }
    return found


def f1(counts: Counts) -> npt.NDArray[np.float64]:
    """F1 of counts, over their last axis; NaN where there is nothing to find and nothing told."""
    right, wrong, lacking = (counts[..., i].astype(np.float64) for i in range(3))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(2 * right / (2 * right + wrong + lacking), np.float64)


def mean(values: Iterable[float]) -> tuple[float, tuple[float, float]]:
    """The mean over recordings, and its interval."""
    every = np.array(list(values), np.float64)
    if not len(every):
        return math.nan, (math.nan, math.nan)
    return float(every.mean()), interval(every[draws(len(every), TIMES)].mean(axis=1))


def _share(count: int, of: int) -> float:
    return count / of if of else math.nan
