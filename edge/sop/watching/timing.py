"""What takes too long, is over too soon, or does not come at all."""

from __future__ import annotations

from dataclasses import replace

from edge.core.types import Json
from edge.sop.watching.plan import Role
from edge.sop.watching.state import Doing, Now
from edge.sop.watching.tell import called, expected, once, proof, tell
from edge.sop.words import seconds

_EPS = 1e-6  # s


def judge_times(now: Now, name: str, doing: Doing, took: float, pause: float | None) -> None:
    """A step has been done: say if it, or the pause before it, was too short, or it too long."""
    step = now.plan.steps[name]
    said, seen = called(now, name), _seen(now, name, doing)
    limits: dict[str, Json]
    if took < step.least_s - _EPS:
        sentence = f"{said} took {seconds(took)}, less than {seconds(step.least_s)}"
        limits = {"duration_s": round(took, 3), "least_s": step.least_s}
        tell(now, "step_too_short", name, sentence, evidence=seen, more=limits)
    elif pause is not None and step.wait_least_s > 0 and pause < step.wait_least_s - _EPS:
        waited, limit = seconds(max(pause, 0.0)), seconds(step.wait_least_s)
        sentence = f"{said} began {waited} after it became possible, less than {limit}"
        limits = {"pause_s": round(pause, 3), "wait_least_s": step.wait_least_s}
        tell(now, "step_too_short", name, sentence, evidence=seen, more=limits)
    if not doing.long and 0 < step.most_s < took - _EPS:
        _too_long(now, name, doing, took)


def check(now: Now) -> None:
    """What time alone brings, while a cycle is running."""
    _late(now)
    _slow(now)
    _absent(now)
    cycle_slow(now)


def _late(now: Now) -> None:
    cycle = now.running
    for name in now.plan.waited:
        since = cycle.possible.get(name)
        if since is None or name in cycle.passed or name in cycle.done:
            continue
        unit, step = now.plan.graph.unit[name], now.plan.steps[name]
        begun = any(other in now.doing and now.doing[other].began is not None for other in unit)
        if begun or step.optional or now.t - since <= step.wait_most_s + _EPS:
            continue
        if once(now, "step_late", unit[0]):
            sentence = f"{called(now, name)} has not begun within {seconds(step.wait_most_s)}"
            waited: dict[str, Json] = {
                "wait_s": round(now.t - since, 3),
                "wait_most_s": step.wait_most_s,
                "expected": expected(now),
            }
            tell(now, "step_late", name, sentence, more=waited)


def _slow(now: Now) -> None:
    for name in now.plan.limited:
        doing = now.doing.get(name)
        if doing is None or not doing.told or doing.long or doing.began is None:
            continue
        took = now.t - doing.began
        if took > now.plan.steps[name].most_s + _EPS and now.running.roles[name] < Role.AGAIN:
            now.doing[name] = replace(doing, long=True)
            _too_long(now, name, doing, took)


def _too_long(now: Now, name: str, doing: Doing, took: float) -> None:
    most = now.plan.steps[name].most_s
    sentence = f"{called(now, name)} takes longer than {seconds(most)}"
    limits: dict[str, Json] = {"duration_s": round(took, 3), "most_s": most}
    tell(now, "step_too_long", name, sentence, evidence=_seen(now, name, doing), more=limits)


def _seen(now: Now, name: str, doing: Doing) -> list[Json]:
    return proof(now.plan.sights[name], (*doing.past, doing.evidence))


def _absent(now: Now) -> None:
    """Nobody's hand is seen; told again only after one was."""
    if not now.plan.manned or not now.view.steady:
        return  # while the camera moves, nobody knows where a hand is
    limit, before = now.plan.procedure.cycle.absent_s, now.running.unseen
    unseen = 0.0 if now.view.manned else min(before + now.dt, 2.0 * limit)
    if unseen != before:
        now.cycle = replace(now.running, unseen=unseen)
    if before < limit - _EPS <= unseen:
        sentence = f"No hand has been seen for {seconds(limit)}"
        more: dict[str, Json] = {"absent_s": limit, "expected": expected(now)}
        tell(now, "operator_absent", "", sentence, more=more)


def cycle_slow(now: Now) -> None:
    """The cycle takes too long: told at once, or when it ends."""
    rules, cycle = now.plan.procedure.cycle, now.running
    took = now.t - cycle.since
    if 0 < rules.most_s < took - _EPS and once(now, "cycle_too_long", ""):
        sentence = f"The cycle takes longer than {seconds(rules.most_s)}"
        limits: dict[str, Json] = {"duration_s": round(took, 3), "most_s": rules.most_s}
        tell(now, "cycle_too_long", "", sentence, more=limits)
