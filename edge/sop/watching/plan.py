"""A procedure made ready to be watched: everything that can be worked out once is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from edge.sop.graph import Graph, Unit, graph
from edge.sop.procedure import (
    BodyPose,
    Condition,
    Forbidden,
    Gesture,
    InZone,
    Procedure,
    SignalIs,
    Stage,
    Step,
)
from edge.sop.watching.conditions import leaves
from edge.sop.watching.view import Crossing
from edge.sop.words import said

_MOMENT_S = 1.0  # "just now", for a condition without a hold; with one, what it needs, twice
_NOTHING = SignalIs("")  # what a forbidden thing without a condition waits for: never


class Role(IntEnum):
    """What it would mean to see a step now; those that mean least trouble are looked for first."""

    EXPECTED = 0
    MORE = 1  # done, and may be done more often
    EARLY = 2  # something else must come first
    AGAIN = 3  # done, or another of its choice is


@dataclass(frozen=True, slots=True)
class Sight:
    """A stage made ready."""

    when: Condition
    hold_s: float
    what: str  # in words
    signals: frozenset[str]  # that it speaks of
    pulses: frozenset[str]  # of these, where any message will do
    states: frozenset[str]  # of these, where true or false is waited for
    crisp: bool  # made of signals alone, which do not err
    level: bool  # ... and of a number within bounds


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One procedure."""

    procedure: Procedure
    graph: Graph
    steps: Mapping[str, Step]
    sights: Mapping[str, tuple[Sight, ...]]  # of every step that can be seen
    gates: Mapping[str, Sight]  # "start", "end", "abort": those that there are
    flows: bool  # neither start nor end: one cycle follows from the other
    forbidden: Mapping[str, tuple[Forbidden, Sight]]
    signals: frozenset[str]  # that matter
    crossings: tuple[Crossing, ...]  # borders to watch
    moment: float  # s, for which a hand that crossed one has just done so
    manned: bool  # whether it speaks of hands: an operator can be absent
    idle: tuple[str, ...]  # steps to look for between two cycles, those that may come first first
    firsts: frozenset[str]  # these
    finals: tuple[Unit, ...]  # what must be done and nothing comes after that must be
    waited: tuple[str, ...]  # steps that can be late
    limited: tuple[str, ...]  # steps that can take too long


def need(made: Plan, name: str, stage: int, role: Role) -> float:
    """How long a stage of a step must be seen, s.

    Longer where the step comes as a surprise, but only its last stage: several stages in a row
    are no coincidence, so with more of them it takes less. Signals do not err: no surprise.
    """
    sights = made.sights[name]
    sight = sights[stage]
    if role < Role.EARLY or sight.crisp or stage + 1 < len(sights):
        return sight.hold_s
    return sight.hold_s * (1.0 + (made.procedure.surprise - 1.0) / len(sights))


def plan(procedure: Procedure) -> Plan:
    """Make a procedure ready. Never raises: `edge.sop.checking` tells what is wrong with it."""
    steps: dict[str, Step] = {}
    for step in procedure.steps:
        steps.setdefault(step.name, step)
    order = graph(steps.values())
    sights = {
        name: tuple(_sight(stage) for stage in step.stages)
        for name, step in steps.items()
        if step.stages
    }
    rules = procedure.cycle
    gates = {"start": rules.start, "end": rules.end, "abort": rules.abort}
    ready = {name: _sight(stage) for name, stage in gates.items() if stage is not None}
    forbidden = {
        one.name: (one, _sight(Stage(one.when or _NOTHING, one.hold_s)))
        for one in procedure.forbidden
    }
    every = [*(sight for some in sights.values() for sight in some), *ready.values()]
    every += [sight for _, sight in forbidden.values()]
    plain = [leaf for sight in every for leaf in leaves(sight.when)]
    firsts = frozenset(name for name in order.names if order.ready(name, ()))
    return Plan(
        procedure=procedure,
        graph=order,
        steps=steps,
        sights=sights,
        gates=ready,
        flows=not ready.keys() & {"start", "end"},
        forbidden=forbidden,
        signals=frozenset({rules.serial} - {""}).union(*(sight.signals for sight in every)),
        crossings=tuple(dict.fromkeys(_crossings(plain))),
        moment=_MOMENT_S
        + 2.0
        * max(1.0, procedure.surprise)
        * max((s.hold_s for s in every if any(_crossings(leaves(s.when)))), default=0.0),
        manned=any(not isinstance(leaf, (SignalIs, BodyPose)) for leaf in plain),
        idle=tuple(sorted(sights, key=lambda name: name not in firsts)),
        firsts=firsts,
        finals=tuple(
            unit
            for unit in order.must
            if not any(unit in order.needs[later[0]] for later in order.must)
        ),
        waited=tuple(name for name in sights if steps[name].wait_most_s > 0),
        limited=tuple(name for name in sights if steps[name].most_s > 0),
    )


def labels(procedure: Procedure) -> Mapping[str, tuple[str, ...]]:
    """The gestures and poses that a procedure speaks of, by the skeleton that shows them."""
    rules = procedure.cycle
    stages = [stage for step in procedure.steps for stage in step.stages]
    whens = [stage.when for stage in (*stages, rules.start, rules.end, rules.abort) if stage]
    whens += [one.when for one in procedure.forbidden if one.when]
    plain = [leaf for when in whens for leaf in leaves(when)]
    found = {
        "hand21": [leaf.name for leaf in plain if isinstance(leaf, Gesture)],
        "body17": [leaf.name for leaf in plain if isinstance(leaf, BodyPose)],
    }
    return {skeleton: tuple(dict.fromkeys(names)) for skeleton, names in found.items() if names}


def _sight(stage: Stage) -> Sight:
    plain = list(leaves(stage.when))
    signals = [leaf for leaf in plain if isinstance(leaf, SignalIs)]
    return Sight(
        when=stage.when,
        hold_s=stage.hold_s,
        what=said(stage.when),
        signals=frozenset(leaf.signal for leaf in signals),
        pulses=frozenset(
            leaf.signal for leaf in signals if leaf.equals is None and not _bounded(leaf)
        ),
        states=frozenset(leaf.signal for leaf in signals if isinstance(leaf.equals, bool)),
        crisp=len(signals) == len(plain),
        level=len(signals) == len(plain) and any(_bounded(leaf) for leaf in signals),
    )


def _bounded(leaf: SignalIs) -> bool:
    return leaf.least is not None or leaf.most is not None


def _crossings(plain: Iterable[Condition]) -> Iterator[Crossing]:
    for leaf in plain:
        if isinstance(leaf, InZone) and leaf.way != "in":
            for side in ("", "left", "right"):
                yield side, leaf.zone, leaf.within
