"""Made-up pictures of stick hands, in the form in which rendered ones are stored."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from edge.core.skeletons import HAND21

# A left hand's palm towards us, fingers up, of length 1 from the wrist: x to the right, y down.
_ROOTS = ((-0.2, -0.15), (-0.14, -0.5), (-0.02, -0.52), (0.09, -0.49), (0.19, -0.43))
_LENGTHS = (0.35, 0.4, 0.45, 0.4, 0.3)
_SPREAD = (-0.9, -0.15, 0.0, 0.12, 0.3)  # rad from up


def hand(rng: np.random.Generator, size: int, *, right: bool) -> npt.NDArray[np.float32]:
    """One hand (21, 4) x, y, z px and visibility, of any size and turn in a picture of size px."""
    points = [np.zeros(3)]
    for (x, y), length, way in zip(_ROOTS, _LENGTHS, _SPREAD, strict=True):
        bent, angle = rng.uniform(0.3, 1.0), way + rng.normal(0, 0.05)
        steps = np.array([0.0, 0.45, 0.75, 1.0]) * length * bent
        step = np.array([np.sin(angle), -np.cos(angle), 0.0])
        depth = np.array([0.0, 0.0, -0.3 * (1 - bent)])
        points += [np.array([x, y, 0.0]) + s * step + s * depth for s in steps]
    made = np.array(points)
    if right:
        made[:, 0] *= -1
    angle, length = rng.uniform(-np.pi, np.pi), rng.uniform(0.25, 0.5) * size
    cos, sin = np.cos(angle), np.sin(angle)
    made *= length
    made[:, :2] = made[:, :2] @ np.array([[cos, sin], [-sin, cos]])
    made[:, :2] += rng.uniform(0.3, 0.7, 2) * size
    inside = ((made[:, :2] >= 0) & (made[:, :2] < size)).all(axis=1)
    return np.column_stack([made, 2 * inside]).astype(np.float32)


def draw(
    rng: np.random.Generator, one: npt.NDArray[np.float32], size: int, label: int
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """A picture (size, size, 3) and its labels; the thumb is red, the little finger blue."""
    picture = np.full((size, size, 3), rng.integers(60, 200, 3), np.uint8)
    labels = np.zeros((size, size), np.uint8)
    thick = max(int(np.ptp(one[:, :2], axis=0).max()) // 15, 2)
    for a, b in HAND21.bones:
        start, end = (tuple(np.rint(one[joint, :2]).astype(int).tolist()) for joint in (a, b))
        color = (230, 40, 40) if b <= 4 else (40, 40, 230) if b >= 17 else (220, 220, 60)
        cv2.line(picture, start, end, color, thick)
        cv2.line(labels, start, end, label, thick)
    return picture, labels


def store(folder: Path, count: int, *, seed: int = 0, size: int = 320) -> None:
    """Append `count` pictures to a folder."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        right = bool(rng.random() < 0.5)
        one = hand(rng, size, right=right)
        label = 11 if right else 10
        picture, labels = draw(rng, one, size, label)
        name = f"{seed:03d}{number:04d}"
        cv2.imwrite(str(folder / f"{name}.jpg"), picture[..., ::-1])
        cv2.imwrite(str(folder / f"{name}.png"), labels)
        truth = {
            "side": "right" if right else "left",
            "label": label,
            "landmarks": one.tolist(),
            "box": [0, 0, 1, 1],
        }
        with (folder / "truth.jsonl").open("a", encoding="utf-8") as file:
            line = {"id": name, "seed": number, "people": [], "hands": [truth]}
            file.write(json.dumps(line) + "\n")
