"""Zones outside the picture, without an area, crossing themselves, or in each other's way."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations

from edge.core.types import Polygon
from edge.sop.checking.areas import area, crosses_itself, outside, size
from edge.sop.checking.compare import Comparer
from edge.sop.checking.finding import Finding, Known, warning
from edge.sop.procedure import InZone, Procedure
from edge.sop.walk import every_plain, plain

_CORNERS = 3
_LEAST = 1e-5  # share of the picture; less is a line
_SMALL = 0.02  # shares of the width and the height: a hand's middle wanders as much
_SOME = 0.15  # of a zone inside another: a hand at the border is in both


def zones(procedure: Procedure, known: Known, compare: Comparer) -> Iterator[Finding]:
    """What is wrong with the areas."""
    for name, zone in procedure.zones.items():
        yield from _shape(f"zones.{name}", zone)
    used: dict[str, str] = {}
    for key, condition in every_plain(procedure):
        if isinstance(condition, InZone):
            used.setdefault(condition.zone, key)
    for name, key in used.items():
        if name not in procedure.zones and name not in known.zones:
            there = ", ".join(sorted({*procedure.zones, *known.zones}))
            yield Finding(key, f"unknown zone '{name}'", f"known: {there}" if there else "")
    for name in procedure.zones:
        if name not in used:
            yield warning(f"zones.{name}", "no condition speaks of it")
    yield from _overlaps(procedure, compare)


def _shape(key: str, zone: Polygon) -> Iterator[Finding]:
    if len(zone) < _CORNERS:
        yield Finding(key, "is not an area", "three corners or more")
    elif outside(zone):
        yield Finding(key, "lies outside the picture", "corners are shares 0..1")
    elif crosses_itself(zone):
        yield Finding(key, "its outline crosses itself", "list the corners as one walks around it")
    elif area(zone) < _LEAST:
        yield Finding(key, "has no area: its corners lie on a line")
    elif min(size(zone)) < _SMALL:
        problem = f"is narrower than {_SMALL:.0%} of the picture: a hand at rest will flicker there"
        yield warning(key, problem, "draw it larger than the thing in it")


def _overlaps(procedure: Procedure, compare: Comparer) -> Iterator[Finding]:
    """Zones that share too much for a hand to be in one of them alone."""
    needed = _needed(procedure)
    for one, other in combinations(needed, 2):
        share = max(compare.overlap(one, other), compare.overlap(other, one))
        if share < _SOME:
            continue
        small, large = sorted((one, other), key=lambda name: area(procedure.zones[name]))
        problem = f"{share:.0%} of '{small}' lies in '{large}', and steps need both"
        yield warning(f"zones.{small}", problem, "a hand there is in both: draw them apart")
    yield from _in_the_way(procedure, compare)


def _in_the_way(procedure: Procedure, compare: Comparer) -> Iterator[Finding]:
    """A forbidden zone that reaches into one where a step needs the same hand.

    One that is as good as the same is told with the conditions; beside others, it may be meant.
    """
    for number, one in enumerate(procedure.forbidden, start=1):
        bad = one.when
        if not isinstance(bad, InZone):
            continue
        for place, step in _places(procedure):
            if one.during and step not in one.during:
                continue
            hands = {bad.hand, place.hand}
            same = len(hands) == 1 or bool(hands & {"any", "both"})
            share = max(compare.overlap(*pair) for pair in permutations((bad.zone, place.zone)))
            if same and share >= _SOME and not compare.implies(place, bad):
                problem = f"'{bad.zone}' and '{place.zone}' overlap by {share:.0%} of the smaller"
                hint = f"'{step}' needs a hand there: draw them apart"
                yield warning(f"forbidden[{number}].when", problem, hint)


def _places(procedure: Procedure) -> Iterator[tuple[InZone, str]]:
    """Each zone that a step asks for, and the step."""
    for step in procedure.steps:
        for stage in step.stages:
            for key, condition in plain(stage.when):
                if isinstance(condition, InZone) and ".not" not in key:
                    yield condition, step.name


def _needed(procedure: Procedure) -> tuple[str, ...]:
    """The zones that steps ask for, each with an area."""
    return tuple(
        name
        for name in dict.fromkeys(place.zone for place, _ in _places(procedure))
        if area(procedure.zones.get(name, ())) >= _LEAST
    )
