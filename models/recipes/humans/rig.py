"""The skeleton of a body: MakeHuman's default rig of 163 bones, and turning it.

All turns are in the axes of the world in rest pose, as in SMPL (Loper et al. 2015): bones have no
roll of their own, and identity turns are the rest pose.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.recipes.humans.files import Floats, Ints, Surface, read_json, read_surface


@dataclass(frozen=True, slots=True, eq=False)
class Rig:
    """Bones, parents first, with the ends they have in rest pose for one body shape."""

    names: tuple[str, ...]
    parents: Ints  # (B,), -1 for the root
    heads: Floats  # (B, 3), m
    tails: Floats  # (B, 3), m

    def index(self, name: str) -> int:
        """Return the number of the bone `name`; ValueError where there is none."""
        return self.names.index(name)

    def pose(self, turns: Floats) -> tuple[Floats, Floats]:
        """Return the turn (B, 3, 3) and the head (B, 3) m of each bone in the world."""
        whole = np.empty_like(turns)
        places = np.empty_like(self.heads)
        for bone, parent in enumerate(self.parents):
            if parent < 0:
                whole[bone], places[bone] = turns[bone], self.heads[bone]
            else:
                whole[bone] = whole[parent] @ turns[bone]
                offset = self.heads[bone] - self.heads[parent]
                places[bone] = places[parent] + whole[parent] @ offset
        return whole, places


@dataclass(frozen=True, slots=True, eq=False)
class RigPlan:
    """The rig of every body shape: which vertices of the mesh each joint is the middle of."""

    names: tuple[str, ...]
    parents: Ints  # (B,)
    heads: tuple[NDArray[np.intp], ...]
    tails: tuple[NDArray[np.intp], ...]

    def fit(self, vertices: Floats) -> Rig:
        """Return the rig of a body with these `vertices` (N, 3) of the base mesh, m."""
        heads = np.array([vertices[those].mean(0) for those in self.heads], np.float32)
        tails = np.array([vertices[those].mean(0) for those in self.tails], np.float32)
        return Rig(self.names, self.parents, heads, tails)


def load_plan(humans: Path) -> RigPlan:
    """Read the default rig."""
    data = read_json(humans / "rigs", "default.mhskel")
    bones, joints = data["bones"], data["joints"]
    names: list[str] = []
    while len(names) < len(bones):
        names += [
            name
            for name, bone in bones.items()
            if name not in names and (not bone["parent"] or bone["parent"] in names)
        ]
    parents = [
        names.index(bones[name]["parent"]) if bones[name]["parent"] else -1 for name in names
    ]
    return RigPlan(
        tuple(names),
        np.array(parents, np.int32),
        tuple(np.array(joints[bones[name]["head"]], np.intp) for name in names),
        tuple(np.array(joints[bones[name]["tail"]], np.intp) for name in names),
    )


def load_rig(humans: Path) -> Rig:
    """Read the default rig, fitted to the base mesh as it is in its file."""
    return load_plan(humans).fit(load_mesh(humans).vertices)


def load_mesh(humans: Path) -> Surface:
    """Read the base mesh: 19,158 vertices, of which the first 13,380 are the skin."""
    return read_surface(humans / "mesh", "base.obj")
