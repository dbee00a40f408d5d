"""Where one cycle ends and the next begins: what makes that uncertain, or breaks every one off."""

from __future__ import annotations

from collections.abc import Iterator

from edge.sop.checking.compare import Comparer
from edge.sop.checking.finding import Finding, key_of, warning
from edge.sop.graph import Graph, Unit
from edge.sop.procedure import Procedure, Stage, Step

_START = 'say what begins one: [cycle] start = { signal = "scanner" }'
_EITHER = f"{_START}, or what ends it: end = {{ ... }}"
_PAIR = 2


def cycles(procedure: Procedure, way: Graph, compare: Comparer) -> Iterator[Finding]:
    """What is wrong with the borders of a cycle."""
    if not procedure.steps or way.circles:
        return
    yield from _stages(procedure, way, compare)
    if procedure.cycle.start is None:
        yield from _waits(procedure, way)
        if procedure.cycle.serial:
            problem = "no signal begins a cycle: its first step does, with the last serial heard"
            hint = f"another serial closes a cycle that has a step done; {_START}"
            yield warning("cycle.serial", problem, hint)
        if procedure.cycle.end is None:
            yield from _blurred(procedure, way)


def _stages(procedure: Procedure, way: Graph, compare: Comparer) -> Iterator[Finding]:
    """Steps that show just what breaks a cycle off, or ends it."""
    abort, end = procedure.cycle.abort, procedure.cycle.end
    finals = finals_of(way)
    for step in procedure.steps:
        unit = way.unit[step.name]
        if abort is not None and _shows(step, abort, compare):
            hint = "ask for something that no step does"
            if unit == (step.name,) and unit in way.must:
                problem = f"the step '{step.name}' does just that: every right run is broken off"
                yield Finding("cycle.abort", problem, hint)
            else:
                problem = f"the step '{step.name}' does just that, and breaks the cycle off"
                yield warning("cycle.abort", problem, hint)
        if end is not None and finals != (unit,) and _shows(step, end, compare):
            problem = f"the step '{step.name}' does just that, and it is not the last one"
            hint = "whoever does it ends the cycle, and what is still to come counts as skipped"
            yield warning("cycle.end", problem, hint)


def _shows(step: Step, gate: Stage, compare: Comparer) -> bool:
    """Whether whoever does the step shows this as well, and long enough."""
    return any(
        stage.hold_s >= gate.hold_s and compare.implies(stage.when, gate.when)
        for stage in step.stages
    )


def _waits(procedure: Procedure, way: Graph) -> Iterator[Finding]:
    """Without a start, a cycle begins with the first step itself: nothing is waited for."""
    firsts = [step for step in procedure.steps if not way.after[step.name]]
    alone = len({way.unit[step.name] for step in firsts}) == 1
    for step in firsts:
        if step.wait_least_s > 0:
            problem = "a cycle begins with this step, so that it has always come too early"
            if not alone:
                problem = "where a cycle begins with this step, it has always come too early"
            key = key_of(procedure, step.name, "wait_least_s")
            yield Finding(key, problem, _START, "error" if alone else "warning")
        if step.wait_most_s > 0 and alone:
            problem = "a cycle begins with this step, so that it is never late"
            yield warning(key_of(procedure, step.name, "wait_most_s"), problem, _START)


def _blurred(procedure: Procedure, way: Graph) -> Iterator[Finding]:
    """Where a forgotten step looks like the next cycle."""
    firsts = [step for step in procedure.steps if not way.after[step.name]]
    several = next((step for step in firsts if step.times > 1), None)
    if several is not None and len(procedure.steps) > 1:
        why = f"'{several.name}' is the first step and done {several.times} times"
    elif len(way.must) == _PAIR:
        why = "there are two steps only"
    elif len(way.must) > _PAIR and len(firsts) == len(procedure.steps):
        why = "every step may be the first"
    else:
        return
    problem = f"{why}: where one is forgotten, nobody can say which cycle the next one belongs to"
    yield warning("cycle", problem, _EITHER)


def finals_of(way: Graph) -> tuple[Unit, ...]:
    """What must be done and nothing comes after that must be."""
    return tuple(
        unit for unit in way.must if not any(unit in way.needs[later[0]] for later in way.must)
    )
