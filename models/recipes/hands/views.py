"""Cameras that look at hands: over a bench, from the wearer's eyes, from ahead, from anywhere."""

from __future__ import annotations

import numpy as np

from models.recipes.poses.rotation import unit
from models.recipes.poses.types import Floats
from models.recipes.rendering.camera import Camera, look_at

_LENGTH = 0.18  # m, of a hand
_TRIES = 24
_CLEAR = 0.05  # m: nothing of the body may be this near to the line of sight


def sample_camera(  # noqa: PLR0913, PLR0917 - what is to be seen, and what may hide it
    rng: np.random.Generator,
    setting: str,
    hands: Floats,
    points: Floats,
    eyes: Floats,
    size: int,
) -> tuple[Camera, Floats]:
    """Return a camera and what it looks at (3,) m: one of the hands (2, 21, 3), or the person.

    `points` (P, 3) m are some of the body's; a hand that they hide is looked at from elsewhere.
    """
    if setting == "absent":
        target = eyes + rng.normal(0, 0.25, 3)
        way = unit(np.array([rng.normal(0, 0.7), rng.normal(0.1, 0.3), 1.0]))
        distance = rng.uniform(0.35, 1.5)
        return _camera(
            rng, target + distance * way, target, size * rng.uniform(0.6, 1.4), size
        ), target
    middles = hands.mean(1)
    raised = np.flatnonzero(middles[:, 1] > middles[:, 1].max() - 0.25)
    chosen = int(rng.choice(raised))
    target = middles[chosen].astype(np.float64)
    if len(raised) == 2 and rng.random() < 0.3:  # noqa: PLR2004 - share that look at both
        target = middles.mean(0)
    pixels = float(np.exp(rng.uniform(np.log(0.17 * size), np.log(1.1 * size))))
    for _ in range(_TRIES):
        way, distance = _way(rng, setting, target, eyes)
        distance = max(distance, 0.55 * _LENGTH * size / pixels)  # no wider than 85 degrees or so
        place = target + distance * way
        if place[1] > 0.05 and _clear(place, target, points):  # noqa: PLR2004 - m, above the floor
            break
    focal = pixels * distance / _LENGTH
    return _camera(rng, place, target, focal, size), target


def _way(
    rng: np.random.Generator, setting: str, target: Floats, eyes: Floats
) -> tuple[Floats, float]:
    """Where the camera is as seen from the target: a direction (3,), and how far, m."""
    kind = rng.random()
    if kind < (0.25 if setting == "bench" else 0.1):  # the wearer's eyes, or a camera on the chest
        way = eyes + np.array([0, 0.02, 0.14]) + rng.normal(0, 0.08, 3) - target
        return unit(way), float(np.linalg.norm(way))
    if setting == "bench" and kind < 0.85:  # noqa: PLR2004 - over the bench, mostly from ahead
        high = np.radians(rng.uniform(15, 88))
        turn = rng.normal(0, 0.9)
        way = np.array([np.sin(turn) * np.cos(high), np.sin(high), np.cos(turn) * np.cos(high)])
        return way, float(rng.uniform(0.35, 1.4))
    if setting == "gesture" and kind < 0.85:  # noqa: PLR2004 - as one films oneself
        way = np.array([rng.normal(0, 0.35), rng.normal(0, 0.25), 1.0])
        return unit(way), float(rng.uniform(0.3, 1.5))
    return unit(rng.normal(0, 1, 3)), float(rng.uniform(0.3, 1.5))


def _clear(place: Floats, target: Floats, points: Floats) -> bool:
    """Whether the body leaves the line from a place to a target free."""
    way = target - place
    far = float(np.linalg.norm(way))
    way = way / far
    offset = points - place
    along = offset @ way
    aside = np.linalg.norm(offset - along[:, None] * way, axis=1)
    return not bool(((along > -0.05) & (along < far - 0.16) & (aside < _CLEAR)).any())  # noqa: PLR2004


def _camera(
    rng: np.random.Generator, place: Floats, target: Floats, focal: float, size: int
) -> Camera:
    """A camera that has its target anywhere in the picture, mostly upright."""
    distance = float(np.linalg.norm(target - place))
    # Large hands are held in the middle; small ones are anywhere; some are cut by the frame.
    room = max(0.5 - 0.55 * focal * _LENGTH / distance / size, 0.04)
    if rng.random() < 0.12:  # noqa: PLR2004 - share
        room += 0.2
    aside = rng.uniform(-room, room, 2) * size / focal * distance
    middle = look_at(place, target)
    aim = target + aside @ middle[:2]
    roll = rng.uniform(-np.pi, np.pi) if rng.random() < 0.15 else rng.normal(0, 0.2)  # noqa: PLR2004
    rotation = look_at(place, aim, float(roll))
    return Camera(place.astype(np.float32), rotation, float(focal), size, size)
