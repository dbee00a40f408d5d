"""A day in minutes: what must not grow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.results import options
from benchmarks.results.cells import NONE, among, number, text
from benchmarks.results.markdown import Markdown, table
from benchmarks.results.markdown import text as words

TITLE = "A day in minutes"
_HOUR_S = 3600.0


def blocks(figures: Mapping[str, Any]) -> Iterator[Markdown]:
    """How much was played, and a row for each thing that could grow."""
    stopped = "; stopped early" if figures["stopped"] else ""
    yield words(
        f"{figures['simulated_hours']:.4g} h, {figures['frames']} frames in "
        f"{figures['wall_s']:.0f} s, {number(figures['speedup'])} times real time; "
        f"{figures['people']} people; broker: {figures['broker'] or 'none'}{stopped}."
    )
    yield table(("", "begin", "end", "verdict"), _rows(figures))
    yield words(
        f"Events: {figures['events']}, published {figures['published']}, "
        f"received {text(figures['received'])}, waiting {figures['waiting']}, "
        f"lost {figures['lost']}."
    )


def options_of(figures: Mapping[str, Any]) -> Iterator[str]:
    """The flags that the figures tell of."""
    hours = figures["simulated_hours"]
    yield from options.unless("--hours", float(f"{hours:.4g}"), 24.0)
    yield from options.unless("--fps", round(figures["frames"] / (hours * _HOUR_S)), 10)


def _rows(figures: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    verdict, memory, latency = figures["verdict"], figures["memory_mb"], figures["latency_ms"]
    slope = among(memory["slope_per_day"], memory["slope_interval"], 2)
    yield _row("memory, MB", memory, verdict["memory"], 1)
    yield ("memory, MB a day (95 %)", NONE, slope.replace("-0.00", "0.00"), NONE)
    yield _row("open files", figures["fds"], verdict["fds"])
    yield _row("threads", figures["threads"], verdict["threads"])
    for rank, judged in (("p50", verdict["latency"]), ("p95", NONE)):
        tenths = {"begin": latency["first"][rank], "end": latency["last"][rank]}
        yield _row(f"a frame's step {rank}, ms", tenths, judged, 3)
    yield _row("outbox, kB", figures["outbox_kb"], verdict["outbox"])


def _row(name: str, ends: Mapping[str, Any], verdict: str, digits: int = 0) -> Sequence[str]:
    return (name, number(ends["begin"], digits), number(ends["end"], digits), verdict)
