"""What cycles have in common: each task by zone and turn, in how many of them, in what order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from edge.sop.procedure import Which
from edge.sop.teaching.cycles import Cycle
from edge.sop.teaching.tasks import Reach, Task
from edge.sop.teaching.zones import Visit

_MOSTLY = 0.9  # of the times: the rest was a slip
_OFTEN = 0.5  # of the cycles: done less often, it is no step
_MANY_OF = 0.6  # of the cycles
_TWICE = 2


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """The same task in several cycles; None where a cycle lacks it."""

    zone: int
    tasks: tuple[Task | None, ...]

    @property
    def seen(self) -> int:
        """In how many cycles."""
        return sum(task is not None for task in self.tasks)

    @property
    def done(self) -> Iterator[Task]:
        """Where it was seen."""
        return (task for task in self.tasks if task is not None)

    @property
    def hand(self) -> Which:
        """Whose task it is: one hand's, or of any."""
        sides = Counter(reach.side for task in self.done for reach in task.reaches)
        side, number = sides.most_common(1)[0]
        return side if side and number >= _MOSTLY * sides.total() else "any"

    @property
    def counts(self) -> tuple[int, ...]:
        """How often it was done in each cycle that has it."""
        return tuple(len(task.reaches) for task in self.done)

    @property
    def returns(self) -> bool:
        """Whether the hand comes back to its hub after it: the work is done there."""
        backs = [reach.back is not None for reach in self._firsts]
        return sum(backs) >= _MOSTLY * len(backs)

    @property
    def put_back(self) -> bool:
        """Whether what was taken is brought back after the work: there, hub, there."""
        return self.returns and self._twice

    @property
    def doings(self) -> list[list[Visit]]:
        """Each time it was done: the visits it consists of, as many each time."""
        if self.put_back:
            pairs = [task.reaches for task in self.done if len(task.reaches) == _TWICE]
            return [[a.there, a.back, b.there] for a, b in pairs if a.back is not None]
        if not self.returns:
            return [[reach.there] for reach in self._firsts]
        return [[reach.there, reach.back] for reach in self._firsts if reach.back is not None]

    @property
    def _firsts(self) -> list[Reach]:
        """Reaches whose way back counts: of a tool, it is put back by the second one."""
        return [r for t in self.done for r in (t.reaches[:1] if self._twice else t.reaches)]

    @property
    def _twice(self) -> bool:
        """Whether it is done twice in a row, mostly: one of the two may not have been seen."""
        twos = sum(count == _TWICE for count in self.counts)
        return twos >= _MANY_OF * len(self.counts) and max(self.counts) <= _TWICE


def items(cycles: Sequence[Cycle]) -> tuple[list[Item], list[Item]]:
    """What is done in most cycles, in the order of their begin, and what is not."""
    rows: dict[tuple[int, int], list[Task | None]] = defaultdict(lambda: [None] * len(cycles))
    for number, cycle in enumerate(cycles):
        turn: Counter[int] = Counter()
        for task in cycle:
            rows[task.zone, turn[task.zone]][number] = task
            turn[task.zone] += 1
    found = [Item(zone, tuple(tasks)) for (zone, _), tasks in rows.items()]
    found.sort(key=lambda item: _begins(item, cycles))
    kept = [item for item in found if item.seen >= _OFTEN * len(cycles)]
    return kept, [item for item in found if item not in kept]


def _begins(item: Item, cycles: Sequence[Cycle]) -> float:
    """The median of when it begins, as a share of the cycle."""
    shares = []
    for task, cycle in zip(item.tasks, cycles, strict=True):
        if task is not None:
            begin, end = cycle[0].begin, max(other.end for other in cycle)
            shares.append((task.begin - begin) / max(end - begin, 1e-6))
    return float(np.median(shares))


def precedes(a: Item, b: Item) -> bool:
    """Whether a begins before b in all cycles that have both, or nearly all of many."""
    pairs = zip(a.tasks, b.tasks, strict=True)
    orders = [x.begin < y.begin for x, y in pairs if x is not None and y is not None]
    return bool(orders) and sum(orders) >= _MOSTLY * len(orders)


def slips(a: Item, b: Item) -> int:
    """In how many cycles a began after b."""
    pairs = zip(a.tasks, b.tasks, strict=True)
    return sum(x.begin >= y.begin for x, y in pairs if x is not None and y is not None)


def direct(found: Sequence[Item]) -> list[list[int]]:
    """For each item, which of the others it comes directly after."""
    numbers = range(len(found))
    before = [{i for i in numbers if i < j and precedes(found[i], found[j])} for j in numbers]
    for j in numbers:  # what comes before what comes before
        for i in sorted(before[j], reverse=True):
            before[j] |= before[i]
    return [[i for i in sorted(some) if not any(i in before[m] for m in some)] for some in before]
