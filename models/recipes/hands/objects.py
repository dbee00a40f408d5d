"""Simple things that hands hold, placed by landmarks: in the palm or between the tips."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.recipes.hands.anatomy import Palm, palm_of
from models.recipes.hands.articulation import Grip
from models.recipes.hands.gestures import FLESH
from models.recipes.poses.rotation import from_vector, unit
from models.recipes.poses.types import Floats
from models.recipes.rendering.types import Material, Mesh
from models.recipes.scenes.colors import draw_linear
from models.recipes.scenes.solids import printed_box
from models.recipes.scenes.textures import OBJECTS, draw

_ROUND = 14  # corners of a circle
_KNUCKLES = [5, 9, 13, 17]  # landmarks


def sample_material(rng: np.random.Generator, loud: float = 0.3) -> Material:
    """Draw what a thing is made of: plain or patterned, dull or shiny."""
    gloss = float(rng.choice([0.0, 0.1, 0.4, 0.8]))
    if rng.random() < 0.4:  # noqa: PLR2004 - share
        return Material(np.ones(3, np.float32), draw(rng, OBJECTS), gloss, two_sided=True)
    return Material(draw_linear(rng, loud), None, gloss, two_sided=True)


def lathe(radii: Floats, heights: Floats, material: Material) -> Mesh:
    """A body of revolution about y: `radii` and `heights` (K,) m from end to end, closed."""
    radii = np.concatenate([[1e-5], radii, [1e-5]])
    heights = np.concatenate([heights[:1], heights, heights[-1:]])
    angle = np.linspace(0, 2 * np.pi, _ROUND + 1)
    circle = np.stack([np.cos(angle), np.zeros_like(angle), np.sin(angle)], axis=-1)
    points = radii[:, None, None] * circle + heights[:, None, None] * (0.0, 1.0, 0.0)
    across = np.broadcast_to(angle / (2 * np.pi), points.shape[:2])
    down = np.broadcast_to(np.linspace(0, 1, len(radii))[:, None], points.shape[:2])
    return _grid(points, np.stack([across, down], axis=-1), material)


def _grid(points: Floats, uv: Floats, material: Material) -> Mesh:
    """A sheet of points (R, C, 3), smooth."""
    rows, columns = points.shape[:2]
    number = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:]
    faces = np.concatenate(
        [np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)]
    )
    return Mesh(
        points.reshape(-1, 3).astype(np.float32),
        faces.astype(np.int32),
        uv.reshape(-1, 2).astype(np.float32),
        material,
    )


def ball(radius: float, material: Material) -> Mesh:
    """A ball about the origin."""
    angle = np.linspace(0.05, np.pi - 0.05, 10)
    return lathe(radius * np.sin(angle), -radius * np.cos(angle), material)


def tube(path: Floats, radius: float, material: Material) -> Mesh:
    """A cable along points (K, 3) m."""
    ahead = unit(np.gradient(path, axis=0))
    hint = np.array([0.31, 0.89, 0.33])
    one = unit(np.cross(ahead, hint))
    two = np.cross(ahead, one)
    angle = np.linspace(0, 2 * np.pi, 7)[None, :, None]
    points = path[:, None] + radius * (np.cos(angle) * one[:, None] + np.sin(angle) * two[:, None])
    uv = np.zeros((*points.shape[:2], 2))
    return _grid(points, uv, material)


def moved(mesh: Mesh, axes: Floats, place: Floats) -> Mesh:
    """The mesh turned, its x, y, z to the columns of `axes` (3, 3), and put at `place` (3,) m."""
    turn = np.asarray(axes, np.float32).T
    vertices = (mesh.vertices @ turn + place).astype(np.float32)
    normals = None if mesh.normals is None else mesh.normals @ turn
    return replace(mesh, vertices=vertices, normals=normals)


def held(rng: np.random.Generator, grip: Grip, points: Floats, side: str) -> list[Mesh]:
    """Return what `grip` holds in the hand with landmarks `points` (21, 3) m at `side`."""
    if not grip.thing:
        return []
    points = np.asarray(points, np.float64)
    palm = palm_of(points, side)
    if grip.thing in ("cable", "pin", "plate"):
        return _between_tips(rng, grip, points, palm)
    knuckles = points[_KNUCKLES].mean(0)
    material = sample_material(rng)
    size = grip.size
    # A tool lies obliquely in a palm: from the little finger's side to the index finger's knuckle.
    slant = from_vector(palm.out * np.radians(rng.uniform(-5, 30)) * (-1 if side == "L" else 1))
    long = slant @ palm.across
    if grip.thing in ("cylinder", "screwdriver"):
        centre = knuckles - 0.012 * palm.along + (size + FLESH + 0.002) * palm.out
        axes = np.stack([palm.along, long, np.cross(palm.along, long)], axis=-1)
        shift = rng.uniform(-0.05, 0.05) * long
        return [moved(mesh, axes, centre + shift) for mesh in _tool(rng, grip, material)]
    if grip.thing == "ball":
        centre = knuckles + (size + FLESH) * palm.out + 0.005 * palm.along
        return [moved(ball(size, material), np.eye(3), centre)]
    axes = np.stack([palm.across, palm.along, palm.out], axis=-1)
    wide, high = (0.075, 0.15) if grip.thing == "phone" else rng.uniform(0.04, 0.1, 2)
    centre = (
        knuckles + (size / 2 + FLESH + 0.004) * palm.out + rng.uniform(-0.02, 0.04) * palm.along
    )
    return [moved(printed_box(np.zeros(3), (wide, high, size), material), axes, centre)]


def _tool(rng: np.random.Generator, grip: Grip, material: Material) -> list[Mesh]:
    """A rod, can or handle along y; a screwdriver has a shaft."""
    half = rng.uniform(0.05, 0.14)
    if grip.thing == "cylinder":
        return [lathe(np.full(2, grip.size), np.array([-half, half]), material)]
    steps = np.linspace(-0.055, 0.055, 8)
    bulge = grip.size * (1 + 0.12 * np.sin(steps * rng.uniform(60, 200)))
    shaft = Material(np.full(3, 0.4, np.float32), None, 0.8, two_sided=True)
    end = rng.uniform(0.1, 0.24) * (1 if rng.random() < 0.7 else -1)  # noqa: PLR2004 - share
    return [
        lathe(bulge, steps, material),
        lathe(np.full(2, rng.uniform(0.002, 0.005)), np.sort([0.0, end]), shaft),
    ]


def _between_tips(rng: np.random.Generator, grip: Grip, points: Floats, palm: Palm) -> list[Mesh]:
    finger = (
        12 if np.linalg.norm(points[4] - points[12]) < np.linalg.norm(points[4] - points[8]) else 8
    )
    middle = (points[4] + points[finger]) / 2
    apart = unit(points[finger] - points[4])
    onward = unit(palm.along + palm.out + rng.normal(0, 0.3, 3))
    onward = unit(onward - apart * (onward @ apart))
    aside = np.cross(apart, onward)
    if grip.thing == "plate":
        gap = float(np.linalg.norm(points[finger] - points[4]))
        thick = max(gap - 2 * FLESH, 0.002)
        wide, high = rng.uniform(0.04, 0.18, 2)
        material = sample_material(rng)
        axes = np.stack([aside, apart, onward], axis=-1)
        return [
            moved(
                printed_box(np.zeros(3), (wide, thick, high), material),
                axes,
                middle + (high / 2 - 0.015) * onward,
            )
        ]
    angle = rng.uniform(0, 2 * np.pi)
    way = np.cos(angle) * onward + np.sin(angle) * aside
    if grip.thing == "pin":
        half = rng.uniform(0.015, 0.08)
        axes = np.stack([apart, way, np.cross(apart, way)], axis=-1)
        rod = lathe(np.full(2, grip.size), np.array([-half, half]), sample_material(rng))
        return [moved(rod, axes, middle + rng.uniform(-0.5, 0.8) * half * way)]
    along = np.linspace(-0.3, 0.3, 24)[:, None]
    sag = rng.normal(0, 1.2, 3) * along**2 + rng.normal(0, 3.0, 3) * along**3
    return [tube(middle + along * way + sag, grip.size, sample_material(rng, 0.6))]
