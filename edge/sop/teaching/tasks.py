"""From dwells to tasks: what is fetched from where and brought to the place of work.

Most benches have one place that a hand comes back to after every reach, the fixture: its hub. A
task is a visit to another place and, if the hand comes back to its hub then, the work there. The
same place again at once is the same task, done more often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from edge.core.types import Side
from edge.sop.teaching.zones import Visit

_HUB = 0.4  # of a hand's visits are to its hub,
_MORE = 1.5  # or so many times as often as to any other zone
_ALONE = 2  # visits, at least


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """A hand stays at a place, and at its hub after that (None: it does not come back)."""

    side: Side
    there: Visit
    back: Visit | None

    @property
    def end(self) -> float:
        """s, when the last of it ends."""
        return self.back.dwell.end if self.back else self.there.dwell.end


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One or several reaches to one zone, one after the other."""

    zone: int
    reaches: tuple[Reach, ...]

    @property
    def sides(self) -> frozenset[Side]:
        """Which hands do it."""
        return frozenset(reach.side for reach in self.reaches)

    @property
    def begin(self) -> float:
        """When the first hand arrives, s."""
        return self.reaches[0].there.dwell.begin

    @property
    def end(self) -> float:
        """When the last of it ends, s."""
        return self.reaches[-1].end


def hub(several: Iterable[Sequence[Visit]]) -> int | None:
    """The zone that one hand comes back to in its recordings, if there is one."""
    counts: Counter[int] = Counter()
    stays: Counter[int] = Counter()  # ms
    for visit in (visit for ways in several for visit in ways):
        counts[visit.zone] += 1
        stays[visit.zone] += round(1000 * visit.dwell.duration)
    if len(counts) <= 1 or max(counts.values()) < _ALONE:
        return None
    # Of two that a hand goes between, it is the one where the hand is longer.
    often = [zone for zone in counts if counts[zone] >= max(counts.values()) - 1]
    best = max(often, key=lambda zone: stays[zone])
    second = max(number for zone, number in counts.items() if zone != best)
    enough = counts[best] >= min(_HUB * counts.total(), _MORE * second)
    return best if enough and counts[best] >= _ALONE else None


def reaches(ways: Sequence[Visit], home: int | None) -> list[Reach]:
    """One hand's reaches, in order."""
    found = []
    for k, visit in enumerate(ways):
        if visit.zone == home:
            continue
        after = ways[k + 1] if k + 1 < len(ways) else None
        back = after if after is not None and after.zone == home else None
        found.append(Reach(visit.dwell.side, visit, back))
    return found


def tasks(of_hands: Iterable[Sequence[Reach]]) -> list[Task]:
    """All hands' reaches in the order of their begin; the same zone at once again is one task."""
    merged = sorted(
        (reach for reaches in of_hands for reach in reaches),
        key=lambda reach: reach.there.dwell.begin,
    )
    found: list[Task] = []
    for reach in merged:
        zone = reach.there.zone
        last = found[-1] if found else None
        if last is not None and last.zone == zone and last.sides == {reach.side}:
            found[-1] = Task(zone, (*last.reaches, reach))
        else:
            found.append(Task(zone, (reach,)))
    return found


def apart(several: Iterable[Task]) -> list[Task]:
    """Every reach as a task of its own."""
    return [Task(task.zone, (reach,)) for task in several for reach in task.reaches]
