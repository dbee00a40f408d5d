"""Figures as tables for a terminal, and held against the bars that a bundled model must reach."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks import answer

Figures = Mapping[str, Mapping[str, Any]]  # model -> figures

_BODY = (
    *("body", "PCK@0.2", "turned", "OKS", "AP", "found", "invented"),
    *("upright", "lying", "lying, near", "in empty rooms"),
)
_FALLS = ("falls", "found", "share", "false alarms", "delay p50")
_HAND = ("hand", "PCK@0.2 straight", "PCK@0.2 turned", "present straight", "present turned")

# What a bundled model must reach.
_FOUND = {"lying": 0.85, "upright": 0.95}  # of the people in URFD
_OF_SMALL, _OF_HAND = 0.80, 0.70  # of the PCK of PoseNet 0.50, of hand-landmark-lite


def tables(bodies: Figures, hands: Figures) -> Iterator[str]:
    """One table for bodies, one for falls where clips were watched, one for hands."""
    if bodies:
        yield answer.table(_BODY, [_body(name, one) for name, one in bodies.items()])
    fallen = {name: one["falls"] for name, one in bodies.items() if "falls" in one}
    if fallen:
        yield answer.table(_FALLS, [_fall(name, one) for name, one in fallen.items()])
    if hands:
        yield answer.table(_HAND, [_hand(name, one) for name, one in hands.items()])


@dataclass(frozen=True, slots=True)
class Beside:
    """Names of the models that the bars come from; empty: not measured."""

    small: str  # PoseNet 0.50
    large: str  # PoseNet 0.75
    hand: str


def bars(name: str, bodies: Figures, hands: Figures, beside: Beside) -> list[str]:
    """A line for each bar that a model reaches or misses; those without figures are left out."""
    lines = []
    one = bodies.get(name)
    if one:
        for what, least in _FOUND.items():
            lines.append(_bar(f"{what} people found", one["urfd"][what]["found_share"], least))
    if one and beside.small in bodies:
        least = _OF_SMALL * bodies[beside.small]["prominent"]["pck_0.2"]
        lines.append(_bar("PCK@0.2 on COCO", one["prominent"]["pck_0.2"], least))
    if one and "falls" in one and "falls" in bodies.get(beside.large, {}):
        other = bodies[beside.large]["falls"]
        lines.append(_bar("fall sensitivity", one["falls"]["sensitivity"], other["sensitivity"]))
        lines.append(_bar("false alarms", -one["falls"]["false_alarms"], -other["false_alarms"]))
    if name in hands and beside.hand in hands and name != beside.hand:
        for crop, values in hands[name].items():
            least = _OF_HAND * hands[beside.hand][crop]["pck_0.2"]
            lines.append(_bar(f"PCK@0.2 of hands, {crop}", values["pck_0.2"], least))
    return lines


def _bar(what: str, value: float, least: float) -> str:
    verdict = "reached" if value >= least else "MISSED"
    return f"{verdict:8} {what}: {abs(value):.3f}, bar {abs(least):.3f}"


def _body(name: str, one: Mapping[str, Any]) -> tuple[str, ...]:
    prominent, every, urfd = one["prominent"], one["everybody"], one["urfd"]
    return (
        name,
        _share(prominent["pck_0.2"]),
        _share(one["turned"]["pck_0.2"]),
        _share(prominent["oks"]),
        _share(every["oks_ap"]),
        _share(every["found_share"]),
        str(every["invented"]),
        _of(urfd["upright"]),
        _of(urfd["lying"]),
        _share(urfd["lying"]["near_share"]),
        f"{one['empty']['false_people']} in {one['empty']['pictures']}",
    )


def _fall(name: str, one: Mapping[str, Any]) -> tuple[str, ...]:
    found = f"{one['found']} of {one['falls']}"
    delay = one["delay_from_onset_s"]["p50"]
    return name, found, _share(one["sensitivity"]), str(one["false_alarms"]), f"{delay:.2f} s"


def _hand(name: str, one: Mapping[str, Any]) -> tuple[str, ...]:
    crops = (one["straight"], one["turned"])
    shares = [_share(crop[key]) for key in ("pck_0.2", "present") for crop in crops]
    return (name, *shares)


def _of(one: Mapping[str, Any]) -> str:
    return f"{one['found']} of {one['frames']} = {_share(one['found_share'])}"


def _share(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"
