"""Where a hand is cut out of a picture for training: as the runtime cuts it, with its errors."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from edge.core.geometry import Crop, rotation
from edge.core.types import Pose
from edge.runtime import handcrops

Floats = npt.NDArray[np.float32]
PALM = (0, 5, 9, 13, 17, 1, 2)  # of a hand's 21 landmarks, a palm9's points in its order
_PALM_ROOM = 1.1  # the side of a palm's box, of the extent of its points
_STRAIGHT = 1.6  # side of an upright crop, of the box of all landmarks
_LEAST = 1.15  # the same at least, where a hand points at the camera
_ONES = np.ones(21, np.float32)


@dataclass(frozen=True, slots=True)
class CropSettings:
    """How crops are drawn; shares are of 1."""

    palm: float = 0.35  # share cut out from where a palm detector finds it
    followed: float = 0.35  # share cut out from the landmarks of the frame before
    anyhow: float = 0.1  # share turned by any angle; the rest stands as the picture does
    shift: float = 0.07  # of the crop's side, at most
    smallest: float = 0.85  # scales
    largest: float = 1.2
    tilt: float = 20.0  # degrees, at most
    near: float = 0.5  # share of crops without hands that are next to one


def drawn(rng: np.random.Generator, xy: Floats, settings: CropSettings) -> Crop:
    """A crop (px of the picture) around a hand (21, 2)."""
    kind = rng.random()
    if kind < settings.palm:
        crop = handcrops.from_palm(palm_of(xy))
    elif kind < settings.palm + settings.followed:
        crop = handcrops.from_landmarks(Pose("hand21", xy, _ONES))
    else:
        crop = straight(xy)
        if kind < settings.palm + settings.followed + settings.anyhow:
            crop = replace(crop, angle=float(rng.uniform(-math.pi, math.pi)))
    crop = replace(crop, side=max(crop.side, _LEAST * float(np.ptp(xy, axis=0).max()), 8.0))
    return jittered(rng, crop, settings)


def straight(xy: Floats) -> Crop:
    """The upright square around the box of a hand (21, 2)."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    x, y = ((low + high) / 2).tolist()
    return Crop(x, y, _STRAIGHT * float((high - low).max()), 0.0)


def jittered(rng: np.random.Generator, crop: Crop, settings: CropSettings) -> Crop:
    """The same crop, as roughly as it is known."""
    shift = rng.uniform(-settings.shift, settings.shift, 2) * crop.side
    x, y = crop.along(float(shift[0]), float(shift[1]))
    scale = math.exp(rng.uniform(math.log(settings.smallest), math.log(settings.largest)))
    turn = math.radians(float(np.clip(rng.normal(0, 0.5), -1, 1)) * settings.tilt)
    return Crop(x, y, crop.side * scale, crop.angle + turn)


def palm_of(xy: Floats) -> Pose:
    """The palm9 of a hand (21, 2): its points, and a square around them.

    The square is turned with the hand in mind, so that it is as large whichever way it points.
    """
    points = xy[list(PALM)]
    up = xy[9] - xy[0]
    angle = math.atan2(float(up[0]), -float(up[1]))
    turn = rotation(angle)
    upright = points @ turn
    low, high = upright.min(axis=0), upright.max(axis=0)
    middle = turn @ ((low + high) / 2)
    half = _PALM_ROOM * float((high - low).max()) / 2
    both = np.concatenate([points, [middle - half, middle + half]]).astype(np.float32)
    return Pose("palm9", both, np.ones(len(both), np.float32))


def inside(crop: Crop, xy: Floats, room: float = 1.0) -> npt.NDArray[np.bool_]:
    """Whether points (K, 2) px of the picture are in a crop, made so much larger."""
    away = np.abs((xy - np.array((crop.x, crop.y), np.float32)) @ rotation(crop.angle))
    within: npt.NDArray[np.bool_] = (away <= room * crop.side / 2).all(axis=1)
    return within


def without(
    rng: np.random.Generator,
    hands: Floats,
    frame: tuple[int, int],
    settings: CropSettings,
    tries: int = 8,
) -> Crop | None:
    """A crop of a picture of (height, width) px that shows none of the hands (N, 21, 2)."""
    height, width = frame
    for _ in range(tries):
        side = math.exp(rng.uniform(math.log(0.12), math.log(0.9))) * min(frame)
        x, y = rng.uniform(0, 1, 2) * (width, height)
        if len(hands) and rng.random() < settings.near:
            hand = hands[rng.integers(len(hands))]
            around = straight(hand)
            side = around.side * math.exp(rng.uniform(-0.5, 0.4))
            away = rng.uniform(0.5, 1.2) * (side + around.side) / 2
            way = rng.uniform(-math.pi, math.pi)
            if rng.random() < 0.5:  # noqa: PLR2004 - share that look at the forearm
                down = hand[0] - hand[9]
                way = math.atan2(float(down[1]), float(down[0]))
            x, y = around.x + away * math.cos(way), around.y + away * math.sin(way)
        crop = Crop(float(x), float(y), side, float(rng.uniform(-math.pi, math.pi)))
        in_frame = 0 <= x < width and 0 <= y < height
        if in_frame and not any(inside(crop, hand, 0.95).mean() > 0.15 for hand in hands):  # noqa: PLR2004
            return crop
    return None
