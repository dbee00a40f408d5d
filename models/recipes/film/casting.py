"""Who is filmed: somebody of usual height in blue overalls."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.recipes.humans.garments import Garment
from models.recipes.humans.parts import Part
from models.recipes.humans.person import Cast, Person
from models.recipes.rendering.types import Material

_SUIT, _HAIR = "male_worksuit01", "short"
_OVERALLS, _TALL = (1.1, 1.5), (1.65, 1.85)  # m, heights of the suit and of all
_BLUE = (0.06, 0.12, 0.3)


def operator(cast: Cast, rng: np.random.Generator) -> Person:
    """Somebody of usual height in blue overalls, with short hair."""

    def only(found: dict[str, Garment], start: str) -> dict[str, Garment]:
        return {name: garment for name, garment in found.items() if name.startswith(start)}

    dressed = replace(cast, suits=only(cast.suits, _SUIT), hair=only(cast.hair, _HAIR))
    while True:
        person = dressed.sample(rng)
        overalls = [part for part in person.parts if _between(_height(part), _OVERALLS)]
        if len(overalls) == 1 and _between(max(map(_height, person.parts)), _TALL):
            blue = Material(np.array(_BLUE, np.float32), None, 0.05, two_sided=True)
            parts = [replace(p, material=blue) if p is overalls[0] else p for p in person.parts]
            return replace(person, parts=tuple(parts))


def _height(part: Part) -> float:
    return float(np.ptp(part.vertices[:, 1]))


def _between(value: float, ends: tuple[float, float]) -> bool:
    return ends[0] <= value <= ends[1]
