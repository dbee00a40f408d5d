"""What is around hands at work: a room, a table, clutter upon it, things in the way, and light."""

from __future__ import annotations

import numpy as np

from models.recipes.hands.objects import lathe, moved, sample_material
from models.recipes.poses.rotation import from_vector
from models.recipes.poses.types import Floats
from models.recipes.rendering.types import Light, Material, Mesh
from models.recipes.scenes.solids import box, lump, printed_box, tube
from models.recipes.scenes.textures import FLOORS, OBJECTS, PRINTS, WALLS, draw

_BACKDROPS = (*WALLS, "poster", "clouds", "gradient", "leaves", "letters")
_FLESH = ((200, 150, 125), (150, 105, 80), (95, 65, 50), (225, 180, 160))  # sRGB, to mislead


def sample_light(rng: np.random.Generator) -> Light:
    """Draw a light: from anywhere above, strong or weak, warm or cold, much or little around."""
    turn, height = rng.uniform(0, 2 * np.pi), np.radians(rng.uniform(15, 85))
    way = np.array([np.cos(turn) * np.cos(height), np.sin(height), np.sin(turn) * np.cos(height)])
    warmth = rng.normal(0, 0.12)
    tint = np.array([1 + warmth, 1.0, 1 - warmth])
    key = rng.uniform(0.0, 1.3) * tint
    around = rng.uniform(0.25, 0.8) * (1 + rng.normal(0, 0.05, 3))
    below = around * rng.uniform(0.35, 0.95) * (1 + rng.normal(0, 0.06, 3))
    return Light(
        (-way).astype(np.float32),
        key.astype(np.float32),
        around.astype(np.float32),
        below.astype(np.float32),
        float(rng.uniform(0.01, 0.08)),
    )


def sample_room(rng: np.random.Generator, around: Floats) -> list[Mesh]:
    """Draw a floor, walls and a ceiling about a place (3,) m, of any patterns."""
    x, z = rng.uniform(1.2, 4.5, 2) + np.abs(around[[0, 2]])
    high = rng.uniform(2.6, 4.5)
    repeat = rng.uniform(0.2, 1.5)
    walls = Material(np.ones(3, np.float32), draw(rng, _BACKDROPS), 0.0, two_sided=True)
    other = Material(np.ones(3, np.float32), draw(rng, _BACKDROPS), 0.0, two_sided=True)
    floor = Material(
        np.ones(3, np.float32), draw(rng, FLOORS), float(rng.choice([0, 0.3])), two_sided=True
    )
    top = Material(
        np.full(3, rng.uniform(0.4, 1)), None, 0.0, two_sided=True, glow=rng.uniform(0, 0.8)
    )
    meshes = [box((0, -0.05, 0), (2 * x, 0.1, 2 * z), floor, rng.uniform(0.3, 2))]
    for place, size, material in (
        ((-x, high / 2, 0), (0.1, high, 2 * z), walls),
        ((x, high / 2, 0), (0.1, high, 2 * z), other),
        ((0, high / 2, -z), (2 * x, high, 0.1), walls),
        ((0, high / 2, z), (2 * x, high, 0.1), other),
    ):
        meshes.append(box(place, size, material, repeat))
    meshes.append(box((0, high, 0), (2 * x, 0.1, 2 * z), top))
    for _ in range(int(rng.integers(0, 7))):  # pictures, windows and cupboards on the walls
        extent = rng.uniform(0.12, 1.0, 3)
        at = np.array([rng.uniform(-x, x), rng.uniform(0.4, 2.4), rng.choice([-z, z])])
        if rng.random() < 0.5:  # noqa: PLR2004 - share
            at[[0, 2]] = rng.choice([-x, x]), rng.uniform(-z, z)
        print_ = Material(
            np.ones(3, np.float32),
            draw(rng, PRINTS + OBJECTS),
            0.1,
            two_sided=True,
            glow=float(rng.choice([0, 0, 0.7])),
        )
        meshes.append(printed_box(at, extent, print_))
    return [_still(mesh) for mesh in meshes]


def _still(mesh: Mesh) -> Mesh:
    return Mesh(
        mesh.vertices, mesh.faces, mesh.uv, mesh.material, 0, casts=False, normals=mesh.normals
    )


def table(rng: np.random.Generator, height: float) -> list[Mesh]:
    """A table before the person, its top at y = `height` m, with clutter on it."""
    wide, deep = rng.uniform(0.8, 2.0), rng.uniform(0.5, 0.9)
    middle = np.array([rng.uniform(-0.2, 0.2), height - 0.015, 0.2 + deep / 2])
    top = Material(
        np.ones(3, np.float32),
        draw(rng, FLOORS + OBJECTS),
        float(rng.choice([0, 0.2, 0.6])),
        two_sided=True,
    )
    meshes = [box(middle, (wide, 0.03, deep), top, rng.uniform(0.5, 3))]
    for _ in range(int(rng.integers(0, 14))):
        at = middle + np.array([rng.uniform(-wide, wide) / 2, 0.015, rng.uniform(-deep, deep) / 2])
        meshes.append(thing(rng, at, 0.03, 0.25))
    return meshes


def thing(rng: np.random.Generator, base: Floats, least: float, most: float) -> Mesh:
    """One thing on a place (3,), its extent (m) between `least` and `most`; some are like skin."""
    size = np.exp(rng.uniform(np.log(least), np.log(most), 3))
    material = sample_material(rng)
    if rng.random() < 0.2:  # noqa: PLR2004 - share
        tone = np.array(_FLESH[rng.integers(len(_FLESH))]) / 255
        material = Material((tone**2).astype(np.float32), None, 0.1, two_sided=True)
    kind = rng.integers(5)
    raised = base + np.array([0, size[1] / 2, 0])
    if kind == 0:
        return lump(rng, raised, size, material, rng.uniform(0, 0.5))
    if kind == 1:
        return tube(base, (0, size[1], 0), size[0] / 2, material, size[0] / 2 * rng.uniform(0.5, 1))
    turn = from_vector((0, rng.uniform(0, 2 * np.pi), 0))
    if kind == 2:  # noqa: PLR2004 - a lying rod, as pens, handles and fingers are
        rod = lathe(np.full(2, size[0] / 6), np.array([-size.max(), size.max()]) / 1.5, material)
        lying = turn @ from_vector((np.pi / 2, 0, 0))
        return moved(rod, lying, base + np.array([0, size[0] / 6, 0]))
    return moved(printed_box(np.zeros(3), size, material), turn, raised)


def in_the_way(rng: np.random.Generator, eye: Floats, hand: Floats) -> list[Mesh]:
    """A rod or a box between an eye and a hand (3,) m, that hides some of the hand."""
    share = rng.uniform(0.5, 0.85)
    far = float(np.linalg.norm(hand - eye))
    at = eye + share * (hand - eye) + rng.normal(0, 0.06, 3) * min(1.0, far * share)
    turn = from_vector(rng.normal(0, 1.5, 3))
    if rng.random() < 0.5:  # noqa: PLR2004 - share
        rod = lathe(
            np.full(2, rng.uniform(0.003, 0.015)), np.array([-0.4, 0.4]), sample_material(rng)
        )
        return [moved(rod, turn, at)]
    return [
        moved(printed_box(np.zeros(3), rng.uniform(0.02, 0.09, 3), sample_material(rng)), turn, at)
    ]
