"""A painter of pictures that needs no OpenGL: a disk for a person."""

from __future__ import annotations

import numpy as np

from models.recipes.rendering.dataset import Maker, Sample


def disks() -> Maker:
    return disk


def broken() -> Maker:
    raise RuntimeError("no EGL here")


def disk(rng: np.random.Generator) -> Sample:
    x, y = (int(value) for value in rng.integers(10, 54, 2))
    rows, columns = np.mgrid[:64, :64]
    labels = (np.hypot(columns - x, rows - y) < 8).astype(np.uint8)
    rgb = np.repeat(labels[:, :, None] * np.uint8(200), 3, axis=2)
    person = {"label": 1, "kind": "standing", "keypoints": [[x, y, 2]] * 17, "box": [0, 0, 9, 9]}
    return Sample(rgb, labels, {"people": [person]})
