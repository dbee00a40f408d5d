"""People: a body of some shape in some outfit, which any pose of the rig bends.

`Cast.load` reads the files once; `Cast.sample` makes a person in rest pose (some 20 ms), and
`Person.pose` bends it (some 15 ms).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.recipes.humans.files import Floats, Ints, Surface
from models.recipes.humans.garments import Garment, load_garment
from models.recipes.humans.keypoints import FACE_VERTICES, body17, hand21
from models.recipes.humans.paint import REGIONS, Bytes, region_map, regions, sample_look
from models.recipes.humans.parts import Cut, Part, cut_out
from models.recipes.humans.rig import Rig, RigPlan, load_mesh, load_plan
from models.recipes.humans.shape import Shaper, sample_build
from models.recipes.humans.skin import Weights, follow, load_table, moves, strongest
from models.recipes.humans.wardrobe import sample_cloth, sample_color, sample_outfit, sample_skin
from models.recipes.rendering.types import Material, Mesh

_SKIN = 13_380  # vertices of the base mesh that are skin
_SKIRT = 0.12  # share of people in a skirt, coat or apron
_HELMET = 0.025  # m above the scalp
_EYE = np.array([[[60, 55, 50]]], np.uint8)  # sRGB, from afar


@dataclass(frozen=True, slots=True, eq=False)
class Posed:
    """A person bent and put somewhere: meshes and exact keypoints in the world."""

    meshes: list[Mesh]
    keypoints: Floats  # (17, 3), m
    hands: Floats  # (2, 21, 3), m; left, right
    points: Floats  # (P, 3), m: some vertices, enough to tell the extent


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """A person in rest pose."""

    rig: Rig
    parts: tuple[Part, ...]
    face: Floats  # (10, 3), the vertices of the face's keypoints
    face_weights: Weights

    def pose(self, turns: Floats, label: int, place: Floats, lift: float = 0.0) -> Posed:
        """Bend by `turns` (B, 3, 3) and put the lowest point `lift` above `place` (3,) m."""
        whole, places = self.rig.pose(turns)
        bones = moves(self.rig, whole, places)
        bent = [follow(part.vertices, part.weights, bones) for part in self.parts]
        face = follow(self.face, self.face_weights, bones).reshape(5, 2, 3).mean(1)
        middle = places[0]
        shift = np.array(place, np.float32) - (middle[0], 0, middle[2])
        shift[1] += lift - min(float(points[:, 1].min()) for points in bent)
        shift = shift.astype(np.float32)
        meshes = [
            part.mesh(points + shift, label) for points, part in zip(bent, self.parts, strict=True)
        ]
        hands = np.stack([hand21(self.rig, whole, places, side) for side in "LR"])
        sample = np.concatenate([points[::7] for points in bent])
        return Posed(meshes, body17(self.rig, places, face) + shift, hands + shift, sample + shift)


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """All there is to make people from."""

    mesh: Surface
    plan: RigPlan
    shaper: Shaper
    weights: Weights
    suits: dict[str, Garment]
    shoes: dict[str, Garment]
    hair: dict[str, Garment]
    region: Ints  # (V,)
    chart: Bytes
    cuts: dict[str, Cut]  # those made so far

    @classmethod
    def load(cls, humans: Path) -> Cast:
        """Read the files of `humans`."""
        mesh, plan = load_mesh(humans), load_plan(humans)
        table = load_table(humans, plan.names, len(mesh.vertices))

        def garments(kind: str, start: str = "") -> dict[str, Garment]:
            folders = sorted(
                path for path in (humans / kind).iterdir() if path.name.startswith(start)
            )
            return {path.name: load_garment(path, path.name, table) for path in folders}

        region = regions(mesh.vertices, table, plan.fit(mesh.vertices))
        suits = garments("clothes", "male") | garments("clothes", "female")
        return cls(
            mesh,
            plan,
            Shaper(humans / "targets", mesh.vertices),
            strongest(table),
            suits,
            garments("clothes", "shoes"),
            garments("hair"),
            region,
            region_map(mesh, mesh.groups["body"], region),
            {},
        )

    def sample(self, rng: np.random.Generator, textures: Sequence[Bytes] = ()) -> Person:
        """Draw a person; `textures` (H, W, 3) sRGB are patterns for their clothes."""
        body = self.shaper.vertices(sample_build(rng))
        look = sample_look(rng)
        outfit = sample_outfit(rng, list(self.suits), list(self.shoes), list(self.hair))
        parts: list[Part] = []
        worn = [self.suits[outfit.suit]] if outfit.suit else []
        worn += [self.shoes[outfit.shoes]] if outfit.shoes else []
        for garment in worn:
            parts += self._pieces(garment, body, rng, textures)
        if outfit.hair:
            color = np.array(look.hair, np.uint8)[None, None]
            hair = self.hair[outfit.hair]
            parts += self._whole(hair, body, _material(color, rng, two_sided=True))
        skin = sample_skin(rng, self.chart, look, outfit, textures)
        parts.append(self._part(self._skin(worn), body, _material(skin, rng)))
        for eye in ("helper-l-eye", "helper-r-eye"):
            parts.append(self._group(eye, body, _EYE))
        if outfit.helmet:
            parts.append(self._helmet(body, rng))
        if rng.random() < _SKIRT:
            parts.append(self._group("helper-skirt", body, sample_cloth(rng, textures)))
        face = FACE_VERTICES.reshape(-1)
        return Person(self.plan.fit(body), tuple(parts), body[face], self.weights.take(face))

    def _cut(self, name: str, surface: Surface, weights: Weights, faces: Callable[[], Ints]) -> Cut:
        """Cut out faces (indices) of a surface, once."""
        if name not in self.cuts:
            self.cuts[name] = cut_out(surface, weights, faces())
        return self.cuts[name]

    @staticmethod
    def _part(cut: Cut, places: Floats, material: Material) -> Part:
        return Part(np.ascontiguousarray(places[cut.used]), cut, material)

    def _skin(self, worn: Sequence[Garment]) -> Cut:
        """Return the skin without what is hidden by clothes."""

        def shown() -> Ints:
            hidden = np.zeros(len(self.mesh.vertices), bool)
            for garment in worn:
                hidden[garment.hides] = True
            faces = self.mesh.groups["body"]
            return np.asarray(faces[~hidden[self.mesh.faces[faces]].all(1)], np.int32)

        name = "skin under " + ", ".join(garment.name for garment in worn)
        return self._cut(name, self.mesh, self.weights, shown)

    def _group(self, name: str, body: Floats, texture: Bytes) -> Part:
        cut = self._cut(name, self.mesh, self.weights, lambda: self.mesh.groups[name])
        material = Material(np.ones(3, np.float32), texture, 0.1, two_sided=True)
        return self._part(cut, body, material)

    def _helmet(self, body: Floats, rng: np.random.Generator) -> Part:
        """Return a hard hat: the scalp, pushed outwards."""

        def scalp() -> Ints:
            faces = self.mesh.groups["body"]
            there = self.region == REGIONS.index("scalp")
            return np.asarray(faces[there[self.mesh.faces[faces]].all(1)], np.int32)

        cut = self._cut("helmet", self.mesh, self.weights, scalp)
        out = body - body[cut.used].mean(0)
        out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-6)
        color = sample_color(rng)[None, None]
        return self._part(cut, body + _HELMET * out, _material(color, rng, two_sided=True))

    def _whole(self, garment: Garment, body: Floats, material: Material) -> list[Part]:
        faces = np.arange(len(garment.surface.faces), dtype=np.int32)
        cut = self._cut(garment.name, garment.surface, garment.weights, lambda: faces)
        return [self._part(cut, garment.fit(body), material)]

    def _pieces(
        self, garment: Garment, body: Floats, rng: np.random.Generator, textures: Sequence[Bytes]
    ) -> list[Part]:
        """Return a garment's parts; pieces of one size, as two shoes are, share a cloth."""
        places = garment.fit(body)
        sizes = np.bincount(garment.pieces)[garment.pieces]
        result = []
        for size in np.unique(sizes):

            def faces(size: int = size) -> Ints:
                return np.flatnonzero(sizes == size).astype(np.int32)

            name = f"{garment.name} {size}"
            cut = self._cut(name, garment.surface, garment.weights, faces)
            material = _material(sample_cloth(rng, textures), rng, two_sided=True)
            result.append(self._part(cut, places, material))
        return result


def _material(texture: Bytes, rng: np.random.Generator, *, two_sided: bool = False) -> Material:
    return Material(
        np.ones(3, np.float32), texture, float(rng.uniform(0.02, 0.25)), two_sided=two_sided
    )
