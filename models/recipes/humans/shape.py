"""Body shapes: MakeHuman's targets for ancestry, sex, age, muscle, weight and height, blended.

The weight of a target is the product of the weights of the words in its name, as in MakeHuman's
macro modelling (targets/macro.json); adults only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import numpy as np

from models.recipes.humans.files import Floats, read_target

RACES = ("african", "asian", "caucasian")
_LEAST = 0.01  # a share below this is not worth a target


@dataclass(frozen=True, slots=True)
class Build:
    """What a body is like; every number in 0..1."""

    race: tuple[float, float, float]  # shares of RACES, their sum is 1
    male: float
    old: float  # 0: young adult, 1: old
    muscle: float
    weight: float
    height: float


def sample_build(rng: np.random.Generator) -> Build:
    """Draw a build: mostly one sex, everything else from all over its range."""
    race = rng.dirichlet((0.6, 0.6, 0.6))
    side = rng.beta(0.4, 0.4)
    return Build(
        (float(race[0]), float(race[1]), float(race[2])),
        float(side),
        float(rng.beta(1.0, 1.4)),
        float(rng.beta(1.6, 1.6)),
        float(rng.beta(1.6, 1.8)),
        0.25 + 0.4 * float(rng.beta(2.0, 2.0)),
    )


def _ends(value: float, low: str, middle: str, high: str) -> dict[str, float]:
    """Share `value` among three words: low at 0, middle at 0.5, high at 1."""
    if value < 0.5:  # noqa: PLR2004
        return {low: 1 - 2 * value, middle: 2 * value}
    return {middle: 2 - 2 * value, high: 2 * value - 1}


@dataclass(slots=True)
class Shaper:
    """Targets, read when first needed and kept."""

    folder: Path  # humans/targets
    base: Floats  # (N, 3), m
    kept: dict[str, Floats] = field(default_factory=dict)

    def vertices(self, build: Build) -> Floats:
        """Return the mesh's vertices for a build, (N, 3) in m, in rest pose."""
        result = self.base.copy()
        for name, share in shares(build).items():
            if share >= _LEAST:
                result += share * self._target(name)
        return result

    def _target(self, name: str) -> Floats:
        if name not in self.kept:
            folder = self.folder / Path(name).parent
            self.kept[name] = read_target(folder, f"{Path(name).name}.target", len(self.base))
        return self.kept[name]


def shares(build: Build) -> dict[str, float]:
    """Return the weight of each target, by name."""
    sexes = {"female": 1 - build.male, "male": build.male}
    ages = {"young": 1 - build.old, "old": build.old}
    muscles = _ends(build.muscle, "minmuscle", "averagemuscle", "maxmuscle")
    weights = _ends(build.weight, "minweight", "averageweight", "maxweight")
    tall = 2 * build.height - 1
    result: dict[str, float] = {}
    for (sex, a), (age, b) in product(sexes.items(), ages.items()):
        for race, c in zip(RACES, build.race, strict=True):
            result[f"{race}-{sex}-{age}"] = a * b * c
        for (muscle, c), (weight, d) in product(muscles.items(), weights.items()):
            share = a * b * c * d
            result[f"universal-{sex}-{age}-{muscle}-{weight}"] = share
            end = "max" if tall > 0 else "min"
            result[f"height/{sex}-{age}-{muscle}-{weight}-{end}height"] = share * abs(tall)
    return result
