"""Which condition holds whenever another does, and which can never hold at all.

Both are answered on the safe side: what cannot be shown is taken as not so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from edge.core.types import Polygon
from edge.sop.checking.areas import covered
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

_CORNERS = 3


@dataclass(frozen=True, slots=True)
class Comparer:
    """Compares conditions over these zones."""

    zones: Mapping[str, Polygon]
    share: float  # a zone is as good as in another if this much of it is
    _known: dict[tuple[str, str], float] = field(default_factory=dict)  # shares already measured

    def overlap(self, zone: str, other: str) -> float:
        """Share of a zone that lies in another; 0 where one is unknown or no area."""
        if zone == other:
            return 1.0
        a, b = self.zones.get(zone, ()), self.zones.get(other, ())
        if len(a) < _CORNERS or len(b) < _CORNERS:
            return 0.0
        if (zone, other) not in self._known:
            self._known[zone, other] = covered(a, b)
        return self._known[zone, other]

    def implies(self, one: Condition, other: Condition) -> bool:
        """Whether the other holds whenever the one does."""
        if isinstance(one, AnyOf):
            return bool(one.parts) and all(self.implies(part, other) for part in one.parts)
        if isinstance(other, AllOf):
            return all(self.implies(one, part) for part in other.parts)
        if isinstance(other, AnyOf) and any(self.implies(one, part) for part in other.parts):
            return True
        if isinstance(one, AllOf):
            return any(self.implies(part, other) for part in one.parts)
        if isinstance(one, Not) and isinstance(other, Not):
            return self.implies(other.part, one.part)
        return self._plain(one, other)

    def contains(self, whole: Sequence[Stage], part: Sequence[Stage]) -> bool:
        """Whether doing the whole shows every stage of the part, in order."""
        rest = iter(whole)
        return bool(part) and all(
            any(self.implies(done.when, stage.when) for done in rest) for stage in part
        )

    def impossible(self, condition: Condition) -> str:
        """Why a condition can never hold; empty if it may."""
        if isinstance(condition, AnyOf):
            reasons = [self.impossible(part) for part in condition.parts]
            return next(iter(reasons), "") if all(reasons) else ""
        if isinstance(condition, AllOf):
            for part in condition.parts:
                if reason := self.impossible(part):
                    return reason
            for one, other in combinations(_flat(condition), 2):
                if reason := self._against(one, other):
                    return reason
        if isinstance(condition, HandsApart) and condition.least > condition.most:
            return f"least {condition.least:g} is more than most {condition.most:g}"
        if isinstance(condition, SignalIs) and _none(condition):
            return f"at_least {condition.least:g} is more than at_most {condition.most:g}"
        return ""

    def unheld(self, stage: Stage) -> str:
        """Why a condition that may hold can never do so for long enough; empty if it can."""
        if stage.hold_s <= 0 or not moments(stage.when):
            return ""
        told = " and ".join(sorted(moments(stage.when)))
        return f"a message of {told} is a moment: it never lasts {stage.hold_s:g} s"

    def _plain(self, one: Condition, other: Condition) -> bool:
        if isinstance(one, InZone) and isinstance(other, InZone):
            wider = other.within >= one.within
            return (
                _hand_implies(one.hand, other.hand)
                and one.way == other.way
                and wider
                and self.overlap(one.zone, other.zone) >= self.share
            )
        if isinstance(one, Gesture) and isinstance(other, Gesture):
            return one.name == other.name and _hand_implies(one.hand, other.hand)
        if isinstance(one, HandsApart) and isinstance(other, HandsApart):
            return other.least <= one.least and one.most <= other.most
        if isinstance(one, SignalIs) and isinstance(other, SignalIs):
            return one.signal == other.signal and _says(one, other)
        return isinstance(one, BodyPose) and one == other

    def _against(self, one: Condition, other: Condition) -> str:
        """Why two conditions cannot hold together; empty if they may."""
        for a, b in ((one, other), (other, one)):
            if isinstance(b, Not) and self.implies(a, b.part):
                return "it asks for something and for its opposite"
        if isinstance(one, SignalIs) and isinstance(other, SignalIs):
            return _unsaid(one, other)
        if isinstance(one, HandsApart) and isinstance(other, HandsApart):
            if max(one.least, other.least) > min(one.most, other.most):
                return f"the hands cannot be {_width(one)} and {_width(other)} apart at once"
        elif isinstance(one, InZone) and isinstance(other, InZone):
            return self._elsewhere(one, other)
        elif (
            isinstance(one, Gesture)
            and isinstance(other, Gesture)
            and one.name != other.name
            and _same_hand(one.hand, other.hand)
        ):
            return f"one hand cannot show both {one.name} and {other.name}"
        return ""

    def _elsewhere(self, one: InZone, other: InZone) -> str:
        ways = one.way == other.way == "in" and not one.within and not other.within
        apart = ways and _same_hand(one.hand, other.hand)
        known = all(len(self.zones.get(zone, ())) >= _CORNERS for zone in (one.zone, other.zone))
        if apart and known and not self.overlap(one.zone, other.zone):
            return f"one hand cannot be in both {one.zone} and {other.zone}: they lie apart"
        return ""


def moments(condition: Condition) -> frozenset[str]:
    """The signals of which a message must just have come; none: it may hold for a while."""
    if isinstance(condition, SignalIs):
        plain = condition.equals is None and condition.least is None and condition.most is None
        return frozenset({condition.signal}) if plain else frozenset()
    if isinstance(condition, AllOf):
        return frozenset().union(*map(moments, condition.parts))
    if isinstance(condition, AnyOf) and all(moments(part) for part in condition.parts):
        return frozenset().union(*map(moments, condition.parts))
    return frozenset()


def _unsaid(one: SignalIs, other: SignalIs) -> str:
    """Why no message says both; empty if one may."""
    if one.signal == other.signal:
        return f"the signal {one.signal} cannot say both" if _apart(one, other) else ""
    if moments(one) and moments(other):
        return f"{one.signal} and {other.signal} never say something in the same moment"
    return ""


def _width(apart: HandsApart) -> str:
    if apart.least > 0 and math.isfinite(apart.most):
        return f"{apart.least:g} to {apart.most:g}"
    return f"{apart.least:g} or more" if apart.least > 0 else f"{apart.most:g} or less"


def _flat(condition: AllOf) -> list[Condition]:
    found: list[Condition] = []
    for part in condition.parts:
        found += _flat(part) if isinstance(part, AllOf) else [part]
    return found


def _hand_implies(one: Which, other: Which) -> bool:
    return other in (one, "any") or one == "both"


def _same_hand(one: Which, other: Which) -> bool:
    """Both speak of one and the same hand."""
    return "any" not in (one, other) and ("both" in (one, other) or one == other)


def _none(signal: SignalIs) -> bool:
    return signal.least is not None and signal.most is not None and signal.least > signal.most


def _says(one: SignalIs, other: SignalIs) -> bool:
    """Every value of the one is a value of the other."""
    if other.equals is not None:
        return one.equals == other.equals and isinstance(one.equals, type(other.equals))
    if other.least is None and other.most is None:
        return True
    own, wanted = _bounds(one), _bounds(other)
    return own is not None and wanted is not None and wanted[0] <= own[0] and own[1] <= wanted[1]


def _apart(one: SignalIs, other: SignalIs) -> bool:
    """No value of the one is a value of the other."""
    if one.equals is not None and other.equals is not None:
        return one.equals != other.equals
    a, b = _bounds(one), _bounds(other)
    return a is not None and b is not None and (a[1] < b[0] or b[1] < a[0])


def _bounds(signal: SignalIs) -> tuple[float, float] | None:
    """The numbers it may say; None where it says no numbers."""
    if signal.equals is not None:
        number = isinstance(signal.equals, (int, float)) and not isinstance(signal.equals, bool)
        return (float(signal.equals), float(signal.equals)) if number else None
    if signal.least is None and signal.most is None:
        return None
    low = -math.inf if signal.least is None else signal.least
    return low, math.inf if signal.most is None else signal.most
