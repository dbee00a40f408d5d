"""Times that contradict each other: limits that no run can keep, or that can never be reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edge.sop.checking.finding import Finding, warning
from edge.sop.graph import Graph
from edge.sop.procedure import CycleRules, Procedure, Step
from edge.sop.words import seconds


def times(procedure: Procedure, way: Graph) -> Iterator[Finding]:
    """What is wrong with the times."""
    for number, step in enumerate(procedure.steps, start=1):
        yield from _step(f"step[{number}]", step, procedure.cycle)
    yield from _cycle(procedure.cycle)
    yield from _whole(procedure, way)


def _step(key: str, step: Step, cycle: CycleRules) -> Iterator[Finding]:
    holds = sum(stage.hold_s for stage in step.stages)
    if 0 < step.most_s < step.least_s:
        problem = f"{seconds(step.least_s)} is more than most_s, {seconds(step.most_s)}"
        yield Finding(f"{key}.least_s", problem)
    elif step.done == "reached" and len(step.stages) == 1 and step.least_s > holds:
        problem = f"it is complete as soon as that has held {seconds(holds)}: always too short"
        hint = f'done = "over" waits until it is over; or hold_s = {step.least_s:g}'
        yield Finding(f"{key}.least_s", problem, hint)
    if 0 < step.most_s <= holds:
        problem = f"{seconds(step.most_s)} is too short: its conditions must hold {seconds(holds)}"
        yield Finding(f"{key}.most_s", problem, "every time would be too long")
    if 0 < step.wait_most_s < step.wait_least_s:
        problem = f"{seconds(step.wait_least_s)} is more than wait_most_s"
        yield Finding(f"{key}.wait_least_s", problem, f"which is {seconds(step.wait_most_s)}")
    for name in ("wait_least_s", "wait_most_s", "most_s", "least_s"):
        value = getattr(step, name)
        if value >= cycle.give_up_s:
            problem = f"{seconds(value)} is not less than [cycle] give_up_s"
            hint = f"after {seconds(cycle.give_up_s)} without a step the cycle is broken off"
            yield warning(f"{key}.{name}", problem, hint)


def _cycle(cycle: CycleRules) -> Iterator[Finding]:
    if 0 < cycle.most_s < cycle.least_s:
        problem = f"{seconds(cycle.least_s)} is more than most_s, {seconds(cycle.most_s)}"
        yield Finding("cycle.least_s", problem)
    if 0 < cycle.takt_s < cycle.least_s:
        problem = f"{seconds(cycle.takt_s)} is less than least_s, {seconds(cycle.least_s)}"
        yield Finding("cycle.takt_s", problem, "whoever keeps the takt would be too fast")
    if cycle.skipped_s >= cycle.give_up_s:
        problem = f"{seconds(cycle.skipped_s)} is not less than give_up_s"
        yield warning("cycle.skipped_s", problem, "the cycle is broken off before that")
    if cycle.give_up_s <= cycle.absent_s:
        problem = f"{seconds(cycle.absent_s)} is not less than give_up_s"
        yield warning("cycle.absent_s", problem, "the cycle is broken off before anybody is absent")


def _whole(procedure: Procedure, way: Graph) -> Iterator[Finding]:
    """The least that a cycle can take, against what it may take."""
    if way.circles:
        return
    steps = {step.name: step for step in procedure.steps}
    chain, alone = _chain(way, steps), _alone(way, steps)
    cycle = procedure.cycle
    for name, limit in (("most_s", cycle.most_s), ("takt_s", cycle.takt_s)):
        if limit <= 0:
            continue
        if chain > limit:
            problem = f"{seconds(limit)} can never be kept: its steps take {seconds(chain)} or more"
            yield Finding(
                f"cycle.{name}", problem, "the sum of their holds, least times and pauses"
            )
        elif alone > limit:
            problem = f"{seconds(limit)} is kept only if steps are done at the same time"
            hint = f"one after the other they take {seconds(alone)} or more"
            yield warning(f"cycle.{name}", problem, hint)


def _least(step: Step) -> float:
    """The shortest time in which a step can be done as often as it must be, s."""
    once = max(step.least_s, sum(stage.hold_s for stage in step.stages))
    return step.times * once + step.wait_least_s


def _alone(way: Graph, steps: Mapping[str, Step]) -> float:
    return sum(min(_least(steps[name]) for name in unit) for unit in way.must)


def _chain(way: Graph, steps: Mapping[str, Step]) -> float:
    """The longest way through the steps that must be done, each after what it waits for, s."""
    ends: dict[tuple[str, ...], float] = {}
    for layer in way.layers:
        for name in layer:
            unit = way.unit[name]
            if unit not in way.must:
                continue
            before = max((ends.get(other, 0.0) for other in way.needs[name]), default=0.0)
            end = before + _least(steps[name])
            ends[unit] = min(ends.get(unit, end), end)
    return max(ends.values(), default=0.0)
