"""How sure it is that a condition is so: more than 0 if it is, 0 if it is seen not to be, or None.

None is what nobody can see now: the hand it speaks of is lost, or there is none. A hand of which
nobody knows whether it is the left or the right one counts for "any" only. "Coming into" and
"leaving" are so for a moment after the hand crossed the border, as long as it stays there; a hand
that is first seen in a zone has not come into it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import Any

from edge.core.types import Value
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
)
from edge.sop.watching.view import View

Sure = float | None
Mark = tuple[str, object]  # what was seen, and of whom

_SIDES = {"left": ("left",), "right": ("right",), "any": ("", "left", "right")}
_PAIR = ("left", "right")


def sure(condition: Condition, view: View) -> Sure:
    """How sure it is, 0..1; 0: it is seen not to be so; None: unknown."""
    return _SURE[type(condition)](condition, view)


def truth(value: Value | None) -> bool | None:
    """What a signal says that is true or false: a bool, or the number 1 or 0; else None."""
    if isinstance(value, str) or value is None or value not in (0, 1):
        return None
    return bool(value)


def leaves(condition: Condition) -> Iterator[Condition]:
    """The plain conditions that one is made of."""
    parts = (
        condition.parts
        if isinstance(condition, (AllOf, AnyOf))
        else (condition.part,)
        if isinstance(condition, Not)
        else ()
    )
    if not parts and not isinstance(condition, (AllOf, AnyOf)):
        yield condition
    for part in parts:
        yield from leaves(part)


def marks(condition: Condition, view: View) -> frozenset[Mark]:
    """What of this scene makes a condition so: each hand in a zone, or else gestures, or else all.

    Two conditions with a mark in common are told by the same thing.
    """
    found = list(_marks(condition, view))
    for kind in ("zone", "gesture"):
        if some := [mark for mark in found if mark[0].startswith(f"{kind} ")]:
            return frozenset(some)
    return frozenset(found)


def _marks(condition: Condition, view: View) -> Iterator[Mark]:
    if sure(condition, view):
        yield from _MARKS[type(condition)](condition, view)


def _hands_there(condition: InZone, view: View) -> Iterator[Mark]:
    inside = view.inside(condition.zone, condition.within)
    for here, hand in zip(inside, view.hands, strict=True):
        if here or condition.way == "leaves":
            yield f"zone {condition.zone}", hand.id


def _hands_showing(condition: Gesture, view: View) -> Iterator[Mark]:
    for hand in view.hands:
        if hand.label == condition.name:
            yield f"gesture {condition.name}", hand.id


def _of_parts(condition: AllOf | AnyOf, view: View) -> Iterator[Mark]:
    for part in condition.parts:
        yield from _marks(part, view)


def _in_zone(condition: InZone, view: View) -> Sure:
    if condition.way != "in":
        return _crossing(condition, view)
    if condition.hand == "both":
        return _least(_of_hands(condition, view, (side,)) for side in _PAIR)
    return _of_hands(condition, view, _SIDES[condition.hand])


def _of_hands(condition: InZone, view: View, sides: tuple[str, ...]) -> Sure:
    """As `_most`, but written out: this is asked more often than all else."""
    best, unknown, nobody = 0.0, False, True
    for here, hand in zip(view.inside(condition.zone, condition.within), view.hands, strict=True):
        if hand.side in sides:
            nobody = False
            if hand.lost:
                unknown = True
            elif here and hand.sure > best:
                best = hand.sure
    return best or (None if unknown or nobody else 0.0)


def _crossing(condition: InZone, view: View) -> Sure:
    if condition.hand != "both":
        return _most(_crossed(condition, view, side) for side in _SIDES[condition.hand])
    wanted = condition.way == "enters"
    both = [view.crossings.get((side, condition.zone, condition.within)) for side in _PAIR]
    if any(side is None for side in both):
        return None
    there = all(side is not None and side.inside == wanted for side in both)
    return _most(_crossed(condition, view, side) for side in _PAIR) if there else 0.0


def _crossed(condition: InZone, view: View, side: str) -> Sure:
    mine = [hand.sure for hand in view.hands if hand.side == side and not hand.lost]
    last = view.crossings.get((side, condition.zone, condition.within))
    if last is None or not mine:
        return None
    just = last.since is not None and view.t - last.since <= view.moment
    return max(mine) if just and last.inside == (condition.way == "enters") else 0.0


def _apart(condition: HandsApart, view: View) -> Sure:
    seen = [hand for hand in view.hands if not hand.lost]
    nearest = min(
        (
            (math.hypot(a.x - b.x, (a.y - b.y) * view.tall), min(a.sure, b.sure))
            for a, b in combinations(seen, 2)
        ),
        default=None,
    )
    if nearest is None:
        return None
    return nearest[1] if condition.least <= nearest[0] <= condition.most else 0.0


def _gesture(condition: Gesture, view: View) -> Sure:
    if condition.hand == "both":
        return _least(_shown(condition, view, (side,)) for side in _PAIR)
    return _shown(condition, view, _SIDES[condition.hand])


def _shown(condition: Gesture, view: View, sides: tuple[str, ...]) -> Sure:
    """A hand that only an arm shows may make any gesture."""
    return _most(
        None
        if hand.lost or not (hand.shown or hand.label)
        else hand.label_sure
        if hand.label == condition.name
        else 0.0
        for hand in view.hands
        if hand.side in sides
    )


def _pose(condition: BodyPose, view: View) -> Sure:
    return _most(score if label == condition.name else 0.0 for label, score in view.poses)


def _signal(condition: SignalIs, view: View) -> Sure:
    if condition.equals is None and condition.least is None and condition.most is None:
        return float(view.came is not None and view.came.name == condition.signal)
    value = view.values.get(condition.signal)
    return None if value is None else float(_fits(condition, value))


def _fits(condition: SignalIs, value: Value) -> bool:
    """As JSON compares, and 1 is 1.0; but where true or false is asked for, 1 or 0 will do."""
    if isinstance(condition.equals, bool):
        if truth(value) is not condition.equals:
            return False
    elif condition.equals is not None and (value != condition.equals or isinstance(value, bool)):
        return False
    if condition.least is None and condition.most is None:
        return True
    if isinstance(value, (bool, str)):
        return False
    low = -math.inf if condition.least is None else condition.least
    return low <= value <= (math.inf if condition.most is None else condition.most)


def _all(condition: AllOf, view: View) -> Sure:
    return _least(sure(part, view) for part in condition.parts)


def _any(condition: AnyOf, view: View) -> Sure:
    return _most(sure(part, view) for part in condition.parts)


def _not(condition: Not, view: View) -> Sure:
    found = sure(condition.part, view)
    return None if found is None else float(found == 0)


def _least(parts: Iterable[Sure]) -> Sure:
    """All of them: one that is not so decides, then one that nobody knows."""
    found = list(parts)
    if any(part == 0 for part in found):
        return 0.0
    return None if None in found else min((part for part in found if part), default=0.0)


def _most(parts: Iterable[Sure]) -> Sure:
    """Any of them: one that is so decides, then one that nobody knows; none at all is unknown."""
    found = list(parts)
    best = max((part for part in found if part), default=0.0)
    return best or (None if not found or None in found else 0.0)


_SURE: dict[type, Callable[[Any, View], Sure]] = {
    InZone: _in_zone,
    HandsApart: _apart,
    Gesture: _gesture,
    BodyPose: _pose,
    SignalIs: _signal,
    AllOf: _all,
    AnyOf: _any,
    Not: _not,
}

_MARKS: dict[type, Callable[[Any, View], Iterable[Mark]]] = {
    InZone: _hands_there,
    HandsApart: lambda _condition, _view: (("hands", "apart"),),
    Gesture: _hands_showing,
    BodyPose: lambda condition, _view: (("body", condition.name),),
    SignalIs: lambda condition, _view: (("signal", condition.signal),),
    AllOf: _of_parts,
    AnyOf: _of_parts,
    Not: lambda _condition, _view: (),
}
