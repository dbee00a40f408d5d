"""Pieces of meshes: what is drawn of a surface, prepared once and used by many people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.recipes.humans.files import Floats, Ints, Surface
from models.recipes.humans.skin import Weights
from models.recipes.rendering.types import Material, Mesh, smooth_normals


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Some faces of a surface; a vertex on a seam of the texture has several copies."""

    used: Ints  # (W,), vertices of the surface
    weights: Weights  # of those
    faces: Ints  # (M, 3), indices of used
    copies: Ints  # (N,), the index of used that each drawn vertex is
    drawn_faces: Ints  # (M, 3), indices of copies
    uv: Floats  # (N, 2)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A piece of a person in rest pose."""

    vertices: Floats  # (W, 3), m
    cut: Cut
    material: Material

    @property
    def weights(self) -> Weights:
        """What the vertices (W,) follow."""
        return self.cut.weights

    @property
    def faces(self) -> Ints:
        """Triangles (M, 3), indices of vertices."""
        return self.cut.faces

    @property
    def copies(self) -> Ints:
        """The vertex (N,) that each drawn one is."""
        return self.cut.copies

    @property
    def drawn_faces(self) -> Ints:
        """Triangles (M, 3), indices of copies."""
        return self.cut.drawn_faces

    @property
    def uv(self) -> Floats:
        """Where each copy lies in the texture, (N, 2)."""
        return self.cut.uv

    def mesh(self, bent: Floats, label: int) -> Mesh:
        """Return what is drawn where the vertices are at `bent` (W, 3) m."""
        normals = smooth_normals(bent, self.faces)[self.copies]
        places = bent[self.copies]
        return Mesh(places, self.drawn_faces, self.uv, self.material, label, normals=normals)


def cut_out(surface: Surface, weights: Weights, faces: Ints) -> Cut:
    """Return the faces of these indices (M,), with weights (V,) of the surface's vertices."""
    used, which = np.unique(surface.faces[faces], return_inverse=True)
    corners = which.reshape(-1).astype(np.int32)
    marks = surface.uv_faces[faces].reshape(-1)
    key = corners.astype(np.int64) * len(surface.uv) + marks
    _, first, drawn = np.unique(key, return_index=True, return_inverse=True)
    return Cut(
        used,
        weights.take(used),
        corners.reshape(-1, 3),
        corners[first],
        drawn.reshape(-1, 3).astype(np.int32),
        np.ascontiguousarray(surface.uv[marks[first]]),
    )
