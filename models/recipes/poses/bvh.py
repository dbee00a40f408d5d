"""MakeHuman's own poses: BVH files whose bones, and whose rest pose, are those of the rig.

Their z is up and -y ahead, unlike the rig's; older files for another skeleton are refused.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np

from models.recipes.poses import rotation
from models.recipes.poses.types import Floats, Skeleton

_TO_WORLD = rotation.about(0, -90.0)


def read(path: Path, rig: Skeleton) -> Floats:
    """Turns (F, B, 3, 3) of all the rig's bones; ValueError where the skeleton is another."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        words = file.read().split()
    names, channels, position = _hierarchy(words)
    numbers = {name: place for place, name in enumerate(rig.names)}
    if names[0] not in numbers or len(set(names) & set(numbers)) < len(numbers) // 2:
        raise ValueError(f"{path.name} is for another skeleton")
    count = int(words[position + 2])  # after "MOTION Frames:"
    values = np.array(words[position + 6 :], dtype=np.float64).reshape(count, -1)
    turns = np.tile(np.eye(3), (count, len(numbers), 1, 1))
    column = 0
    for name, kinds in zip(names, channels, strict=True):
        turn = np.tile(np.eye(3), (count, 1, 1))
        for kind in kinds:
            if kind.endswith("rotation"):
                turn = turn @ rotation.about("XYZ".index(kind[0]), values[:, column])
            column += 1
        if name in numbers:
            turns[:, numbers[name]] = _TO_WORLD @ turn @ _TO_WORLD.T
    return turns


def _hierarchy(words: list[str]) -> tuple[list[str], list[list[str]], int]:
    """Names and channels of joints, in order, and where the motion begins."""
    names: list[str] = []
    channels: list[list[str]] = []
    position = 0
    while words[position] != "MOTION":
        if words[position] in ("ROOT", "JOINT"):
            names.append(words[position + 1])
        if words[position] == "CHANNELS":
            count = int(words[position + 1])
            channels.append(words[position + 2 : position + 2 + count])
        position += 1
    return names, channels, position
