"""Conditions, stages and durations as words; what an event says and what a person is told.

A condition is said as a thing that can be seen: "the right hand in the bin", so that it fits
after "seen:", before "for 0.4 s" and in a list.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from edge.sop.procedure import (
    AllOf,
    AnyOf,
    BodyPose,
    Condition,
    Gesture,
    HandsApart,
    InZone,
    Not,
    SignalIs,
    Stage,
    Step,
)

_HANDS = {
    "left": "the left hand",
    "right": "the right hand",
    "any": "a hand",
    "both": "both hands",
}


def said(condition: Condition) -> str:
    """What is seen when a condition holds, without a verb."""
    if isinstance(condition, AllOf):
        return _list([_part(part) for part in condition.parts], "and") or "anything"
    if isinstance(condition, AnyOf):
        words = _list([_part(part) for part in condition.parts], "or") or "nothing"
        return f"either {words}" if len(condition.parts) > 1 else words
    if isinstance(condition, Not):
        return _not(condition.part)
    return _plain(condition)


def stage(one: Stage) -> str:
    """A condition and how long it lasts."""
    if one.hold_s <= 0:
        return said(one.when)
    entering = isinstance(one.when, InZone) and one.when.way == "enters"
    lasts = "and staying there" if entering else "for"
    return f"{said(one.when)} {lasts} {seconds(one.hold_s)}"


def stages(several: Iterable[Stage]) -> str:
    """Stages, one after the other."""
    return ", then ".join(stage(one) for one in several) or "nothing to be seen"


def seconds(value: float) -> str:
    """A duration as people read it: 0.3 s, 90 s, 20 min."""
    minutes, exact = value / 60, 5
    if minutes >= exact and round(minutes, 1) == round(minutes, 6):
        return f"{round(minutes, 1):g} min"
    return f"{round(value, 2):g} s"


def span(least: float, most: float) -> str:
    """How long something may take; empty without any limit (0)."""
    if least > 0 and most > 0:
        return f"{round(least, 2):g} to {seconds(most)}"
    if least > 0:
        return f"at least {seconds(least)}"
    return f"at most {seconds(most)}" if most > 0 else ""


def limits(step: Step) -> Iterator[str]:
    """A few words for each limit of a step; none where all is usual."""
    if step.times > 1 or step.more:
        yield f"x{step.times}{' or more' if step.more else ''}"
    if step.optional:
        yield "optional"
    if takes := span(step.least_s, step.most_s):
        yield takes
    if step.wait_least_s > 0:
        yield f"begun after {seconds(step.wait_least_s)}"
    if step.wait_most_s > 0:
        yield f"begun within {seconds(step.wait_most_s)}"


def label(name: str) -> str:
    """A gesture or a pose as words: thumb_up is "thumb up"."""
    return name.replace("_", " ").replace("-", " ").strip() or name


def names(several: Iterable[str], joint: str = "and") -> str:
    """Names in a sentence: a, b and c."""
    return _list(list(several), joint)


def _plain(condition: InZone | HandsApart | Gesture | BodyPose | SignalIs) -> str:
    if isinstance(condition, InZone):
        return f"{_HANDS[condition.hand]} {_where(condition)}"
    if isinstance(condition, HandsApart):
        return _apart(condition.least, condition.most)
    if isinstance(condition, Gesture):
        return f"{_HANDS[condition.hand]} showing '{label(condition.name)}'"
    if isinstance(condition, BodyPose):
        return f"a body in the pose '{label(condition.name)}'"
    return f"the signal {condition.signal} {_value(condition)}".rstrip()


def _part(condition: Condition) -> str:
    """A condition inside a list: what is a list itself stands in brackets."""
    lists = isinstance(condition, (AllOf, AnyOf)) and len(condition.parts) > 1
    return f"({said(condition)})" if lists else said(condition)


def _not(condition: Condition) -> str:
    if isinstance(condition, Not):
        return said(condition.part)
    if isinstance(condition, (InZone, Gesture)) and condition.hand in ("left", "right"):
        return said(condition).replace(" hand ", " hand not ", 1)
    if isinstance(condition, BodyPose) or getattr(condition, "hand", "") == "any":
        return said(condition).replace("a ", "no ", 1)
    if isinstance(condition, SignalIs) and isinstance(condition.equals, bool):
        return f"the signal {condition.signal} being {str(not condition.equals).lower()}"
    words = said(condition)
    return f"not ({words})" if isinstance(condition, (AllOf, AnyOf)) else f"not {words}"


def _where(condition: InZone) -> str:
    place = f"the {condition.zone}"  # as the file has it, to be found there
    way = {"in": "in", "enters": "coming into", "leaves": "leaving"}[condition.way]
    if condition.within <= 0:
        return f"{way} {place}"
    near = "near" if condition.way == "in" else f"{way.split()[0]} the surroundings of"
    return f"{near} {place} (within {condition.within:g} of the picture's width)"


def _apart(least: float, most: float) -> str:
    of = "of the picture's width"
    if least > 0 and math.isfinite(most):
        return f"the hands {least:g} to {most:g} {of} apart"
    if least > 0:
        return f"the hands at least {least:g} {of} apart"
    return f"the hands at most {most:g} {of} apart" if math.isfinite(most) else "two hands"


def _value(condition: SignalIs) -> str:
    if condition.equals is not None:
        value = condition.equals
        if isinstance(value, bool):
            return f"being {str(value).lower()}"
        return f"being '{value}'" if isinstance(value, str) else f"being {value:g}"
    if condition.least is not None and condition.most is not None:
        return f"from {condition.least:g} to {condition.most:g}"
    if condition.least is not None:
        return f"at {condition.least:g} or more"
    return f"at {condition.most:g} or less" if condition.most is not None else ""


def _list(parts: list[str], joint: str) -> str:
    return f"{', '.join(parts[:-1])} {joint} {parts[-1]}" if len(parts) > 1 else "".join(parts)
