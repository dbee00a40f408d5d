"""Materials drawn at random for the things in a room."""

from __future__ import annotations

import numpy as np

from models.recipes.rendering.types import Material
from models.recipes.scenes import textures
from models.recipes.scenes.chance import chance
from models.recipes.scenes.colors import draw_linear

_WOOD = ("wood", "wood", "paint", "gradient")


def stuff(random: np.random.Generator, kinds: tuple[str, ...], gloss: float = 0.3) -> Material:
    """A material with a texture of one of these kinds, tinted, up to this glossy."""
    tint = random.uniform(0.35, 1.0) * random.uniform(0.85, 1.0, 3)
    shine = random.uniform(0, gloss) if chance(random, 0.5) else 0.0
    return Material(tint.astype(np.float32), textures.draw(random, kinds), float(shine))


def plain(random: np.random.Generator, gloss: float = 0.5, loud: float = 0.2) -> Material:
    """A material of one colour."""
    return Material(draw_linear(random, loud), None, float(random.uniform(0, gloss)))


def fabric(random: np.random.Generator) -> Material:
    """Cloth, seen from both sides."""
    made = stuff(random, textures.FABRICS, 0.0)
    return Material(made.color, made.texture, 0.0, two_sided=True)


def timber(random: np.random.Generator) -> Material:
    """What furniture is made of."""
    return stuff(random, _WOOD, 0.4)


def steel(random: np.random.Generator) -> Material:
    """What machines, racks and pipes are made of."""
    if chance(random, 0.4):  # painted
        return plain(random, 0.7, 0.5)
    return stuff(random, ("metal", "metal", "paint"), 0.7)


def printed(random: np.random.Generator) -> Material:
    """Paper, card or a screen with something on it."""
    return stuff(random, textures.PRINTS, 0.2)
