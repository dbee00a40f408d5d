"""Make `models/demo/fall.poses.jsonl`: a made-up person who walks in, falls, lies and gets up.

    python models/recipes/demo_poses.py models/demo/fall.poses.jsonl

What `edgepose demo` shows where neither a clip nor a model came along. Nobody was filmed: a stick
figure topples about its feet like a rod, and a little noise stands for the model's.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from edge.core.types import Floats, Observation, Pose
from edge.recording import Header, Writer

_FPS = 15
_SIZE = (640, 480)
_HEIGHT = 300.0  # px
_GROUND = 440.0  # y, px
# Shares of the standing height: x to the left, y up from the ground, in the order of body17.
_FIGURE = np.array(
    [
        (0, 0.93), (0.02, 0.95), (-0.02, 0.95), (0.04, 0.94), (-0.04, 0.94),
        (0.11, 0.82), (-0.11, 0.82), (0.14, 0.63), (-0.14, 0.63), (0.15, 0.48), (-0.15, 0.48),
        (0.06, 0.53), (-0.06, 0.53), (0.06, 0.28), (-0.06, 0.28), (0.06, 0.04), (-0.06, 0.04),
    ]
)  # fmt: skip
# What happens: until when (s), and how far the body leans at its end (degrees).
_STORY = ((4.0, 0.0), (4.9, 82.0), (10.0, 82.0), (13.0, 0.0), (16.0, 0.0))


def lean_deg(t: float) -> float:
    """How far the body leans: down ever faster, as a rod topples, and up evenly."""
    begin, before = 0.0, 0.0
    for end, after in _STORY:
        if t < end:
            share = (t - begin) / (end - begin)
            return before + (after - before) * (share**2 if after > before else share)
        begin, before = end, after
    return before


def pose(t: float, noise: np.random.Generator) -> Pose:
    """The figure at one instant, px."""
    lean = np.radians(lean_deg(t))
    x = 120.0 + 90.0 * min(t, 4.0)  # walks in, and stays where it fell
    across, up = _FIGURE[:, 0] * np.cos(lean) + _FIGURE[:, 1] * np.sin(lean), _FIGURE[:, 1]
    height = up * np.cos(lean) - _FIGURE[:, 0] * np.sin(lean)
    xy = np.stack([x + across * _HEIGHT, _GROUND - np.maximum(height, 0.02) * _HEIGHT], axis=1)
    xy += noise.normal(0.0, 1.2, xy.shape)
    score: Floats = np.clip(noise.normal(0.85, 0.04, 17), 0, 1).astype(np.float32)
    return Pose("body17", xy.astype(np.float32), score)


def main() -> None:
    """Command line."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the script and one path
        sys.exit(__doc__)
    noise = np.random.default_rng(7)
    header = Header("home", "demo", "demo", "made-up", "none: poses made up")
    with Writer(Path(sys.argv[1]), header) as writer:
        for seq in range(int(_STORY[-1][0] * _FPS)):
            t = round(seq / _FPS, 3)
            writer.write(Observation(t, seq, _SIZE, (pose(t, noise),)))


if __name__ == "__main__":
    main()
