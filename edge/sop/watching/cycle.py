"""How one run of the procedure begins and ends.

It is over when all is done that must be, or when its `end` says so. Without an end, the first step
seen again after the last one was done begins the next cycle. When nothing more can come (a file
is over, nobody came back), what was not done is skipped if the operator had reached the end of the
procedure; if not, the cycle is broken off: nobody has said that the work was finished.
"""

from __future__ import annotations

from dataclasses import replace

from edge.core.types import Json
from edge.sop.watching.done import complete, refresh
from edge.sop.watching.order import skip, skipped
from edge.sop.watching.plan import Role
from edge.sop.watching.state import Cycle, Last, Now
from edge.sop.watching.tell import called, expected, score, tell
from edge.sop.watching.timing import cycle_slow
from edge.sop.words import seconds

_REASONS = {
    "done": "every step that must be done has been",
    "end": "its end was signalled",
    "next": "the next one begins",
    "abort": "it was broken off",
    "given_up": "nobody went on with it",
    "over": "there is nothing more to see",
}
_EPS = 1e-6  # s


def begin(now: Now, since: float) -> None:
    """A cycle begins."""
    number = now.last.number + 1
    now.cycle = Cycle(number, since, now.t)
    refresh(now)
    now.cycle = replace(now.running, possible=dict.fromkeys(now.running.possible, since))
    tell(now, "cycle_started", "", f"Cycle {number} begins", more={"expected": expected(now)})


def start(now: Now) -> None:
    """The start was signalled: the next cycle begins, unless the running one has only just."""
    cycle = now.cycle
    if cycle is not None and not cycle.done and not any(one.told for one in now.doing.values()):
        return
    if cycle is not None:
        close(now, "next")
    begin(now, now.t)


def admits(now: Now, name: str) -> bool:
    """Whether a step, seen now, belongs to the running cycle or begins one.

    Between two cycles, what may be left out begins none, and what was done last is done again.
    """
    if now.cycle is not None:
        if now.cycle.roles[name] in (Role.MORE, Role.AGAIN) and _begins_next(now, name):
            close(now, "next")
        return True
    if name in now.plan.firsts:
        return True
    if name == now.last.step:
        tell(now, "step_repeated", name, f"{called(now, name)} was done again")
        return False
    return not now.plan.steps[name].optional


def check(now: Now) -> None:
    """Close the cycle if it is done, or if nobody goes on with it."""
    cycle, rules = now.running, now.plan.procedure.cycle
    if rules.skipped_s > 0:
        for name, since in cycle.passed.items():
            if now.t - since > rules.skipped_s + _EPS:
                skip(now, now.plan.graph.unit[name][0])
    if "end" not in now.plan.gates and _all_settled(now):
        close(now, "done")
    elif now.t - cycle.moved > rules.give_up_s + _EPS:
        close(now, "given_up")


def close(now: Now, why: str) -> None:
    """The cycle is over: say what was left out, and how it went."""
    cycle_slow(now)
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
    phase, how = ("cycle_completed", "over") if finished else ("cycle_aborted", "broken off")
    tell(now, phase, "", f"Cycle {cycle.number} is {how}: {_REASONS[why]}", more=more)
    last = next(reversed(list(cycle.done)), "") if finished else ""
    now.cycle, now.last, now.changed = None, Last(cycle.number, ended, last), True
    now.doing = {
        name: replace(doing, told=False, evidence=None, past=(), stage=0, reached=False)
        for name, doing in now.doing.items()
        if doing.spent > 0
    }


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


def _begins_next(now: Now, name: str) -> bool:
    gates = now.plan.gates
    return not gates.keys() & {"start", "end"} and name in now.plan.firsts and _at_end(now)
