"""What people wear: which garments, which parts are painted on the skin, and of what cloth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.recipes.humans.paint import REGIONS, Bytes, Look, bare, paint

# Parts of the body that painted clothes cover, from short to long.
SHIRTS = (
    ("chest",),
    ("chest", "belly", "arm"),
    ("chest", "belly", "arm", "elbow"),
    ("chest", "belly", "arm", "elbow", "forearm", "cuff"),
)
TROUSERS = (
    ("pelvis",),
    ("pelvis", "thigh"),
    ("pelvis", "thigh", "knee"),
    ("pelvis", "thigh", "knee", "shank", "ankle"),
)
SHOES = (("foot",), ("foot", "ankle"))
_SUITED, _SHOD, _HAIRY, _GLOVED, _HATTED = 0.6, 0.75, 0.7, 0.25, 0.15  # shares of people
_PLAIN = 0.45  # share of cloth without a pattern


@dataclass(frozen=True, slots=True)
class Outfit:
    """What one person wears: names of garments, and parts painted on the skin."""

    suit: str | None
    shoes: str | None
    hair: str | None
    helmet: bool
    painted: tuple[tuple[str, ...], ...]  # groups of regions, each of one cloth


def sample_outfit(
    rng: np.random.Generator, suits: Sequence[str], shoes: Sequence[str], hair: Sequence[str]
) -> Outfit:
    """Draw an outfit; nobody is naked, as everything that has no garment is painted."""

    def some(share: float, names: Sequence[str]) -> str | None:
        return str(rng.choice(list(names))) if names and rng.random() < share else None

    suit, shod = some(_SUITED, suits), some(_SHOD, shoes)
    painted = [SHIRTS[rng.integers(len(SHIRTS))], TROUSERS[rng.integers(len(TROUSERS))]]
    if shod is None:
        painted.append(SHOES[rng.integers(len(SHOES))])
    if rng.random() < _GLOVED:
        painted.append(("hand", "cuff") if rng.random() < 0.5 else ("hand",))  # noqa: PLR2004
    helmet = bool(rng.random() < _HATTED)
    return Outfit(suit, shod, None if helmet else some(_HAIRY, hair), helmet, tuple(painted))


def sample_cloth(rng: np.random.Generator, textures: Sequence[Bytes]) -> Bytes:
    """Draw a cloth, (H, W, 3) sRGB: plain, or one of the textures tinted and repeated."""
    color = sample_color(rng)
    if not textures or rng.random() < _PLAIN:
        grain = rng.normal(0, 6, (64, 64, 1))
        return np.clip(color + grain, 0, 255).astype(np.uint8)
    texture = textures[int(rng.integers(len(textures)))]
    step = int(rng.integers(1, 4))
    tiled = np.tile(texture[::step, ::step], (step, step, 1))
    mix = rng.uniform(0, 0.8)
    return np.clip((1 - mix) * tiled + mix * color, 0, 255).astype(np.uint8)


def sample_color(rng: np.random.Generator) -> Bytes:
    """Draw a colour of clothes: often dark, grey, white or blue, now and then loud."""
    if rng.random() < 0.5:  # noqa: PLR2004
        value = rng.choice([25, 55, 110, 170, 225]) + rng.normal(0, 15)
        grey: Bytes = np.clip(value + rng.normal(0, 10, 3), 0, 255).astype(np.uint8)
        return grey
    hue, saturation, value = rng.uniform(0, 6), rng.uniform(0.2, 1), rng.uniform(0.2, 1)
    wheel = np.clip(abs((hue - np.array([3, 2, 4]) + 3) % 6 - 3) - 1, 0, 1)
    color = 255 * value * (1 - saturation * wheel)
    made: Bytes = color.astype(np.uint8)
    return made


def sample_skin(
    rng: np.random.Generator, chart: Bytes, look: Look, outfit: Outfit, textures: Sequence[Bytes]
) -> Bytes:
    """Return the skin's texture with the painted clothes of an outfit."""
    cloth: dict[str, Bytes] = {}
    for group in outfit.painted:
        fabric = sample_cloth(rng, textures)
        cloth.update(dict.fromkeys(group, fabric))
    return paint(chart, bare(look), rng, {name: cloth[name] for name in REGIONS if name in cloth})
