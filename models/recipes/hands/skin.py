"""The skin of hands seen close: nails, creases, redness, paler palms; or gloves.

A hand's part of the body's texture is small, so each hand gets a texture of its own. What lies
where on it is found once, from the mesh in rest pose.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from models.recipes.hands.anatomy import FINGERS, anatomy_of, joints_of, mirrored
from models.recipes.humans.files import Surface
from models.recipes.humans.rig import Rig
from models.recipes.poses.rotation import unit
from models.recipes.poses.types import Floats
from models.recipes.rendering.types import Bytes, Ints, smooth_normals

SIZE = 224  # px, the side of a hand's texture
_ISLAND = 0.16  # of the body's texture: nothing of a hand's island is farther from its middle
_NAIL = (0.0060, 0.0052, 0.0054, 0.0050, 0.0042)  # m, half widths, thumb to little finger
# Lines of the palm: from the wrist (0) to the middle knuckle (1), across to the thumb, in palms.
_LINES = (
    ((0.80, -0.42), (0.78, -0.15), (0.86, 0.08), (0.98, 0.14)),  # heart
    ((0.60, -0.35), (0.66, -0.10), (0.74, 0.15), (0.76, 0.34)),  # head
    ((0.76, 0.36), (0.62, 0.16), (0.35, 0.07), (0.08, 0.08)),  # life
)


@dataclass(frozen=True, slots=True, eq=False)
class HandChart:
    """Where things are in a hand's texture (SIZE, SIZE), 0..1, and where that is in the body's."""

    corner: Floats  # (2,), of the hand's square in the body's uv
    span: float  # its side there
    palm: Floats  # 1 where the palm's side is
    nails: Floats
    rims: Floats  # about the nails
    creases: Floats
    red: Floats  # knuckles, tips and the balls of the hand
    hand: Floats  # 0 towards the forearm, 1 on the hand

    def covers(self, uv: Floats) -> NDArray[np.bool_]:
        """Which of the body's uv (N, 2) are in the hand's square."""
        own = self.uv(uv)
        return np.asarray(((own >= 0) & (own <= 1)).all(1))

    def uv(self, uv: Floats) -> Floats:
        """The body's uv (N, 2) as the hand's."""
        return np.asarray((uv - self.corner) / self.span, np.float32)


def chart_of(mesh: Surface, faces: Ints, rig: Rig, side: str) -> HandChart:
    """Find what lies where in the texture of the hand at `side`; `faces` (indices) are its own."""
    # The wrist lies on the arm's island of the texture: only the fingers' is the hand's.
    uv = mesh.uv[mesh.uv_faces[faces]]
    centre = np.median(uv, axis=(0, 1))
    inside = np.linalg.norm(uv - centre, axis=-1).max(1) < _ISLAND
    faces, uv = faces[inside], uv[inside]
    low, high = uv.min((0, 1)), uv.max((0, 1))
    span = float((high - low).max()) * 1.04
    corner = ((low + high - span) / 2).astype(np.float32)
    normals = smooth_normals(mesh.vertices, mesh.faces[mesh.groups["body"]])
    table = np.concatenate([mesh.vertices, normals], axis=1)[mesh.faces[faces]]
    filled = _fill((uv - corner) / span * SIZE, table)
    points, facing = mirrored(filled[..., :3], side), unit(mirrored(filled[..., 3:], side))
    anatomy, bones = anatomy_of(rig, side), joints_of(rig, side)
    heads, tails = mirrored(rig.heads, side), mirrored(rig.tails, side)
    zero = np.zeros((SIZE, SIZE))
    nails, rims, creases, red = zero, zero, zero, zero
    for finger in (1, *FINGERS):
        chain = [bones[f"finger{finger}-{part}"] for part in (1, 2, 3)]
        axis = anatomy.thumb_axis if finger == 1 else anatomy.axes[finger - 2]
        ways = unit(tails[chain] - heads[chain])
        pad = np.cross(axis, ways[2])
        offset = points - heads[chain[2]]
        length = float(np.linalg.norm(tails[chain[2]] - heads[chain[2]]))
        along, aside = offset @ ways[2] / length, np.abs(offset @ axis)
        mine = (along > 0) & (along < 1.2) & (np.linalg.norm(offset, axis=-1) < 1.3 * length)  # noqa: PLR2004
        half = _NAIL[finger - 1]
        # A rounded plate on the back of the last segment: distance beyond its edge, in half widths.
        middle, reach = 0.78, 0.26
        past = np.hypot(
            np.clip(np.abs(along - middle) - reach * 0.5, 0, None) / (reach * 0.5),
            np.clip(aside - half * 0.5, 0, None) / (half * 0.5),
        )
        back = np.clip((-(facing @ pad) - 0.25) * 4, 0, 1) * mine
        nails = np.maximum(nails, np.clip((1.15 - past) * 4, 0, 1) * back)
        rims = np.maximum(rims, np.clip(1 - np.abs(past - 1.25) * 3, 0, 1) * back)
        red = np.maximum(red, np.clip(along * 1.5 - 0.6, 0, 1) * mine)
        for part in range(3):
            joint = points - heads[chain[part]]
            near = np.linalg.norm(joint, axis=-1)
            at = joint @ ways[part] * 1000  # mm past the joint
            knuckle = np.exp(-((near / 0.011) ** 2))
            lines = np.maximum.reduce([np.exp(-(((at - k) / 0.55) ** 2)) for k in (-2.2, 0.0, 2.2)])
            if part or finger == 1:
                creases = np.maximum(creases, lines * np.clip(1.6 - near / 0.008, 0, 1))
            red = np.maximum(red, 0.8 * knuckle * (facing @ np.cross(axis, ways[part]) < 0))
    palm = np.clip(0.5 + facing @ anatomy.palm.out * 1.6, 0, 1)
    wrist, middle_knuckle = heads[bones["wrist"]], heads[bones["finger3-1"]]
    size = float(np.linalg.norm(middle_knuckle - wrist))
    place = (
        np.stack(
            [(points - wrist) @ anatomy.palm.along, (points - wrist) @ anatomy.palm.across], -1
        )
        / size
    )
    inside = palm * (place[..., 0] < 1.02)  # noqa: PLR2004 - the palm's end
    for line in _LINES:
        far = _distance(place, np.array(line)) * size * 1000
        creases = np.maximum(creases, np.exp(-((far / 0.8) ** 2)) * inside)
    hand = np.clip((place[..., 0] - 0.1) / 0.3, 0, 1)
    maps = [
        np.asarray(cv2.GaussianBlur(part.astype(np.float32), (0, 0), 0.7), np.float32)
        for part in (palm, nails, rims, creases, red, hand)
    ]
    return HandChart(corner, span, *maps)


def _fill(corners: Floats, table: Floats) -> Floats:
    """Interpolate the values (F, 3, C) of triangles' corners (F, 3, 2) px over (SIZE, SIZE, C)."""
    result = np.zeros((SIZE, SIZE, table.shape[-1]), np.float32)
    known = np.zeros((SIZE, SIZE), np.uint8)
    for triangle, values in zip(corners, table, strict=True):
        x0, y0 = np.clip(np.floor(triangle.min(0)).astype(int) - 1, 0, SIZE - 1)
        x1, y1 = np.clip(np.ceil(triangle.max(0)).astype(int) + 2, 0, SIZE)
        y, x = np.mgrid[y0:y1, x0:x1]
        (a, b), (c, d) = triangle[1] - triangle[0], triangle[2] - triangle[0]
        area = a * d - b * c
        if abs(area) < 1e-9:  # noqa: PLR2004 - px squared
            continue
        dx, dy = x + 0.5 - triangle[0, 0], y + 0.5 - triangle[0, 1]
        one, two = (dx * d - dy * c) / area, (dy * a - dx * b) / area
        inside = (one > -0.02) & (two > -0.02) & (one + two < 1.02)  # noqa: PLR2004 - slack
        shares = np.stack([1 - one - two, one, two], -1)[inside]
        result[y[inside], x[inside]] = shares @ values
        known[y[inside], x[inside]] = 1
    _, nearest = cv2.distanceTransformWithLabels(
        1 - known, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    lookup = np.zeros((int(nearest.max()) + 1, table.shape[-1]), np.float32)
    lookup[nearest[known > 0]] = result[known > 0]
    return np.asarray(lookup[nearest], np.float32)


def _distance(points: Floats, line: Floats) -> Floats:
    """How far points (..., 2) are from a bent line (K, 2)."""
    result = np.full(points.shape[:-1], np.inf)
    for start, end in pairwise(line):
        way = end - start
        share = np.clip((points - start) @ way / (way @ way), 0, 1)
        result = np.minimum(
            result, np.linalg.norm(points - start - share[..., None] * way, axis=-1)
        )
    return result


def paint_skin(rng: np.random.Generator, chart: HandChart, skin: Bytes) -> Bytes:
    """A bare hand's texture (SIZE, SIZE, 3) on that of its `skin`."""
    tone = np.median(skin[chart.hand > 0.9], axis=0).astype(np.float32)  # noqa: PLR2004 - the hand
    pale = 0.45 * tone + 0.55 * np.array([222, 165, 145], np.float32)
    dark = float(1 - tone.mean() / 255)
    palm = (chart.palm * chart.hand * rng.uniform(0.4, 0.9) * min(1.2 * dark, 1))[..., None]
    color = skin + (pale - tone) * palm
    red = (chart.red * chart.hand * rng.uniform(0, 1))[..., None]
    color = color * (1 + red * np.array([0.02, -0.13, -0.12], np.float32))
    color = color * (1 - chart.creases * rng.uniform(0.06, 0.3))[..., None]
    nail = np.clip(0.6 * tone + 0.4 * np.array([235, 175, 165]) + rng.normal(0, 8, 3), 0, 255)
    if rng.random() < 0.12:  # noqa: PLR2004 - share of painted nails
        nail = rng.uniform(0, 255, 3)
    color = color * (1 - 0.25 * chart.rims)[..., None]
    color = color + (nail.astype(np.float32) - color) * chart.nails[..., None]
    rough = cv2.resize(
        rng.normal(0, 1, (28, 28)).astype(np.float32), (SIZE, SIZE), interpolation=cv2.INTER_CUBIC
    )
    spots = cv2.resize(rng.normal(0, 1, (90, 90)).astype(np.float32), (SIZE, SIZE))
    shade = 1 + (0.03 * rough + 0.02 * spots) * chart.hand
    return np.asarray(np.clip(color * shade[..., None], 0, 255), np.uint8)


def paint_glove(rng: np.random.Generator, chart: HandChart, cloth: Bytes) -> Bytes:
    """A glove's texture (SIZE, SIZE, 3) on its `cloth`: knitted, smooth, or dipped on the palm."""
    image = cloth.astype(np.float32)
    if rng.random() < 0.35:  # noqa: PLR2004 - share of gloves dipped on the palm
        dip = rng.uniform(10, 255, 3).astype(np.float32)
        image = (
            image + (dip - image) * (np.clip((chart.palm - 0.5) * 6, 0, 1) * chart.hand)[..., None]
        )
    cells = int(rng.integers(20, SIZE // 2))
    knit = cv2.resize(rng.normal(0, 1, (cells, cells)).astype(np.float32), (SIZE, SIZE))
    wrinkles = 1 - chart.creases * rng.uniform(0, 0.35)
    shade = wrinkles * (1 + rng.uniform(0, 0.1) * knit * chart.hand)
    return np.clip(image * shade[..., None], 0, 255).astype(np.uint8)
