"""A room with hands, and a finder that watches it frame after frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np

from edge.core.geometry import Crop
from edge.core.types import Frame, Image, Pose
from edge.runtime.handcrops import from_arms
from edge.runtime.hands import HandFinder, Hands
from edge.runtime.predictor import Predictor, Sight
from tests.hand_figure import hand, palm_of

FPS = 10.0
HANDS = Hands()
IMAGE = np.zeros((480, 640, 3), np.uint8)


@dataclass
class Room:
    """The hands there are, and how often which model looked for them."""

    hands: list[Pose] = field(default_factory=list)
    palms: int = 0
    squares: list[Crop] = field(default_factory=list)

    def whole(self, _image: Image) -> Sight:
        self.palms += 1
        return Sight(tuple(palm_of(one) for one in self.hands), IMAGE, 1.0)

    def inside(self, _image: Image, crop: Crop) -> tuple[Pose, ...]:
        self.squares.append(crop)
        near = [one for one in self.hands if away(one, crop) < 0.3 * crop.side]
        return tuple(sorted(near, key=lambda one: away(one, crop))[:1])


def away(one: Pose, crop: Crop) -> float:
    x, y = one.xy.mean(axis=0).tolist()
    return float(np.hypot(x - crop.x, y - crop.y))


class Watch:
    """Frame after frame of a room; keeps what each frame cost."""

    def __init__(self, room: Room, settings: Hands = HANDS, *, palms: bool = True) -> None:
        self.room = room
        model = cast("Predictor", room)
        self._finder = HandFinder(settings, model, model if palms else None)
        self._seq = 0

    def see(
        self, frames: int = 1, bodies: Iterable[Pose] = ()
    ) -> list[tuple[tuple[Pose, ...], int, int]]:
        """Hands seen, looks of the palm detector and of the landmark model, for each frame."""
        told = []
        for _ in range(frames):
            palms, looks = self.room.palms, len(self.room.squares)
            seen = self._finder.find(Frame(IMAGE, self._seq / FPS, self._seq), tuple(bodies))
            told.append((seen, self.room.palms - palms, len(self.room.squares) - looks))
            self._seq += 1
        return told


def beyond(body: Pose, which: int) -> Pose:
    """A hand where the n-th arm of a body ends."""
    crop, side = list(from_arms(body))[which]
    return replace(at(hand(palm_px=crop.side / 4), crop.x, crop.y), side=side)


def at(one: Pose, x: float, y: float) -> Pose:
    return replace(one, xy=one.xy - one.xy.mean(axis=0) + np.array((x, y), np.float32))
