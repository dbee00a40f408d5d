"""Figures as people read them, shared by the terminal and the page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

NONE = "-"
HEAD = ("figure", "fall rule", "baseline")
BESIDE = ("poses", "rule", "falls found", "sensitivity", "false alarms", "per hour", "p50")


def comparison(ours: Mapping[str, Any], baseline: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Each figure of both rules: what it is, the fall rule's, the baseline's."""
    first, second = _column(ours), _column(baseline)
    return [(name, value, second[name]) for name, value in first.items()]


def _column(one: Mapping[str, Any]) -> dict[str, str]:
    falls, everyday = one["falls"], one["everyday_clips"]
    quiet = everyday - one["everyday_clips_with_false_alarm"]
    hours = one["everyday_hours"]
    return {
        "falls found": f"{one['found']} of {falls}",
        "sensitivity": ranged(one, "sensitivity"),
        "everyday clips without alarm": f"{quiet} of {everyday}",
        "specificity": ranged(one, "specificity"),
        "precision": percent(one["precision"]),
        "F1": percent(one["f1"]),
        "false alarms": f"{one['false_alarms']} in {hours * 60:.1f} min",
        "false alarms per hour": per_hour(one),
        "delay from onset, p50 / p95": delays(one["delay_from_onset_s"]),
        "delay from impact, p50 / p95": delays(one["delay_from_impact_s"]),
        "repeated alerts": str(one["repeated"]),
    }


def beside(figures: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Figures of both rules on our poses and on each peer's, a row each; none without peers."""
    if not figures["peers"]:
        return []
    ours = ("edgepose", figures, figures["baseline"])
    theirs = [
        (name, one["fall_rule"], one["torso_angle"]) for name, one in figures["peers"].items()
    ]
    return [
        (name if rule == "fall rule" else "", rule, *brief(one))
        for name, fall_rule, baseline in (ours, *theirs)
        for rule, one in (("fall rule", fall_rule), ("baseline", baseline))
    ]


def brief(one: Mapping[str, Any]) -> tuple[str, ...]:
    """The figures that matter most."""
    p50 = one["delay_from_onset_s"]["p50"]
    return (
        f"{one['found']} of {one['falls']}",
        ranged(one, "sensitivity"),
        str(one["false_alarms"]),
        per_hour(one),
        NONE if math.isnan(p50) else f"{p50:+.2f} s",
    )


def found_and_false(one: Mapping[str, Any]) -> str:
    """Falls found of all falls, and false alarms."""
    return f"{one['found']} of {one['falls']}, {one['false_alarms']}"


def percent(value: float) -> str:
    """A share, to the tenth of a percent where it is not whole."""
    if math.isnan(value):
        return NONE
    text = f"{100 * value:.1f}"
    return f"{text.removesuffix('.0')} %"


def ranged(one: Mapping[str, Any], key: str) -> str:
    """A share and its interval."""
    value, (low, high) = one[key], one[f"{key}_interval"]
    if math.isnan(value):
        return NONE
    return f"{percent(value)} ({100 * low:.0f} to {100 * high:.0f})"


def per_hour(one: Mapping[str, Any]) -> str:
    """False alarms per hour and their interval."""
    value, (low, high) = one["false_alarms_per_hour"], one["false_alarms_per_hour_interval"]
    return NONE if math.isnan(value) else f"{_rate(value)} ({_rate(low)} to {_rate(high)})"


def _rate(value: float) -> str:
    return f"{value:.2g}" if value < 10 else f"{value:,.0f}"  # noqa: PLR2004 - two digits


def delays(one: Mapping[str, float]) -> str:
    """Median and 95th percentile."""
    values: Sequence[float] = (one["p50"], one["p95"])
    return NONE if math.isnan(values[0]) else " / ".join(f"{value:+.2f}" for value in values) + " s"


def counted(count: int, noun: str) -> str:
    """Such as "1 clip" and "2 clips"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
