"""The conditions of a procedure file, one table each: { hand = "right", in = "bin" } ...

{ hand =, in = "zone" }  { hand =, enters = "zone" }  { hand =, leaves = "zone" }
{ hand =, near = "zone", within = 0.05 }              { hands_apart = { least =, most = } }
{ hand =, gesture = "pinch" }    { pose = "squat" }
{ signal = "torque" }  and is = true, or at_least = 2, at_most = 3
{ all = [ ... ] }  { any = [ ... ] }  { not = { ... } }
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from edge.config_table import Place, read
from edge.core.settings import setting
from edge.registry import nearest
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
    Which,
)

HANDS: tuple[Which, ...] = ("left", "right", "any", "both")
KINDS = (
    *("in", "enters", "leaves", "near", "hands_apart", "gesture", "pose", "signal"),
    *("all", "any", "not"),
)
# The keys that may stand beside each kind.
BESIDE = {
    **dict.fromkeys(("in", "gesture"), ("hand",)),
    **dict.fromkeys(("near", "enters", "leaves"), ("hand", "within")),
    "signal": ("is", "at_least", "at_most"),
}
_WAYS: dict[str, Literal["in", "enters", "leaves"]] = {
    "in": "in",
    "near": "in",
    "enters": "enters",
    "leaves": "leaves",
}
_MEANT = {
    "min_s": "least_s",
    "max_s": "most_s",
    "hold": "hold_s",
    "timeout_s": "give_up_s",
    "zone": "in",
    "equals": "is",
    "value": "is",
}
_DEEPEST = 8  # conditions inside conditions
_DRAW = "draw it: [zones] and below it bin = [[0.1, 0.6], [0.5, 0.6], [0.5, 0.9]]"


@dataclass(frozen=True, slots=True)
class _Apart:
    least: float = setting(0.0, "shares of the picture's width", low=0)
    most: float = setting(float("inf"), "shares of the picture's width", low=0)


@dataclass(frozen=True, slots=True)
class _Plain:
    """What may stand in a condition beside its kind, and how long it holds."""

    hand: str = setting("any", "whose hand", choices=HANDS)
    within: float = setting(0.0, "shares of the picture's width", low=0.001, high=1)
    at_least: float | None = setting(None, "the least number it may say")
    at_most: float | None = setting(None, "the largest number it may say")
    hold_s: float = setting(0.0, "this much of it must be seen", unit="s", low=0)


def meant(key: str, known: Collection[str]) -> str:
    """What an unknown key may have been meant for: a word of other tools, or the nearest one."""
    if _MEANT.get(key) in known:
        return f"did you mean '{_MEANT[key]}'?"
    if "when" in known and key in (*_MEANT, *KINDS, "hand", "hold_s"):
        return 'it stands in the condition: when = { hand = "right", in = "bin", hold_s = 0.3 }'
    return nearest(key, known)


def stage_of(table: object, place: Place, zones: Collection[str]) -> Stage | None:
    """A condition with its hold_s; None where errors were noted."""
    if not isinstance(table, Mapping):
        place.wrong("must be a table", 'write { hand = "right", in = "bin", hold_s = 0.3 }')
        return None
    held = read(_Plain, {key: table[key] for key in ("hold_s",) if key in table}, place)
    rest = {key: value for key, value in table.items() if key != "hold_s"}
    when = condition_of(rest, place, zones)
    return None if held is None or when is None else Stage(when, held.hold_s)


def condition_of(
    table: object, place: Place, zones: Collection[str], depth: int = 1
) -> Condition | None:
    """One condition, whole; None where errors were noted."""
    if not isinstance(table, Mapping):
        place.wrong("must be a table", 'write { hand = "right", in = "bin" }')
        return None
    if depth > _DEEPEST:
        place.wrong(f"has more than {_DEEPEST} conditions inside each other")
        return None
    kinds = [key for key in table if key in KINDS]
    if len(kinds) != 1:
        _not_one(table, kinds, place)
        return None
    (kind,) = kinds
    before = len(place.errors)
    plain = _beside(kind, table, place)
    one = _Table(kind, table[kind], table, plain, place, zones, depth)
    found = one.nested() if kind in ("all", "any", "not") else one.single()
    return found if len(place.errors) == before else None


def _not_one(table: Mapping[str, Any], kinds: list[str], place: Place) -> None:
    if kinds:
        place.wrong(
            f"is {len(kinds)} conditions in one: {', '.join(kinds)}",
            "put each into a table of its own: all = [{ ... }, { ... }]",
        )
        return
    others = {"hand", "within", "is", "at_least", "at_most"}
    for key in (key for key in table if key not in others):
        place.at(key).wrong("unknown condition", meant(key, (*KINDS, "hold_s")))
    if all(key in others for key in table):
        place.wrong("says no condition", f"one of {', '.join(KINDS)}")


def _beside(kind: str, table: Mapping[str, Any], place: Place) -> _Plain:
    """The keys beside a condition's kind, checked."""
    allowed = BESIDE.get(kind, ())
    for key in table:
        if key == "hold_s":
            place.at(key).wrong("is not for a part of a condition", "write it beside the whole")
        elif key != kind and key not in allowed:
            hint = f"beside {kind}: {', '.join(allowed)}" if allowed else f"{kind} stands alone"
            if (better := meant(key, (*allowed, "hold_s"))).startswith("did"):
                hint = better
            place.at(key).wrong("is not known here", hint)
    if kind == "near" and "within" not in table:
        place.at("within").wrong("is missing", "shares of the picture's width: 0.05 is a hand")
    found = {key: table[key] for key in allowed if key in table and key != "is"}
    return read(_Plain, found, place) or _Plain()


@dataclass(frozen=True, slots=True)
class _Table:
    """One condition's table, and all that reading it needs."""

    kind: str
    value: Any
    table: Mapping[str, Any]
    plain: _Plain
    place: Place
    zones: Collection[str]
    depth: int

    def nested(self) -> Condition | None:
        """Conditions made of conditions."""
        at = self.place.at(self.kind)
        if self.kind == "not":
            part = condition_of(self.value, at, self.zones, self.depth + 1)
            return None if part is None else Not(part)
        if not isinstance(self.value, list) or not self.value:
            at.wrong("must be a list of conditions", f"write {self.kind} = [{{ ... }}, {{ ... }}]")
            return None
        listed = [
            condition_of(table, self.place.at(f"{self.kind}[{number}]"), self.zones, self.depth + 1)
            for number, table in enumerate(self.value, start=1)
        ]
        parts = tuple(part for part in listed if part is not None)
        return AllOf(parts) if self.kind == "all" else AnyOf(parts)

    def single(self) -> Condition | None:
        """Something to be seen, or to be told by a signal."""
        at = self.place.at(self.kind)
        if self.kind == "hands_apart":
            apart = read(_Apart, self.value, at)
            return None if apart is None else HandsApart(apart.least, apart.most)
        if not isinstance(self.value, str) or not self.value:
            at.wrong("must be a name in quotes")
            return None
        if self.kind == "signal":
            return self._signal()
        if self.kind == "pose":
            return BodyPose(self.value)
        hand = next(which for which in HANDS if which == self.plain.hand)
        if self.kind == "gesture":
            return Gesture(self.value, hand)
        if self.value not in self.zones:
            hint = nearest(self.value, self.zones) if self.zones else _DRAW
            at.wrong(f"unknown zone '{self.value}'", hint)
        return InZone(self.value, hand, _WAYS[self.kind], self.plain.within)

    def _signal(self) -> Condition:
        """What it must say: anything, one value, or a number between bounds."""
        least, most, equals = self.plain.at_least, self.plain.at_most, self.table.get("is")
        if "is" not in self.table:
            return SignalIs(self.value, None, least, most)
        at = self.place.at("is")
        if not isinstance(equals, (bool, int, float, str)) or equals != equals:  # noqa: PLR0124 - NaN
            at.wrong("must be true, false, a number or a text in quotes")
        if least is not None or most is not None:
            at.wrong("is beside at_least or at_most", "say one value, or bounds")
        return SignalIs(self.value, equals)
