"""What was sent against what was heard: lost, twice, out of order, and how late."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.fleet.course import Course, Outage
from benchmarks.fleet.device import Sent
from benchmarks.fleet.listener import Heard, kind_of

_SHARES = (50, 95, 99)


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """The first time each message was heard, and how often again."""

    first: Mapping[tuple[str, str], Heard]  # by topic and key
    again: int  # events heard once more, under their own ids


def figures(course: Course) -> dict[str, Any]:
    """Everything but the devices, the broker and the board; `sent` to `lost` are events."""
    arrivals = arrive(course.heard)
    events = [one for one in course.sent if one.kind == "event"]
    received = [one for one in events if (one.topic, one.key) in arrivals.first]
    recovery = recovered(events, arrivals, course.outage)
    calm = [one for one in course.sent if not _troubled(one, course.outage, recovery)]
    fresh = [one for one in course.heard if not one.retained]
    begin, end = course.memory_mb
    return {
        "duration_s": course.duration_s,
        "sent": len(events),
        "received": len(received),
        "lost": len(events) - len(received),
        "duplicated": arrivals.again,
        "out_of_order": disorder(events, arrivals),
        "outdated_states": outdated(course.sent, course.heard),
        "messages": len(fresh),
        "messages_per_s": _rate(fresh),
        "latency_ms": latency((one for one in calm if one.kind == "event"), arrivals),
        "kinds": _kinds(course.sent, calm, fresh, arrivals),
        "outage_s": course.outage.up - course.outage.down if course.outage else 0.0,
        "recovery_s": recovery,
        "memory_mb": {"begin": begin, "end": end},
        "cpu_share": course.cpu_share,
    }


def arrive(heard: Iterable[Heard]) -> Arrivals:
    """Sort what was heard; a retained message given again is no new arrival."""
    first: dict[tuple[str, str], Heard] = {}
    again = 0
    for one in heard:
        if one.retained:
            continue
        if (one.topic, one.key) in first:
            again += kind_of(one.topic) == "event"
        else:
            first[one.topic, one.key] = one
    return Arrivals(first, again)


def latency(sent: Iterable[Sent], arrivals: Arrivals) -> dict[str, float]:
    """Publish to receive, ms: p50, p95 and p99; nan where nothing arrived."""
    late = [
        (there.at - one.at) * 1e3
        for one in sent
        if (there := arrivals.first.get((one.topic, one.key))) is not None
    ]
    values = np.percentile(late, _SHARES) if late else [math.nan] * len(_SHARES)
    return {f"p{share}": float(value) for share, value in zip(_SHARES, values, strict=True)}


def disorder(events: Iterable[Sent], arrivals: Arrivals) -> int:
    """Events that arrived after one that the same device told later."""
    told: dict[str, list[Sent]] = {}
    for one in events:
        told.setdefault(one.device, []).append(one)
    overtaken = 0
    for mine in told.values():
        latest = math.inf
        for one in reversed(mine):
            there = arrivals.first.get((one.topic, one.key))
            if there is not None:
                overtaken += there.at > latest
                latest = min(latest, there.at)
    return overtaken


def outdated(sent: Iterable[Sent], heard: Iterable[Heard]) -> int:
    """State topics whose last message is not the last that was told."""
    last = {one.topic: one.key for one in sent if one.kind == "state"}
    known = {one.topic: one.key for one in heard}
    return sum(known.get(topic) != key for topic, key in last.items())


def recovered(events: Iterable[Sent], arrivals: Arrivals, outage: Outage | None) -> float | None:
    """Seconds from the broker's return until all told by then was there; None: not all came."""
    if outage is None:
        return None
    there = [arrivals.first.get((one.topic, one.key)) for one in events if one.at <= outage.up]
    if any(one is None for one in there):
        return None
    return max(0.0, *(one.at - outage.up for one in there if one is not None), 0.0)


def _troubled(one: Sent, outage: Outage | None, recovery: float | None) -> bool:
    """Whether it was told while the broker was away, or while all caught up."""
    if outage is None:
        return False
    return outage.down <= one.at <= outage.up + (math.inf if recovery is None else recovery)


def _rate(heard: Sequence[Heard]) -> float:
    """Messages a second, from the first to the last."""
    if not heard:
        return 0.0
    return len(heard) / max(heard[-1].at - heard[0].at, 1e-9)


def _kinds(
    sent: Sequence[Sent], calm: Sequence[Sent], fresh: Sequence[Heard], arrivals: Arrivals
) -> dict[str, dict[str, Any]]:
    """By kind of message; of states, health and poses a sink sends only the newest."""
    kinds = sorted({kind_of(one.topic) for one in fresh} | {one.kind for one in sent})
    return {
        kind: {
            "qos": max((one.qos for one in fresh if kind_of(one.topic) == kind), default=None),
            "sent": sum(one.kind == kind for one in sent),
            "received": sum(kind_of(topic) == kind for topic, _ in arrivals.first),
            "latency_ms": latency((one for one in calm if one.kind == kind), arrivals),
        }
        for kind in kinds
    }
