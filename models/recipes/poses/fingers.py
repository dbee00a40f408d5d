"""Hands: relaxed, fists, pointing, pinches, grips, counts and anything within joint limits.

Bends are the flexion angles of a hand atlas: about 90 degrees at the knuckle, 105 at the middle
joint, 75 at the last one; fingers spread 15 degrees either way.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.recipes.poses import rotation
from models.recipes.poses.types import Floats, Skeleton

GESTURES = ("relaxed", "open", "fist", "point", "pinch", "grip", "count", "thumb", "random")
_LONG = (2, 3, 4, 5)
# Knuckle and middle joint, degrees (the last joint follows the middle one), by gesture.
_STRAIGHT, _CLOSED = (2.0, 4.0), (82.0, 98.0)
_BENDS = {
    "relaxed": (20.0, 26.0), "open": (-4.0, 4.0), "fist": _CLOSED, "point": _CLOSED,
    "pinch": (48.0, 42.0), "grip": (48.0, 58.0), "count": _CLOSED, "thumb": _CLOSED,
}  # fmt: skip
# The thumb: towards the palm, and the bends of its last two joints, degrees.
_THUMBS = {
    "relaxed": (6.0, 8.0, 10.0), "open": (-12.0, 0.0, -4.0), "fist": (32.0, 34.0, 38.0),
    "point": (30.0, 32.0, 40.0), "pinch": (30.0, 16.0, 22.0), "grip": (26.0, 18.0, 22.0),
    "count": (30.0, 32.0, 36.0), "thumb": (-24.0, -6.0, -10.0),
}  # fmt: skip


class Bends(NamedTuple):
    """Fingers index to little: knuckle, middle, last (4, 3) and sideways (4,); thumb (3,); deg."""

    fingers: Floats
    apart: Floats
    thumb: Floats


def relaxed(rng: np.random.Generator, rig: Skeleton, turns: Floats, side: str) -> Floats:
    """Turns (B, 3, 3) whose hand on one side ("L" or "R") is held as idle hands are."""
    gesture = "relaxed" if rng.random() < 0.8 else "random"  # noqa: PLR2004
    return apply(rig, turns, side, bends(rng, gesture))


def fingers(rng: np.random.Generator, rig: Skeleton, turns: Floats, side: str) -> Floats:
    """Turns (B, 3, 3) with one hand ("L" or "R") in any of GESTURES."""
    return apply(rig, turns, side, bends(rng, str(rng.choice(GESTURES))))


def bends(rng: np.random.Generator, gesture: str) -> Bends:
    """How far each joint bends in a gesture, varied; KeyError for an unknown one."""
    if gesture == "random":
        return _anyhow(rng)
    knuckle, second = _BENDS[gesture]
    tight = rng.normal(1.0, 0.12)
    first = knuckle * tight + rng.normal(0.0, 5.0, 4)
    middle = second * tight + rng.normal(0.0, 5.0, 4)
    if gesture in ("relaxed", "grip"):
        first += np.array([-4.0, 0.0, 4.0, 7.0]) * rng.uniform(0.3, 1.5)
    straight = {"point": {0}, "pinch": set()}.get(gesture, set())
    if gesture == "count":
        straight = set(range(int(rng.integers(1, 5))))
    if gesture == "pinch" and rng.random() < 0.5:  # noqa: PLR2004 - the others stretched
        first[1:], middle[1:] = first[1:] * 0.3, middle[1:] * 0.4
    for finger in straight:
        first[finger], middle[finger] = rng.normal(_STRAIGHT, 4.0)
    thumb = np.array(_THUMBS[gesture]) + rng.normal(0.0, 5.0, 3)
    if gesture == "count" and rng.random() < 0.4:  # noqa: PLR2004
        thumb = np.array(_THUMBS["open"]) + rng.normal(0.0, 5.0, 3)
    spread = {"open": rng.uniform(-0.2, 1.0), "count": rng.uniform(0.0, 0.9)}.get(gesture, 0.0)
    return _limited(first, middle, _fan(rng, spread), thumb)


def _fan(rng: np.random.Generator, spread: float) -> Floats:
    fan: Floats = np.array([13.0, 3.0, -6.0, -16.0]) * spread + rng.normal(0.0, 2.5, 4)
    return fan


def _anyhow(rng: np.random.Generator) -> Bends:
    """Every finger for itself, though neighbours pull one another along."""
    shared = rng.uniform(0.0, 1.0)
    each = np.clip(shared + rng.normal(0.0, 0.25, 4), 0.0, 1.0)
    first = each * rng.uniform(0.3, 1.0) * 85 + rng.normal(0.0, 6.0, 4)
    middle = each * rng.uniform(0.3, 1.0) * 100 + rng.normal(0.0, 6.0, 4)
    thumb = rng.uniform((-20.0, -6.0, -10.0), (34.0, 40.0, 60.0))
    return _limited(first, middle, _fan(rng, rng.uniform(-0.2, 0.9)), thumb)


def _limited(first: Floats, middle: Floats, apart: Floats, thumb: Floats) -> Bends:
    first, middle = np.clip(first, -20.0, 92.0), np.clip(middle, -2.0, 106.0)
    apart = np.clip(apart, -20.0, 20.0) * (1 - np.clip(first, 0.0, 90.0) / 100)
    last = np.clip(middle * 0.62, -4.0, 75.0)
    return Bends(np.stack([first, middle, last], axis=1), apart, thumb)


def apply(rig: Skeleton, turns: Floats, side: str, bent: Bends) -> Floats:
    """Turns (B, 3, 3) with the finger bones of one hand set."""
    number = {name: place for place, name in enumerate(rig.names)}
    heads = np.asarray(rig.heads, dtype=np.float64)
    names = [f"finger{finger}-{part}.{side}" for finger in (*_LONG, 1) for part in (1, 2, 3)]
    bones = [number[name] for name in names]
    along = rotation.unit(np.asarray(rig.tails, dtype=np.float64)[bones] - heads[bones])
    knuckles = heads[bones[:12:3]]
    across = rotation.unit(knuckles[0] - knuckles[3])
    outward = rotation.unit(knuckles.mean(axis=0) - heads[number[f"wrist.{side}"]])
    # The palm faces this way at rest; the mirror makes the product point the other way.
    palm = rotation.unit(rotation.cross(outward, across)) * (1.0 if side == "L" else -1.0)
    # A thumb bends across the palm, towards the little finger and somewhat into the palm.
    towards = np.repeat([palm, rotation.unit(0.45 * palm - across)], (12, 3), axis=0)
    hinges = rotation.unit(rotation.cross(along, towards))
    angles = np.radians([*bent.fingers.ravel(), *bent.thumb])
    made = rotation.from_vector(hinges * angles[:, None])
    ways = rotation.unit(rotation.cross(along[:12:3], across)) * np.radians(bent.apart)[:, None]
    made[:12:3] = rotation.from_vector(ways) @ made[:12:3]
    new = np.array(turns, dtype=np.float32)
    new[bones] = made
    return new
