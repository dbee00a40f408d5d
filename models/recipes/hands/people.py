"""People whose hands are drawn as parts of their own: skin in detail, or gloves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from models.recipes.hands.anatomy import refined
from models.recipes.hands.cutting import BODY, SIDES, HandCut, divide, shares
from models.recipes.hands.skin import SIZE, HandChart, chart_of, paint_glove, paint_skin
from models.recipes.humans.keypoints import hand21
from models.recipes.humans.paint import REGIONS
from models.recipes.humans.parts import Cut, Part
from models.recipes.humans.person import Cast, Person
from models.recipes.humans.rig import Rig
from models.recipes.humans.skin import Weights, follow, moves
from models.recipes.poses.types import Floats
from models.recipes.rendering.types import Bytes, Material, Mesh, smooth_normals
from models.recipes.scenes.colors import draw_srgb

_GLOVED, _CUFFED = (
    0.15,
    0.5,
)  # shares of people (besides those whose outfit has gloves), and of them
_WORN = 14.0  # of 255: hands of another colour than the face wear something
_THICK = (0.0005, 0.0025)  # m, of gloves
_MOSTLY = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Handed:
    """A person and its hands; `skin` is the number of the part that these are cut from."""

    rig: Rig
    parts: tuple[Part, ...]
    skin: int
    hands: HandCut
    materials: tuple[Material, Material]
    vertices: Floats  # of all parts, one after the other, as bending all at once is quicker
    weights: Weights

    def pose(self, turns: Floats) -> tuple[list[Mesh], Floats, Floats]:
        """Bend: all meshes, labelled; the hands' landmarks (2, 21, 3) m; the eyes (3,) m."""
        whole, places = self.rig.pose(turns)
        bent = follow(self.vertices, self.weights, moves(self.rig, whole, places))
        shift = np.array([-places[0, 0], -bent[:, 1].min(), -places[0, 2]], np.float32)
        ends = np.cumsum([len(part.vertices) for part in self.parts])
        pieces = np.split(bent + shift, ends[:-1])
        meshes = [part.mesh(one, BODY) for part, one in zip(self.parts, pieces, strict=True)]
        skin = meshes[self.skin]
        meshes[self.skin] = replace(skin, faces=self.hands.rest)
        for number, piece in enumerate(self.hands.pieces):
            meshes.append(
                piece.mesh(skin, self.materials[number // 2] if piece.own else skin.material)
            )
        hands = np.stack([hand21(self.rig, whole, places, side) for side, _ in SIDES])
        eyes = places[[self.rig.index("eye.L"), self.rig.index("eye.R")]].mean(0)
        return meshes, hands + shift, eyes + shift


@dataclass(frozen=True, slots=True, eq=False)
class Company:
    """A cast and the charts of its hands."""

    cast: Cast
    charts: tuple[HandChart, HandChart]
    cuts: dict[int, HandCut] = field(default_factory=dict)  # by identity of what is cut

    @classmethod
    def of(cls, cast: Cast) -> Company:
        """Chart the hands of the cast's mesh."""
        rig = cast.plan.fit(cast.mesh.vertices)
        faces = cast.mesh.groups["body"]
        left, right = (
            chart_of(cast.mesh, faces[(share > _MOSTLY)[cast.mesh.faces[faces]].any(1)], rig, side)
            for side in "LR"
            for share in (shares(cast.weights, rig.names, side),)
        )
        return cls(cast, (left, right))

    def sample(self, rng: np.random.Generator, textures: Sequence[Bytes]) -> Handed:
        """Draw a person; `textures` are patterns for its clothes."""
        person = self.cast.sample(rng, textures)
        skin = self._skin_of(person)
        part = person.parts[skin]
        hands = self._divided(part.cut)
        texture, bare = self._texture(rng, part)
        if not bare:
            part = _thicker(part, hands, rng.uniform(*_THICK))
        part = replace(part, material=replace(part.material, texture=texture))
        gloss = float(rng.uniform(0, 0.15)) if bare else float(rng.choice([0.0, 0.1, 0.5]))
        paint = paint_skin if bare else paint_glove
        left, right = (
            Material(np.ones(3, np.float32), paint(rng, chart, _square(texture, chart)), gloss)
            for chart in self.charts
        )
        parts = (*person.parts[:skin], part, *person.parts[skin + 1 :])
        weights = Weights(
            np.concatenate([one.cut.weights.bones for one in parts]),
            np.concatenate([one.cut.weights.shares for one in parts]),
        )
        vertices = np.concatenate([one.vertices for one in parts])
        return Handed(refined(person.rig), parts, skin, hands, (left, right), vertices, weights)

    def _texture(self, rng: np.random.Generator, part: Part) -> tuple[Bytes, bool]:
        """Return the body's texture, with gloves or none, and whether the hands are bare."""
        chart = self.cast.chart
        texture = np.array(part.material.texture, np.uint8)
        face = np.median(texture[chart == REGIONS.index("face")], axis=0)
        hands = chart == REGIONS.index("hand")
        unlike = np.median(texture[hands], axis=0) - face * (1, 0.95, 0.93)
        if float(np.abs(unlike).max()) > _WORN:
            return texture, False
        if rng.random() >= _GLOVED:
            texture[hands] = face
            return texture, True
        color = draw_srgb(rng, 0.65)
        texture[hands] = color
        if rng.random() < _CUFFED:
            texture[chart == REGIONS.index("cuff")] = color
        return texture, False

    def _skin_of(self, person: Person) -> int:
        """The number of the part with the most vertices that follow fingers."""
        counts = [float((self._divided(part.cut).share > _MOSTLY).sum()) for part in person.parts]
        return int(np.argmax(counts))

    def _divided(self, cut: Cut) -> HandCut:
        if id(cut) not in self.cuts:
            self.cuts[id(cut)] = divide(cut, self.cast.plan.names, self.charts)
        return self.cuts[id(cut)]


def _square(texture: Bytes, chart: HandChart) -> Bytes:
    """The hand's square of the body's texture."""
    height, width = texture.shape[:2]
    x, y = chart.corner * (width, height)
    scale = chart.span * width / SIZE
    turn = np.array([[scale, 0, x], [0, scale, y]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(texture, turn, (SIZE, SIZE), flags=flags), np.uint8)


def _thicker(part: Part, hands: HandCut, thickness: float) -> Part:
    normals = smooth_normals(part.vertices, part.cut.faces)
    share = np.clip(hands.share * 2 - 0.5, 0, 1)[:, None]
    return replace(part, vertices=(part.vertices + thickness * share * normals).astype(np.float32))
