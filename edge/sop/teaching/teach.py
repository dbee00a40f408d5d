"""A procedure from recordings of the job done right: where hands stay, in what order, how long.

    scenes -> paths -> dwells -> zones -> visits -> tasks -> cycles -> steps

Nothing is guessed that was not seen: the result is a draft for a person to correct, and notes say
how often each thing was seen. Hands are enough; no picture is needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from edge.core.settings import setting
from edge.core.types import Side
from edge.sop.procedure import CycleRules, Procedure, SignalIs, Stage
from edge.sop.teaching.cycles import Cycle, complete, cycles
from edge.sop.teaching.items import items
from edge.sop.teaching.paths import Demo, Dwelling, Path, dwells
from edge.sop.teaching.steps import steps
from edge.sop.teaching.tasks import Reach, Task, hub, reaches, tasks
from edge.sop.teaching.visits import visits
from edge.sop.teaching.zones import Visit, Zone, Zoning, places, zones

_SKIPPED_S = 5.0  # a step that others have passed over may still come, for half a cycle or so long
_FIRST = 5  # sights that say where a hand was when it was first seen: it has not come there


@dataclass(frozen=True, slots=True)
class Teaching:
    """How recordings become a procedure."""

    cycles: int = setting(0, "cycles in each recording; 0: found out", low=0, high=10000)
    dwelling: Dwelling = field(default_factory=Dwelling)
    zoning: Zoning = field(default_factory=Zoning)


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What was learned: a procedure, and comments on its parts by place ("step.step_1")."""

    procedure: Procedure | None  # None: nothing that repeats
    notes: Mapping[str, str]
    cycles: int
    left_out: int = 0  # cycles that are unlike the others


def teach(demos: Sequence[Demo], name: str, title: str, how: Teaching) -> Lesson:
    """Learn a procedure from one or several recordings of the same workplace, same camera."""
    paths = [path for demo in demos for path in demo.paths]
    if not paths:
        return Lesson(None, {}, 0)
    palm = float(np.median([path.palm for path in paths]))
    stays = [[dwells(path, palm, how.dwelling) for path in demo.paths] for demo in demos]
    every = [dwell for of_demo in stays for of_hand in of_demo for dwell in of_hand]
    found = zones(places(every, palm, how.zoning), palm, how.zoning)
    ways = [
        [
            visits(path, some, found, how.dwelling)
            for path, some in zip(demo.paths, of_demo, strict=True)
        ]
        for demo, of_demo in zip(demos, stays, strict=True)
    ]
    done = _tasks(demos, ways, palm * how.dwelling.reach)
    split = cycles(done, how.cycles)
    whole = complete(split)
    if not whole:
        return Lesson(None, {}, 0)
    kept, rare = items(whole)
    used = _used([visit.zone for item in kept for doing in item.doings for visit in doing])
    called = [f"zone_{used.index(k) + 1}" if k in used else "" for k in range(len(found))]
    taught = steps(kept, whole, called)
    starts, heard = _signals(demos, whole)
    notes = _notes(demos, whole, sum(map(len, split)), len(rare))
    notes["cycle"] = "\n".join([_cycle_note(whole), *heard])
    notes.update({f"step.{one.step.name}": one.note for one in taught})
    for k in used:
        notes[f"zones.{called[k]}"] = _zone_note(found[k])
    procedure = Procedure(
        name=name,
        steps=tuple(one.step for one in taught),
        title=title,
        zones={called[k]: found[k].polygon(demos[0].size) for k in used},
        cycle=_rules(split, whole, starts),
    )
    return Lesson(procedure, notes, len(whole), sum(map(len, split)) - len(whole))


def _tasks(
    demos: Sequence[Demo], ways: Sequence[Sequence[Sequence[Visit]]], near: float
) -> list[list[Task]]:
    """Each recording's tasks, in order."""
    of_side: dict[Side, list[Sequence[Visit]]] = {}
    for demo, of_demo in zip(demos, ways, strict=True):
        for path, way in zip(demo.paths, of_demo, strict=True):
            of_side.setdefault(path.side, []).append(way)
    home = {side: hub(several) for side, several in of_side.items()}
    done = []
    for demo, of_demo in zip(demos, ways, strict=True):
        of_hands: list[list[Reach]] = []
        for path, way in zip(demo.paths, of_demo, strict=True):
            come = way[1:] if way and _there_at_first(path, way[0], near) else way
            of_hands.append(reaches(come, home[path.side]))
        done.append(tasks(of_hands))
    return done


def _there_at_first(path: Path, visit: Visit, near: float) -> bool:
    first = np.median(path.xy[:_FIRST], axis=0)
    return bool(np.linalg.norm(first - visit.dwell.middle) <= near)


def _used(numbers: Iterable[int]) -> list[int]:
    """Each once, in the order of their first use."""
    return list(dict.fromkeys(numbers))


def _rules(split: Sequence[Sequence[Cycle]], whole: Sequence[Cycle], starts: str) -> CycleRules:
    lasted = [_length(cycle) for cycle in whole]
    begins = [[cycle[0].begin for cycle in some] for some in split]
    rounds = [float(gap) for some in begins for gap in np.diff(some)]
    takt = float(np.median(rounds)) if rounds else max(lasted)
    longest = max(lasted)
    return CycleRules(
        start=Stage(SignalIs(starts)) if starts else None,
        serial=starts,
        takt_s=_up(takt),
        most_s=_up(longest + max(3 * float(np.std(lasted)), 0.5 * longest)),
        skipped_s=_up(max(_SKIPPED_S, 0.5 * longest)),
    )


def _signals(demos: Sequence[Demo], whole: Sequence[Cycle]) -> tuple[str, list[str]]:
    """The signal that begins every cycle, if one does, and what was heard besides."""
    starts, lines = "", []
    heard = [(signal, k) for k, demo in enumerate(demos) for signal in demo.heard]
    for name, number in Counter(signal.name for signal, _ in heard).items():
        own = [signal for signal, _ in heard if signal.name == name]
        values = len({str(signal.value) for signal in own})
        alone = number == len(whole) and values == number and number > 1
        if alone and not starts:
            starts = name
            lines.append(f"Signal {name}: once a cycle, another value each time: the serial.")
        else:
            lines.append(f"Signal {name}: heard {number} times in all; no step waits for it.")
    return starts, lines


def _notes(demos: Sequence[Demo], whole: Sequence[Cycle], seen: int, rare: int) -> dict[str, str]:
    lines = [
        f"A draft, taught by {_many(len(demos), 'recording')} of {_many(seen, 'cycle')}.",
        "To correct: what steps and zones are called, where zones end, how long things may take.",
        "To add: what must not happen ([[forbidden]]), which nobody can show by doing it right.",
    ]
    if len(whole) < seen:
        lines.insert(1, f"{_many(seen - len(whole), 'cycle')} unlike the others left out.")
    if len(whole) == 1:
        lines.insert(1, "Seen once: limits are guesses, and the order may be freer than it says.")
    if rare:
        lines.insert(1, f"Left out, being seen in few cycles: {_many(rare, 'place')}.")
    return {
        "": "\n".join(lines),
        "zones": "Around where hands stayed, and a margin; drawn by the palm's middle.",
    }


def _cycle_note(whole: Sequence[Cycle]) -> str:
    lasted = [_length(cycle) for cycle in whole]
    span = f"{min(lasted):.1f}" + (f" to {max(lasted):.1f}" if len(lasted) > 1 else "")
    return f"{_many(len(whole), 'cycle')} of {span} s, from the first step's begin to the last's."


def _zone_note(zone: Zone) -> str:
    sides = Counter(dwell.side for dwell in zone.dwells)
    (first, n), *more = sorted(sides.items())
    also = "".join(f", the {side} hand {_times(n)}" for side, n in more)
    return f"The {first} hand stayed here {_times(n)}{also}."


def _length(cycle: Cycle) -> float:
    return max(task.reaches[-1].there.dwell.end for task in cycle) - cycle[0].begin


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _up(value: float) -> float:
    """The next half second."""
    return float(np.ceil(value * 2 - 1e-6) / 2)
