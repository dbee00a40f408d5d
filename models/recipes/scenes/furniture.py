"""Furniture of homes and offices: each stands on y = 0 about x = z = 0, its front to +z (m)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from models.recipes.rendering.types import Material, Mesh
from models.recipes.scenes.chance import chance
from models.recipes.scenes.matter import fabric, plain, printed, steel, stuff, timber
from models.recipes.scenes.soft import bed, coat_stand, curtain, heap, sofa
from models.recipes.scenes.solids import box, lump, placed, printed_box, tube

Random = np.random.Generator
Thing = list[Mesh]


def legs(random: Random, size: tuple[float, float, float], material: Material) -> Thing:
    """Four legs under a top of size (width, height, depth)."""
    width, height, depth = size
    thick, inset = random.uniform(0.02, 0.06), 0.04
    made: Thing = []
    for x in (-width / 2 + inset, width / 2 - inset):
        for z in (-depth / 2 + inset, depth / 2 - inset):
            if thick > 0.04:  # noqa: PLR2004 - thick ones are square
                made.append(box((x, height / 2, z), (thick, height, thick), material))
            else:
                made.append(tube((x, 0, z), (0, height, 0), thick / 2, material, sides=8))
    return made


def small_things(random: Random, width: float, height: float, depth: float) -> Thing:
    """Cups, books, boxes, a screen: on a top of this width and depth at this height."""
    made: Thing = []
    for _ in range(int(random.integers(0, 6))):
        x, z = random.uniform(-0.4, 0.4) * width, random.uniform(-0.35, 0.35) * depth
        kind = random.random()
        if kind < 0.3:  # noqa: PLR2004 - shares of kinds, here and below
            tall = random.uniform(0.06, 0.3)
            made.append(
                tube((x, height, z), (0, tall, 0), random.uniform(0.02, 0.06), plain(random))
            )
        elif kind < 0.45:  # noqa: PLR2004
            screen = box((0, 0.28, 0), (0.5, 0.32, 0.03), plain(random, 0.6, 0.0))
            front = printed_box((0, 0.28, 0.017), (0.46, 0.28, 0.006), printed(random))
            foot = box((0, 0.06, 0), (0.05, 0.12, 0.05), screen.material)
            turn = random.uniform(-0.6, 0.6) + random.choice([0, np.pi])
            made += [placed(part, (x, height, z), turn) for part in (screen, front, foot)]
        else:
            size = random.uniform(0.04, 0.35, 3) * (1, 0.6, 0.7)
            made.append(
                placed(
                    printed_box((0, size[1] / 2, 0), size, printed(random)),
                    (x, height, z),
                    random.uniform(0, 3),
                )
            )
    return made


def table(random: Random) -> Thing:
    """A dining table, desk or coffee table, round or square, with things on it."""
    wood, tall = (
        timber(random),
        float(random.choice([random.uniform(0.68, 0.78), random.uniform(0.35, 0.5)])),
    )
    width, depth = random.uniform(0.6, 2.0), random.uniform(0.5, 1.0)
    if chance(random, 0.2):  # round
        made = [
            tube((0, tall - 0.03, 0), (0, 0.03, 0), depth / 1.4, wood, sides=22),
            tube((0, 0, 0), (0, tall, 0), 0.05, wood),
            tube((0, 0, 0), (0, 0.03, 0), 0.3, wood, top=0.1),
        ]
        width = depth
    else:
        made = [box((0, tall - 0.02, 0), (width, 0.04, depth), wood)]
        made += legs(
            random, (width, tall - 0.04, depth), wood if chance(random, 0.6) else steel(random)
        )
        if chance(random, 0.3):  # drawers
            made.append(box((width / 2 - 0.25, tall / 2, 0), (0.4, tall - 0.1, depth - 0.06), wood))
    return made + small_things(random, width, tall, depth)


def chair(random: Random) -> Thing:
    """A chair or stool; office chairs have a stem."""
    seat, body = random.uniform(0.42, 0.5), timber(random)
    cover = fabric(random) if chance(random, 0.5) else body
    width, depth = random.uniform(0.38, 0.52), random.uniform(0.38, 0.5)
    made = [box((0, seat - 0.03, 0), (width, 0.06, depth), cover, 2.0)]
    if chance(random, 0.3):  # office
        made += [
            tube((0, 0.06, 0), (0, seat - 0.06, 0), 0.03, body),
            tube((0, 0, 0), (0, 0.06, 0), 0.28, body, top=0.05, sides=10),
        ]
    else:
        made += legs(random, (width, seat - 0.06, depth), body)
    if chance(random, 0.85):  # stools have no back
        tall = random.uniform(0.3, 0.6)
        made.append(
            box(
                (0, seat + tall / 2 + 0.1, -depth / 2 + 0.02), (width, tall - 0.1, 0.04), cover, 2.0
            )
        )
        made += [
            box((x, seat + tall / 2, -depth / 2 + 0.02), (0.03, tall, 0.03), body)
            for x in (-width / 2 + 0.03, width / 2 - 0.03)
        ]
    return made


def shelf(random: Random) -> Thing:
    """Open shelves with boxes and books in them."""
    wood, width = timber(random), random.uniform(0.5, 1.6)
    tall, depth = random.uniform(0.8, 2.2), random.uniform(0.25, 0.45)
    made = [box((x, tall / 2, 0), (0.03, tall, depth), wood) for x in (-width / 2, width / 2)]
    made.append(box((0, tall / 2, -depth / 2), (width, tall, 0.02), wood))
    floors = np.linspace(0.06, tall - 0.02, max(int(tall / 0.38), 2))
    papers = [printed(random) for _ in range(4)]
    for at in floors:
        made.append(box((0, at, 0), (width, 0.03, depth), wood))
        x = -width / 2 + 0.04
        while x < width / 2 - 0.1 and at < tall - 0.2:
            wide, high = random.uniform(0.03, 0.25), random.uniform(0.1, 0.3)
            if chance(random, 0.8):  # gaps
                paper = papers[random.integers(4)]
                made.append(
                    printed_box(
                        (x + wide / 2, at + high / 2 + 0.015, 0),
                        (wide * 0.95, high, depth * 0.8),
                        paper,
                    )
                )
            x += wide
    return made


def cabinet(random: Random) -> Thing:
    """A wardrobe, locker, refrigerator or chest: an upright box with doors and handles."""
    body, width = (timber if chance(random, 0.6) else steel)(random), random.uniform(0.4, 1.4)
    tall, depth = (
        float(random.choice([random.uniform(1.4, 2.1), random.uniform(0.5, 1.1)])),
        random.uniform(0.35, 0.65),
    )
    made = [box((0, tall / 2, 0), (width, tall, depth), body)]
    doors, trim = max(round(width / 0.5), 1), plain(random, 0.8, 0.0)
    for k in range(doors):
        middle = -width / 2 + width * (k + 0.5) / doors
        door = (width / doors - 0.02, tall - 0.06, 0.02)
        made.append(box((middle, tall / 2, depth / 2 + 0.01), door, body))
        made.append(
            box(
                (middle + width / doors * 0.35, tall * 0.55, depth / 2 + 0.035),
                (0.02, 0.15, 0.03),
                trim,
            )
        )
    return made + ([] if tall > 1.2 else small_things(random, width, tall, depth))  # noqa: PLR2004 - top in reach


def lamp(random: Random) -> Thing:
    """A standing lamp: a thin pole with a shade, which may shine."""
    tall, pole = random.uniform(1.2, 1.9), steel(random)
    cloth = fabric(random)
    shade = Material(
        cloth.color, cloth.texture, 0.0, two_sided=True, glow=float(random.choice([0, 0.9]))
    )
    return [
        tube((0, 0, 0), (0, 0.03, 0), 0.15, pole),
        tube((0, 0, 0), (0, tall, 0), 0.015, pole, sides=8),
        tube((0, tall - 0.15, 0), (0, 0.3, 0), 0.22, shade, top=0.14, capped=False),
    ]


def plant(random: Random) -> Thing:
    """A pot with leaves."""
    pot, leaf = plain(random), stuff(random, ("grass", "gradient"), 0.3)
    green = np.array([0.15, 0.5, 0.12]) * random.uniform(0.3, 1.2, 3)
    blade = Material(green.astype(np.float32), leaf.texture, 0.2, two_sided=True)
    high, spread = random.uniform(0.3, 1.5), random.uniform(0.1, 0.4)
    made = [tube((0, 0, 0), (0, 0.3, 0), 0.11, pot, top=0.16)]
    for _ in range(int(random.integers(6, 18))):
        turn, up = random.uniform(0, 6.3), random.uniform(0.4, 1.0) * high
        axis = np.array([np.sin(turn) * spread, up, np.cos(turn) * spread])
        made.append(tube((0, 0.28, 0), axis * 0.6, 0.008, blade, sides=4, capped=False))
        made.append(lump(random, axis * 0.8 + (0, 0.28, 0), (0.22, 0.3, 0.05), blade, 0.3))
    return made


def boxes(random: Random) -> Thing:
    """One to four cartons on each other, up to the height of a person."""
    made: Thing = []
    at = 0.0
    for _ in range(int(random.integers(1, 5))):
        size = random.uniform(0.2, 0.65, 3)
        carton = printed_box((0, size[1] / 2, 0), size, printed(random))
        made.append(
            placed(
                carton, (random.normal(0, 0.04), at, random.normal(0, 0.04)), random.normal(0, 0.2)
            )
        )
        at += size[1]
    return made


HOME: Final[tuple[Callable[[Random], Thing], ...]] = (
    table, table, chair, chair, sofa, bed, shelf, cabinet, lamp, coat_stand, heap,
    curtain, plant, boxes,
)  # fmt: skip
