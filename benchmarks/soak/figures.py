"""A day's figures: as JSON with stable keys, as a table, and a verdict for each row."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from benchmarks import answer
from benchmarks.soak import trend
from benchmarks.soak.day import Day

_HOUR_S = 3600.0


def figures(day: Day, fps: float, film_s: float) -> dict[str, Any]:
    """Everything but the board; a film of `film_s` was played at `fps`."""
    series = day.series
    days = [one.hours / 24.0 for one in series]
    memory = [one.memory_mb for one in series]
    line = trend.slope(trend.later(days), trend.later(memory))
    a_million = 1e6 / (fps * 24.0 * _HOUR_S)  # days that a million frames take
    first, last = (trend.percentiles(part) for part in trend.tenths(day.taken_ms.tolist()))
    simulated = day.frames / fps
    return {
        "simulated_hours": simulated / _HOUR_S,
        "frames": day.frames,
        "wall_s": day.wall_s,
        "speedup": simulated / day.wall_s if day.wall_s > 0 else math.nan,
        "memory_mb": {
            **_ends(memory),
            "peak": max(memory, default=math.nan),
            "slope_per_day": line.rise if line else math.nan,
            "slope_interval": [line.low, line.high] if line else None,
            "slope_per_million_frames": line.rise * a_million if line else math.nan,
        },
        "fds": _ends([one.fds for one in series]),
        "threads": _ends([one.threads for one in series]),
        "latency_ms": {"first": first, "last": last},
        "outbox_kb": _ends([one.outbox_kb for one in series]),
        "events_file_kb": _ends([one.events_kb for one in series]),
        "people": day.people,
        "events": sum(day.events.values()),
        "events_by_kind": day.events,
        "published": day.delivery.published,
        "received": day.delivery.received,
        "waiting": day.delivery.waiting,
        "lost": day.delivery.lost,
        "series": [asdict(one) for one in series],
        "verdict": {
            "memory": trend.memory_verdict(days, memory),
            "fds": trend.count_verdict([one.fds for one in series]),
            "threads": trend.count_verdict([one.threads for one in series]),
            "latency": trend.latency_verdict(
                first["p50"], last["p50"], alike=simulated >= 10.0 * film_s
            ),
            "outbox": trend.count_verdict([one.outbox_kb for one in series], trend.OUTBOX_KB),
        },
    }


def table(found: Mapping[str, Any]) -> str:
    """Figures for people."""
    memory, verdict, latency = found["memory_mb"], found["verdict"], found["latency_ms"]
    interval = memory["slope_interval"]
    if interval is None:
        slope = "too few points for a slope"
    else:
        low, high = interval
        slope = f"{memory['slope_per_day']:+.2f} MB a day ({low:+.2f} .. {high:+.2f})"
    rows = [
        _row("memory, MB", memory, slope, verdict["memory"], digits=1),
        _row("open files", found["fds"], "", verdict["fds"]),
        _row("threads", found["threads"], "", verdict["threads"]),
        (
            *("a frame's step, p50 ms", f"{latency['first']['p50']:.3f}"),
            *(f"{latency['last']['p50']:.3f}", "first and last tenth", verdict["latency"]),
        ),
        (
            *("a frame's step, p95 ms", f"{latency['first']['p95']:.3f}"),
            *(f"{latency['last']['p95']:.3f}", "first and last tenth", "-"),
        ),
        _row("outbox, kB", found["outbox_kb"], "", verdict["outbox"]),
        _row("file of events, kB", found["events_file_kb"], "grows with events", "-"),
    ]
    return answer.table(("", "begin", "end", "", ""), rows)


def grows(found: Mapping[str, Any]) -> list[str]:
    """The rows that grow."""
    return [row for row, verdict in found["verdict"].items() if verdict == "grows"]


def _ends(values: list[Any]) -> dict[str, Any]:
    return {"begin": values[0], "end": values[-1]} if values else {"begin": None, "end": None}


def _row(
    name: str, ends: Mapping[str, Any], how: str, verdict: str, digits: int = 0
) -> tuple[str, ...]:
    begin, end = (
        "-" if ends[key] is None else f"{ends[key]:.{digits}f}" for key in ("begin", "end")
    )
    return name, begin, end, how, verdict
