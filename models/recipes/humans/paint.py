"""What a skin looks like: regions of the body in the texture, and colours for them.

The mesh comes without photographs of skin, and none are wanted: regions are found from the bones
that move them and from where they lie in rest pose, and painted.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.recipes.humans.files import Floats, Ints, Surface
from models.recipes.humans.keypoints import FACE
from models.recipes.humans.rig import Rig

Bytes = NDArray[np.uint8]

SIZE = 256  # px, the side of a skin's texture
REGIONS = (
    *("face", "lips", "brows", "lids", "scalp", "neck", "chest", "belly", "pelvis"),
    *("arm", "elbow", "forearm", "cuff", "hand", "thigh", "knee", "shank", "ankle", "foot"),
)
# The first words of a bone's name that say what it moves; the first that fits decides.
_BONES = (
    ("oris", "lips"), ("oculi", "brows"), ("orbicularis", "lids"), ("neck", "neck"),
    ("root", "trunk"), ("pelvis", "trunk"), ("spine", "trunk"), ("clavicle", "trunk"),
    ("shoulder", "trunk"), ("breast", "trunk"), ("upperarm", "arm"), ("lowerarm", "forearm"),
    ("wrist", "hand"), ("metacarpal", "hand"), ("finger", "hand"), ("upperleg", "thigh"),
    ("lowerleg", "shank"), ("foot", "foot"), ("toe", "foot"),
)  # fmt: skip
# Limbs are cut across between two joints: limb, bones it lies between, region beyond the middle.
_CUTS = (
    ("arm", "upperarm01", "lowerarm01", "elbow"),
    ("forearm", "lowerarm01", "wrist", "cuff"),
    ("thigh", "upperleg01", "lowerleg01", "knee"),
    ("shank", "lowerleg01", "foot", "ankle"),
)
_WAIST, _RIBS = 0.04, 0.30  # m above the hips, where the belly and the chest begin
_BROW = 0.03  # m above the eyes, where hair may begin
_HALF = 0.55  # of a limb, where a short sleeve or trouser leg may end
_NOWHERE = 255  # in the region map, where no face lies
_NAPE = 0.06  # m below the ears, where hair ends


def regions(vertices: Floats, table: Floats, rig: Rig) -> Ints:
    """Return the region (N,) of each vertex (N, 3) m in rest pose, from its weights (N, B)."""
    words = [
        next((to for start, to in _BONES if name.startswith(start)), "face") for name in rig.names
    ]
    groups = list(dict.fromkeys(words))
    sums = np.stack([table[:, [w == group for w in words]].sum(1) for group in groups], axis=1)
    best = sums.argmax(1)
    member = {group: best == k for k, group in enumerate(groups)}
    result = np.zeros(len(vertices), np.int32)
    for group in groups:
        if group != "trunk":
            result[member[group]] = REGIONS.index(group)
    for limb, start, end, beyond in _CUTS:
        for side in "LR":
            a, b = (rig.heads[rig.index(f"{bone}.{side}")] for bone in (start, end))
            share = (vertices - a) @ (b - a) / ((b - a) @ (b - a))
            here = member[limb] & ((vertices[:, 0] > 0) == (side == "L"))
            result[here & (share > _HALF)] = REGIONS.index(beyond)
    hips = rig.heads[rig.index("upperleg01.L"), 1]
    for least, name in ((-np.inf, "pelvis"), (_WAIST, "belly"), (_RIBS, "chest")):
        result[member["trunk"] & (vertices[:, 1] > hips + least)] = REGIONS.index(name)
    eyes = vertices[list(FACE["left_eye"] + FACE["right_eye"])].mean(0)
    ears = vertices[list(FACE["left_ear"] + FACE["right_ear"])].mean(0)
    head = result <= REGIONS.index("lids")
    above = (vertices[:, 1] > eyes[1] + _BROW) & (result == REGIONS.index("face"))
    behind = (vertices[:, 2] < ears[2] - 0.01) & (vertices[:, 1] > ears[1] - _NAPE)
    result[head & (above | behind)] = REGIONS.index("scalp")
    return result


def region_map(skin: Surface, faces: Ints, region: Ints) -> Bytes:
    """Draw the regions into the texture: (SIZE, SIZE) numbers of REGIONS; `faces` are indices."""
    picture = np.full((SIZE, SIZE), _NOWHERE, np.uint8)
    corners = skin.uv[skin.uv_faces[faces]]
    places = np.round(corners * SIZE * 16).astype(np.int32)
    kinds = np.median(region[skin.faces[faces]], axis=1).astype(int)
    for points, kind in zip(places, kinds, strict=True):
        cv2.fillConvexPoly(picture, points, int(kind), cv2.LINE_8, 4)
    # Beyond an island's edge the nearest region goes on, as filtering reaches over it.
    empty = (picture == _NOWHERE).astype(np.uint8)
    _, nearest = cv2.distanceTransformWithLabels(
        empty, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    known = np.zeros(int(nearest.max()) + 1, np.uint8)
    known[nearest[empty == 0]] = picture[empty == 0]
    # Hems run straight, not along the mesh's triangles.
    return np.asarray(cv2.medianBlur(known[nearest], 5), np.uint8)


@dataclass(frozen=True, slots=True)
class Look:
    """The colours (RGB, sRGB bytes) of a skin and of what is painted on it."""

    skin: tuple[int, int, int]
    hair: tuple[int, int, int]
    shaved: bool  # no hair painted on the scalp


_LIGHT = np.array([234, 192, 170], np.float64)
_DARK = np.array([62, 40, 30], np.float64)
_HAIR = np.array(
    [(20, 16, 14), (60, 40, 26), (110, 78, 48), (178, 142, 90), (150, 150, 150), (120, 60, 30)]
)


def sample_look(rng: np.random.Generator) -> Look:
    """Draw a skin tone from light to dark, and a hair colour."""
    tone = _LIGHT + (_DARK - _LIGHT) * rng.beta(0.8, 1.0) + rng.normal(0, 6, 3)
    hair = _HAIR[rng.choice(len(_HAIR), p=(0.4, 0.2, 0.12, 0.08, 0.12, 0.08))] + rng.normal(0, 8, 3)
    return Look(_bytes(tone), _bytes(hair), bool(rng.random() < 0.15))  # noqa: PLR2004


def _bytes(color: Floats | NDArray[np.float64]) -> tuple[int, int, int]:
    red, green, blue = np.clip(color, 5, 250).astype(int)
    return int(red), int(green), int(blue)


def bare(look: Look) -> Bytes:
    """Return the colour of each region of a body without clothes: (len(REGIONS), 3)."""
    skin = np.array(look.skin, np.float64)
    palette = np.tile(skin, (len(REGIONS), 1))
    palette[REGIONS.index("lips")] = skin * (0.92, 0.62, 0.62)
    palette[REGIONS.index("lids")] = skin * 0.82
    palette[REGIONS.index("hand")] = skin * (1.0, 0.95, 0.93)
    palette[REGIONS.index("brows")] = 0.35 * skin + 0.65 * np.array(look.hair)
    if not look.shaved:
        palette[REGIONS.index("scalp")] = look.hair
    return np.clip(palette, 0, 255).astype(np.uint8)


def paint(chart: Bytes, palette: Bytes, rng: np.random.Generator, cloth: dict[str, Bytes]) -> Bytes:
    """Return a texture (SIZE, SIZE, 3): `palette` on the region map, `cloth` on some regions."""
    texture = palette[chart]
    for name, fabric in cloth.items():
        where = chart == REGIONS.index(name)
        texture[where] = cv2.resize(fabric, (SIZE, SIZE))[where]
    rough = cv2.resize(rng.normal(0, 1, (48, 48)).astype(np.float32), (SIZE, SIZE))
    fine = rng.normal(0, 1, (SIZE, SIZE)).astype(np.float32)
    shade = 1 + 0.05 * rough + 0.025 * fine
    return np.clip(texture * shade[:, :, None], 0, 255).astype(np.uint8)
