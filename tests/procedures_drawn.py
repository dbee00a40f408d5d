"""Procedures that hypothesis draws, and people who do them: right, or with one fault in them.

A bench seen from above: every step has a bin or a place of its own, a signal of its own, or both
hands' fixture as its last stage. Whoever works goes from a place of rest and back to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from hypothesis import strategies as st

from edge.core.types import Polygon
from edge.sop.graph import graph
from edge.sop.procedure import (
    AllOf,
    CycleRules,
    Forbidden,
    Gesture,
    InZone,
    Procedure,
    SignalIs,
    Stage,
    Step,
)

Kind = Literal["dwell", "carry", "stay", "signal", "pulse", "gesture", "enters"]
Hand = Literal["left", "right"]
SIDES: tuple[Hand, Hand] = ("left", "right")
KINDS: tuple[Kind, ...] = ("dwell", "carry", "stay", "signal", "pulse", "gesture", "enters")
SEEN = ("dwell", "carry", "stay", "gesture", "enters")
HALF = 0.04  # shares, of a zone's width
HOLDS = (0.4, 0.6, 0.8)


def place(number: int) -> tuple[float, float]:
    """Where a step's own zone is, shares."""
    return 0.1 + 0.12 * (number % 7), 0.15 + 0.2 * (number // 7)


FIXTURE, PRESS = (0.5, 0.62), (0.85, 0.62)
REST: dict[Hand, tuple[float, float]] = {"left": (0.25, 0.92), "right": (0.75, 0.92)}


def zone(at: tuple[float, float]) -> Polygon:
    x, y = at
    return ((x - HALF, y - HALF), (x + HALF, y - HALF), (x + HALF, y + HALF), (x - HALF, y + HALF))


@dataclass(frozen=True)
class Act:
    """One doing of one step."""

    step: str
    kind: Kind
    side: Hand
    hold_s: float
    at: tuple[float, float]
    before_s: float = 0.0  # waits at rest
    extra_s: float = 0.0  # stays longer, or (carry) on the way between the bin and the fixture
    away_s: float = 0.0  # out of the picture before
    forbidden: bool = False  # reaches into the press


@dataclass(frozen=True)
class Job:
    """A procedure, and for each of its steps how it is done."""

    procedure: Procedure
    acts: dict[str, Act] = field(default_factory=dict)

    def step(self, name: str) -> Step:
        return next(step for step in self.procedure.steps if step.name == name)

    def changed(self, name: str, **values: object) -> Job:
        """The same with another limit on one step."""
        steps = tuple(
            replace(step, **values) if step.name == name else step  # type: ignore[arg-type]
            for step in self.procedure.steps
        )
        return replace(self, procedure=replace(self.procedure, steps=steps))

    def ruled(self, **values: object) -> Job:
        """The same with other rules for the cycle."""
        cycle = replace(self.procedure.cycle, **values)  # type: ignore[arg-type]
        return replace(self, procedure=replace(self.procedure, cycle=cycle))


def _stages(kind: Kind, name: str, side: Hand, hold: float) -> tuple[Stage, ...]:
    mine = InZone(f"at-{name}", side)
    return {
        "dwell": (Stage(mine, hold),),
        "stay": (Stage(mine, hold),),
        "carry": (Stage(mine, 0.3), Stage(InZone("fixture", side), hold)),
        "signal": (Stage(SignalIs(name, equals=True)),),
        "pulse": (Stage(SignalIs(name)),),
        "gesture": (Stage(AllOf((InZone("fixture", side), Gesture(f"g-{name}", side))), hold),),
        "enters": (Stage(InZone(f"at-{name}", side, "enters"), hold),),
    }[kind]


@st.composite
def jobs(draw: st.DrawFn, kinds: Sequence[Kind] = KINDS, most: int = 6) -> Job:
    """A procedure of sequences, any-order groups, graphs, choices, optional and repeated steps."""
    count = draw(st.integers(2, most))
    steps: list[Step] = []
    acts: dict[str, Act] = {}
    block: list[str] = []  # steps of the last finished block
    while len(steps) < count:
        shape = draw(
            st.sampled_from(("one", "one", "group", "choice", "optional", "times", "graph"))
        )
        size = draw(st.integers(2, 3)) if shape in ("group", "choice") else 1
        names = [f"s{len(steps) + index}" for index in range(size)]
        after = tuple(block)
        if shape == "graph" and steps:
            after = tuple(draw(st.sets(st.sampled_from([step.name for step in steps]), min_size=1)))
        for name in names:
            kind = draw(st.sampled_from(kinds))
            side: Hand = draw(st.sampled_from(SIDES))
            hold = draw(st.sampled_from(HOLDS))
            steps.append(
                Step(
                    name,
                    _stages(kind, name, side, hold),
                    after=after,
                    choice=f"c-{names[0]}" if shape == "choice" else "",
                    optional=shape == "optional",
                    times=2 if shape == "times" else 1,
                    done="over" if kind in ("stay", "signal") else "reached",
                )
            )
            acts[name] = Act(name, kind, side, hold, place(len(steps) - 1))
        block = names if shape != "graph" else [*block, *names]
    # What may be left out at either end needs a start and an end that are said.
    gated = draw(st.booleans()) or not graph(steps).must or _open_end(steps)
    rules = CycleRules(
        start=Stage(SignalIs("begin")) if gated else None,
        end=Stage(SignalIs("finish")) if gated else None,
        serial="begin",
    )
    zones = {f"at-{name}": zone(act.at) for name, act in acts.items()}
    zones |= {"fixture": zone(FIXTURE), "press": zone(PRESS)}
    press = Forbidden("press", InZone("press"), 0.4)
    return Job(Procedure("job", tuple(steps), "", zones, (press,), rules), acts)


def _open_end(steps: list[Step]) -> bool:
    """Whether a step that may be left out can come first or last."""
    order = graph(steps)
    return any(
        step.optional and (not order.descendants[step.name] or order.ready(step.name, ()))
        for step in steps
    )


@st.composite
def executions(draw: st.DrawFn, job: Job) -> list[Act]:
    """One right way of doing it: any order that the procedure leaves free."""
    order = graph(job.procedure.steps)
    left = [name for name in order.names if not _left_out(draw, job, name)]
    chosen: dict[str, str] = {}
    for name in left:
        choice = job.step(name).choice
        if choice and choice not in chosen:
            members = [other for other in left if job.step(other).choice == choice]
            chosen[choice] = draw(st.sampled_from(members))
    left = [name for name in left if chosen.get(job.step(name).choice, name) == name]
    done: list[Act] = []
    while left:
        free = [name for name in left if not order.ancestors[name] & set(left)]
        name = draw(st.sampled_from(free))
        left.remove(name)
        done += [job.acts[name]] * job.step(name).times
    return done


def _left_out(draw: st.DrawFn, job: Job, name: str) -> bool:
    return job.step(name).optional and draw(st.booleans())
