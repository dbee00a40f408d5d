"""What the renderer takes and gives: meshes, materials, lights, pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]


def _white() -> Floats:
    return np.ones(3, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """How a surface looks: color (3,) linear 0..1 times texture (H, W, 3) sRGB, gloss 0..1.

    glow is the share of its colour that it sends out itself (a lamp, a window, the sky);
    two_sided surfaces are seen from behind, too.
    """

    color: Floats
    texture: Bytes | None = None
    gloss: float = 0.0
    two_sided: bool = False
    glow: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Triangles: vertices (N, 3) world m, faces (M, 3) counter-clockwise from outside, uv (N, 2).

    label 0 is background, 1.. the people; casts says whether it throws a shadow (walls do not).
    normals (N, 3) are computed from the faces where None.
    """

    vertices: Floats
    faces: Ints
    uv: Floats | None
    material: Material
    label: int = 0
    casts: bool = True
    normals: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Light:
    """One far key light: direction (3,) in which it shines, linear colours (3,) of it and around.

    above and below are the ambient light that falls on what faces up and down; softness is the
    half width of its shadows' edges (m).
    """

    direction: Floats
    color: Floats
    above: Floats
    below: Floats
    softness: float = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What the camera saw: rgb (H, W, 3), labels (H, W), depth (H, W) m along the axis."""

    rgb: Bytes
    labels: Bytes
    depth: Floats


def smooth_normals(vertices: Floats, faces: Ints) -> Floats:
    """Unit normals (N, 3) of vertices (N, 3): the mean of the faces (M, 3) around, by area."""
    corners = vertices[faces]
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    across = np.empty_like(one)  # np.cross, three times as fast
    across[:, 0] = one[:, 1] * two[:, 2] - one[:, 2] * two[:, 1]
    across[:, 1] = one[:, 2] * two[:, 0] - one[:, 0] * two[:, 2]
    across[:, 2] = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    where, count = faces.ravel(), len(vertices)
    sums = np.stack(
        [np.bincount(where, np.repeat(across[:, axis], 3), count) for axis in range(3)], axis=1
    )
    lengths = np.sqrt(np.einsum("ij,ij->i", sums, sums))
    normals: Floats = (sums / np.maximum(lengths, 1e-20)[:, None]).astype(np.float32)
    return normals
