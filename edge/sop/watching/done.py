"""What it means that a step is complete: it counts, it is done again, others come next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from edge.core.types import Json
from edge.sop.watching.order import judge, jumped
from edge.sop.watching.plan import Plan, Role
from edge.sop.watching.state import Again, Cycle, Doing, Done, Now
from edge.sop.watching.tell import called, expected, listed, proof, tell
from edge.sop.watching.timing import judge_times


def complete(now: Now, name: str, doing: Doing, ended: float) -> None:
    """Write down that a step was done, and say what that means."""
    now.cycle = cycle = replace(now.running, moved=now.t, latest=name)
    began = ended if doing.began is None else min(doing.began, ended)
    seen = proof(now.plan.sights[name], (*doing.past, doing.evidence))
    if cycle.roles[name] == Role.AGAIN:
        repeated(now, but=cycle.again.keys() - {name})
        if name in now.plan.firsts and now.plan.flows:
            again = {**now.running.again, name: Again((began, ended), tuple(seen))}
            now.cycle = replace(now.running, again=again)
        else:
            _again(now, name, began, seen)
        return
    repeated(now)
    possible = cycle.possible.get(name)
    done = _counted(cycle.done.get(name), (began, ended), now.plan.steps[name].times)
    ahead_of = jumped(now, name, began) if done.count == 1 else ()
    _written(now, name, done)
    refresh(now)
    step = now.plan.steps[name]
    before = f", before {listed(now, ahead_of)}" if ahead_of else ""
    times = f" ({done.count} of {step.times})" if step.times > 1 else ""
    more: dict[str, Json] = {
        **_times(began, ended),
        "count": done.count,
        "times": step.times,
        "ahead_of": list(ahead_of),
        "expected": expected(now),
    }
    sentence = f"{called(now, name)} is done{times}{before}"
    tell(now, "step_completed", name, sentence, evidence=seen, more=more)
    pause = None if possible is None or done.count > 1 else began - possible
    judge_times(now, name, doing, ended - began, pause)
    if done.count == step.times:
        judge(now, name, seen)


def repeated(now: Now, but: Collection[str] = ()) -> None:
    """Say of first steps done again that they were just that, and began no cycle."""
    before = now.running.again
    if before:
        kept = {name: again for name, again in before.items() if name in but}
        now.cycle = replace(now.running, again=kept)
        for name in before.keys() - kept.keys():
            _again(now, name, before[name].span[0], list(before[name].seen))


def credited(now: Now, name: str, span: tuple[float, float]) -> None:
    """Count a step that was done before anybody knew that its cycle had begun."""
    _written(now, name, Done(1, span, span))
    refresh(now)


def refresh(now: Now) -> None:
    """Work out anew what every step would mean now.

    What was passed over holds nobody up, or one slip would make a surprise of all that follows.
    """
    cycle, plan = now.running, now.plan
    likely = {
        *plan.graph.expected(cycle.complete | cycle.passed.keys()),
        *(cycle.passed.keys() - cycle.complete),
    }
    roles = {name: _role(plan, cycle, likely, name) for name in plan.sights}
    now.cycle = replace(
        cycle,
        lacking=plan.graph.lacking(cycle.complete),
        roles=roles,
        order=tuple(sorted(roles, key=roles.__getitem__)),
        possible={
            name: cycle.possible.get(name, now.t)
            for name, role in roles.items()
            if role == Role.EXPECTED and plan.graph.ready(name, cycle.complete)
        },
    )
    now.changed = True


def _role(plan: Plan, cycle: Cycle, likely: set[str], name: str) -> Role:
    if name in cycle.complete:
        return Role.MORE if plan.steps[name].more else Role.AGAIN
    if not cycle.complete.isdisjoint(plan.graph.unit[name]):
        return Role.AGAIN
    return Role.EXPECTED if name in likely else Role.EARLY


def _counted(before: Done | None, span: tuple[float, float], times: int) -> Done:
    if before is None:
        return Done(1, span, span)
    if before.count >= times:  # it may be done more often: what must be done was before
        return replace(before, count=before.count + 1)
    return Done(before.count + 1, before.first, span)


def _written(now: Now, name: str, done: Done) -> None:
    """Note it in the cycle, and what it makes wait or settles."""
    cycle, graph = now.running, now.plan.graph
    missing = tuple(
        other
        for other in graph.missing(name, cycle.complete)
        if ("step_skipped", other) not in cycle.told and ("repeat_missing", other) not in cycle.told
    )
    first = bool(missing) and name not in cycle.done
    passed = {**dict.fromkeys(missing if first else (), now.t), **cycle.passed}
    enough = done.count >= now.plan.steps[name].times
    settled = graph.unit[name] if enough else ()
    now.cycle = replace(
        cycle,
        done={**cycle.done, name: done},
        complete=cycle.complete | ({name} if enough else set()),
        ahead={**cycle.ahead, name: missing} if first else cycle.ahead,
        passed={other: since for other, since in passed.items() if other not in settled},
    )


def _again(now: Now, name: str, began: float, seen: list[Json]) -> None:
    cycle = now.running
    others = [other for other in now.plan.graph.unit[name] if other in cycle.complete - {name}]
    sentence = (
        f"{called(now, name)} was done although {listed(now, others)} had been"
        if others
        else f"{called(now, name)} was done again"
    )
    more: dict[str, Json] = {**_times(began, now.t), "expected": expected(now)}
    tell(now, "step_repeated", name, sentence, evidence=seen, more=more)


def _times(began: float, ended: float) -> dict[str, Json]:
    return {
        "began": round(began, 3),
        "ended": round(ended, 3),
        "duration_s": round(ended - began, 3),
    }
