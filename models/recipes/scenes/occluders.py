"""Things put between the camera and a person: a table's edge, a chair, a box, a pillar, a plant."""

from __future__ import annotations

import numpy as np

from models.recipes.rendering.camera import Camera
from models.recipes.rendering.types import Floats, Mesh
from models.recipes.scenes.furniture import boxes, chair, plant, table
from models.recipes.scenes.industry import barrel, machine, pallet, pillar, workbench
from models.recipes.scenes.soft import sofa
from models.recipes.scenes.solids import joined, placed

_HIDING = (table, chair, boxes, plant, sofa, barrel, machine, pallet, pillar, workbench)
_NEAREST = 0.55  # m from the lens: nearer, a thing would fill the picture


def sample(random: np.random.Generator, camera: Camera, points: Floats) -> list[Mesh]:
    """A thing on the floor between camera and the person of points (N, 3), which it hides in part.

    An empty list where there is no room for one.
    """
    thing = _HIDING[random.integers(len(_HIDING))](random)
    wide = max(float(np.abs(mesh.vertices[:, [0, 2]]).max()) for mesh in thing)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    way = np.array([camera.position[0] - middle[0], camera.position[2] - middle[2]])
    length = float(np.linalg.norm(way))
    near = float(np.hypot(points[:, 0] - middle[0], points[:, 2] - middle[2]).max())
    first, last = near + 0.6 * wide, min(length - _NEAREST - wide, near + wide + 1.5)
    if last <= first:
        return []
    along = way / length
    aside = np.array([along[1], -along[0]]) * random.normal(0, 0.3 + 0.5 * wide)
    x, z = middle[[0, 2]] + along * random.uniform(first, last) + aside
    yaw = random.uniform(0, 2 * np.pi)
    return joined([placed(mesh, (x, 0, z), yaw) for mesh in thing])
