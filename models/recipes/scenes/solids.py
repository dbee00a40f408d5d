"""Boxes, cylinders, sheets and balls from which clutter is put together (m, flat shaded)."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from models.recipes.rendering.types import Floats, Ints, Material, Mesh, smooth_normals

_CORNERS = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float32) / 2
_SIDES = np.array(  # counter-clockwise from outside: right, left, top, bottom, front, back
    [(5, 4, 6, 7), (0, 1, 3, 2), (3, 7, 6, 2), (0, 4, 5, 1), (1, 5, 7, 3), (4, 0, 2, 6)]
)
_NORMALS = np.array(
    [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)], np.float32
)
_BOX_NORMALS = np.repeat(_NORMALS, 4, axis=0)
_BOX = (np.arange(6)[:, None] * 4 + np.array([[0, 1, 2, 0, 2, 3]])).reshape(12, 3).astype(np.int32)
_AXES = np.array([(2, 1), (2, 1), (0, 2), (0, 2), (0, 1), (0, 1)])  # of u and v on each side
_SHEET = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
_UPRIGHT = np.array([(0, 1), (1, 1), (1, 0), (0, 0)], np.float32)  # uv: the top is up
_SQUARE = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)


def box(middle: ArrayLike, size: ArrayLike, material: Material, repeat: float = 1.0) -> Mesh:
    """A box of size (3,) about middle (3,); the texture repeats every 1 / repeat metres."""
    extent = np.asarray(size, np.float32)
    corners = _CORNERS * extent + np.asarray(middle, np.float32)
    vertices = corners[_SIDES].reshape(24, 3)
    uv = (_SQUARE[None] * extent[_AXES][:, None] * repeat).reshape(24, 2)
    return Mesh(vertices, _BOX, uv, material, normals=_BOX_NORMALS)


def printed_box(middle: ArrayLike, size: ArrayLike, material: Material) -> Mesh:
    """A box whose every side shows the whole texture, upright."""
    mesh = box(middle, size, material)
    uv = np.tile(_UPRIGHT, (6, 1))
    return Mesh(mesh.vertices, mesh.faces, uv, material, normals=mesh.normals)


@lru_cache(maxsize=64)
def _wall(sides: int) -> tuple[Floats, Floats, Floats, Ints]:
    """Of a standing tube of radius 1: directions (N, 3), heights (N, 1), uv (N, 2), faces."""
    turns = np.linspace(0, 2 * np.pi, sides + 1)
    ring = np.stack([np.sin(turns), np.zeros(sides + 1), np.cos(turns)], axis=1)
    share = np.linspace(0, 1, sides + 1)
    directions = np.concatenate([ring, ring]).astype(np.float32)
    heights = np.repeat([0.0, 1.0], sides + 1)[:, None].astype(np.float32)
    uv = np.stack([np.concatenate([share, share]), 1 - heights[:, 0]], axis=1)
    low = np.arange(sides)
    high = low + sides + 1
    faces = np.concatenate(
        [np.stack([low, low + 1, high + 1], axis=1), np.stack([low, high + 1, high], axis=1)]
    )
    return directions, heights, uv.astype(np.float32), faces.astype(np.int32)


def tube(  # noqa: PLR0913, PLR0917 - a solid needs its measures
    base: ArrayLike,
    axis: ArrayLike,
    radius: float,
    material: Material,
    top: float | None = None,
    sides: int = 14,
    capped: bool = True,  # noqa: FBT001, FBT002
) -> Mesh:
    """A tube from base (3,) along axis (3,) with this radius below, top above (cones: 0)."""
    above = radius if top is None else top
    along = np.asarray(axis, np.float32)
    length = float(np.linalg.norm(along))
    directions, heights, uv, faces = _wall(sides)
    points = directions * (radius + (above - radius) * heights)
    points = points + heights * np.array([0, length, 0], np.float32)
    normals = directions + np.array([0, (radius - above) / max(length, 1e-6), 0], np.float32)
    if capped:
        ring = sides + 1
        caps = [points[:ring], points[ring:]]
        normals = np.concatenate(
            [normals, np.tile([0, -1, 0], (ring, 1)), np.tile([0, 1, 0], (ring, 1))]
        )
        fan = np.stack([np.zeros(sides - 1, int), np.arange(1, sides), np.arange(2, ring)], axis=1)
        faces = np.concatenate([faces, fan[:, ::-1] + 2 * ring, fan + 3 * ring])
        flat = directions[:ring, [0, 2]] * 0.5 + 0.5
        points, uv = np.concatenate([points, *caps]), np.concatenate([uv, flat, flat])
    turn = _standing_to(along / max(length, 1e-9))
    moved = points @ turn.T + np.asarray(base, np.float32)
    return Mesh(
        moved.astype(np.float32), faces.astype(np.int32), uv.astype(np.float32), material,
        normals=(normals @ turn.T).astype(np.float32),
    )  # fmt: skip


def _standing_to(ahead: Floats) -> Floats:
    """The turn (3, 3) that takes y to ahead (3,), a unit vector."""
    y = np.array([0.0, 1.0, 0.0])
    if ahead[1] > 0.999999:  # noqa: PLR2004 - it stands already
        return np.eye(3, dtype=np.float32)
    if ahead[1] < -0.999:  # noqa: PLR2004 - straight down
        return np.diag([1.0, -1.0, -1.0]).astype(np.float32)
    across = np.cross(y, ahead)
    skew = np.array(
        [[0, -across[2], across[1]], [across[2], 0, -across[0]], [-across[1], across[0], 0]]
    )
    turn: Floats = (np.eye(3) + skew + skew @ skew / (1 + ahead[1])).astype(np.float32)
    return turn


def lump(
    random: np.random.Generator,
    middle: ArrayLike,
    size: ArrayLike,
    material: Material,
    rough: float,
) -> Mesh:
    """A ball pressed to size (3,) about middle (3,), dented by rough (share of its radius)."""
    rows, columns = 10, 16
    v, u = np.mgrid[0 : np.pi : rows * 1j, 0 : 2 * np.pi : (columns + 1) * 1j]
    unit = np.stack([np.sin(v) * np.sin(u), np.cos(v), np.sin(v) * np.cos(u)], axis=-1)
    dents = np.zeros((rows, columns + 1))
    for _ in range(4):
        wave = random.normal(0, 2.5, 3)
        dents += np.sin(unit @ wave + random.uniform(0, 6)) * rough / 2
    points = unit * (1 + dents)[..., None] * np.asarray(size) / 2 + np.asarray(middle)
    cell = (np.arange(rows - 1)[:, None] * (columns + 1) + np.arange(columns)).ravel()
    below, right, last = cell + columns + 1, cell + 1, cell + columns + 2
    faces = np.concatenate([np.stack([cell, below, right], 1), np.stack([right, below, last], 1)])
    uv = np.stack([u / 2 / np.pi, v / np.pi], axis=-1).reshape(-1, 2)
    return Mesh(
        points.reshape(-1, 3).astype(np.float32), faces.astype(np.int32),
        uv.astype(np.float32), material,
    )  # fmt: skip


def sheet(
    corner: ArrayLike, across: ArrayLike, up: ArrayLike, material: Material, repeat: float = 0.0
) -> Mesh:
    """A rectangle from corner (3,) that faces across x up; repeat 0 shows the texture once."""
    start, one, two = (np.asarray(value, np.float32) for value in (corner, across, up))
    vertices = np.stack([start, start + one, start + one + two, start + two])
    if repeat:
        span = np.array([np.linalg.norm(one), np.linalg.norm(two)], np.float32) * repeat
        uv = _SQUARE * span
    else:
        uv = _UPRIGHT
    (a, b, c), (d, e, f) = one.tolist(), two.tolist()  # np.cross is ten times as slow for one
    x, y, z = b * f - c * e, c * d - a * f, a * e - b * d
    length = max(math.sqrt(x * x + y * y + z * z), 1e-9)
    normals = np.array([(x / length, y / length, z / length)] * 4, np.float32)
    return Mesh(
        vertices, _SHEET, uv.astype(np.float32), material, casts=False, normals=normals,
    )  # fmt: skip


def drape(
    random: np.random.Generator, width: float, height: float, depth: float, material: Material
) -> Mesh:
    """A hanging cloth with folds: from y = 0 to height, about x = 0, facing +z; two-sided."""
    columns, rows = 40, 5
    x = np.linspace(-width / 2, width / 2, columns)
    folds = np.sin(x * random.uniform(15, 45) + np.cumsum(random.normal(0, 0.25, columns)))
    y = np.linspace(0, height, rows)
    grow = np.linspace(random.uniform(0.8, 1.3), random.uniform(0.5, 1.0), rows)
    points = np.zeros((rows, columns, 3), np.float32)
    points[..., 0] = x * grow[:, None] ** random.uniform(0, 1)
    points[..., 1] = y[:, None]
    points[..., 2] = folds * depth / 2 * grow[:, None]
    cell = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    right, above, last = cell + 1, cell + columns, cell + columns + 1
    faces = np.concatenate([np.stack([cell, right, last], 1), np.stack([cell, last, above], 1)])
    v, u = np.meshgrid(y, x, indexing="ij")
    uv = np.stack([u, -v], axis=-1).reshape(-1, 2).astype(np.float32)
    return Mesh(points.reshape(-1, 3), faces.astype(np.int32), uv, material)


def joined(meshes: list[Mesh]) -> list[Mesh]:
    """The meshes with those of the same material made one."""
    groups: dict[tuple[int, bool], list[Mesh]] = {}
    for mesh in meshes:
        groups.setdefault((id(mesh.material), mesh.casts), []).append(mesh)
    return [group[0] if len(group) == 1 else _one(group) for group in groups.values()]


def _one(group: list[Mesh]) -> Mesh:
    starts = np.cumsum([0] + [len(mesh.vertices) for mesh in group[:-1]])
    faces = [mesh.faces + start for mesh, start in zip(group, starts, strict=True)]
    uv = [
        np.zeros((len(mesh.vertices), 2), np.float32) if mesh.uv is None else mesh.uv
        for mesh in group
    ]
    normals = [
        smooth_normals(mesh.vertices, mesh.faces) if mesh.normals is None else mesh.normals
        for mesh in group
    ]
    return Mesh(
        np.concatenate([mesh.vertices for mesh in group]),
        np.concatenate(faces).astype(np.int32),
        np.concatenate(uv),
        group[0].material,
        casts=group[0].casts,
        normals=np.concatenate(normals).astype(np.float32),
    )


def placed(mesh: Mesh, at: ArrayLike, yaw: float = 0.0) -> Mesh:
    """The mesh turned about y by yaw (radians), then moved by at (3,)."""
    cos, sin = np.cos(yaw), np.sin(yaw)
    turn = np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]], np.float32)
    normals = None if mesh.normals is None else mesh.normals @ turn.T
    vertices = mesh.vertices @ turn.T + np.asarray(at, np.float32)
    return Mesh(vertices, mesh.faces, mesh.uv, mesh.material, mesh.label, mesh.casts, normals)
