"""Steps that wait for each other, can never be done, or come too late to be seen."""

from __future__ import annotations

from collections.abc import Iterator

from edge.sop.checking.finding import Finding, key_of, warning
from edge.sop.graph import Graph
from edge.sop.procedure import Procedure, Step
from edge.sop.words import names


def order(procedure: Procedure, way: Graph) -> Iterator[Finding]:
    """What is wrong with the structure."""
    if not procedure.steps:
        yield Finding("step", "there are no steps", "write [[step]] for each thing that is done")
        return
    yield from _names(procedure)
    yield from _circles(procedure, way)
    yield from _choices(procedure)
    yield from _ends(procedure, way)


def _names(procedure: Procedure) -> Iterator[Finding]:
    """What reading a file finds, too; a procedure may be made otherwise."""
    seen: set[str] = set()
    steps = {step.name for step in procedure.steps}
    for number, step in enumerate(procedure.steps, start=1):
        if step.name in seen:
            yield Finding(f"step[{number}].name", f"'{step.name}' is also an earlier step's name")
        seen.add(step.name)
        for name in step.after:
            if name not in steps:
                yield Finding(f"step[{number}].after", f"unknown step '{name}'")
    for number, one in enumerate(procedure.forbidden, start=1):
        if one.name in seen:
            yield Finding(f"forbidden[{number}].name", f"'{one.name}' is also another's name")
        seen.add(one.name)
        for name in one.during:
            if name not in steps:
                hint = f"steps: {', '.join(sorted(steps))}"
                yield Finding(f"forbidden[{number}].during", f"unknown step '{name}'", hint)


def _circles(procedure: Procedure, way: Graph) -> Iterator[Finding]:
    circles = way.circles
    for walk in circles:
        line = " -> ".join((*walk, walk[0]))
        hint = "take one of them out of the other's `after`"
        yield Finding(key_of(procedure, walk[0], "after"), f"waits for itself: {line}", hint)
    turning = {name for name in way.names if name in way.ancestors[name]}
    for name in way.names:
        if name not in way.reachable and name not in turning:
            waits = names(f"'{before}'" for before in way.names if before in way.ancestors[name])
            problem = f"'{name}' can never be done: it waits for {waits}"
            yield Finding(key_of(procedure, name, "after"), problem, "mend their order first")


def _choices(procedure: Procedure) -> Iterator[Finding]:
    members: dict[str, list[Step]] = {}
    for step in procedure.steps:
        if step.choice:
            members.setdefault(step.choice, []).append(step)
    for choice, steps in members.items():
        listed = {step.name for step in steps}
        if len(steps) == 1:
            key = key_of(procedure, steps[0].name, "choice")
            hint = f'give choice = "{choice}" to the others, or take it away'
            yield warning(key, f"'{choice}' is a choice of one", hint)
        for step in steps:
            if inner := [name for name in step.after if name in listed]:
                key = key_of(procedure, step.name, "after")
                problem = f"waits for {names(inner)}, of which only one or the other is done"
                yield Finding(key, problem, f"both are in the choice '{choice}'")
        optional = [step for step in steps if step.optional]
        if optional and len(optional) < len(steps):
            key = key_of(procedure, optional[0].name, "optional")
            problem = f"makes the whole choice '{choice}' one that may be left out"
            yield Finding(key, problem, "make all of its steps optional, or none")


def _ends(procedure: Procedure, way: Graph) -> Iterator[Finding]:
    """What comes after everything that must be done is never waited for."""
    if procedure.cycle.end is not None:
        return
    hint = "say what ends a cycle: [cycle] end = { ... }"
    if not way.must:
        yield warning("step", "every step may be left out: a cycle ends as it begins", hint)
        return
    needed = {name for unit in way.must for name in unit}
    for step in procedure.steps:
        if step.optional and needed.isdisjoint(way.descendants[step.name]):
            key = key_of(procedure, step.name, "optional")
            if needed <= way.ancestors[step.name]:
                problem = "comes after all that must be done, when the cycle has ended already"
                yield warning(key, problem, hint)
            elif procedure.cycle.start is None and not way.after[step.name]:
                problem = "may come after all that must be done, and would begin the next cycle"
                yield warning(key, problem, hint)
        elif step.more and needed <= way.ancestors[step.name] | {step.name}:
            problem = f"the cycle ends when '{step.name}' was done {step.times} times, never more"
            yield warning(key_of(procedure, step.name, "more"), problem, hint)
