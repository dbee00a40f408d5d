"""A long run as a picture: frames a second, and heat, over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure


def draw(figures: Mapping[str, Any], title: str) -> Figure:
    """Draw a long run."""
    series = figures["series"]
    minutes = [moment["minute"] for moment in series]
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    speed = figure.subplots()
    figure.suptitle(title, fontsize=11)
    speed.plot(minutes, [moment["fps"] for moment in series], color="#1f77b4")
    speed.set_ylim(0, 1.15 * max(moment["fps"] for moment in series))
    speed.set_xlabel("minutes of full load")
    speed.set_ylabel("frames a second", color="#1f77b4")
    hot = [(m["minute"], m["temperature_c"]) for m in series if m["temperature_c"] is not None]
    if hot:
        heat = speed.twinx()
        heat.plot(*zip(*hot, strict=True), color="#d73027", linewidth=1)
        heat.set_ylabel("hottest zone, C", color="#d73027")
    for moment in series:
        if moment["throttled"]:
            speed.axvspan(
                moment["minute"] - 0.05, moment["minute"] + 0.05, color="#fee0d2", zorder=0
            )
    return figure
