"""How one run of the procedure begins and ends.

It is over when all is done that must be, or when its `end` says so. Without an end, the first step
seen again after the last one was done begins the next cycle. When nothing more can come (a file
is over, nobody came back), what was not done is skipped if the operator had reached the end of the
procedure; if not, the cycle is broken off: nobody has said that the work was finished.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from edge.core.types import Json
from edge.sop.watching.done import complete, credited, refresh, repeated
from edge.sop.watching.order import few_times, skip, skipped
from edge.sop.watching.plan import Role
from edge.sop.watching.state import Cycle, Last, Now
from edge.sop.watching.tell import called, expected, listed, score, tell
from edge.sop.watching.timing import cycle_slow
from edge.sop.words import names, seconds

_WHY = {
    "abort": "this was signalled",
    "given_up": "nobody went on with it",
    "over": "there is nothing more to see",
}
_EPS = 1e-6  # s


def begin(now: Now, since: float, name: str = "") -> None:
    """A cycle begins; `name`: with this step."""
    number, last = now.last.number + 1, now.last
    lasts = now.plan.procedure.cycle.serial_lasts and last.scanned is None
    now.cycle = Cycle(number, since, now.t, serial=last.serial if lasts else last.scanned)
    now.last = replace(last, scanned=None)
    now.doing = {
        step: doing
        for step, doing in now.doing.items()
        if doing.spent <= 0 or not now.plan.sights[step][0].crisp
    }  # a number within bounds is the next cycle's own
    refresh(now)
    now.cycle = replace(now.running, possible=dict.fromkeys(now.running.possible, since))
    if name and last.late is not None and _follows(now, name, last.step):
        now.cycle = replace(now.running, since=last.late[0])
        credited(now, last.step, last.late)
    tell(now, "cycle_started", "", f"Cycle {number} begins", more={"expected": expected(now)})


def _follows(now: Now, name: str, first: str) -> bool:
    """Whether a step goes on with what a first step began."""
    if name == first:
        return now.plan.steps[name].times > 1
    return name not in now.plan.firsts and now.plan.graph.ready(name, (first,))


def fresh(now: Now) -> bool:
    """Whether the running cycle has only just begun."""
    return not now.running.done and not any(one.told for one in now.doing.values())


def start(now: Now) -> None:
    """The start was signalled: the next cycle begins, unless the running one has only just."""
    if now.cycle is not None:
        if fresh(now):
            return
        close(now, "next")
    begin(now, now.t)


def admits(now: Now, name: str, *, whole: bool = True) -> bool:
    """Whether a step, seen now, belongs to the running cycle or begins one.

    Between two cycles, what may be left out begins none, and what was done last is done again.
    `whole`: all of it was seen; of a part, nobody knows yet that it was done again.
    """
    if now.cycle is not None:
        if now.cycle.roles[name] in (Role.MORE, Role.AGAIN) and _begins_next(now, name):
            close(now, "next")
        elif whole and _goes_on(now, name):
            again = now.cycle.again
            moved = max((done.last[1] for done in now.cycle.done.values()), default=now.cycle.since)
            now.cycle = replace(now.cycle, again={}, moved=moved)
            close(now, "next")
            begin(now, min(one.span[0] for one in again.values()))
            for other, one in again.items():
                credited(now, other, one.span)
        return True
    if name in now.plan.firsts:
        return True
    if name == now.last.step:
        if whole and not now.plan.steps[name].more:
            tell(now, "step_repeated", name, f"{called(now, name)} was done again")
        return False
    return not now.plan.steps[name].optional


def check(now: Now) -> None:
    """Close the cycle if it is done, or if nobody goes on with it."""
    cycle, rules = now.running, now.plan.procedure.cycle
    if rules.skipped_s > 0:
        for name, since in cycle.passed.items():
            unit = now.plan.graph.unit[name]
            if now.t - since > rules.skipped_s + _EPS and not _under_way(now, unit):
                skip(now, unit[0])
    if "end" not in now.plan.gates and _all_settled(now):
        close(now, "done")
    elif not _under_way(now, now.doing) and now.t - cycle.moved > rules.give_up_s + _EPS:
        close(now, "given_up")


def _under_way(now: Now, several: Iterable[str]) -> bool:
    """Whether one of these steps has begun and is not done."""
    return any(name in now.doing and now.doing[name].told for name in several)


def close(now: Now, why: str) -> None:
    """The cycle is over: say what was left out, and how it went."""
    cycle_slow(now)
    repeated(now)
    if why != "abort":
        for name, doing in list(now.doing.items()):
            if doing.reached and now.running.roles[name] < Role.AGAIN:
                del now.doing[name]
                complete(now, name, doing, doing.evidence.last if doing.evidence else now.t)
    finished = why in ("done", "end", "next") or (why != "abort" and _at_end(now))
    skipped(now, all_of_them=finished or why == "over")
    cycle, rules = now.running, now.plan.procedure.cycle
    ended = cycle.moved if why in ("next", "given_up") else now.t
    took = ended - cycle.since
    if finished and took < rules.least_s - _EPS:
        sentence = f"The cycle took {seconds(took)}, less than {seconds(rules.least_s)}"
        limits: dict[str, Json] = {"duration_s": round(took, 3), "least_s": rules.least_s}
        tell(now, "cycle_too_short", "", sentence, more=limits)
    takt = None if now.last.ended is None else round(ended - now.last.ended, 3)
    more: dict[str, Json] = {
        "reason": why,
        "score": score(now),
        "duration_s": round(took, 3),
        "takt_s": takt,
        "takt_most_s": rules.takt_s or None,
        "done": list(cycle.done),
        "missing": [unit[0] for unit in cycle.lacking],
        "durations_s": {
            name: round(done.last[1] - done.last[0], 3) for name, done in cycle.done.items()
        },
    }
    phase = "cycle_completed" if finished else "cycle_aborted"
    how = _outcome(now, took, takt) if finished else f"broken off after {_short(took)}: {_WHY[why]}"
    tell(now, phase, "", f"Cycle {cycle.number} is {how}", more=more)
    step = cycle.latest if finished else ""
    now.last = Last(
        number=cycle.number,
        ended=ended,
        step=step,
        late=_late(now, step) if why == "done" else None,
        serial=cycle.serial,
        scanned=now.last.scanned,
    )
    now.cycle, now.changed = None, True
    now.doing = {
        name: replace(doing, told=False, evidence=None, past=(), stage=0, reached=False)
        for name, doing in now.doing.items()
        if doing.spent > 0 and not (name in now.plan.firsts and now.plan.sights[name][0].crisp)
    }


def _outcome(now: Now, took: float, takt: float | None) -> str:
    """What people want to know of a cycle that is over, in a few words."""
    cycle = now.running
    how = f"{'over' if cycle.lacking else 'complete'} after {_short(took)}"
    never = [
        listed(now, unit, "or") for unit in cycle.lacking if cycle.done.keys().isdisjoint(unit)
    ]
    wrong = [f"{names(never)} {'are' if never[1:] else 'is'} missing"] if never else []
    wrong += [few_times(now, one) for unit in cycle.lacking for one in unit if one in cycle.done]
    how += f": {names(wrong)}" if wrong else ""
    most = now.plan.procedure.cycle.takt_s
    if takt is None or not 0 < most < takt - _EPS:
        return f"{how} (score {score(now):g})"
    slow = f"{_short(takt)} from the last one's end, takt {seconds(most)}"
    return f"{how} (score {score(now):g}, {slow})"


def _short(s: float) -> str:
    return seconds(round(s, 1))


def _all_settled(now: Now) -> bool:
    """Every step that must be done has been, or was said to be left out."""
    told = now.running.told
    return bool(now.running.done) and all(
        ("step_skipped", unit[0]) in told or ("repeat_missing", unit[0]) in told
        for unit in now.running.lacking
    )


def _at_end(now: Now) -> bool:
    """Whether all steps have been done that come last."""
    complete_ = now.running.complete
    return all(not complete_.isdisjoint(unit) for unit in now.plan.finals)


def _goes_on(now: Now, name: str) -> bool:
    """Whether a step done again follows first steps done again: they began the next cycle."""
    cycle = now.running
    return (
        bool(cycle.again)
        and name not in cycle.again
        and cycle.roles[name] == Role.AGAIN
        and now.plan.graph.ready(name, cycle.again)
    )


def _late(now: Now, last: str) -> tuple[float, float] | None:
    """When a cycle's first step was done that came last: it may have been the next cycle's."""
    early = any(phase == "step_out_of_order" for phase, _ in now.running.told)
    done = now.running.done.get(last)
    return done.last if done and early and last in now.plan.firsts else None


def _begins_next(now: Now, name: str) -> bool:
    return now.plan.flows and name in now.plan.firsts and _at_end(now)
