"""The fastest that is accurate enough, and what it was chosen from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.results import options
from benchmarks.results.cells import number
from benchmarks.results.markdown import Markdown, table, text

TITLE = "The fastest that is accurate enough"


def blocks(figures: Mapping[str, Any]) -> Iterator[Markdown]:
    """What was asked, what was chosen, and a row for each candidate, the fastest first."""
    chosen = figures["recommended"]
    name = f"{chosen['model']} {chosen['target']} x{chosen['threads']}" if chosen else "none"
    yield text(f"An AP of at least {figures['min_ap']:g}: {name}.")
    head = ("model", "runtime", "threads", "AP", "fps", "p95 ms", "memory MB", "accurate enough")
    rows = [
        (
            one["model"],
            one["target"],
            str(one["threads"]),
            number(one["oks_ap"], 3),
            number(one["fps"], 1),
            number(one["latency_p95_ms"], 1),
            number(one["memory_mb"]),
            "yes" if one["meets"] else "no",
        )
        for one in figures["candidates"]
    ]
    yield table(head, rows, words=2)


def options_of(figures: Mapping[str, Any]) -> Iterator[str]:
    """The flags that the figures tell of."""
    candidates = figures["candidates"]
    yield from options.each("--min-ap", [figures["min_ap"]])
    yield from options.each("--model", (one["model"] for one in candidates))
    yield from options.each("--threads", (one["threads"] for one in candidates))
