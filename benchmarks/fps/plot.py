"""Figures of `fps` as a picture: what is claimed, what is left end to end, and where time goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.fps.stages import STAGES
from benchmarks.fps.words import name

_BARE, _OURS, _PEER = "#b8c4cf", "#1f77b4", "#e08214"
_STAGES = ("#8c6bb1", "#9ebcda", "#1f77b4", "#66c2a4", "#fdae61", "#f46d43", "#d73027", "#878787")


def draw(figures: Mapping[str, Any]) -> Figure:
    """Draw the figures of one session."""
    runs = [run for run in figures["runs"] if "error" not in run]
    peers = [run for run in figures["peers"] if "error" not in run]
    height = 1.6 + 0.62 * (len(runs) + len(peers)) + 0.5 * len(runs)
    shares = (len(runs) + len(peers) + 1, len(runs) + 1)
    figure = Figure(figsize=(9.5, height), layout="constrained")
    upper, lower = figure.subplots(2, 1, height_ratios=shares)
    figure.suptitle(_title(figures), fontsize=11)
    _speeds(upper, runs, peers)
    _times(lower, runs)
    return figure


def _title(figures: Mapping[str, Any]) -> str:
    board, source = figures["board"], figures["source"]
    return f"{board['name']}, {board['cores']} cores: {source['name']} ({source['size']})"


def _speeds(
    axes: Axes, runs: Sequence[Mapping[str, Any]], peers: Sequence[Mapping[str, Any]]
) -> None:
    """Frames a second: the bare interpreter behind, end to end before it."""
    labels = [name(run) for run in (*runs, *peers)]
    places = list(range(len(labels)))
    bare = [run["bare"]["fps"] or 0.0 for run in runs]
    axes.barh(places[: len(runs)], bare, 0.7, color=_BARE, label="bare interpreter")
    ours = [run["end_to_end"]["fps"] or 0.0 for run in runs]
    axes.barh(places[: len(runs)], ours, 0.4, color=_OURS, label="end to end")
    theirs = [run["end_to_end"]["fps"] or 0.0 for run in peers]
    if peers:
        axes.barh(places[len(runs) :], theirs, 0.4, color=_PEER, label="others, end to end")
    for place, run, value in zip(places, (*runs, *peers), (*ours, *theirs), strict=True):
        ratio = run["overhead_ratio"]
        words = f"  {value:.0f}" + (f"  ({100 * ratio:.0f} % of bare)" if ratio else "")
        axes.text(max(value, run["bare"]["fps"] or 0.0), place, words, va="center", fontsize=9)
    axes.set_yticks(places, labels, fontsize=9)
    axes.invert_yaxis()
    axes.margins(x=0.25)
    axes.set_xlabel("frames a second")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, fontsize=8, frameon=False)
    axes.spines[["top", "right"]].set_visible(False)


def _times(axes: Axes, runs: Sequence[Mapping[str, Any]]) -> None:
    """Milliseconds of a frame, stage by stage; stages overlap, so their sum is not the period."""
    left = [0.0] * len(runs)
    for stage, colour in zip(STAGES, _STAGES, strict=True):
        spent = [(run["stages"].get(stage) or {"p50": 0.0})["p50"] for run in runs]
        axes.barh(
            [name(run) for run in runs],
            spent,
            0.5,
            left=left,
            color=colour,
            label=stage.replace("_", " "),
        )
        left = [begin + width for begin, width in zip(left, spent, strict=True)]
    axes.invert_yaxis()
    axes.tick_params(axis="y", labelsize=9)
    axes.set_xlabel("median ms in each stage (capture, inference and the rest run side by side)")
    axes.legend(
        ncols=4, fontsize=8, loc="upper center", bbox_to_anchor=(0.4, -0.28 * 4 / (len(runs) + 1))
    )
    axes.spines[["top", "right"]].set_visible(False)
