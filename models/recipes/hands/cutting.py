"""Which faces of a skin are its hands; they are drawn with labels and textures of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.recipes.hands.skin import HandChart
from models.recipes.humans.parts import Cut
from models.recipes.humans.skin import Weights
from models.recipes.poses.types import Floats
from models.recipes.rendering.types import Ints, Material, Mesh

BODY, LEFT, RIGHT = 1, 10, 11  # labels
SIDES = (("L", LEFT), ("R", RIGHT))
_MOSTLY = 0.5  # of a vertex's weights: it belongs to the hand


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some faces of a hand; `own` are those on the hand's own texture, others on the body's."""

    label: int
    own: bool
    vertices: Ints  # of the mesh that is drawn
    faces: Ints  # (M, 3), indices of `vertices`
    uv: Floats

    def mesh(self, skin: Mesh, material: Material) -> Mesh:
        """Return what is drawn where the skin's mesh is."""
        normals = None if skin.normals is None else skin.normals[self.vertices]
        places = skin.vertices[self.vertices]
        return Mesh(places, self.faces, self.uv, material, self.label, normals=normals)


@dataclass(frozen=True, slots=True, eq=False)
class HandCut:
    """A skin's faces: the hands' pieces (left own and other, right alike) and the rest."""

    cut: Cut
    pieces: tuple[Piece, ...]
    rest: Ints  # (M, 3)
    share: Floats  # (W,), how much each vertex belongs to a hand


def divide(cut: Cut, names: tuple[str, ...], charts: tuple[HandChart, HandChart]) -> HandCut:
    """Divide the faces of `cut`; `names` are the bones'."""
    pieces, rest = [], np.ones(len(cut.drawn_faces), np.bool_)
    total = np.zeros(len(cut.used), np.float32)
    for (side, label), chart in zip(SIDES, charts, strict=True):
        share = shares(cut.weights, names, side)
        total += share
        mine = np.asarray((share > _MOSTLY)[cut.copies][cut.drawn_faces].any(1), np.bool_)
        rest = rest & ~mine
        own = np.asarray(mine & chart.covers(cut.uv)[cut.drawn_faces].all(1), np.bool_)
        pieces.append(_piece(cut, own, label, chart))
        pieces.append(_piece(cut, np.asarray(mine & ~own, np.bool_), label, None))
    return HandCut(cut, tuple(pieces), cut.drawn_faces[rest], total)


def _piece(cut: Cut, which: NDArray[np.bool_], label: int, chart: HandChart | None) -> Piece:
    used, faces = np.unique(cut.drawn_faces[which], return_inverse=True)
    uv = cut.uv[used] if chart is None else chart.uv(cut.uv[used])
    return Piece(label, chart is not None, used, faces.reshape(-1, 3).astype(np.int32), uv)


def shares(weights: Weights, names: tuple[str, ...], side: str) -> Floats:
    """How much each vertex (N,) follows the hand at `side`."""
    words = ("wrist", "metacarpal", "finger")
    bones = [k for k, name in enumerate(names) if name.startswith(words) and name[-1] == side]
    return np.asarray((weights.shares * np.isin(weights.bones, bones)).sum(1), np.float32)
