"""A place to stand in: a room, a hall or the open, around a free spot at the origin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.recipes.rendering.types import Bytes, Floats, Mesh
from models.recipes.scenes.backdrop import dome
from models.recipes.scenes.chance import chance
from models.recipes.scenes.furniture import HOME, boxes, plant
from models.recipes.scenes.industry import HALL, barrel, cones, pillar, rack, trolley
from models.recipes.scenes.matter import stuff
from models.recipes.scenes.soft import coat_stand, heap
from models.recipes.scenes.solids import joined, placed, sheet
from models.recipes.scenes.walls import Bounds, shell

Random = np.random.Generator
HOME_ROOM, HALL_ROOM, OPEN_AIR = "home", "hall", "open"
_OUTSIDE: Final = (boxes, heap, plant, barrel, cones, pillar, rack, trolley, coat_stand)
_CLEAR: Final = 0.65  # m around the origin where nothing stands


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """Meshes, the floor's bounds and height (m), and free spots (N, 2) as x, z on the floor.

    The first spot is the origin. taken (K, 3) are circles x, z, radius where things stand.
    """

    kind: str
    meshes: tuple[Mesh, ...]
    bounds: Bounds
    spots: Floats
    taken: Floats


def _draw_bounds(random: Random, kind: str) -> Bounds:
    """The floor's edges: the origin is at least 0.9 m from each wall."""
    low, high = {HOME_ROOM: (2.6, 6.5), HALL_ROOM: (6.0, 18.0), OPEN_AIR: (20.0, 40.0)}[kind]
    width, depth = random.uniform(low, high, 2)
    edge = 0.9
    left = random.uniform(edge, width - edge)
    back = random.uniform(edge, depth - edge)
    tall = {HOME_ROOM: random.uniform(2.3, 3.0), HALL_ROOM: random.uniform(3.2, 8.0)}.get(kind, 8.0)
    return Bounds(-left, width - left, -back, depth - back, float(tall))


def _reach(meshes: Sequence[Mesh]) -> tuple[float, float]:
    """How far a thing extends from its middle across and along (half widths, m)."""
    low = np.min([mesh.vertices.min(axis=0) for mesh in meshes], axis=0)
    high = np.max([mesh.vertices.max(axis=0) for mesh in meshes], axis=0)
    half = np.maximum(np.abs(low), np.abs(high))
    return float(half[0]), float(half[2])


def _furnish(
    random: Random, bounds: Bounds, kinds: Sequence[Callable[[Random], list[Mesh]]], count: int
) -> tuple[list[Mesh], NDArray[np.float64]]:
    """Things at the walls with their backs to them, and some in the middle; and where they are."""
    meshes: list[Mesh] = []
    taken: list[tuple[float, float, float]] = []
    for _ in range(count):
        thing = joined(kinds[int(random.integers(len(kinds)))](random))
        across, along = _reach(thing)
        for _try in range(5):
            if chance(random, 0.6):  # most things stand at a wall
                x, z, yaw = bounds.at_wall(random, along + 0.03)
            else:
                # Near the person rather than far off: that is what hides people.
                x, z = bounds.inside(random.normal(0, 2.2, 2), min(across, along))
                yaw = random.uniform(0, 2 * np.pi)
            radius = 0.8 * max(across, along)
            near = np.hypot(x, z) < _CLEAR + 0.9 * max(across, along)
            if not near and all(np.hypot(x - a, z - b) > 0.75 * (radius + r) for a, b, r in taken):
                meshes += [placed(mesh, (x, 0, z), yaw) for mesh in thing]
                taken.append((x, z, radius))
                break
    return meshes, np.array(taken).reshape(-1, 3)


def sample(random: Random, panoramas: Sequence[Bytes] = ()) -> Room:
    """A place by chance: half are homes or offices, a third halls, the rest in the open."""
    kind = str(random.choice([HOME_ROOM, HALL_ROOM, OPEN_AIR], p=[0.5, 0.33, 0.17]))
    bounds = _draw_bounds(random, kind)
    kinds = {HOME_ROOM: HOME, HALL_ROOM: HALL}.get(kind, _OUTSIDE)
    most = {HOME_ROOM: 14, HALL_ROOM: 24}.get(kind, 10)
    count = 0 if chance(random, 0.06) else int(random.integers(2, most))
    meshes, taken = _furnish(random, bounds, kinds, count)
    if kind == OPEN_AIR:
        ground = stuff(random, ("grass", "grass", "grass", "concrete", "tiles", "clouds"), 0.0)
        meshes += [
            sheet((-60, 0, 60), (120, 0, 0), (0, 0, -120), ground, random.uniform(0.3, 1.0)),
            dome(random, panoramas),
        ]
    else:
        meshes += shell(random, bounds, hall=kind == HALL_ROOM)
    if chance(random, 0.35):  # a rug or a painted area
        size = random.uniform(0.8, 3.0, 2)
        x, z = random.normal(0, 0.8, 2)
        rug = stuff(random, ("carpet", "stripes", "checks", "clouds", "safety", "paint"), 0.0)
        flat = sheet(
            (-size[0] / 2, 0.006, size[1] / 2), (size[0], 0, 0), (0, 0, -size[1]), rug, 0.7
        )
        meshes.append(placed(flat, (x, 0, z), random.uniform(0, 3)))
    return Room(
        kind, tuple(joined(meshes)), bounds, _free(random, bounds, taken), taken.astype(np.float32)
    )


def _free(random: Random, bounds: Bounds, taken: NDArray[np.float64]) -> Floats:
    """The origin and up to seven more spots, 0.7 m from one another and clear of things."""
    places = random.normal(0, 2.0, (40, 2))
    places[:, 0] = places[:, 0].clip(bounds.left + 0.4, bounds.right - 0.4)
    places[:, 1] = places[:, 1].clip(bounds.back + 0.4, bounds.front - 0.4)
    away = np.hypot(*(places[:, None] - taken[None, :, :2]).transpose(2, 0, 1))
    places = places[(away > taken[:, 2] + 0.3).all(axis=1)]
    spots = [np.zeros(2)]
    for place in places:
        if (np.hypot(*(np.array(spots) - place).T) > 0.7).all():  # noqa: PLR2004 - shoulder to shoulder
            spots.append(place)
    return np.array(spots[:8], np.float32)
