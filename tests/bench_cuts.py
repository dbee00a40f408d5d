"""The truth of the bundled clip, cut and put together anew: the same steps, with errors in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

CLIP = Path(__file__).parent.parent / "models" / "demo" / "bench.truth.json"
ORDER = ("housing", "board", "cover", "screw", "deliver")
_TIMES = ("begin", "end", "spot_begin", "spot_end", "fixture_begin", "fixture_end")


def bench() -> dict[str, Any]:
    """The clip's truth until the operator leaves."""
    truth: dict[str, Any] = json.loads(CLIP.read_text())
    truth["frames"] = truth["frames"][: int(truth["leaves"] * truth["fps"])]
    return truth


def cut(order: Sequence[str], slow: str = "", times: int = 3) -> dict[str, Any]:
    """Steps in another order, left out or again; the work of a slow one is shown so many times.

    At the border of two steps both hands are in the fixture, so that hands hardly jump.
    """
    truth = bench()
    fps, steps = truth["fps"], {step["name"]: step for step in truth["steps"]}
    first = min(round(step["begin"] * fps) for step in steps.values())
    frames, told = list(truth["frames"][:first]), []
    for name in order:
        step = steps[name]
        begin, end = (round(step[key] * fps) for key in ("begin", "end"))
        work = [round(step[key] * fps) for key in ("fixture_begin", "fixture_end")]
        later = (len(frames) - begin) / fps
        more = truth["frames"][work[0] : work[1]] * (times - 1) if name == slow else []
        frames += [*truth["frames"][begin : work[1]], *more, *truth["frames"][work[1] : end]]
        longer = {"end", "fixture_end"} if more else set()
        told.append(
            {
                key: value + later + (len(more) / fps if key in longer else 0.0)
                if key in _TIMES
                else value
                for key, value in step.items()
            }
        )
    rest = truth["frames"][round(truth["steps"][-1]["end"] * fps) :]
    return {**truth, "frames": [*frames, *rest], "steps": told}
