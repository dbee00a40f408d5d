"""Where in a recording one cycle ends and the next begins: what repeats tells.

A cycle begins with the same task each time. Of the tasks that could be it, the one is taken after
which the cycles are most alike; a recording in which nothing repeats holds one cycle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from edge.sop.teaching.tasks import Task, apart

_ALIKE = 0.6  # of a cycle's tasks and of the typical one's are the same, at least
_COVERED = 0.75  # the same, of all tasks of all recordings

Cycle = tuple[Task, ...]


def cycles(demos: Sequence[Sequence[Task]], count: int = 0) -> list[list[Cycle]]:
    """Each recording's cycles, in order; `count`: how many each holds, 0: find out."""
    whole = [[tuple(demo)] if demo else [] for demo in demos]
    if count == 1:
        return whole
    zones = {task.zone for demo in demos for task in demo}
    if len(zones) == 1:  # the same again and again: each time is a cycle
        return [[(task,) for task in apart(demo)] for demo in demos]
    best, found = _COVERED, whole
    for first in sorted(zones, key=lambda zone: _earliest(demos, zone)):
        split = [_split(demo, first) for demo in demos]
        if count and any(len(some) != count for some in split):
            continue
        score = _score(demos, split)
        if score > best + 1e-9 and (count or sum(map(len, split)) > sum(map(len, whole))):
            best, found = score, split
    if count and found is whole:
        return [_evenly(demo, count) for demo in demos]
    return found


def alike(a: Cycle, b: Cycle) -> float:
    """How many tasks two cycles share, in whichever order, as a share of both (Dice)."""
    theirs = Counter(task.zone for task in b)
    shared = (Counter(task.zone for task in a) & theirs).total()
    return 2.0 * shared / max(len(a) + len(b), 1)


def typical(several: Sequence[Cycle]) -> Cycle:
    """The cycle most like all others."""
    return max(several, key=lambda cycle: sum(alike(cycle, other) for other in several))


def _split(demo: Sequence[Task], first: int) -> list[Cycle]:
    """Cut before every task in this zone; what comes before the first one is left out."""
    cuts = [k for k, task in enumerate(demo) if task.zone == first]
    return [tuple(demo[a:b]) for a, b in pairwise([*cuts, len(demo)])]


def _score(demos: Sequence[Sequence[Task]], split: Sequence[Sequence[Cycle]]) -> float:
    """How far all tasks lie in cycles like the typical one; 0 where one is too unlike it."""
    several = [cycle for some in split for cycle in some]
    if not several:
        return 0.0
    most = typical(several)
    if len(most) <= 1:
        return 0.0
    likeness = [alike(cycle, most) for cycle in several]
    lasts = {id(some[-1]) for some in split if some}
    for cycle, share in zip(several, likeness, strict=True):
        # The last one of a recording may be cut short.
        if share < _ALIKE and id(cycle) not in lasts:
            return 0.0
    inside = sum(share * len(cycle) for cycle, share in zip(several, likeness, strict=True))
    return inside / max(sum(map(len, demos)), 1)


def _earliest(demos: Sequence[Sequence[Task]], zone: int) -> float:
    """How early a zone comes in the recordings, as a rank."""
    ranks = [next((k for k, t in enumerate(demo) if t.zone == zone), len(demo)) for demo in demos]
    return sum(ranks) / len(ranks)


def _evenly(demo: Sequence[Task], count: int) -> list[Cycle]:
    """So many cycles of about as many tasks: the last resort where somebody counted."""
    cuts = [round(k * len(demo) / count) for k in range(count + 1)]
    return [tuple(demo[a:b]) for a, b in pairwise(cuts) if b > a]


def complete(split: Sequence[Sequence[Cycle]]) -> list[Cycle]:
    """Those that are like the typical one: a recording may begin or end amid a cycle."""
    several = [cycle for some in split for cycle in some]
    if not several:
        return []
    most = typical(several)
    return [cycle for cycle in several if alike(cycle, most) >= _ALIKE]
