"""From what cycles have in common to steps: stages, holds, limits, and a sentence on each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from edge.sop.procedure import InZone, Stage, Step
from edge.sop.teaching.cycles import Cycle
from edge.sop.teaching.items import Item, direct, slips
from edge.sop.words import names

_MANY = 3  # cycles from which their spread is worth something
_LAG_S = 0.5  # a hand may leave a place so long after the next task began
_WITHIN_S = 10.0  # between two stages, as a step has it by itself
_TITLES = {"left": "the left hand", "right": "the right hand", "any": "a hand"}


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """A step, and what was seen of it."""

    step: Step
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class _Times:
    """Of one item: all in s."""

    takes: list[float]  # each doing
    ends: list[float | None]  # by cycle, when it is complete


def steps(found: Sequence[Item], cycles: Sequence[Cycle], called: Sequence[str]) -> list[Taught]:
    """Steps in order; `called` are the names of all zones."""
    after = direct(found)
    last = len(found) - 1
    overs = [k < last and _over(found, k) for k in range(len(found))]
    holds = [_holds(item) for item in found]
    times = [
        _times(item, over, hold[-1]) for item, over, hold in zip(found, overs, holds, strict=True)
    ]
    taught = []
    for k, item in enumerate(found):
        alone = len(holds[k]) == 1 and not overs[k]  # then it takes as long as its hold
        limit = 0.0 if alone else _most(times[k].takes)
        # With few cycles a shorter one proves nothing, and until a hold is full it says nothing.
        least = _least(times[k].takes) if overs[k] and len(times[k].takes) >= _MANY else 0.0
        counts = item.counts
        several = 1 if item.put_back else min(counts)
        step = Step(
            name=f"step_{k + 1}",
            stages=_stages(item, holds[k], called),
            title=_title(item, called),
            after=tuple(f"step_{i + 1}" for i in after[k]),
            optional=item.seen < len(cycles),
            times=several,
            more=not item.put_back and max(counts) > several,
            done="over" if overs[k] else "reached",
            least_s=least,
            most_s=limit,
            wait_most_s=_wait(item, [times[i].ends for i in after[k]]),
            within_s=_within(item),
        )
        order = _order(found, k)
        taught.append(Taught(step, _note(item, step, times[k].takes, len(cycles), order)))
    return taught


def _over(found: Sequence[Item], k: int) -> bool:
    """Whether the hand has left the last place of an item whenever the next task begins."""
    item = found[k]
    if not item.put_back and (item.returns or max(item.counts) > 1):
        return False  # a hand may rest at its hub long after the work is done
    for number, task in enumerate(item.tasks):
        if task is None:
            continue
        end = task.reaches[-1].there.dwell.end
        nexts = [t.begin for other in found if (t := other.tasks[number]) and t.begin > task.begin]
        if not nexts or end > min(nexts) + _LAG_S:
            return False
    return True


def _holds(item: Item) -> list[float]:
    """How long each stage shall hold: half of the shortest seen, a slip aside."""
    durations = np.array([[visit.dwell.duration for visit in doing] for doing in item.doings])
    short = np.quantile(durations, 0.1, axis=0)
    return [math.floor(min(max(0.5 * float(value), 0.2), 1.0) * 10 + 1e-6) / 10 for value in short]


def _stages(item: Item, holds: Sequence[float], called: Sequence[str]) -> tuple[Stage, ...]:
    return tuple(
        Stage(InZone(called[visit.zone], item.hand), hold)
        for visit, hold in zip(item.doings[0], holds, strict=True)
    )


def _times(item: Item, over: bool, hold: float) -> _Times:  # noqa: FBT001 - how it ends
    takes = []
    for doing in item.doings:
        last = doing[-1].dwell
        end = last.end if over else min(last.begin + hold, last.end)
        takes.append(end - doing[0].dwell.begin)
    ends: list[float | None] = []
    for task in item.tasks:
        if task is None:
            ends.append(None)
            continue
        reach = task.reaches[-1]
        last = reach.there.dwell if item.put_back or reach.back is None else reach.back.dwell
        ends.append(last.end if over else min(last.begin + hold, last.end))
    return _Times(takes, ends)


def _most(seen: Sequence[float], slack: float = 1.0) -> float:
    """A limit above what was seen: by its spread, and by what a single cycle cannot show."""
    most, spread = max(seen), float(np.std(seen)) if len(seen) > 1 else 0.0
    share = 0.4 if len(seen) >= _MANY else 0.5
    return _up(most + max(3 * spread, share * most, slack))


def _least(seen: Sequence[float]) -> float:
    least = min(seen) - max(3 * float(np.std(seen)), 0.4 * min(seen))
    return math.floor(max(least, 0.0) * 10) / 10


def _wait(item: Item, befores: Sequence[Sequence[float | None]]) -> float:
    """How long after the tasks before it it may begin; 0 for the first one."""
    gaps = []
    for number, task in enumerate(item.tasks):
        ends = [end for before in befores if (end := before[number]) is not None]
        if task is not None and ends:
            gaps.append(max(task.begin - max(ends), 0.0))
    return _most(gaps, 2.0) if gaps else 0.0


def _within(item: Item) -> float:
    gaps = [b.dwell.begin - a.dwell.end for doing in item.doings for a, b in pairwise(doing)]
    return _up(2 * max(gaps)) if gaps and 2 * max(gaps) > _WITHIN_S else _WITHIN_S


def _title(item: Item, called: Sequence[str]) -> str:
    there, back = called[item.zone], item.doings[0][1:2]
    if item.put_back:
        return f"take from {there}, work at {called[back[0].zone]}, put back"
    if back:
        return f"take from {there} to {called[back[0].zone]}"
    return f"{_TITLES[item.hand]} in {there}"


def _order(found: Sequence[Item], k: int) -> str:
    """A sentence where the order was not always the same."""
    free = [
        f"step_{i + 1}"
        for i, other in enumerate(found)
        if i != k and slips(found[min(i, k)], found[max(i, k)])
    ]
    return f"Seen before and after {names(free)}." if free else ""


def _note(item: Item, step: Step, takes: Sequence[float], cycles: int, order: str) -> str:
    at = next(task.begin for task in item.tasks if task is not None)
    seen = f"Seen once, at {at:.1f} s" if cycles == 1 else f"Seen in {item.seen} of {cycles} cycles"
    lines = [f"{seen}; {_span(takes)}{' each time' if len(takes) > 1 else ''}."]
    if item.put_back:
        lines.append("Taken and put back; if these are two pieces, leave out the last stage and")
        lines.append("say times = 2.")
    elif max(item.counts) > 1:
        counts = sorted(set(item.counts))
        lines.append(f"Done {names([str(count) for count in counts], 'or')} times in a cycle.")
    places = [
        f"{stage.when.zone} {_span([doing[n].dwell.duration for doing in item.doings])}"
        for n, stage in enumerate(step.stages)
        if isinstance(stage.when, InZone)
    ]
    lines.append(f"The hand stayed: {', then '.join(places)}.")
    return "\n".join([*lines, *([order] if order else [])])


def _span(values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    return f"{low:.1f} s" if f"{low:.1f}" == f"{high:.1f}" else f"{low:.1f} to {high:.1f} s"


def _up(value: float) -> float:
    """The next half second."""
    return math.ceil(value * 2 - 1e-6) / 2
