"""Procedural textures (uint8 sRGB): surfaces of rooms, cloth, prints, and plain noise."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from models.recipes.rendering.types import Bytes, Floats
from models.recipes.scenes.chance import chance
from models.recipes.scenes.colors import draw_srgb, to_bytes, wall_srgb
from models.recipes.scenes.prints import leaves, letters, logo, poster

Random = np.random.Generator
SIZE: Final = 192  # px


def noise(random: Random, size: int = SIZE, steepness: float = 1.0) -> Floats:
    """Noise (size, size) with a 1/f**steepness spectrum, mean 0 and deviation 1; it tiles."""
    across = np.fft.rfftfreq(size)[None]
    down = np.fft.fftfreq(size)[:, None]
    radius = np.hypot(across, down)
    radius[0, 0] = 1.0
    spectrum = np.fft.rfft2(random.standard_normal((size, size))) / radius**steepness
    spectrum[0, 0] = 0.0
    field = np.fft.irfft2(spectrum, (size, size))
    scaled: Floats = (field / max(float(field.std()), 1e-9)).astype(np.float32)
    return scaled


def _shaded(random: Random, base: NDArray[np.floating[Any]], amount: float) -> Bytes:
    """The base colour or image with dirt and unevenness of amount (0..255)."""
    rough = noise(random, SIZE, random.uniform(0.4, 1.6))[..., None] * amount
    return to_bytes(base + rough)


def clouds(random: Random) -> Bytes:
    """Coloured 1/f noise."""
    steepness = random.uniform(0.6, 2.0)
    mixed = [noise(random, SIZE, steepness) for _ in range(3)]
    contrast = random.uniform(8, 45)
    shared = random.uniform(0.4, 1)
    fields = np.stack([shared * mixed[0] + (1 - shared) * field for field in mixed], axis=-1)
    return to_bytes(draw_srgb(random, 0.15) + contrast * fields)


def paint(random: Random) -> Bytes:
    """A painted wall: one pale colour, slightly dirty."""
    return _shaded(random, wall_srgb(random), random.uniform(0, 8))


def concrete(random: Random) -> Bytes:
    """Grey, with stains and pores."""
    base = np.full(3, random.uniform(60, 200), np.float32) + random.uniform(-10, 10, 3)
    image = _shaded(random, base, random.uniform(6, 22)).astype(np.float32)
    pores = random.random((SIZE, SIZE)) < random.uniform(0, 0.02)
    return to_bytes(image - 50 * cv2.blur(pores.astype(np.float32), (2, 2))[..., None])


def wood(random: Random) -> Bytes:
    """Boards with grain along x."""
    light = draw_srgb(random, 0.0) * 0.4 + np.array([160, 115, 70]) * random.uniform(0.3, 0.8)
    boards = int(random.integers(1, 9))
    rows = np.arange(SIZE)[:, None] + 6 * noise(random, SIZE, 2.0)
    grain = cv2.blur(noise(random, SIZE, 0.7), (25, 1)) * 20
    rings = np.sin(rows * random.uniform(0.1, 0.5)) * random.uniform(2, 14)
    which = (np.arange(SIZE) * boards // SIZE)[:, None]
    tone = random.normal(0, random.uniform(2, 18), boards)[which]
    gap = (np.arange(SIZE) * boards % SIZE < boards * 2)[:, None] * -40.0 * (boards > 1)
    return to_bytes(light + (grain + rings + tone + gap)[..., None])


def tiles(random: Random) -> Bytes:
    """Square or long tiles with joints, each a little different; bricks are long ones."""
    down = int(random.integers(2, 10))
    long = int(random.choice([1, 1, 2, 3]))
    across = max(down // long, 1)
    shift = random.choice([0.0, 0.5]) if long > 1 else 0.0
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    row = (y * down).astype(int)
    column = x * across + shift * (row % 2)
    tone = random.normal(0, random.uniform(0, 22), (down, across + 1))
    tone[:, -1] = tone[:, 0]
    image = draw_srgb(random, 0.15) + tone[row, column.astype(int) % (across + 1)][..., None]
    joint = ((y * down) % 1 < 0.06) | (column % 1 < 0.06 / long)  # noqa: PLR2004 - joint's share
    image[joint] = draw_srgb(random, 0.0)
    return _shaded(random, image.astype(np.float32), random.uniform(2, 10))


def checks(random: Random) -> Bytes:
    """Chequers, or a tartan."""
    count = int(random.integers(2, 16))
    step = np.arange(SIZE) * count // SIZE % 2
    one, two = draw_srgb(random, 0.2), draw_srgb(random, 0.2)
    if chance(random, 0.5):  # evenly
        share = (step[:, None] ^ step[None]).astype(np.float32)
    else:
        share = ((step[:, None] + step[None]) / 2.0).astype(np.float32)
    return _shaded(random, one + (two - one) * share[..., None], random.uniform(0, 8))


def stripes(random: Random) -> Bytes:
    """Stripes of two to four colours and uneven widths, along x or y."""
    colors = np.stack([draw_srgb(random, 0.22) for _ in range(int(random.integers(2, 5)))])
    widths = random.dirichlet(np.full(len(colors), 3.0))
    repeats = int(random.integers(1, 14))
    phase = np.arange(SIZE) / SIZE * repeats % 1
    which = np.minimum(np.searchsorted(np.cumsum(widths), phase), len(colors) - 1)
    line = colors[which]
    image = np.repeat(line[None], SIZE, axis=0)
    if chance(random, 0.5):  # evenly
        image = image.transpose(1, 0, 2)
    return _shaded(random, image, random.uniform(0, 10))


def carpet(random: Random) -> Bytes:
    """Flecked pile, sometimes over large ornaments."""
    image = draw_srgb(random, 0.3) + np.zeros((SIZE, SIZE, 3), np.float32)
    if chance(random, 0.5):  # evenly
        half = noise(random, SIZE // 2, 1.5)
        ornament = np.block([[half, half[:, ::-1]], [half[::-1], half[::-1, ::-1]]])
        image[ornament > random.uniform(0, 1)] = draw_srgb(random, 0.4)
    fleck = random.standard_normal((SIZE, SIZE, 1)) * random.uniform(5, 30)
    return to_bytes(image + fleck)


def cloth(random: Random) -> Bytes:
    """Woven cloth: threads across and along, with folds' tone."""
    period = int(random.choice([2, 3, 4, 6]))
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    weave = ((x // period + y // period) % 2 * 2 - 1) * random.uniform(2, 14)
    fold = noise(random, SIZE, 2.0) * random.uniform(0, 14)
    return to_bytes(draw_srgb(random, 0.35) + (weave + fold)[..., None])


def safety(random: Random) -> Bytes:
    """Workwear: orange, yellow or dark blue with bands that reflect."""
    bases = [(255, 120, 20), (220, 255, 40), (30, 40, 90), (250, 70, 60), (60, 70, 70)]
    image = np.zeros((SIZE, SIZE, 3), np.float32) + np.array(bases[random.integers(len(bases))])
    for _ in range(int(random.integers(1, 4))):
        at, wide = int(random.integers(0, SIZE)), int(random.integers(6, 22))
        image[at : at + wide] = random.uniform(160, 240)
    return _shaded(random, image, random.uniform(2, 14))


def metal(random: Random) -> Bytes:
    """Brushed or corrugated sheet."""
    base = np.full(3, random.uniform(70, 210), np.float32) * random.uniform(0.9, 1.05, 3)
    brushed = cv2.blur(random.standard_normal((SIZE, SIZE)).astype(np.float32), (41, 1)) * 90
    waves = np.sin(np.arange(SIZE) / SIZE * 2 * np.pi * random.integers(4, 24))[None]
    ribs = waves * random.uniform(0, 45) * (chance(random, 0.5))
    rust = np.clip(noise(random, SIZE, 1.5) - random.uniform(0.5, 3), 0, 1)[..., None]
    image = base + (brushed + ribs)[..., None]
    return to_bytes(image * (1 - rust) + np.array([110, 60, 30]) * rust)


def gradient(random: Random) -> Bytes:
    """One colour runs into another, in some direction."""
    angle = random.uniform(0, 2 * np.pi)
    y, x = np.mgrid[-1 : 1 : SIZE * 1j, -1 : 1 : SIZE * 1j]
    share = np.clip(0.5 + (x * np.cos(angle) + y * np.sin(angle)) / 2, 0, 1)[..., None]
    one, two = draw_srgb(random, 0.2), draw_srgb(random, 0.2)
    return to_bytes(one + (two - one) * share)


def grass(random: Random) -> Bytes:
    """Grass, earth, sand or gravel seen from above."""
    bases = [(80, 110, 50), (110, 120, 60), (120, 95, 70), (180, 160, 120), (120, 120, 120)]
    base = np.array(bases[random.integers(len(bases))], np.float32) + random.normal(0, 12, 3)
    fine = noise(random, SIZE, 0.4) * random.uniform(10, 30)
    patches = noise(random, SIZE, 1.6)[..., None] * random.uniform(2, 18, 3)
    return to_bytes(base + fine[..., None] + patches)


KINDS: Final[dict[str, Callable[[Random], Bytes]]] = {
    "clouds": clouds, "paint": paint, "concrete": concrete, "wood": wood, "tiles": tiles,
    "checks": checks, "stripes": stripes, "carpet": carpet, "cloth": cloth, "safety": safety,
    "metal": metal, "gradient": gradient, "grass": grass, "leaves": leaves, "letters": letters,
    "logo": logo, "poster": poster,
}  # fmt: skip
FLOORS: Final = ("wood", "tiles", "concrete", "carpet", "paint", "checks", "clouds")
WALLS: Final = ("paint", "paint", "paint", "concrete", "tiles", "wood", "stripes", "clouds")
FABRICS: Final = ("cloth", "cloth", "stripes", "checks", "carpet", "clouds", "gradient", "logo")
OBJECTS: Final = ("paint", "wood", "metal", "concrete", "letters", "logo", "gradient", "clouds")
PRINTS: Final = ("poster", "letters", "leaves", "logo", "gradient", "clouds")


@lru_cache(maxsize=512)
def _made(kind: str, number: int) -> Bytes:
    texture = KINDS[kind](np.random.default_rng([ord(letter) for letter in kind] + [number]))
    texture.flags.writeable = False
    return texture


def draw(random: Random, kinds: tuple[str, ...], pool: int = 24) -> Bytes:
    """One of a pool of textures of each of these kinds; each is made once in a process."""
    return _made(kinds[random.integers(len(kinds))], int(random.integers(pool)))
