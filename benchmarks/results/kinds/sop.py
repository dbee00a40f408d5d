"""Timelines of real work: what the SOP engine tells of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.results import options
from benchmarks.results.cells import counted
from benchmarks.results.markdown import Markdown, bullets, table, text
from benchmarks.sop import words

TITLE = "Procedures followed"


def blocks(figures: Mapping[str, Any]) -> Iterator[Markdown]:
    """Errors found in cooking, procedure by procedure; boxes found in packing."""
    if figures["captaincook"]:
        yield text(
            f"{figures['captaincook']}: {counted(figures['recording_count'], 'recording')} of "
            f"{counted(len(figures['procedures']), 'procedure')}, {figures['hours']:.1f} h; "
            f"{figures['correct_recordings']} are correct."
        )
        yield table(words.ERRORS, words.errors(figures))
        yield bullets(words.completed(figures))
        yield table(words.PROCEDURES, words.procedures(figures))
    for one in figures["packing"] or ():
        yield bullets([*words.packing(one), *words.alerts(one)])
        yield table(words.BOXES, words.boxes(one))


def options_of(figures: Mapping[str, Any]) -> Iterator[str]:
    """The flags that the figures tell of."""
    if figures["captaincook"]:
        yield from ("--captaincook", "DIR")
    if figures["packing"]:
        yield from ("--openpack", "DIR")
    yield from options.unless("--fps", figures["fps"], 2.0)
