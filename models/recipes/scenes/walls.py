"""Floor, walls and ceiling of a room, and what is on them: windows, doors, posters, lamps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.recipes.rendering.types import Material, Mesh
from models.recipes.scenes import textures
from models.recipes.scenes.chance import chance
from models.recipes.scenes.matter import plain, printed, steel, stuff, timber
from models.recipes.scenes.soft import curtain
from models.recipes.scenes.solids import box, placed, sheet, tube

Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle of floor and the height above it, m: left and right in x, back and front in z."""

    left: float
    right: float
    back: float
    front: float
    height: float

    def inside(self, point: NDArray[np.floating[Any]], margin: float) -> tuple[float, float]:
        """The point (2,) as x, z moved to where it is at least margin from each wall."""
        x = min(max(float(point[0]), self.left + margin), self.right - margin)
        z = min(max(float(point[1]), self.back + margin), self.front - margin)
        return x, z

    def at_wall(self, random: Random, gap: float) -> tuple[float, float, float]:
        """x, z and yaw of a thing with its back to one of the walls, gap (m) from it."""
        share, wall = random.uniform(0.04, 0.96), int(random.integers(4))
        x = self.left + share * (self.right - self.left)
        z = self.back + share * (self.front - self.back)
        return (
            (x, self.back + gap, 0.0), (self.left + gap, z, np.pi / 2),
            (x, self.front - gap, np.pi), (self.right - gap, z, -np.pi / 2),
        )[wall]  # fmt: skip


def shell(random: Random, bounds: Bounds, *, hall: bool) -> list[Mesh]:
    """Floor, four walls seen from inside only, a ceiling, and what hangs on them."""
    width, depth, tall = bounds.right - bounds.left, bounds.front - bounds.back, bounds.height
    floor = stuff(random, textures.FLOORS, 0.5)
    scale = random.uniform(0.4, 1.3)
    made = [
        sheet((bounds.left, 0, bounds.front), (width, 0, 0), (0, 0, -depth), floor, scale),
        sheet(
            (bounds.left, tall, bounds.back), (width, 0, 0), (0, 0, depth),
            stuff(random, ("paint", "paint", "tiles", "concrete", "metal")), 0.8,
        ),
    ]  # fmt: skip
    main, repeat = stuff(random, textures.WALLS, 0.1), random.uniform(0.3, 1.2)
    middle_x, middle_z = (bounds.left + bounds.right) / 2, (bounds.back + bounds.front) / 2
    base = plain(random, 0.3, 0.1)
    for yaw, across, x, z in (
        (0.0, width, middle_x, bounds.back), (np.pi / 2, depth, bounds.left, middle_z),
        (np.pi, width, middle_x, bounds.front), (-np.pi / 2, depth, bounds.right, middle_z),
    ):  # fmt: skip
        skin = main if chance(random, 0.8) else stuff(random, textures.WALLS, 0.1)
        parts = [sheet((-across / 2, 0, 0), (across, 0, 0), (0, tall, 0), skin, repeat)]
        if chance(random, 0.5):  # a skirting board
            parts.append(_panel((0, 0.06), (across, 0.12), base))
        parts += _hung(random, across, tall, hall=hall)
        made += [placed(part, (x, 0, z), yaw) for part in parts]
    return made + _ceiling_lamps(random, bounds)


def _panel(
    middle: tuple[float, float], size: tuple[float, float], material: Material, out: float = 0.02
) -> Mesh:
    """A thin board on a wall that faces +z; the texture is shown once."""
    x, y = middle[0] - size[0] / 2, middle[1] - size[1] / 2
    return sheet((x, y, out), (size[0], 0, 0), (0, size[1], 0), material)


def _hung(random: Random, across: float, tall: float, *, hall: bool) -> list[Mesh]:
    """Windows, doors, posters, curtains, pipes and boards on a wall of this width and height."""
    made: list[Mesh] = []
    for _ in range(int(random.integers(0, 3 + int(across / 1.5)))):
        x, kind = random.uniform(-0.45, 0.45) * across, random.random()
        if kind < 0.25:  # noqa: PLR2004 - shares of kinds, here and below
            made += _window(random, x, min(tall - 0.3, random.uniform(1.5, 2.2)))
        elif kind < 0.4:  # noqa: PLR2004
            made += _door(random, x, hall=hall)
        elif kind < 0.72:  # noqa: PLR2004
            size = (random.uniform(0.2, 1.2), random.uniform(0.2, 1.0))
            middle = (x, random.uniform(1.0, max(tall - 0.5, 1.1)))
            made += [
                _panel(middle, (size[0] + 0.06, size[1] + 0.06), plain(random)),
                _panel(middle, size, printed(random), 0.03),
            ]
        elif kind < 0.82:  # noqa: PLR2004
            made += [placed(part, (x, random.uniform(0, 0.2), 0.1)) for part in curtain(random)]
        elif kind < 0.92:  # noqa: PLR2004
            made.append(
                tube(
                    (x, 0, 0.08),
                    (0, tall, 0),
                    random.uniform(0.015, 0.07),
                    steel(random),
                    capped=False,
                )
            )
        else:
            made.append(
                box(
                    (x, random.uniform(1.2, 1.9), 0.15),
                    (random.uniform(0.4, 1.4), random.uniform(0.03, 0.7), 0.3),
                    timber(random),
                )
            )
    return made


def _window(random: Random, x: float, y: float) -> list[Mesh]:
    """A bright pane with frame and bars."""
    width, height = random.uniform(0.5, 1.8), random.uniform(0.5, 1.3)
    frame = plain(random, 0.2, 0.05)
    bright = random.uniform(0.3, 1.2) * random.uniform(0.8, 1.0, 3)
    view = textures.draw(random, ("gradient", "clouds", "poster")) if chance(random, 0.5) else None
    pane = Material(bright.astype(np.float32), view, glow=1.0)
    made = [
        _panel((x, y), (width + 0.12, height + 0.12), frame),
        _panel((x, y), (width, height), pane, 0.025),
    ]
    bars = int(random.integers(0, 3))
    made += [
        _panel((x + width * (k / (bars + 1) - 0.5), y), (0.05, height), frame, 0.03)
        for k in range(1, bars + 1)
    ]
    if chance(random, 0.2):  # blinds
        made += [
            _panel((x, y - height / 2 + k * 0.07), (width, 0.04), frame, 0.035)
            for k in range(int(height / 0.07))
        ]
    return made


def _door(random: Random, x: float, *, hall: bool) -> list[Mesh]:
    """A door, about as large as a person, or a hall's gate."""
    width, height = (
        (random.uniform(1.8, 3.2), random.uniform(2.2, 3.0))
        if hall and chance(random, 0.4)
        else (random.uniform(0.75, 1.0), 2.05)
    )
    leaf = (timber if chance(random, 0.6) else steel)(random)
    handle = plain(random, 0.9, 0.0)
    return [
        _panel((x, height / 2), (width + 0.14, height + 0.07), plain(random)),
        _panel((x, height / 2), (width, height), leaf, 0.03),
        box((x + width * 0.4, 1.02, 0.06), (0.12, 0.025, 0.05), handle),
    ]


def _ceiling_lamps(random: Random, bounds: Bounds) -> list[Mesh]:
    """Bright panels under the ceiling, in a row or none."""
    glow = Material(
        (random.uniform(0.5, 1.3) * random.uniform(0.85, 1, 3)).astype(np.float32),
        glow=1.0,
        two_sided=True,
    )
    size = random.uniform(0.15, 1.3, 2)
    made = []
    for k in range(int(random.integers(0, 5))):
        x = bounds.left + (bounds.right - bounds.left) * random.uniform(0.15, 0.85)
        z = bounds.back + (bounds.front - bounds.back) * (k + 0.5) / 5
        flat = sheet((-size[0] / 2, 0, -size[1] / 2), (size[0], 0, 0), (0, 0, size[1]), glow)
        made.append(placed(flat, (x, bounds.height - 0.02, z)))
    return made
