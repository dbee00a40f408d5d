"""Frames a second: end to end beside the bare interpreter, stages, tools and peers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.fps.stages import STAGES
from benchmarks.fps.words import name
from benchmarks.results import options
from benchmarks.results.cells import NONE, among, counted, homeless, number
from benchmarks.results.markdown import Markdown, bullets, table, text

TITLE = "Frames a second"
_HEAD = (
    *("model", "runtime", "input", "threads", "fps (range)", "bare fps", "ratio (range)"),
    *("latency p50 ms", "p95 ms", "memory MB", "peak MB", "cores", "start s", "people"),
)
_WORDS = 3  # columns
_PLAN = {"rounds": 5, "turn_s": 2.0}  # unless a flag says something else


def blocks(figures: Mapping[str, Any]) -> Iterator[Markdown]:
    """Three tables, and who could not be measured."""
    everybody = [*figures["runs"], *figures["peers"]]
    good = [run for run in everybody if "error" not in run]
    yield text(f"{_source(figures)}.")
    yield table(_HEAD, map(_row, good), words=_WORDS)
    staged = [run for run in good if run["stages"]]
    if staged:
        yield Markdown("Stages, median ms (95 % are below); they overlap, and do not add up:")
        head = ("", *(stage.replace("_", " ") for stage in STAGES))
        yield table(head, [(name(run), *map(_stay, _stays(run))) for run in staged])
    tooled = [run for run in good if run["tool"]]
    if tooled:
        yield Markdown("The runtimes' own programs, in the same turns:")
        head = ("", "program", "fps", "ours, end to end, over it")
        yield table(head, map(_tool, tooled), words=2)
    yield bullets(
        f"not measured: {name(run)}: {homeless(run['error'])}"
        for run in everybody
        if "error" in run
    )


def options_of(figures: Mapping[str, Any]) -> Iterator[str]:
    """The flags that the figures tell of."""
    runs, plan, source = figures["runs"], figures["plan"], figures["source"]
    yield from options.each("--model", (run["model"] for run in runs))
    yield from options.each("--backend", (run["backend"] for run in runs))
    if {run["threads"] for run in runs} != {1}:
        yield from options.each("--threads", (run["threads"] for run in runs))
    yield from options.each("--peer", (peer["peer"] for peer in figures["peers"]))
    if source["kind"] != "made-up clip":
        yield from options.each("--source", [source["name"]])
    yield from ["--realtime"] * bool(source["realtime"])
    yield from options.unless("--cameras", figures["cameras"], 1)
    for key, flag in (("rounds", "--rounds"), ("turn_s", "--turn")):
        yield from options.unless(flag, plan[key], _PLAN[key])


def _source(figures: Mapping[str, Any]) -> str:
    """On what, how often and how long."""
    source, plan = figures["source"], figures["plan"]
    pace = "at its own speed" if source["realtime"] else "as fast as it goes"
    return (
        f"Source: {source['name']} ({source['kind']}), {source['size']}, {pace}; "
        f"{counted(figures['cameras'], 'camera')}; "
        f"{counted(plan['rounds'], 'round')} of {plan['turn_s']:g} s each"
    )


def _row(run: Mapping[str, Any]) -> Sequence[str]:
    ours, latency, memory = run["end_to_end"], run["end_to_end"]["latency_ms"], run["memory"]
    return (
        *_who(run),
        among(ours["fps"], ours["fps_range"], 1),
        number(run["bare"]["fps"], 1),
        among(run["overhead_ratio"], run["overhead_ratio_range"], 2),
        number(latency["p50"], 1),
        number(latency["p95"], 1),
        number(memory["steady_mb"]),
        number(memory["peak_mb"]),
        number(run["cpu_cores"], 2),
        number(run["cold_start_s"], 2),
        number(ours["people_in_frame"], 2),
    )


def _who(run: Mapping[str, Any]) -> Sequence[str]:
    if "peer" in run:
        return (run["peer"], "peer", NONE, NONE)
    height, width = run["input"]
    return (run["model"], run["target"], f"{height}x{width}", str(run["threads"]))


def _stays(run: Mapping[str, Any]) -> list[Mapping[str, float] | None]:
    return [run["stages"].get(stage) for stage in STAGES]


def _stay(stage: Mapping[str, float] | None) -> str:
    return f"{stage['p50']:.2f} ({stage['p95']:.2f})" if stage else NONE


def _tool(run: Mapping[str, Any]) -> Sequence[str]:
    tool = run["tool"]
    return (name(run), tool["name"], number(tool["fps"], 1), number(tool["ratio"], 2))
