"""Short stories for the SOP engine: a hand at a bench, and signals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from edge.core.hand import Hand
from edge.core.track import Scene
from edge.core.types import Event, Fact, Polygon, Side, Signal, Value
from edge.events.sop import Sop
from edge.sop.procedure import (
    Condition,
    CycleRules,
    Forbidden,
    InZone,
    Procedure,
    SignalIs,
    Stage,
    Step,
)

FPS = 20.0
PLACES = {"a": (0.1, 0.1), "b": (0.3, 0.1), "c": (0.5, 0.1), "fix": (0.5, 0.5), "rest": (0.9, 0.9)}


def zone(x: float, y: float) -> Polygon:
    return ((x - 0.05, y - 0.05), (x + 0.05, y - 0.05), (x + 0.05, y + 0.05), (x - 0.05, y + 0.05))


ZONES = {name: zone(*at) for name, at in PLACES.items() if name != "rest"}


def carry(name: str, from_: str, after: tuple[str, ...] = (), hold_s: float = 1.0) -> Step:
    """Take something out of a bin and set it into the fixture."""
    stages = (Stage(InZone(from_, "right"), 0.3), Stage(InZone("fix", "right"), hold_s))
    return Step(name, stages, after=after)


def signal(name: str, *after: str, **more: object) -> Step:
    """A step that is as long as a signal of its name is true."""
    when: Condition = SignalIs(name, equals=True)
    return Step(name, (Stage(when),), after=after, done="over", **more)  # type: ignore[arg-type]


def procedure(
    *steps: Step, forbidden: tuple[Forbidden, ...] = (), surprise: float = 2.0, **rules: object
) -> Procedure:
    cycle = CycleRules(**rules)  # type: ignore[arg-type]
    return Procedure("job", steps, "", ZONES, forbidden, cycle, surprise)


@dataclass(frozen=True)
class Told:
    """What the engine said, and what was so at the end."""

    events: list[Event]
    fact: Fact

    def of(self, phase: str) -> list[Event]:
        return [event for event in self.events if event.phase == phase]

    def one(self, phase: str) -> Event:
        (event,) = self.of(phase)
        return event

    @property
    def outline(self) -> list[tuple[str, str]]:
        return [(event.phase, event.subject.partition("/")[2]) for event in self.events]

    @property
    def wrong(self) -> list[tuple[str, str]]:
        plain = ("step_started", "step_completed", "cycle_started", "cycle_completed")
        return [one for one in self.outline if one[0] not in plain]


def hands(
    job: Procedure, *way: tuple[str, float], side: Side = "right", closed: bool = True
) -> Told:
    """A hand that is at each place for so many seconds; "lost": nobody sees it."""
    rule = Sop(job)
    state, said, t, seq, last = rule.start(), list[Event](), 0.0, 0, (PLACES["rest"], 0.0)
    for place, seconds in way:
        for _ in range(round(seconds * FPS)):
            last = last if place == "lost" else (PLACES[place], t)
            (x, y), seen = last
            hand = Hand(1, side, (640 * x, 480 * y), 30.0, None, 0.0, seen, 0.9)
            state, more = rule.step(state, Scene(t, seq, (640, 480), (), hands=(hand,)))
            said += more
            t, seq = t + 1 / FPS, seq + 1
    if closed:
        state, more = rule.step(state, Scene(t, -1, (0, 0), ()))
        said += more
    return Told(said, rule.facts(state)[0])


def signals(
    job: Procedure, came: Iterable[tuple[float, str, Value]], closed: float | None = None
) -> Told:
    """Each signal in a frame of its own; `closed`: when there is nothing more, s."""
    rule = Sop(job)
    state, said = rule.start(), list[Event]()
    for seq, (t, name, value) in enumerate(came):
        scene = Scene(t, seq, (640, 480), (), signals=(Signal(name, value, t),))
        state, more = rule.step(state, scene)
        said += more
    if closed is not None:
        state, more = rule.step(state, Scene(closed, -1, (0, 0), ()))
        said += more
    return Told(said, rule.facts(state)[0])


def during(name: str, begin: float, end: float) -> list[tuple[float, str, Value]]:
    """A signal that is true for a while."""
    return [(begin, name, True), (end, name, False)]


def told(*spans: tuple[str, float, float]) -> list[tuple[float, str, Value]]:
    """Several of them, in the order of time."""
    every = [one for span in spans for one in during(*span)]
    return sorted(every, key=lambda one: one[0])
