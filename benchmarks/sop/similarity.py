"""How alike two sequences of steps are. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def distance(a: Sequence[str], b: Sequence[str], *, swaps: bool) -> int:
    """How many steps to put in, take out or change; with `swaps`, also to swap with the next."""
    rows = [list(range(len(b) + 1))]
    for i, one in enumerate(a, start=1):
        row = [i]
        for j, other in enumerate(b, start=1):
            best = min(row[-1] + 1, rows[-1][j] + 1, rows[-1][j - 1] + (one != other))
            if swaps and i > 1 and j > 1 and one == b[j - 2] and a[i - 2] == other:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def pos(done: Sequence[str], told: Sequence[str]) -> float:
    """Procedure order similarity, 0..1: of steps that were done and of those told (IndustReal).

    One less the Damerau-Levenshtein distance in shares of the steps done.
    """
    if not done:
        return float(not told)
    return 1.0 - min(distance(done, told, swaps=True) / len(done), 1.0)


def edit(done: Sequence[str], told: Sequence[str]) -> float:
    """Edit score, 0..1: one less the Levenshtein distance in shares of the longer sequence."""
    longest = max(len(done), len(told))
    return 1.0 - distance(done, told, swaps=False) / longest if longest else 1.0
