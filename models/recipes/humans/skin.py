"""Skinning: vertices follow the bones (linear blending, four bones a vertex)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.recipes.humans.files import Floats, Ints, read_json
from models.recipes.humans.rig import Rig

_MOST = 4  # bones a vertex


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Which bones each vertex follows, and how much."""

    bones: Ints  # (N, 4)
    shares: Floats  # (N, 4), their sum is 1

    def take(self, vertices: Ints) -> Weights:
        """Return the weights of some vertices."""
        return Weights(self.bones[vertices], self.shares[vertices])


def strongest(table: Floats) -> Weights:
    """Keep the four greatest of (N, B) weights a vertex; a vertex without any follows the root."""
    bones = np.argpartition(-table, _MOST, axis=1)[:, :_MOST].astype(np.int32)
    shares = np.take_along_axis(table, bones, axis=1)
    total = shares.sum(1, keepdims=True)
    lost = total[:, 0] <= 0
    bones[lost], shares[lost, 0], total[lost] = 0, 1, 1
    return Weights(bones, (shares / total).astype(np.float32))


def load_table(humans: Path, names: tuple[str, ...], count: int) -> Floats:
    """Read the default rig's weights as a table (count, B)."""
    table = np.zeros((count, len(names)), np.float32)
    for name, pairs in read_json(humans / "rigs", "default_weights.mhw")["weights"].items():
        rows = np.array(pairs)
        # A vertex may be named twice: its weights add up.
        table[:, names.index(name)] = np.bincount(rows[:, 0].astype(int), rows[:, 1], count)
    return table


def bend(vertices: Floats, weights: Weights, rig: Rig, turns: Floats) -> Floats:
    """Return rest-pose vertices (N, 3) m moved by a pose `turns` (B, 3, 3) of the rig."""
    return follow(vertices, weights, moves(rig, *rig.pose(turns)))


def moves(rig: Rig, whole: Floats, places: Floats) -> Floats:
    """Return what each posed bone does to a point, (B, 12): rows of a 3 x 4 matrix."""
    shift = places - np.einsum("bij,bj->bi", whole, rig.heads)
    both = np.concatenate([whole, shift[:, :, None]], axis=2)
    return np.asarray(both.reshape(-1, 12), np.float32)


def follow(vertices: Floats, weights: Weights, bones: Floats) -> Floats:
    """Return vertices (N, 3) m moved by their bones' `moves`."""
    blend = bones[weights.bones[:, 0]] * weights.shares[:, :1]
    for k in range(1, _MOST):
        blend += bones[weights.bones[:, k]] * weights.shares[:, k : k + 1]
    matrix = blend.reshape(-1, 3, 4)
    return np.asarray(
        matrix[:, :, 0] * vertices[:, :1]
        + matrix[:, :, 1] * vertices[:, 1:2]
        + matrix[:, :, 2] * vertices[:, 2:]
        + matrix[:, :, 3],
        np.float32,
    )
