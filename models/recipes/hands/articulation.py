"""What hands do: gestures, grips, and everything between and near them, sampled under limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from models.recipes.hands.bending import LEAST, MOST, Angles, Wrist, bent, limited, mixed
from models.recipes.hands.gestures import GESTURES, ball_grip, flat_grip, round_grip
from models.recipes.humans.rig import Rig
from models.recipes.poses.types import Floats

NAMES: Final = tuple(GESTURES)
THINGS: Final = ("cylinder", "screwdriver", "box", "phone", "ball", "plate", "cable", "pin")
_ALIKE = 0.35  # share of hands that copy a gesture nearly exactly
_NOISE = 6.0  # deg, of each joint
_FAN = np.array([1.5, 0.3, -0.7, -1.5])  # how fingers spread together
_THUMB_RANGE = np.array([(-15, 70), (-20, 30), (-5, 50), (-12, 60)], float)


@dataclass(frozen=True, slots=True, eq=False)
class Grip:
    """A hand's angles and what it holds: one of THINGS of a size (m, radius or thickness)."""

    angles: Angles
    thing: str = ""
    size: float = 0.0


def sample_angles(rng: np.random.Generator) -> Angles:
    """Draw an empty hand: a gesture, one on its way to another, or anything fingers can do."""
    kind = rng.random()
    first = GESTURES[NAMES[rng.integers(len(NAMES))]]
    if kind < _ALIKE:
        return _noisy(rng, first, 0.6)
    second = GESTURES[NAMES[rng.integers(len(NAMES))]]
    if kind < 0.8:  # noqa: PLR2004 - share
        shares = np.clip(rng.beta(0.8, 0.8) + rng.normal(0, 0.15, 5), 0, 1)
        return _noisy(rng, mixed(first, second, shares), 1.0)
    return _noisy(rng, mixed(_anything(rng), first, rng.uniform(0, 0.5)), 0.5)


def sample_grip(rng: np.random.Generator) -> Grip:
    """Draw a hand that holds something."""
    thing = THINGS[rng.integers(len(THINGS))]
    size = 0.0
    if thing in ("cylinder", "screwdriver"):
        size = rng.uniform(0.008, 0.045 if thing == "cylinder" else 0.02)
        angles = round_grip(size)
    elif thing == "ball":
        size = rng.uniform(0.015, 0.05)
        angles = ball_grip(size)
    elif thing in ("box", "phone"):
        size = rng.uniform(0.02, 0.05) if thing == "box" else rng.uniform(0.006, 0.012)
        angles = flat_grip(size)
    elif thing == "plate":
        size = rng.uniform(0.002, 0.012)
        angles = GESTURES["table"]
    else:
        size = rng.uniform(0.0015, 0.005)
        angles = GESTURES[("pinch", "ok", "tripod", "pinch middle")[rng.integers(4)]]
    return Grip(_noisy(rng, angles, 0.5), thing, float(size))


def sample_wrist(rng: np.random.Generator) -> Wrist:
    """Draw a wrist: mostly nearly straight, a little extended."""
    return Wrist(
        float(np.clip(rng.normal(-8, 22), -60, 65)), float(np.clip(rng.normal(-4, 11), -30, 18))
    )


def articulate(rng: np.random.Generator, rig: Rig, turns: Floats, side: str) -> Floats:
    """Return a pose's turns (B, 3, 3) with wrist and fingers at `side` ("L" or "R") sampled.

    The wrist's turn is added to the one in `turns`.
    """
    angles = sample_angles(rng) if rng.random() < 0.7 else sample_grip(rng).angles  # noqa: PLR2004
    return bent(rig, turns, side, angles, sample_wrist(rng))


def _noisy(rng: np.random.Generator, angles: Angles, amount: float) -> Angles:
    """Joints a little different from `angles`; those of one finger differ alike."""
    together = rng.normal(0, 5 * amount) + rng.normal(0, 4 * amount, (4, 1))
    single = rng.normal(0, _NOISE * amount, (4, 4)) + together
    single[:, 0] = rng.normal(0, 3 * amount, 4) + rng.normal(0, 3 * amount) * _FAN
    thumb = angles.thumb + rng.normal(0, _NOISE * amount, 4)
    return limited(replace(angles, fingers=angles.fingers + single, thumb=thumb))


def _anything(rng: np.random.Generator) -> Angles:
    """Each finger anywhere in its range; the end joint follows the middle one, as tendons do."""
    fingers = rng.uniform(LEAST, MOST)
    fingers[:, 3] = np.clip(0.6 * fingers[:, 2] + rng.normal(0, 12, 4), -5, 75)
    common = rng.random()
    for column in (1, 2):  # neighbours move together, more or less
        mean = fingers[:, column].mean()
        fingers[:, column] += common * (mean - fingers[:, column])
    return Angles(fingers, rng.uniform(*_THUMB_RANGE.T), float(rng.uniform(0, 12)))
