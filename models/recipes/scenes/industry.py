"""What stands in workshops and halls: each on y = 0 about x = z = 0, its front to +z (m)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from models.recipes.rendering.types import Mesh
from models.recipes.scenes import textures
from models.recipes.scenes.chance import chance
from models.recipes.scenes.furniture import (
    boxes,
    cabinet,
    chair,
    legs,
    small_things,
    table,
)
from models.recipes.scenes.matter import plain, printed, steel, stuff, timber
from models.recipes.scenes.soft import coat_stand, heap
from models.recipes.scenes.solids import box, lump, placed, printed_box, tube

Random = np.random.Generator
Thing = list[Mesh]


def machine(random: Random) -> Thing:
    """A machine tool: a body, a window, a panel with buttons, a column, perhaps an arm."""
    width, tall, depth = (
        random.uniform(0.6, 2.2),
        random.uniform(0.8, 2.2),
        random.uniform(0.6, 1.4),
    )
    body, second = steel(random), steel(random)
    made = [
        box((0, tall / 2, 0), (width, tall, depth), body),
        box((0, 0.08, 0), (width + 0.1, 0.16, depth + 0.1), second),
    ]
    made.append(
        box(
            (-width * 0.15, tall * 0.6, depth / 2 + 0.01),
            (width * 0.5, tall * 0.35, 0.03),
            plain(random, 0.9, 0.0),
        )
    )
    made.append(
        printed_box(
            (width * 0.34, tall * 0.65, depth / 2 + 0.05),
            (width * 0.22, 0.35, 0.1),
            printed(random),
        )
    )
    for _ in range(int(random.integers(0, 7))):
        at = (random.uniform(-0.45, 0.45) * width, random.uniform(0.2, 0.95) * tall, depth / 2)
        made.append(
            tube(at, (0, 0, 0.04), random.uniform(0.015, 0.05), plain(random, 0.5, 0.9), sides=10)
        )
    for _ in range(int(random.integers(0, 4))):
        at = (random.uniform(-0.4, 0.4) * width, tall, random.uniform(-0.3, 0.3) * depth)
        made.append(
            tube(at, (0, random.uniform(0.1, 0.8), 0), random.uniform(0.03, 0.2), steel(random))
        )
    return made


def robot(random: Random) -> Thing:
    """An arm of two links on a stand, about as large as a person's upper body."""
    paint, joint = plain(random, 0.6, 0.7), steel(random)
    at = np.array([0.0, random.uniform(0.2, 0.9), 0.0])
    made = [tube((0, 0, 0), at, 0.18, joint)]
    for length in (random.uniform(0.4, 0.8), random.uniform(0.3, 0.7), 0.15):
        step = random.normal((0, 0.6, 0), 1, 3)
        step *= length / np.linalg.norm(step)
        made += [
            lump(random, at, (0.24, 0.24, 0.24), joint, 0.0),
            tube(at, step, 0.09, paint, top=0.06),
        ]
        at += step
    return made


def pipes(random: Random) -> Thing:
    """Standing and lying pipes of one width along the back."""
    metal, thick = steel(random), random.uniform(0.02, 0.16)
    made: Thing = []
    for k in range(int(random.integers(1, 6))):
        if chance(random, 0.5):  # evenly
            made.append(
                tube(
                    (k * thick * 2.6, 0, 0),
                    (0, random.uniform(1.5, 4.0), 0),
                    thick,
                    metal,
                    capped=False,
                )
            )
        else:
            made.append(tube((-1.5, 0.3 + k * thick * 2.8, 0), (3.0, 0, 0), thick, metal))
    return made


def pallet(random: Random) -> Thing:
    """A pallet with cartons, sacks or nothing on it."""
    wood = stuff(random, ("wood",), 0.0)
    made = [box((0, 0.13, z), (1.2, 0.03, 0.12), wood) for z in np.linspace(-0.34, 0.34, 5)]
    made += [box((x, 0.06, 0), (0.1, 0.12, 0.8), wood) for x in (-0.5, 0.0, 0.5)]
    kind, high = random.random(), int(random.integers(1, 5))
    if kind < 0.6:  # noqa: PLR2004 - cartons
        carton, tall = printed(random), random.uniform(0.2, 0.4)
        for row in range(high):
            for x in (-0.4, 0.0, 0.4):
                if row < high - 1 or chance(random, 0.7):  # the top row has gaps
                    made.append(
                        printed_box(
                            (x, 0.15 + tall * (row + 0.5), 0), (0.38, tall * 0.98, 0.76), carton
                        )
                    )
    elif kind < 0.8:  # noqa: PLR2004 - sacks
        sack = stuff(random, textures.FABRICS, 0.0)
        made += [
            lump(random, (random.normal(0, 0.15), 0.22 + 0.13 * k, 0), (0.8, 0.2, 0.5), sack, 0.15)
            for k in range(high)
        ]
    return made


def workbench(random: Random) -> Thing:
    """A bench with a board of tools behind it, a vice and clutter on top."""
    wood, metal, width = timber(random), steel(random), random.uniform(1.2, 2.4)
    made = [box((0, 0.86, 0), (width, 0.08, 0.75), wood), *legs(random, (width, 0.82, 0.75), metal)]
    made.append(box((0, 0.25, 0), (width - 0.1, 0.03, 0.6), metal))
    if chance(random, 0.7):  # a board
        made.append(box((0, 1.35, -0.36), (width, 0.85, 0.03), stuff(random, textures.WALLS)))
        for _ in range(int(random.integers(2, 12))):
            at = (random.uniform(-0.45, 0.45) * width, random.uniform(1.05, 1.7), -0.33)
            made.append(
                box(
                    at,
                    (random.uniform(0.02, 0.1), random.uniform(0.08, 0.3), 0.03),
                    plain(random, 0.5, 0.5),
                )
            )
    if chance(random, 0.5):  # a vice
        made.append(box((width * 0.35, 0.98, 0.25), (0.12, 0.16, 0.25), metal))
    return made + small_things(random, width, 0.9, 0.7) + small_things(random, width, 0.9, 0.7)


def barrel(random: Random) -> Thing:
    """One to three barrels, bins or gas bottles."""
    made: Thing = []
    for k in range(int(random.integers(1, 4))):
        body, radius, tall = (
            plain(random, 0.6, 0.6),
            random.uniform(0.1, 0.32),
            random.uniform(0.5, 1.6),
        )
        at = (k * 0.55 - 0.4, 0.0, random.normal(0, 0.1))
        made.append(tube(at, (0, tall, 0), radius, body, sides=18))
        made += [
            tube((at[0], tall * y, at[2]), (0, 0.03, 0), radius * 1.04, body) for y in (0.33, 0.66)
        ]
    return made


def pillar(random: Random) -> Thing:
    """A pillar up to the ceiling, round or square, perhaps striped."""
    skin = stuff(random, ("concrete", "paint", "safety", "stripes", "tiles", "metal"), 0.2)
    wide, tall = random.uniform(0.2, 0.6), random.uniform(2.6, 6.0)
    if chance(random, 0.4):  # round
        return [tube((0, 0, 0), (0, tall, 0), wide / 2, skin, sides=20)]
    return [box((0, tall / 2, 0), (wide, tall, wide), skin)]


def rack(random: Random) -> Thing:
    """Pallet racking, two or three levels of load."""
    paint, beam = plain(random, 0.4, 0.8), plain(random, 0.4, 0.9)
    width, depth, levels = (
        random.uniform(1.8, 2.8),
        random.uniform(0.6, 1.1),
        int(random.integers(2, 4)),
    )
    tall = levels * 1.1
    made = [
        box((x, tall / 2, z), (0.08, tall, 0.08), paint)
        for x in (-width / 2, width / 2)
        for z in (-depth / 2, depth / 2)
    ]
    for level in range(levels):
        y = 0.1 + level * 1.1
        made += [box((0, y, z), (width, 0.1, 0.05), beam) for z in (-depth / 2, depth / 2)]
        x = -width / 2 + 0.1
        while x < width / 2 - 0.3:
            size = (
                random.uniform(0.3, 0.8),
                random.uniform(0.2, 0.8),
                depth * random.uniform(0.6, 0.95),
            )
            made.append(
                printed_box((x + size[0] / 2, y + 0.05 + size[1] / 2, 0), size, printed(random))
            )
            x += size[0] + random.uniform(0.02, 0.4)
    return made


def ladder(random: Random) -> Thing:
    """A ladder that leans back."""
    metal, tall, lean = steel(random), random.uniform(1.6, 3.0), random.uniform(0.3, 0.8)
    made = [tube((x, 0, lean / 2), (0, tall, -lean), 0.025, metal, sides=8) for x in (-0.2, 0.2)]
    steps = np.arange(0.1, 1.0, 0.28 / tall)
    return made + [
        tube((-0.2, tall * step, lean * (0.5 - step)), (0.4, 0, 0), 0.015, metal, sides=6)
        for step in steps
    ]


def trolley(random: Random) -> Thing:
    """A trolley or hand truck with a load."""
    metal, wide = steel(random), random.uniform(0.5, 0.9)
    made = [
        box((0, 0.2, 0), (wide, 0.05, 1.0), metal),
        box((0, 0.95, -0.48), (wide, 0.04, 0.04), metal),
    ]
    made += [
        box((x, 0.57, -0.48), (0.04, 0.75, 0.04), metal)
        for x in (-wide / 2 + 0.02, wide / 2 - 0.02)
    ]
    dark = plain(random, 0.2, 0.0)
    made += [
        tube((x, 0.09, z), (0.04, 0, 0), 0.09, dark, sides=10)
        for x in (-wide / 2, wide / 2 - 0.04)
        for z in (-0.4, 0.4)
    ]
    return made + [placed(mesh, (0, 0.225, 0.1)) for mesh in boxes(random)]


def cones(random: Random) -> Thing:
    """Traffic cones."""
    skin = stuff(random, ("safety",), 0.1)
    return [
        tube((k * 0.5, 0, random.normal(0, 0.2)), (0, 0.6, 0), 0.16, skin, top=0.02)
        for k in range(int(random.integers(1, 4)))
    ]


HALL: Final[tuple[Callable[[Random], Thing], ...]] = (
    machine, machine, machine, robot, pipes, pallet, pallet, workbench, workbench, barrel, pillar,
    rack, ladder, trolley, cones, table, chair, coat_stand, heap, boxes, boxes, cabinet,
)  # fmt: skip
