"""The clip's truth as JSON: what was where in each frame, when what happened, and the procedure.

    {"format": "edgepose-clip-truth-1", "size": [640, 480], "fps": 15, "variant": "correct", ...
     "zones": {"fixture": [[0.31, 0.44], ...]},      shares of width and height
     "procedure": {"steps": [...], "forbidden": [...]},
     "steps": [{"name": "housing", "begin": 2.15, ...}], "fall": {"onset": ...},     s
     "unit_px": 0.5, "frames": [{"xy": [...], "seen": "2210..."}]}

A frame has 59 points: 17 of the body (COCO's), 21 of the left hand, 21 of the right (MediaPipe's).
xy are x, y of each in turn, in units of unit_px; seen is a digit each: 0 is outside the picture,
1 hidden, 2 seen. Frame k is at k / fps s.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.recipes.film.layout import FPS, HEIGHT, SPOTS, WIDTH, camera, zone
from models.recipes.film.performance import Performance
from models.recipes.film.procedure import STEPS, VARIANTS
from models.recipes.film.shoot import Shot

FORMAT = "edgepose-clip-truth-1"
_UNIT = 0.5  # px
_SIDES = {"L": "left", "R": "right"}


def procedure() -> dict[str, Any]:
    """The procedure as it should be done."""
    steps = [
        {
            "name": step.name,
            "title": step.title,
            "hand": _SIDES[step.hand],
            "zones": [step.spot, "fixture"] if step.work else ["fixture", step.spot],
            "work_s": step.work,
            "most_s": step.most,
        }
        for step in STEPS
    ]
    return {"steps": steps, "forbidden": ["press"]}


def describe(acted: Performance, shots: Sequence[Shot], variant: str, seed: int) -> dict[str, Any]:
    """All that is known of a clip."""
    seen_by = camera()
    return {
        "format": FORMAT,
        "size": [WIDTH, HEIGHT],
        "fps": FPS,
        "seed": seed,
        "variant": variant,
        "about": VARIANTS[variant],
        "zones": {spot.name: zone(spot.name, seen_by) for spot in SPOTS},
        "zone_titles": {spot.name: spot.title for spot in SPOTS},
        "procedure": procedure(),
        **acted.summary(),
        "unit_px": _UNIT,
        "frames": [_frame(shot) for shot in shots],
    }


def _frame(shot: Shot) -> dict[str, Any]:
    points = np.concatenate([shot.body, shot.hands.reshape(-1, 3)])
    xy = np.round(points[:, :2] / _UNIT).astype(int).ravel()
    return {"xy": xy.tolist(), "seen": "".join(str(int(value)) for value in points[:, 2])}


def save(path: Path, truth: dict[str, Any]) -> None:
    """Write it, a frame a line."""
    head = {key: value for key, value in truth.items() if key != "frames"}
    lines = [json.dumps(frame, separators=(",", ":")) for frame in truth["frames"]]
    text = json.dumps(head, indent=1)[:-2] + ',\n "frames": [\n' + ",\n".join(lines) + "\n ]\n}\n"
    path.write_text(text)
