"""What is of cloth: sofas, beds, coats on a stand, clothes on a heap, curtains (as furniture)."""

from __future__ import annotations

import numpy as np

from models.recipes.rendering.types import Mesh
from models.recipes.scenes.chance import chance
from models.recipes.scenes.matter import fabric, timber
from models.recipes.scenes.solids import box, drape, lump, placed, tube

Random = np.random.Generator
Thing = list[Mesh]


def sofa(random: Random) -> Thing:
    """A sofa or an armchair, with cushions."""
    cover, width = fabric(random), random.uniform(0.8, 2.2)
    depth, seat = random.uniform(0.75, 0.95), random.uniform(0.38, 0.46)
    back = random.uniform(0.75, 1.0)
    made = [
        box((0, seat / 2 + 0.04, 0), (width, seat - 0.08, depth), cover),
        box((0, back / 2, -depth / 2 + 0.1), (width, back, 0.2), cover),
        *(box((x, 0.31, 0), (0.16, 0.58, depth), cover) for x in (-width / 2, width / 2)),
    ]
    for _ in range(int(random.integers(0, 4))):
        at = (random.uniform(-0.4, 0.4) * width, seat + 0.18, -depth / 2 + 0.28)
        made.append(lump(random, at, (0.42, 0.4, 0.18), fabric(random), 0.15))
    if chance(random, 0.3):  # a blanket
        made.append(
            lump(
                random,
                (random.uniform(-0.3, 0.3) * width, seat, 0.1),
                (0.9, 0.25, 0.6),
                fabric(random),
                0.5,
            )
        )
    return made


def bed(random: Random) -> Thing:
    """A bed, its head at -z, with a blanket that may lie heaped as over a person."""
    wood, cover = timber(random), fabric(random)
    width, length, tall = (
        random.uniform(0.85, 1.7),
        random.uniform(1.95, 2.1),
        random.uniform(0.35, 0.6),
    )
    made = [
        box((0, tall / 2, 0), (width, tall - 0.15, length), wood),
        box((0, tall - 0.06, 0.0), (width - 0.04, 0.18, length - 0.05), fabric(random)),
        box((0, tall * 0.9, -length / 2), (width, tall * 1.8, 0.05), wood),
        lump(
            random,
            (0, tall + 0.04, -length / 2 + 0.3),
            (width * 0.6, 0.18, 0.4),
            fabric(random),
            0.1,
        ),
    ]
    if chance(random, 0.6):  # smooth
        made.append(box((0, tall + 0.03, 0.25), (width + 0.06, 0.08, length - 0.7), cover))
    else:
        size = (width * random.uniform(0.4, 1), random.uniform(0.2, 0.5), random.uniform(0.8, 1.7))
        made.append(lump(random, (0, tall, 0.15), size, cover, 0.5))
    return made


def coat_stand(random: Random) -> Thing:
    """A pole or a row of hooks with coats and a hat: it must not be taken for a person."""
    tall, pole = random.uniform(1.5, 1.9), timber(random)
    made: Thing = [
        tube((0, 0, 0), (0, tall, 0), 0.025, pole, sides=8),
        tube((0, 0, 0), (0, 0.04, 0), 0.25, pole, top=0.05),
    ]
    for _ in range(int(random.integers(1, 4))):
        long = random.uniform(0.6, 1.2)
        coat = drape(
            random, random.uniform(0.35, 0.55), long, random.uniform(0.1, 0.25), fabric(random)
        )
        made.append(
            placed(
                coat,
                (random.uniform(-0.08, 0.08), tall - long - random.uniform(0, 0.15), 0),
                random.uniform(0, 6),
            )
        )
    if chance(random, 0.5):  # a hat
        made.append(lump(random, (0, tall + 0.02, 0), (0.28, 0.2, 0.26), fabric(random), 0.1))
    return made


def heap(random: Random) -> Thing:
    """Clothes, blankets or sacks on the floor, as long as a lying person at most."""
    made: Thing = []
    for _ in range(int(random.integers(1, 6))):
        size = (random.uniform(0.3, 1.0), random.uniform(0.1, 0.35), random.uniform(0.2, 0.6))
        at = (random.normal(0, 0.3), size[1] * 0.35, random.normal(0, 0.2))
        part = lump(random, (0, 0, 0), size, fabric(random), random.uniform(0.2, 0.7))
        made.append(placed(part, at, random.uniform(0, 3)))
    return made


def curtain(random: Random) -> Thing:
    """A curtain from the height of a door down to the floor."""
    return [
        drape(
            random,
            random.uniform(0.5, 1.8),
            random.uniform(1.9, 2.3),
            random.uniform(0.06, 0.16),
            fabric(random),
        )
    ]
