"""Made-up pictures of stick people, in the form in which rendered ones are stored."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from edge.core.skeletons import BODY17

# Upright and facing us, of height 1: x to the right of the picture, y down.
_REST = np.array(
    [
        *([0, -0.45], [0.02, -0.47], [-0.02, -0.47], [0.05, -0.46], [-0.05, -0.46]),
        *([0.12, -0.33], [-0.12, -0.33], [0.17, -0.17], [-0.17, -0.17]),
        *([0.2, -0.02], [-0.2, -0.02], [0.08, 0.0], [-0.08, 0.0]),
        *([0.09, 0.23], [-0.09, 0.23], [0.1, 0.47], [-0.1, 0.47]),
    ],
    np.float32,
)


def people(rng: np.random.Generator, count: int, size: int) -> npt.NDArray[np.float32]:
    """Several (count, 17, 3) of any size and turn in a picture of size px."""
    made = []
    for _ in range(count):
        angle, length = rng.uniform(-np.pi, np.pi), rng.uniform(0.3, 0.8) * size
        cos, sin = np.cos(angle), np.sin(angle)
        body = (_REST + rng.normal(0, 0.015, _REST.shape)) * length
        xy = body @ np.array([[cos, sin], [-sin, cos]]) + rng.uniform(0.3, 0.7, 2) * size
        inside = ((xy >= 0) & (xy < size)).all(axis=1)
        made.append(np.column_stack([xy, 2 * inside]))
    return np.array(made, np.float32).reshape(-1, 17, 3)


def draw(
    rng: np.random.Generator, them: npt.NDArray[np.float32], size: int
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """A picture (size, size, 3), its labels (size, size); left limbs are red, right ones blue."""
    picture = np.full((size, size, 3), rng.integers(60, 200, 3), np.uint8)
    labels = np.zeros((size, size), np.uint8)
    for label, one in enumerate(them, start=1):
        thick = max(int(np.ptp(one[:, 1]) + np.ptp(one[:, 0])) // 30, 2)
        for a, b in BODY17.bones:
            start, end = (tuple(np.rint(one[joint, :2]).astype(int).tolist()) for joint in (a, b))
            color = (230, 40, 40) if a % 2 and b % 2 else (40, 40, 230)
            cv2.line(picture, start, end, color, thick)
            cv2.line(labels, start, end, label, thick)
    return picture, labels


def store(folder: Path, count: int, *, seed: int = 0, size: int = 320) -> None:
    """Append `count` pictures to a folder."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        them = people(rng, int(rng.integers(0, 3)), size)
        picture, labels = draw(rng, them, size)
        name = f"{seed:03d}{number:04d}"
        cv2.imwrite(str(folder / f"{name}.jpg"), picture[..., ::-1])
        cv2.imwrite(str(folder / f"{name}.png"), labels)
        rows = [
            {"label": label, "kind": "standing", "keypoints": one.tolist(), "box": [0, 0, 1, 1]}
            for label, one in enumerate(them, start=1)
        ]
        with (folder / "truth.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"id": name, "seed": number, "people": rows}) + "\n")
