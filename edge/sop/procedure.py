"""The nouns of a procedure: zones, conditions, steps, and the structure between them.

A procedure is data. `edge.procedure_file` reads it from TOML, `edge.sop.watching` watches one being
done, `edge.sop.checking` finds what is wrong with it, `edge.sop.explain` says it in sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from edge.core.settings import setting
from edge.core.types import Polygon, Value

Which = Literal["left", "right", "any", "both"]


@dataclass(frozen=True, slots=True)
class InZone:
    """A hand is in a zone; with `way`, it has just come in or gone out."""

    zone: str
    hand: Which = "any"
    way: Literal["in", "enters", "leaves"] = "in"
    within: float = 0.0  # shares of the picture's width; more than 0: near the zone will do


@dataclass(frozen=True, slots=True)
class HandsApart:
    """The distance between the two hands nearest to each other, in shares of the width."""

    least: float = 0.0
    most: float = float("inf")


@dataclass(frozen=True, slots=True)
class Gesture:
    """A hand makes a gesture."""

    name: str
    hand: Which = "any"


@dataclass(frozen=True, slots=True)
class BodyPose:
    """Somebody stands, squats, raises an arm ..."""

    name: str


@dataclass(frozen=True, slots=True)
class SignalIs:
    """What an external signal said last; without bounds, that it has just said anything.

    `equals` compares what JSON compares; `least` and `most` are bounds of a number.
    """

    signal: str
    equals: Value | None = None
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of these."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It is seen not to be so."""

    part: Condition


Condition = InZone | HandsApart | Gesture | BodyPose | SignalIs | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a step: a condition that holds for a while."""

    when: Condition
    hold_s: float = 0.0  # s, this much of it must be seen


@dataclass(frozen=True, slots=True)
class Step:
    """Something the operator does. Its stages are seen one after the other."""

    name: str = setting("", "what others call it: letters, digits, '-' and '_'")
    stages: tuple[Stage, ...] = ()
    title: str = setting("", "what people call it")
    after: tuple[str, ...] = ()  # steps that must have been done; of a choice, one member
    optional: bool = setting(default=False, doc="may be left out")
    choice: str = setting("", "steps with the same word here are alternatives: one is done")
    times: int = setting(1, "how often it is done in a cycle", low=1, high=1000)
    more: bool = setting(default=False, doc="may be done more often")
    done: Literal["reached", "over"] = setting(
        "reached",
        "a step is complete when its last condition has held long enough, or when that is over",
        choices=("reached", "over"),
    )
    least_s: float = setting(0.0, "shorter is too short", unit="s", low=0)
    most_s: float = setting(0.0, "longer is too long; 0: no limit", unit="s", low=0)
    wait_least_s: float = setting(0.0, "pause before it, at least", unit="s", low=0)
    wait_most_s: float = setting(0.0, "later is late; 0: no limit", unit="s", low=0)
    within_s: float = setting(10.0, "between two of its conditions, at most", unit="s", low=0.1)

    @property
    def said(self) -> str:
        """What a sentence calls it."""
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Something that must not happen, during a cycle or always."""

    name: str = setting("", "what others call it: letters, digits, '-' and '_'")
    when: Condition | None = None
    hold_s: float = setting(0.2, "shorter does not count", unit="s", low=0)
    title: str = setting("", "what people call it")
    severity: Literal["warning", "error", "critical"] = setting(
        "error", "how bad it is", choices=("warning", "error", "critical")
    )
    during: tuple[str, ...] = setting((), "only while one of these steps is done; else always")

    @property
    def said(self) -> str:
        """What a sentence calls it."""
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class CycleRules:
    """What begins, ends and breaks off one run of the procedure, and how long it may take."""

    start: Stage | None = None  # None: the first sign of any step
    end: Stage | None = None  # None: every step that must be done has been
    abort: Stage | None = None  # None: only when nobody comes back
    serial: str = setting("", "signal whose value every event of a cycle carries")
    takt_s: float = setting(0.0, "from one cycle's end to the next; 0: none", unit="s", low=0)
    least_s: float = setting(0.0, "a shorter cycle is too short", unit="s", low=0)
    most_s: float = setting(0.0, "a longer one is too long; 0: no limit", unit="s", low=0)
    absent_s: float = setting(15.0, "no hand for so long in a cycle: absent", unit="s", low=0.1)
    give_up_s: float = setting(300.0, "no step for so long: broken off", unit="s", low=1)
    skipped_s: float = setting(
        0.0, "a step passed over is called skipped after this; 0: at the end", unit="s", low=0
    )


@dataclass(frozen=True, slots=True)
class Procedure:
    """One job, as it should be done."""

    name: str
    steps: tuple[Step, ...]
    title: str = ""
    zones: Mapping[str, Polygon] = field(default_factory=dict)  # shares of width and height
    forbidden: tuple[Forbidden, ...] = ()
    cycle: CycleRules = field(default_factory=CycleRules)
    surprise: float = 2.0  # times the hold that a step needs which is not expected now

    @property
    def said(self) -> str:
        """What a sentence calls it."""
        return self.title or self.name
