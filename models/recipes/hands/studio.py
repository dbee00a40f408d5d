"""What a process that renders hands keeps: people, and OpenGL."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from models.recipes.hands.people import Company, Handed
from models.recipes.hands.scene import hand_picture
from models.recipes.humans.person import Cast
from models.recipes.rendering.dataset import Maker, Sample
from models.recipes.rendering.opengl import Renderer
from models.recipes.scenes.textures import FABRICS, draw

SIZE = 256  # px, both sides of a picture
PEOPLE = 240  # that come again and again, and are kept (3 MB each): making one takes long
_NEW = 0.2  # share of pictures of somebody never seen before


@dataclass(frozen=True, slots=True, eq=False)
class HandMaker:
    """Draws pictures of hands; one for a process."""

    company: Company
    renderer: Renderer
    people: dict[int, Handed] = field(default_factory=dict)

    def __call__(self, rng: np.random.Generator) -> Sample:
        """Draw a picture of somebody's hands and its truth."""
        person = self._new(rng) if rng.random() < _NEW else self._known(int(rng.integers(PEOPLE)))
        return hand_picture(rng, person, self.renderer, SIZE)

    def _new(self, rng: np.random.Generator) -> Handed:
        return self.company.sample(rng, [draw(rng, FABRICS) for _ in range(3)])

    def _known(self, number: int) -> Handed:
        """Return a person who is the same for a number, whoever makes it."""
        if number not in self.people:
            self.people[number] = self._new(np.random.default_rng([7, number]))
        return self.people[number]


@dataclass(frozen=True, slots=True)
class Studio:
    """What a renderer's process is told: where the humans are."""

    humans: Path

    def __call__(self) -> Maker:
        """Load all of it; OpenGL stays open as long as the process lives."""
        company = Company.of(Cast.load(self.humans))
        return HandMaker(company, ExitStack().enter_context(Renderer(SIZE, SIZE)))
