"""Keypoints with the name of what they show, and where they are from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.core.features import Bools
from edge.core.types import Floats
from models.recipes.gestures.classes import Names


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """N hands or bodies."""

    xy: Floats  # (N, K, 2) px of any picture, x right, y down
    score: Floats  # (N, K) 0..1
    kind: Names  # (N,)
    recording: Names  # (N,) rows of one recording are one person's, one after the other

    def __len__(self) -> int:
        return len(self.xy)

    def at(self, rows: npt.NDArray[np.intp]) -> Examples:
        """Some rows (M,), in this order."""
        return Examples(self.xy[rows], self.score[rows], self.kind[rows], self.recording[rows])

    def where(self, these: Bools) -> Examples:
        """Those that are chosen (N,)."""
        return self.at(np.flatnonzero(these))

    def of_kinds(self, kinds: Sequence[str]) -> Examples:
        """Those of some kinds."""
        return self.where(np.isin(self.kind, kinds))


def joined(parts: Sequence[Examples]) -> Examples:
    """All of them, one part after the other."""
    return Examples(
        np.concatenate([part.xy for part in parts]),
        np.concatenate([part.score for part in parts]),
        np.concatenate([part.kind for part in parts]),
        np.concatenate([part.recording for part in parts]),
    )


def blocks(examples: Examples, begin: float, end: float, gap: float = 0.02) -> Examples:
    """Of every recording the rows between two shares of its length, less a gap on both sides.

    Neighbouring rows are frames of one film and nearly alike: a gap keeps those at the cut apart.
    """
    chosen = np.zeros(len(examples), bool)
    for name in dict.fromkeys(examples.recording.tolist()):
        rows = np.flatnonzero(examples.recording == name)
        many = len(rows)
        first = round(many * (begin + (gap if begin > 0 else 0)))
        last = round(many * (end - (gap if end < 1 else 0)))
        chosen[rows[first:last]] = True
    return examples.where(chosen)
