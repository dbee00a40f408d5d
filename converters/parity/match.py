"""Who is who: poses of two models in the same pictures, paired."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from edge.core.types import Floats, Pose

Seen = Sequence[Sequence[Pose]]  # poses in every picture
Likeness = Callable[[Pose, Pose], float]  # the larger, the more alike


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """The clear poses of one model, and which of them the other model has, too."""

    clear: int
    pairs: tuple[tuple[Pose, Pose], ...]

    @property
    def share(self) -> float:
        """Of the clear poses that the other model has, 0..1; who sees nothing shares nothing."""
        return len(self.pairs) / self.clear if self.clear else 0.0


def match(seen: Seen, others: Seen, score: float, alike: Likeness, least: float) -> Matches:
    """Pair every pose of at least this mean score with any pose of the other model.

    One threshold for both would count who is just above it here and just below it there.
    """
    clear, pairs = 0, []
    for poses, candidates in zip(seen, others, strict=True):
        sure = [pose for pose in poses if float(pose.score.mean()) >= score]
        table = np.array([[alike(a, b) for b in candidates] for a in sure], np.float32)
        clear += len(sure)
        pairs += [(sure[i], candidates[j]) for i, j in best_pairs(table, least)]
    return Matches(clear, tuple(pairs))


def best_pairs(likeness: Floats, least: float) -> list[tuple[int, int]]:
    """Rows and columns of a table, each used once, the most alike first, none below `least`."""
    pairs: list[tuple[int, int]] = []
    rows, columns = set(), set()
    for flat in np.argsort(-likeness, axis=None, kind="stable"):
        i, j = divmod(int(flat), likeness.shape[1])
        if likeness[i, j] >= least and i not in rows and j not in columns:
            pairs.append((i, j))
            rows.add(i)
            columns.add(j)
    return pairs
