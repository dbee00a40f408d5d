"""A long run under full load: whether the board keeps its speed when it is warm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from benchmarks.results import options
from benchmarks.results.cells import NONE, number, text
from benchmarks.results.markdown import Markdown, table

TITLE = "Frames a second when warm"


def blocks(figures: Mapping[str, Any]) -> Iterator[Markdown]:
    """One row: the first tenth of the run beside the last."""
    soak = figures["soak"]
    slowed = ", ".join(word.replace("_", " ") for word in soak["throttled"])
    known = any(one["throttled"] is not None for one in soak["series"])
    row = (
        PurePath(figures["model"]).name,
        text(figures["backend"]),
        number(soak["minutes"], 1),
        number(soak["fps_first"], 1),
        number(soak["fps_last"], 1),
        number(soak["kept"], 2),
        number(soak["temperature_max_c"]),
        slowed or ("no" if known else NONE),
        soak["verdict"],
    )
    head = ("model", "runtime", "minutes", "fps, first tenth", "last tenth", "kept")
    yield table((*head, "hottest C", "throttled", "verdict"), [row], words=2)


def options_of(figures: Mapping[str, Any]) -> Iterator[str]:
    """The flags that the figures tell of; minutes are those until the last look."""
    yield f"{figures['soak']['minutes']:.2g}"  # belongs to --soak
    yield from options.each("--model", [figures["model"]])
    yield from options.each("--backend", [figures["backend"]])
