"""Many devices and one broker: what arrived, and how soon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.results import options
from benchmarks.results.cells import counted, number, ranks, text
from benchmarks.results.markdown import Markdown, table
from benchmarks.results.markdown import text as words

TITLE = "Many devices, one broker"


def blocks(figures: Mapping[str, Any]) -> Iterator[Markdown]:
    """How many, a row for each kind of message, and what was lost."""
    memory, devices = figures["memory_mb"], counted(figures["devices"], "device")
    yield words(
        f"{devices}, {figures['duration_s']:.0f} s; broker: {figures['broker']}; "
        f"{number(figures['messages_per_s'], 1)} messages a second; "
        f"{number(figures['cpu_share'], 2)} of a core, memory {number(memory['begin'])} to "
        f"{number(memory['end'])} MB, all devices together."
    )
    head = ("message", "QoS", "told", "arrived", "p50 ms", "p95 ms", "p99 ms")
    rows = [
        (
            kind,
            text(one["qos"]),
            text(one["sent"] or None),
            str(one["received"]),
            *ranks(one["latency_ms"], 1),
        )
        for kind, one in figures["kinds"].items()
    ]
    yield table(head, rows)
    yield words(
        f"Events: {figures['sent']}, lost {figures['lost']}, twice {figures['duplicated']}, "
        f"out of order {figures['out_of_order']}; states outdated {figures['outdated_states']}."
    )
    if figures["outage_s"]:
        recovery = figures["recovery_s"]
        back = "not everything arrived" if recovery is None else f"recovered in {recovery:.1f} s"
        yield words(f"The broker was away for {figures['outage_s']:.1f} s; {back}.")


def options_of(figures: Mapping[str, Any]) -> Iterator[str]:
    """The flags that the figures tell of."""
    yield from options.unless("--devices", figures["devices"], 20)
    yield from options.each("--minutes", [float(f"{figures['duration_s'] / 60.0:.2g}")])
    yield from options.unless("--outage", round(figures["outage_s"]), 0)
    yield from ["--poses"] * ("poses" in figures["kinds"])
