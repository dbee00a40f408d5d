"""Light: sun through a window, lamps, an overcast day, dusk, and coloured light."""

from __future__ import annotations

import numpy as np

from models.recipes.rendering.types import Floats, Light

Random = np.random.Generator


def tint(random: Random, warmth: float, amount: float = 0.06) -> Floats:
    """A light's colour (3,) of mean 1: warmth above 0 is reddish, below bluish."""
    color = np.array([1 + 0.35 * warmth, 1.0, 1 - 0.35 * warmth]) * random.normal(1, amount, 3)
    scaled: Floats = np.clip(color / color.mean(), 0.1, 3).astype(np.float32)
    return scaled


def sample(random: Random) -> Light:
    """One of: sun (hard shadows), lamp from above, overcast (nearly none), dim, coloured."""
    kind = random.choice(5, p=[0.27, 0.33, 0.22, 0.1, 0.08])
    steep = random.uniform(0.35, 1.2) if kind == 0 else random.uniform(0.7, 1.5)
    bearing = random.uniform(0, 2 * np.pi)
    direction = -np.array(
        [np.cos(steep) * np.sin(bearing), np.sin(steep), np.cos(steep) * np.cos(bearing)]
    )
    key, ambient, soft = [
        (random.uniform(0.7, 1.6), random.uniform(0.2, 0.5), random.uniform(0.005, 0.03)),
        (random.uniform(0.3, 1.0), random.uniform(0.25, 0.6), random.uniform(0.03, 0.15)),
        (random.uniform(0.0, 0.35), random.uniform(0.5, 1.0), random.uniform(0.1, 0.3)),
        (random.uniform(0.02, 0.3), random.uniform(0.05, 0.2), random.uniform(0.02, 0.2)),
        (random.uniform(0.2, 1.0), random.uniform(0.2, 0.6), random.uniform(0.02, 0.2)),
    ][kind]
    strength = 0.4 if kind == 4 else 0.06  # noqa: PLR2004 - coloured
    warm = random.normal(0.3 if kind in {0, 1, 3} else 0.0, 0.4)
    around = tint(random, float(random.normal(0, 0.3)), strength / 2)
    below = ambient * random.uniform(0.25, 0.75) * tint(random, 0.2, 0.08)
    return Light(
        direction.astype(np.float32),
        (key * tint(random, float(warm), strength)).astype(np.float32),
        (ambient * around).astype(np.float32),
        below.astype(np.float32),
        float(soft),
    )
