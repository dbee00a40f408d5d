"""Work at a bench, rendered to scenes: what the rules would see of it, at any frame rate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from edge.core.hand import Hand
from edge.core.track import Scene
from edge.core.types import Event, Fact, Side, Signal, Value
from edge.events.sop import Sop
from edge.sop.procedure import Procedure
from edge.sop.watching.state import State
from tests.procedures_drawn import FIXTURE, PRESS, REST, Act, Job

SIZE = (640, 480)
MOVE_S = 0.2  # from one place to another
PAUSE_S = 0.9  # at rest between two acts
_LOST = 0.6  # of the worse moments
PROGRESS = {
    "step_started",
    "step_completed",
    "cycle_started",
    "cycle_completed",
    "cycle_aborted",
}


@dataclass
class Film:
    """Where both hands are at which time, and what signals say when."""

    t: float = 0.0
    ways: dict[str, list[tuple[float, float, float]]] = field(default_factory=dict)  # t, x, y
    labels: list[tuple[float, float, str, str]] = field(default_factory=list)  # from, to, side
    signals: list[Signal] = field(default_factory=list)
    away: list[tuple[float, float]] = field(default_factory=list)  # no hand in the picture

    def __post_init__(self) -> None:
        self.ways = {side: [(0.0, *at)] for side, at in REST.items()}

    def wait(self, s: float) -> None:
        self.t += s

    def go(self, side: str, to: tuple[float, float], stay_s: float) -> None:
        """Move a hand to a place, and leave it there."""
        x, y = self.ways[side][-1][1:]
        self.ways[side] += [(self.t, x, y), (self.t + MOVE_S, *to)]
        self.t += MOVE_S + stay_s

    def say(self, name: str, value: Value) -> None:
        self.signals.append(Signal(name, value, self.t))

    def act(self, act: Act) -> None:
        """Do a step, or what is forbidden, and go back to rest."""
        if act.away_s:
            self.away.append((self.t + 0.1, self.t + 0.1 + act.away_s))
            self.wait(act.away_s + 0.3)
        self.wait(act.before_s)
        stay = 2.5 * act.hold_s + 1.2 + act.extra_s
        if act.forbidden:
            self.go(act.side, PRESS, 1.4)
        elif act.kind == "signal":
            self.say(act.step, value=True)
            self.wait(1.0 + act.extra_s)
            self.say(act.step, value=False)
        elif act.kind == "pulse":
            self.say(act.step, "done")
        elif act.kind == "carry":
            self.go(act.side, act.at, 1.2)
            self.go(act.side, REST[act.side], act.extra_s)
            self.go(act.side, FIXTURE, 2.5 * act.hold_s + 1.2)
        elif act.kind == "gesture":
            self.go(act.side, FIXTURE, stay)
            self.labels.append((self.t - stay, self.t, act.side, f"g-{act.step}"))
        else:
            self.go(act.side, act.at, stay)
        if act.forbidden or act.kind not in ("signal", "pulse"):
            self.go(act.side, REST[act.side], 0.0)
        self.wait(PAUSE_S)


def film(job: Job, *cycles: Iterable[Act]) -> Film:
    """Everything from before the first act until after the last; units 7, 8 ..."""
    made = Film()
    made.wait(1.0)
    gated = job.procedure.cycle.start is not None
    for unit, acts in enumerate(cycles, start=7):
        if gated:
            made.say("begin", f"unit-{unit}")
            made.wait(0.3)
        for act in acts:
            made.act(act)
        if gated:
            made.say("finish", value=1)
            made.wait(0.3)
    return made


@dataclass(frozen=True)
class Eyes:
    """How well the scene is seen."""

    fps: float = 15.0
    seed: int = 0
    rough: bool = False  # trembling, single frames lost, and now and then a worse moment
    later: float = 0.0  # s, on the clock


CLEAR = Eyes()


def scenes(made: Film, eyes: Eyes = CLEAR) -> list[Scene]:
    """The film frame by frame, and at its end the scene that says so."""
    chance = np.random.default_rng(eyes.seed)
    times = np.arange(0.0, made.t + 1.0, 1.0 / eyes.fps)
    hands = [
        _hand(number, side, made, times, eyes, chance) for number, side in enumerate(REST, start=1)
    ]
    found, told = [], 0
    for seq, t in enumerate(times.tolist()):
        came = []
        while told < len(made.signals) and made.signals[told].t <= t:
            one = made.signals[told]
            came.append(Signal(one.name, one.value, one.t + eyes.later))
            told += 1
        away = any(begin <= t < end for begin, end in made.away)
        seen = () if away else (hands[0][seq], hands[1][seq])
        found.append(Scene(t + eyes.later, seq, SIZE, (), hands=seen, signals=tuple(came)))
    return [*found, Scene(found[-1].t, -1, (0, 0), ())]


def _hand(  # noqa: PLR0913, PLR0917 - all that makes one hand
    number: int, side: Side, made: Film, times: np.ndarray, eyes: Eyes, chance: np.random.Generator
) -> list[Hand]:
    way = np.array(made.ways[side])
    xy = np.stack([np.interp(times, way[:, 0], way[:, axis]) for axis in (1, 2)], axis=1)
    unseen = np.zeros(len(times), bool)
    if eyes.rough:
        xy += chance.normal(0.0, 0.008, xy.shape).clip(-0.016, 0.016)
        unseen[chance.integers(0, 3) :: chance.integers(3, 9)] = True
        # Every 2.5 s the hand is lost for up to half a second, or seen anywhere for one frame.
        for begin in np.arange(chance.random(), times[-1], 2.5):
            if chance.random() < _LOST:
                unseen |= (times >= begin) & (times < begin + 0.5 * chance.random())
            else:
                xy[np.searchsorted(times, begin)] = chance.random(2)
    seen = np.maximum.accumulate(np.where(unseen, -1.0, times))
    labels = [""] * len(times)
    for begin, end, who, label in made.labels:
        if who == side:
            for index in np.flatnonzero((times >= begin) & (times <= end)):
                labels[index] = label
    at = (xy * SIZE).tolist()
    return [
        Hand(number, side, (x, y), 30.0, None, 0.0, last + eyes.later, 0.9, label, 0.8)
        for (x, y), last, label in zip(at, seen.tolist(), labels, strict=True)
    ]


def watched(
    procedure: Procedure, seen: Sequence[Scene]
) -> tuple[list[Event], list[Fact], list[State]]:
    """Every event, and the fact and the state after each scene."""
    rule = Sop(procedure)
    state = rule.start()
    said: list[Event] = []
    facts, states = [], []
    for scene in seen:
        state, more = rule.step(state, scene)
        said += more
        facts.append(rule.facts(state)[0])
        states.append(state)
    return said, facts, states


def events(job: Job, acts: Iterable[Act], eyes: Eyes = CLEAR) -> list[Event]:
    """All that is said of somebody who does these acts."""
    return shift(job, acts, eyes=eyes)


def shift(job: Job, *cycles: Iterable[Act], eyes: Eyes = CLEAR) -> list[Event]:
    """All that is said of several cycles in a row."""
    return watched(job.procedure, scenes(film(job, *cycles), eyes))[0]


def faults(said: Iterable[Event]) -> list[tuple[str, str]]:
    """Phase and step of everything that is not plain progress, sorted."""
    return sorted(
        (event.phase, event.subject.partition("/")[2])
        for event in said
        if event.phase not in PROGRESS
    )
