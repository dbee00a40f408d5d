"""Clothes, shoes and hair: MakeHuman's fitted meshes (.mhclo), which follow any body shape.

Each vertex of a garment hangs on three vertices of the base mesh (barycentric) with an offset
scaled by the body's width, height and depth there (mhclo: makehumancommunity.org).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.recipes.humans.files import METRES, Floats, Ints, Surface, read_surface, read_text
from models.recipes.humans.skin import Weights, strongest

_SCALES = ("x_scale", "y_scale", "z_scale")


@dataclass(frozen=True, slots=True, eq=False)
class Garment:
    """A mesh that fits itself to a body."""

    name: str
    surface: Surface
    anchors: Ints  # (N, 3), vertices of the base mesh
    shares: Floats  # (N, 3)
    offsets: Floats  # (N, 3), m at the scale 1
    scales: tuple[tuple[int, int, float], ...]  # for x, y, z: two vertices and their distance, m
    hides: Ints  # vertices of the base mesh that cannot be seen beneath it
    weights: Weights
    pieces: Ints  # (M,), the connected part each face belongs to

    def fit(self, body: Floats) -> Floats:
        """Return the garment's vertices (N, 3) in m on a body (V, 3) in rest pose."""
        scale = np.array(
            [abs(body[a, k] - body[b, k]) / span for k, (a, b, span) in enumerate(self.scales)],
            np.float32,
        )
        places = np.einsum("nk,nkj->nj", self.shares, body[self.anchors])
        return np.asarray(places + self.offsets * scale, np.float32)


def load_garment(folder: Path, name: str, table: Floats) -> Garment:
    """Read `name`.mhclo and its mesh from `folder`; `table` (V, B) are the body's weights."""
    lines = read_text(folder, f"{name}.mhclo").splitlines()
    scales: dict[str, tuple[int, int, float]] = {}
    rows: list[list[float]] = []
    hides: list[int] = []
    hiding = False
    for line in lines:
        words = line.split()
        if not words or words[0] == "#":
            continue
        if words[0] in _SCALES:
            scales[words[0]] = (int(words[1]), int(words[2]), float(words[3]) * METRES)
        elif words[0] == "delete_verts":
            hiding = True
        elif words[0][0].isalpha():
            continue  # a name or a file; it may stand between "verts" and its rows
        elif hiding:
            hides += _spans(words)
        else:
            rows.append([float(word) for word in words])
    whole = [row if len(row) > 1 else [row[0], row[0], row[0], 1, 0, 0, 0, 0, 0] for row in rows]
    data = np.array([[*row, 0, 0, 0][:9] for row in whole], np.float64)
    anchors, shares = data[:, :3].astype(np.int32), data[:, 3:6].astype(np.float32)
    surface = read_surface(folder, f"{name}.obj")
    follow = np.einsum("nk,nkb->nb", np.clip(shares, 0, 1), table[anchors])
    return Garment(
        name,
        surface,
        anchors,
        shares,
        (data[:, 6:9] * METRES).astype(np.float32),
        tuple(scales.get(key, (0, 1, np.inf)) for key in _SCALES),
        np.array(sorted(set(hides)), np.int32),
        strongest(follow),
        _pieces(surface),
    )


def _spans(words: list[str]) -> list[int]:
    """Numbers and `first - last` spans, as delete_verts has them."""
    result: list[int] = []
    until = False
    for word in words:
        if word == "-":
            until = True
        else:
            result += range(result[-1] + 1, int(word) + 1) if until else [int(word)]
            until = False
    return result


def _pieces(surface: Surface) -> Ints:
    """Number the connected parts of a mesh: (M,), one number a face."""
    part = np.arange(len(surface.vertices))
    while True:
        least = part[surface.faces].min(1)
        after = part.copy()
        for corner in range(3):
            np.minimum.at(after, surface.faces[:, corner], least)
        after = after[after]
        if np.array_equal(after, part):
            break
        part = after
    return np.unique(part[surface.faces[:, 0]], return_inverse=True)[1].astype(np.int32)
