"""Which steps were done in the wrong order, which were left out, and whom to blame.

Two steps are in the wrong order when the one that should come later both began and ended before
the other began and ended. That is certain when the other one ends; if it never comes, it was
skipped, and nothing is wrong with the first. Steps that overlap for more than a third of the
shorter one are done together, in no order. One event names all that ran ahead of the same step,
and blames the first of them: the others only followed.
"""

from __future__ import annotations

from dataclasses import replace

from edge.core.types import Json
from edge.sop.watching.state import Now
from edge.sop.watching.tell import called, listed, once, tell

_TOGETHER = 1 / 3  # of the shorter one


def jumped(now: Now, name: str, began: float) -> tuple[str, ...]:
    """The steps that one runs ahead of: not done, nor begun before it."""
    return tuple(
        other
        for other in now.plan.graph.missing(name, now.running.complete)
        if not _under_way(now, other, began)
    )


def judge(now: Now, late: str, seen: list[Json]) -> None:
    """A step has been done: say who should have waited for it."""
    cycle = now.running
    if ("step_skipped", late) in cycle.told or ("repeat_missing", late) in cycle.told:
        return
    early = [
        name
        for name in cycle.done
        if ("step_out_of_order", name) not in cycle.told
        and _before(cycle.done[name].first, cycle.done[late].last)
        and _should_wait(now, name, late)
    ]
    if not early:
        return
    first = early[0]
    span = cycle.done[first].first
    waited_for = [
        name
        for name in now.plan.graph.names
        if name == late or (name in cycle.ahead.get(first, ()) and _waits(now, name, span))
    ]
    others = f" (and {listed(now, early[1:])})" if early[1:] else ""
    came = [name for name in waited_for if name == late or name in cycle.complete]
    absent = [name for name in waited_for if name not in came]
    still = f"; {listed(now, absent)} {'are' if absent[1:] else 'is'} still missing"
    sentence = (
        f"{called(now, first)}{others} was done before {listed(now, came)},"
        f" which should have come first{still if absent else ''}"
    )
    more: dict[str, Json] = {
        "began": round(span[0], 3),
        "ended": round(span[1], 3),
        "waited_for": list(waited_for),
        "late": [late],
        "early": list(early),
    }
    tell(now, "step_out_of_order", first, sentence, evidence=seen, more=more)
    told = {("step_out_of_order", name) for name in early}
    now.cycle = replace(now.running, told=cycle.told | told)


def skipped(now: Now, *, all_of_them: bool) -> None:
    """Say what was left out: of the steps that were passed over, or of all that must be done."""
    for unit in now.running.lacking:
        passed = [now.running.passed[name] for name in unit if name in now.running.passed]
        if passed or all_of_them:
            skip(now, unit[0])


def skip(now: Now, name: str) -> None:
    """Say, once, that a step was left out, or not done as often as it must be."""
    step, cycle = now.plan.steps[name], now.running
    done = cycle.done.get(name)
    if done is not None:
        if once(now, "repeat_missing", name):
            sentence = few_times(now, name)
            more: dict[str, Json] = {"count": done.count, "times": step.times}
            tell(now, "repeat_missing", name, sentence, more=more)
    elif once(now, "step_skipped", name):
        choice = now.plan.graph.unit[name]
        none = f"None of {listed(now, choice)}" if len(choice) > 1 else called(now, name)
        left = "" if len(choice) > 1 else "not "
        tell(now, "step_skipped", name, f"{none} was {left}done", more={"choice": list(choice)})


def few_times(now: Now, name: str) -> str:
    """How often a step was done that must be done more often."""
    count, times = now.running.done[name].count, now.plan.steps[name].times
    return f"{called(now, name)} was done {count} of {times} times"


def _should_wait(now: Now, name: str, late: str) -> bool:
    """Whether a step that was done should have waited for one that is done only now."""
    graph = now.plan.graph
    if late in now.running.ahead.get(name, ()):
        return True
    # What may be left out holds nobody up, but must still not be done after what it comes before.
    return graph.unit[late] not in graph.must and late in graph.ancestors[name]


def _waits(now: Now, name: str, span: tuple[float, float]) -> bool:
    """Whether a step that was missing still is, or was done in the wrong order."""
    cycle = now.running
    if name in cycle.complete:
        return _before(span, cycle.done[name].last)
    other = not cycle.complete.isdisjoint(now.plan.graph.unit[name])
    return not other and not _under_way(now, name, span[0])


def _before(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether something was done, from when to when (s), before another that ended later."""
    together = one[1] - other[0]
    shorter = min(one[1] - one[0], other[1] - other[0])
    return one[0] < other[0] and together <= _TOGETHER * shorter


def _under_way(now: Now, name: str, began: float) -> bool:
    """Whether a step is being done that began before this time."""
    doing = now.doing.get(name)
    since = doing.began if doing and doing.told else None
    return since is not None and since <= began
