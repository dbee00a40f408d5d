"""A picture of one recording: its steps over time, what people tagged, what the engine told."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from benchmarks.sop.judge import Judged
from benchmarks.sop.play import Told
from benchmarks.sop.recipe import title
from benchmarks.sop.recordings import MISSING, ORDER, TIMING

# Okabe and Ito's, which people who see colours differently can tell apart.
_FINE, _ORDER, _TIMING = "#b5cde0", "#d55e00", "#e69f00"
_OTHER, _GREY = "#cc79a7", "#e6e6e6"
_MARKS: Mapping[str, tuple[str, str, str]] = {  # by phase: sign, colour, words
    "step_out_of_order": ("X", "#7f2704", "told: out of order (line: the late step)"),
    "step_skipped": ("P", "#000000", "told: skipped"),
    "step_too_long": (">", "#5c4400", "told: too long"),
    "step_too_short": ("<", "#5c4400", "told: too short"),
    "step_repeated": ("D", "#0072b2", "told: done again"),
}
_MINUTE_S = 60.0
_WIDE = 58  # letters of a step's name


def draw(one: Judged) -> Figure:
    """A row for each step in the order of the recipe; time goes to the right, in minutes."""
    recording = one.recording
    graph = recording.recipe.graph
    steps = [name for layer in graph.layers for name in layer]
    row = {name: number for number, name in enumerate(steps)}
    figure = Figure(figsize=(13, 1.8 + 0.34 * len(steps)), layout="constrained", dpi=120)
    axes = figure.add_subplot()
    for doing in recording.doings:
        axes.barh(
            row[doing.step],
            (doing.end - doing.begin) / _MINUTE_S,
            left=doing.begin / _MINUTE_S,
            height=0.62,
            color=_colour(one, doing.step),
            edgecolor="black" if doing.step in one.order.told else "white",
            linewidth=1.6 if doing.step in one.order.told else 0.8,
            zorder=2,
        )
    missing = recording.tagged.get(MISSING, frozenset())
    for name in missing:
        axes.axhspan(row[name] - 0.4, row[name] + 0.4, color=_GREY, zorder=0)
    shown = _marks(axes, one.told, row)
    labels = [textwrap.shorten(title(recording.recipe.texts[name]), _WIDE) for name in steps]
    axes.set_yticks(range(len(steps)), labels, fontsize=9)
    axes.invert_yaxis()
    axes.set_xlabel("minutes")
    axes.set_xlim(0, (recording.end + 5) / _MINUTE_S)
    axes.grid(axis="x", color="#dddddd", zorder=0)
    axes.tick_params(length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.set_title(f"{recording.activity}, recording {recording.id}", loc="left", fontsize=12)
    handles = [*_patches(one), *shown]
    figure.legend(handles=handles, loc="outside lower left", ncols=4, frameon=False, fontsize=9)
    return figure


def _colour(one: Judged, step: str) -> str:
    tagged = one.recording.tagged
    if step in tagged.get(ORDER, ()):
        return _ORDER
    if step in tagged.get(TIMING, ()):
        return _TIMING
    others = set(tagged) - {ORDER, TIMING, MISSING}
    return _OTHER if any(step in tagged[tag] for tag in others) else _FINE


def _patches(one: Judged) -> list[Patch]:
    """Legends of the colours that there are."""
    tagged = one.recording.tagged
    used = {_colour(one, doing.step) for doing in one.recording.doings}
    words = {
        _FINE: "done",
        _ORDER: 'tagged "Order Error"',
        _TIMING: 'tagged "Timing Error"',
        _OTHER: "tagged with what no timeline shows",
    }
    every = [Patch(color=colour, label=text) for colour, text in words.items() if colour in used]
    if MISSING in tagged:
        every.append(Patch(color=_GREY, label='tagged "Missing Step"'))
    if one.order.told:
        every.append(Patch(facecolor="white", edgecolor="black", label="told: of a swapped pair"))
    return every


def _marks(axes: Axes, told: Sequence[Told], row: Mapping[str, int]) -> list[Line2D]:
    """The engine's events at the time they were told; of a swapped pair, both steps."""
    shown: dict[str, Line2D] = {}
    for one in told:
        phase = one.event.phase
        if phase not in _MARKS or one.step not in row:
            continue
        sign, colour, words = _MARKS[phase]
        x = one.t / _MINUTE_S
        if phase == "step_out_of_order":
            late = one.event.detail.get("late") or []
            for other in late if isinstance(late, list) else []:
                if other in row:
                    axes.plot(
                        [x, x], [row[one.step], row[str(other)]], color=colour, lw=1, zorder=3
                    )
        (line,) = axes.plot([x], [row[one.step]], ls="", marker=sign, color=colour, zorder=4)
        line.set(markersize=8, markeredgecolor="white", clip_on=False, label=words)
        shown.setdefault(phase, line)
    return list(shown.values())
