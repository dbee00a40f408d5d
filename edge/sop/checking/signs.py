"""Conditions that can never hold, that nobody can judge, or that fit two steps at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import combinations, permutations

from edge.sop.checking.compare import Comparer
from edge.sop.checking.finding import Finding, Known, close, key_of, nearest, warning
from edge.sop.graph import Graph
from edge.sop.procedure import BodyPose, Gesture, Procedure, SignalIs, Step
from edge.sop.walk import conditions, every_plain, plain, signals, staged

_WHOLE = {
    "cycle.start": "no cycle can ever begin",
    "cycle.end": "no cycle can ever end so",
    "cycle.abort": "no cycle can ever be broken off so",
}
_VERB = {"end": "end it", "abort": "break it off"}


def signs(procedure: Procedure, known: Known, way: Graph, compare: Comparer) -> Iterator[Finding]:
    """What is wrong with what is to be seen."""
    yield from _unknown(procedure, known)
    for key, condition in conditions(procedure):
        if reason := compare.impossible(condition):
            what = _WHOLE.get(key, "can never be seen")
            yield Finding(key, f"{what}: {reason}")
    for key, stage in staged(procedure):
        if reason := compare.unheld(stage):
            hint = "leave hold_s out, or say what it must say: is, at_least, at_most"
            yield Finding(key, f"{_WHOLE.get(key, 'can never be seen')}: {reason}", hint)
    yield from _holds(procedure)
    yield from _cycle(procedure, compare)
    yield from _forbidden(procedure, compare)
    yield from _alike(procedure, way, compare)


def _unknown(procedure: Procedure, known: Known) -> Iterator[Finding]:
    for key, condition in every_plain(procedure):
        if isinstance(condition, Gesture):
            yield from _named(key, "gesture", condition.name, known.gestures)
        elif isinstance(condition, BodyPose):
            yield from _named(key, "pose", condition.name, known.poses)
    if known.signals is not None:
        told: set[str] = set()
        for key, name in signals(procedure):
            if name not in known.signals and name not in told:
                told.add(name)
                hint = f'the configuration needs [[signal]] name = "{name}" topic = "..."'
                if known.signals:
                    hint += f"; {nearest(name, known.signals)}"
                yield Finding(key, f"no signal '{name}' is configured", hint)


def _named(key: str, what: str, name: str, known: Collection[str] | None) -> Iterator[Finding]:
    if known is not None and name not in known:
        meant = f"{nearest(name, known)}; " if close(name, known) else ""
        hint = f"{meant}known: {', '.join(sorted(known))}"
        yield Finding(key, f"unknown {what} '{name}'", hint)


def _holds(procedure: Procedure) -> Iterator[Finding]:
    """One wrong look must not do a step."""
    for key, stage in staged(procedure):
        if stage.hold_s <= 0 and not any(isinstance(one, SignalIs) for _, one in plain(stage.when)):
            hint = "write hold_s = 0.3 beside it, or more"
            yield warning(key, "a single look is enough for it, and one may be wrong", hint)


def _cycle(procedure: Procedure, compare: Comparer) -> Iterator[Finding]:
    start, end, abort = procedure.cycle.start, procedure.cycle.end, procedure.cycle.abort
    if start is None:
        return
    for word, stage in (("end", end), ("abort", abort)):
        if stage is not None and compare.implies(start.when, stage.when):
            problem = f"holds whenever [cycle] start does: what begins a cycle would {_VERB[word]}"
            yield Finding(f"cycle.{word}", problem)


def _forbidden(procedure: Procedure, compare: Comparer) -> Iterator[Finding]:
    """What a step asks for must not be forbidden while it is done."""
    for number, one in enumerate(procedure.forbidden, start=1):
        if one.when is None:
            yield Finding(f"forbidden[{number}].when", "forbids nothing")
            continue
        for step in procedure.steps:
            if one.during and step.name not in one.during:
                continue
            if any(compare.implies(stage.when, one.when) for stage in step.stages):
                problem = f"the step '{step.name}' asks for just that"
                hint = "say during which other steps it is forbidden: during = [...]"
                yield Finding(f"forbidden[{number}].when", problem, hint)


def _alike(procedure: Procedure, way: Graph, compare: Comparer) -> Iterator[Finding]:
    """Pairs of steps of which the one looks like the other as well."""
    for one, other in combinations(procedure.steps, 2):
        whole = compare.contains(one.stages, other.stages)
        part = compare.contains(other.stages, one.stages)
        after = other.name in way.ancestors[one.name] or one.name in way.ancestors[other.name]
        if whole and part and not after:
            problem = f"cannot be told apart from '{one.name}', and either may come first"
            hint = "give each a zone, a hand or a signal of its own"
            yield Finding(key_of(procedure, other.name, "when"), problem, hint)
        elif whole and part:
            yield from _in_a_row(procedure, way, (one, other))
        elif (whole or part) and not after:
            larger, smaller = (one, other) if whole else (other, one)
            problem = f"whoever does it seems to do '{smaller.name}' as well, which may come first"
            hint = f"ask for more in '{smaller.name}' than what is a part of this"
            yield warning(key_of(procedure, larger.name, "when"), problem, hint)


def _in_a_row(procedure: Procedure, way: Graph, pair: tuple[Step, Step]) -> Iterator[Finding]:
    """The same twice, with nothing between them that would show where one ends."""
    for before, after in permutations(pair):
        if way.unit[before.name] in way.after[after.name]:
            problem = f"asks for the same as '{before.name}' right before it"
            hint = f"make it one step with times = {before.times + after.times}"
            yield warning(key_of(procedure, after.name, "when"), problem, hint)
