"""Figures of `fps` as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.answer import table
from benchmarks.fps.stages import STAGES

_NAMES = ("fps", "bare", "ratio", "p50 ms", "p95 ms", "drops", "MB", "cores", "start s", "people")


def overview(figures: Mapping[str, Any]) -> str:
    """A row a contender: end to end, bare, and what it takes."""
    rows = [_row(run) for run in (*figures["runs"], *figures["peers"]) if "error" not in run]
    return table(("", *_NAMES), rows) if rows else ""


def stages(figures: Mapping[str, Any]) -> str:
    """A row a contender: the median of every stage, ms; the last column is the 95th percentile."""
    runs = [run for run in figures["runs"] if run.get("stages")]
    if not runs:
        return ""
    head = ("median ms (95 % below)", *STAGES)
    return table(head, [(name(run), *map(_spent, _stages(run))) for run in runs])


def errors(figures: Mapping[str, Any]) -> Iterable[str]:
    """Who could not be measured, and why."""
    for run in (*figures["runs"], *figures["peers"]):
        if "error" in run:
            yield f"{name(run)}: {run['error']}"


def tools(figures: Mapping[str, Any]) -> Iterable[str]:
    """End to end over what the runtimes' own programs say."""
    for run in figures["runs"]:
        tool = run.get("tool")
        if tool and tool["fps"]:
            says = f"{tool['name']} says {tool['fps']:.1f} fps"
            yield f"{name(run)}: {says}, ours is {tool['ratio']:.2f} of that"


def name(run: Mapping[str, Any]) -> str:
    """What a run is called in a row."""
    if "peer" in run:
        return str(run["peer"])
    return f"{run['model']} {run['target']} x{run['threads']}"


def _row(run: Mapping[str, Any]) -> Sequence[str]:
    ours, latency = run["end_to_end"], run["end_to_end"]["latency_ms"]
    return (
        name(run),
        _number(ours["fps"], 1),
        _number(run["bare"]["fps"], 1),
        _number(run["overhead_ratio"], 2),
        _number(latency["p50"], 1),
        _number(latency["p95"], 1),
        str(ours["drops"]),
        _number(run["memory"]["steady_mb"], 0),
        _number(run["cpu_cores"], 2),
        _number(run["cold_start_s"], 2),
        _number(ours["people_in_frame"], 2),
    )


def _stages(run: Mapping[str, Any]) -> list[Mapping[str, float] | None]:
    return [run["stages"].get(stage) for stage in STAGES]


def _spent(stage: Mapping[str, float] | None) -> str:
    return f"{stage['p50']:.2f} ({stage['p95']:.2f})" if stage else "-"


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
