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

    `equals` compares what JSON compares, but 1 and 0 are as good as true and false where one of
    these is waited for; `least` and `most` are bounds of a number. True and false are states: only
    their change tells of a step. Any other message tells of one each time it comes, also if it
    says the same again; but a number within bounds, said again, is no step done again: only where
    `times` or `more` count it, or once it was out of bounds.
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
    stages: tuple[Stage, ...] = setting((), "what is seen of it, one after the other")
    title: str = setting("", "what people call it")
    after: tuple[str, ...] = setting((), "steps that must have been done; of a choice, one")
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
    wait_least_s: float = setting(
        0.0, "it begins so long after it became possible, at least", unit="s", low=0
    )
    wait_most_s: float = setting(
        0.0, "begun later after it became possible is late; 0: no limit", unit="s", low=0
    )
    within_s: float = setting(10.0, "between two of its conditions, at most", unit="s", low=0.1)

    @property
    def said(self) -> str:
        """What a sentence calls it."""
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Something that must not happen, during a cycle or always."""

    name: str = setting("", "what others call it: letters, digits, '-' and '_'")
    when: Condition | None = setting(None, "what must not be")  # noqa: RUF009 - a field
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

    start: Stage | None = setting(None, "absent: the first sign of any step")  # noqa: RUF009 - a field
    end: Stage | None = setting(None, "absent: all that must be done has been")  # noqa: RUF009 - a field
    abort: Stage | None = setting(None, "what breaks it off, besides give_up_s")  # noqa: RUF009 - a field
    serial: str = setting(
        "", "signal whose value every event of a cycle carries; another value: the next unit"
    )
    serial_lasts: bool = setting(
        default=False, doc="it holds for the cycles that follow, too, until another comes: an order"
    )
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
    title: str = setting("", "what people call it")
    zones: Mapping[str, Polygon] = field(default_factory=dict)  # shares of width and height
    forbidden: tuple[Forbidden, ...] = ()
    cycle: CycleRules = field(default_factory=CycleRules)
    surprise: float = 2.0  # times the hold that a step needs which is not expected now

    @property
    def said(self) -> str:
        """What a sentence calls it."""
        return self.title or self.name
