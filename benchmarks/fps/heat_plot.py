"""A long run as a picture: frames a second, and heat, over time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt

from benchmarks.errors import BenchError


def draw(figures: Mapping[str, Any], title: str, path: Path) -> None:
    """Write an SVG or PNG; raises BenchError where it cannot be written."""
    mpl.rcParams["svg.fonttype"] = "none"
    series = figures["series"]
    minutes = [moment["minute"] for moment in series]
    figure, speed = plt.subplots(figsize=(9, 3.6), layout="constrained")
    figure.suptitle(title, fontsize=11)
    speed.plot(minutes, [moment["fps"] for moment in series], color="#1f77b4")
    speed.set_ylim(bottom=0)
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
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path)
    except (OSError, ValueError) as error:
        hint = "its name ends in .svg or .png"
        raise BenchError(str(path), f"cannot be drawn: {error}", hint) from error
    finally:
        plt.close(figure)
