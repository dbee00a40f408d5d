"""Turns summed up: what stands in the JSON, the table and the plot."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from benchmarks.fps.rounds import Contender
from benchmarks.fps.stages import STAGES
from benchmarks.fps.turn import Turn

_RANKS = (50, 95, 99)


def figures(contender: Contender) -> dict[str, Any]:
    """Everything about one contender; raises nothing, what was not measured is null."""
    if contender.error or not contender.turns:
        return {**about(contender), "error": contender.error or "not measured"}
    turns = [turn for round_ in contender.turns for turn in round_]
    fps = [sum(turn.fps for turn in round_) for round_ in contender.turns]
    bare = [turn.fps for turn in contender.bare]
    # Who waits for a camera, or runs another model as well, has nothing to be held against.
    alike = not (contender.job.realtime or contender.job.palm)
    ratios = [ours / theirs for ours, theirs in zip(fps, bare, strict=False) if theirs and alike]
    tools = [one for one in contender.tool_fps if math.isfinite(one)]
    over_tool = [ours / theirs for ours, theirs in zip(fps, tools, strict=False) if alike]
    return {
        **about(contender),
        "end_to_end": {
            "fps": _median(fps),
            "fps_range": [min(fps), max(fps)],
            "latency_ms": ranks(age for turn in turns for age in turn.latency_ms),
            "frames": sum(turn.frames for turn in turns),
            "drops": sum(turn.drops for turn in turns),
            "second_looks": sum(turn.looks for turn in turns),
            "people_in_frame": _mean(turn.people for turn in turns),
        },
        "bare": {"fps": _median(bare), "memory_mb": _last_memory(contender.bare)},
        "overhead_ratio": _median(ratios),
        "overhead_ratio_range": [min(ratios), max(ratios)] if ratios else None,
        "tool": _tool(contender, tools, over_tool),
        "stages": _stages(turns),
        "memory": _memory(contender),
        "cpu_cores": _mean(_cores(contender)),
        "cold_start_s": contender.cold_start_s,
    }


def ranks(values: Iterable[float]) -> dict[str, float | None]:
    """The 50th, 95th and 99th percentile of some values; null of none."""
    every = np.fromiter(values, np.float64)
    if not len(every):
        return {f"p{rank}": None for rank in _RANKS}
    found = np.percentile(every, _RANKS)
    return {f"p{rank}": float(one) for rank, one in zip(_RANKS, found, strict=True)}


def about(contender: Contender) -> dict[str, Any]:
    """Which model, file, runtime and threads; or which peer."""
    variant = contender.variant
    if variant is None:
        return {"peer": contender.name}
    return {
        "model": variant.manifest.name,
        "target": variant.target,
        "backend": variant.backend,
        "weights": variant.file.path,
        "sha256": variant.file.sha256,
        "input": [variant.manifest.input.height, variant.manifest.input.width],
        "threads": contender.job.threads,
    }


def _stages(turns: Sequence[Turn]) -> dict[str, Any]:
    """Milliseconds of every stage that was passed."""
    spent = {stage: [t for turn in turns for t in turn.stages.get(stage, ())] for stage in STAGES}
    return {stage: ranks(1e3 * t for t in times) for stage, times in spent.items() if times}


def _tool(
    contender: Contender, tools: Sequence[float], ratios: Sequence[float]
) -> dict[str, Any] | None:
    if contender.tool is None:
        return None
    return {"name": contender.tool.name, "fps": _median(tools), "ratio": _median(ratios)}


def _memory(contender: Contender) -> dict[str, float | None]:
    last = contender.turns[-1]
    return {
        "steady_mb": _mean(turn.memory_mb for turn in last if turn.memory_mb),
        "peak_mb": max((turn.peak_mb for turn in last if turn.peak_mb), default=None),
    }


def _last_memory(turns: Sequence[Turn]) -> float | None:
    return turns[-1].memory_mb if turns else None


def _cores(contender: Contender) -> Iterable[float]:
    """Cores kept busy, by round, all cameras together."""
    for round_ in contender.turns:
        yield sum(turn.cpu_s / turn.seconds for turn in round_ if turn.seconds > 0)


def _median(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if len(values) else None


def _mean(values: Iterable[float]) -> float | None:
    every = list(values)
    return sum(every) / len(every) if every else None
