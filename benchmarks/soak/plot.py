"""One picture of a day: memory, open files and latency over simulated time."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from benchmarks.soak import trend
from benchmarks.soak.gauge import Sample

_SIZE = (8.0, 7.0)  # inches


def draw(series: Sequence[Sample]) -> Figure:
    """Draw a series."""
    hours = [one.hours for one in series]
    figure = Figure(figsize=_SIZE, layout="constrained")
    memory, files, latency = figure.subplots(3, 1, sharex=True)
    memory.plot(hours, [one.memory_mb for one in series], color="#1f5fa8", label="resident")
    _line(memory, series)
    memory.set_ylabel("memory, MB")
    memory.legend(frameon=False)
    files.step(hours, [one.fds for one in series], color="#1f5fa8", label="open files")
    files.step(hours, [one.threads for one in series], color="#b3541e", label="threads")
    files.set_ylim(bottom=0)
    files.set_ylabel("count")
    files.legend(frameon=False)
    latency.plot(hours, [one.p50_ms for one in series], color="#1f5fa8", label="p50")
    latency.plot(hours, [one.p95_ms for one in series], color="#b3541e", label="p95")
    latency.set_ylim(0, 1.3 * max([one.p95_ms for one in series], default=1.0))
    latency.set_ylabel("a frame's step, ms")
    latency.set_xlabel("simulated hours")
    latency.legend(frameon=False, loc="upper right", ncols=2)
    for axes in (memory, files, latency):
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def _line(axes: object, series: Sequence[Sample]) -> None:
    """The fitted line over the part it is fitted to."""
    hours = trend.later([one.hours for one in series])
    memory = trend.later([one.memory_mb for one in series])
    line = trend.slope(hours, memory)
    if line is None:
        return
    middle, mean = sum(hours) / len(hours), sum(memory) / len(memory)
    ends = (hours[0], hours[-1])
    fitted = [mean + line.rise * (hour - middle) for hour in ends]
    label = f"{24 * line.rise:+.2f} MB a day"
    axes.plot(ends, fitted, color="#b3541e", linestyle="--", label=label)  # type: ignore[attr-defined]
