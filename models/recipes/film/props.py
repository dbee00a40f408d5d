"""What stands around: the room, the bench and what is on it, and the things that hands carry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.recipes.film.curves import Floats
from models.recipes.film.layout import BENCH, OPERATOR, SPOT, TOP
from models.recipes.rendering.types import Bytes, Light, Material, Mesh
from models.recipes.scenes import prints, textures
from models.recipes.scenes.solids import box, placed, sheet, tube

Random = np.random.Generator
_BACK, _LEFT, _RIGHT, _FRONT, _CEILING = -2.3, -3.4, 3.4, 4.0, 3.2  # m
PARTS = {
    "housing": ((0.075, 0.035, 0.06), (0.05, 0.05, 0.06)),
    "board": ((0.06, 0.012, 0.05), (0.02, 0.3, 0.08)),
    "cover": ((0.078, 0.018, 0.062), (0.75, 0.28, 0.03)),
}  # size, m, and colour, linear
_BINS = {"bin_housing": "housing", "bin_board": "board", "bin_cover": "cover"}


def _material(color: ArrayLike, texture: Bytes | None = None, gloss: float = 0.1) -> Material:
    return Material(np.asarray(color, np.float32), texture, gloss, two_sided=True)


def light() -> Light:
    """A bright hall: lamps from above and before the bench."""
    return Light(
        np.array([-0.25, -1.0, -0.45], np.float32),
        np.array([0.95, 0.92, 0.86], np.float32),
        np.array([0.75, 0.77, 0.8], np.float32),
        np.array([0.5, 0.48, 0.45], np.float32),
        0.05,
    )


def _speckled(rng: Random, color: tuple[int, int, int], amount: float) -> Bytes:
    """A plain colour (sRGB), a little uneven."""
    uneven = textures.noise(rng, steepness=0.8)[..., None] * amount
    return np.asarray(np.clip(np.array(color) + uneven, 0, 255), np.uint8)


def room(rng: Random) -> list[Mesh]:
    """A hall's corner: floor with a marked way, walls, a locker, a shelf with boxes, a pallet."""
    floor = _material((1, 1, 1), _speckled(rng, (150, 153, 150), 5.0), 0.05)
    wall = _material((1, 1, 1), _speckled(rng, (214, 210, 200), 2.0), 0.0)
    wide, deep = _RIGHT - _LEFT, _FRONT - _BACK
    things = [
        sheet((_LEFT, 0, _FRONT), (wide, 0, 0), (0, 0, -deep), floor, 0.5),
        sheet((_LEFT, 0, _BACK), (wide, 0, 0), (0, _CEILING, 0), wall, 0.3),
        sheet((_LEFT, 0, _FRONT), (0, 0, -deep), (0, _CEILING, 0), wall, 0.3),
        sheet((_RIGHT, 0, _BACK), (0, 0, deep), (0, _CEILING, 0), wall, 0.3),
        sheet((_LEFT, 0.005, _BACK + 0.02), (wide, 0, 0), (0, 0.9, 0),
              _material((0.25, 0.36, 0.42)), 0.0),
    ]  # fmt: skip
    yellow = _material((0.8, 0.55, 0.05))
    things += [sheet((_LEFT, 0.004, z), (wide, 0, 0), (0, 0, -0.07), yellow) for z in (0.95, -1.35)]
    grey, cream = _material((0.32, 0.34, 0.37), gloss=0.3), _material((0.5, 0.5, 0.46), gloss=0.2)
    card = _material((0.55, 0.38, 0.22), textures.wood(rng))
    for k in range(3):
        things.append(box((-2.6 + 0.42 * k, 0.95, _BACK + 0.25), (0.4, 1.9, 0.45), cream))
        things.append(box((-2.47 + 0.42 * k, 1.0, _BACK + 0.48), (0.02, 0.12, 0.02), grey))
    for y in (0.15, 0.75, 1.35, 1.9):
        things.append(box((1.75, y, _BACK + 0.3), (1.5, 0.04, 0.5), grey))
    for x in (1.02, 2.48):
        things += [box((x, 0.97, _BACK + z), (0.05, 1.94, 0.05), grey) for z in (0.07, 0.53)]
    for y in (0.17, 0.77, 1.37):
        x = 1.15
        while x < 2.3:  # noqa: PLR2004 - to the shelf's end
            size = rng.uniform((0.2, 0.15, 0.25), (0.4, 0.42, 0.4))
            paint = card if rng.random() < 0.6 else _material(rng.uniform(0.1, 0.6, 3))  # noqa: PLR2004
            things.append(box((x + size[0] / 2, y + size[1] / 2, _BACK + 0.3), size, paint))
            x += size[0] + rng.uniform(0.02, 0.15)
    notice = _material((0.9, 0.9, 0.88), prints.poster(rng))
    things.append(sheet((-0.9, 1.35, _BACK + 0.03), (0.6, 0, 0), (0, 0.8, 0), notice))
    return things


def bench(rng: Random) -> list[Mesh]:
    """The table and all on it that stays."""
    (left, far), (right, near) = BENCH
    wood = _material((0.9, 0.85, 0.75), textures.wood(rng), 0.15)
    steel = _material((0.3, 0.32, 0.34), gloss=0.4)
    middle = ((left + right) / 2, TOP - 0.02, (far + near) / 2)
    things = [box(middle, (right - left, 0.04, near - far), wood, 0.7)]
    things += [
        box((x, TOP / 2 - 0.02, z), (0.05, TOP - 0.04, 0.05), steel)
        for x in (left + 0.05, right - 0.05)
        for z in (far + 0.05, near - 0.05)
    ]
    for name, color in (("bin_housing", (0.05, 0.15, 0.55)), ("bin_board", (0.55, 0.05, 0.05)),
                        ("bin_cover", (0.55, 0.42, 0.04))):  # fmt: skip
        things += _bin(rng, name, _material(color, gloss=0.3))
    x, z = _middle("fixture")
    things.append(box((x, TOP + 0.012, z), (0.2, 0.024, 0.16), steel))
    things += [
        box((x + a * 0.055, TOP + 0.035, z + 0.02), (0.012, 0.04, 0.07), steel) for a in (-1, 1)
    ]
    x, z = _middle("tray")
    white = _material((0.75, 0.77, 0.78), gloss=0.3)
    things.append(box((x, TOP + 0.006, z), (0.22, 0.012, 0.22), white))
    for a, b, size in ((0, 1, (0.22, 0.025, 0.01)), (0, -1, (0.22, 0.025, 0.01)),
                       (1, 0, (0.01, 0.025, 0.22)), (-1, 0, (0.01, 0.025, 0.22))):  # fmt: skip
        things.append(box((x + 0.11 * a, TOP + 0.02, z + 0.11 * b), size, white))
    x, z = _middle("tool")
    things.append(box((x, TOP + 0.02, z), (0.1, 0.04, 0.1), steel))
    return things + _press(steel)


def _press(steel: Material) -> list[Mesh]:
    """A small press: a bed, two posts, a head with warning stripes over it."""
    x, z = _middle("press")
    stripes = np.zeros((64, 64, 3), np.uint8)
    across, down = np.meshgrid(np.arange(64), np.arange(64))
    stripes[(across + down) // 16 % 2 == 0] = (250, 200, 20)
    green = _material((0.08, 0.25, 0.16), gloss=0.3)
    things = [box((x, TOP + 0.02, z), (0.2, 0.04, 0.2), green)]
    things += [
        box((x - 0.1, TOP + 0.18, z + b * 0.08), (0.035, 0.36, 0.035), steel) for b in (-1, 1)
    ]
    head = box((x - 0.02, TOP + 0.36, z), (0.2, 0.1, 0.2), Material(
        np.ones(3, np.float32), stripes, 0.1, two_sided=True), 5.0)  # fmt: skip
    ram = tube((x, TOP + 0.24, z), (0, 0.08, 0), 0.025, steel)
    return [*things, head, ram]


def _bin(rng: Random, name: str, plastic: Material) -> list[Mesh]:
    x, z = _middle(name)
    wide, deep, high, thin = 0.17, 0.19, 0.055, 0.006
    things = [box((x, TOP + thin / 2, z), (wide, thin, deep), plastic)]
    things += [
        box((x + a * wide / 2, TOP + high / 2, z), (thin, high, deep), plastic) for a in (-1, 1)
    ]
    things.append(box((x, TOP + high / 2, z + deep / 2), (wide, high, thin), plastic))
    things.append(box((x, TOP + high / 3, z - deep / 2), (wide, high * 0.66, thin), plastic))
    size, color = PARTS[_BINS[name]]
    paint = _material(color, gloss=0.2)
    for _ in range(9):
        spot = rng.uniform((-0.05, 0.02, -0.06), (0.05, 0.045, 0.06))
        piece = box((0, 0, 0), size, paint)
        things.append(placed(piece, (spot[0] + x, spot[1] + TOP, spot[2] + z), rng.uniform(0, 3.1)))
    return things


def _middle(name: str) -> tuple[float, float]:
    x, z = SPOT[name].middle
    return OPERATOR[0] + x, z


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """Something that hands carry: solids about its own middle."""

    solids: tuple[Mesh, ...]

    def at(self, place: Floats) -> list[Mesh]:
        """The solids with the middle at a place (3,), m."""
        return [placed(solid, np.asarray(place, np.float32)) for solid in self.solids]


def things() -> dict[str, Thing]:
    """One of each kind, by the first word of its name."""
    made = {
        name: Thing((box((0, 0, 0), size, _material(color, gloss=0.2)),))
        for name, (size, color) in PARTS.items()
    }
    handle, shaft = _material((0.7, 0.08, 0.05), gloss=0.4), _material((0.5, 0.5, 0.52), gloss=0.8)
    made["tool"] = Thing(
        (
            tube((0, -0.02, 0), (0, 0.1, 0), 0.016, handle),
            tube((0, -0.1, 0), (0, 0.08, 0), 0.005, shaft),
        )
    )
    return made
