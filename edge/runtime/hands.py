"""Hands in a frame: found by a palm detector or beyond a body's wrists, then followed.

A hand is looked at in a turned square around it, and its landmarks tell where the square is in the
next frame. So nothing else has to find it while it stays: the palm detector rests while enough
hands are followed, and a body's wrists are only where to begin. Whether a square shows a hand at
all is the landmark model's own word, its presence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from edge.core.geometry import Crop
from edge.core.settings import setting
from edge.core.types import Frame, Image, Pose, Side
from edge.runtime.handcrops import (
    from_arms,
    from_landmarks,
    from_palm,
    further,
    palm_length,
)
from edge.runtime.predictor import Predictor

_NEAR = 0.5  # of the larger square's side: two squares this near may show the same hand
_ALIKE = 0.5  # palm lengths between the joints of two poses, on average, that are the same hand
_LEAST_PX = 24.0  # side of a square; a smaller one shows no fingers


@dataclass(frozen=True, slots=True)
class Hands:
    """How many hands are looked at, and how often new ones are looked for."""

    max_hands: int = setting(2, "most hands looked at in one frame", low=1, high=20)
    search_s: float = setting(0.5, "pause between two looks where no hand was", unit="s", low=0)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a hand is, or may be."""

    crop: Crop
    side: Side  # "" where only the model can tell
    looked: float = -math.inf  # s, when the landmark model last looked
    seen: bool = False  # and saw a hand
    vain: int = 0  # looks since a hand was seen

    @property
    def square(self) -> Crop:
        """Where to look now: the same look in vain again would be another one in vain."""
        return further(self.crop) if self.vain % 2 else self.crop


class HandFinder:
    """Frames to hands; remembers the places of one camera."""

    def __init__(self, settings: Hands, hand: Predictor, palm: Predictor | None) -> None:
        self._settings = settings
        self._hand = hand
        self._palm = palm
        self._places: tuple[_Place, ...] = ()
        self._searched = -math.inf  # s, when the palm detector last looked

    def find(self, frame: Frame, bodies: Iterable[Pose]) -> tuple[Pose, ...]:
        """Hands in px of the frame; bodies (body17, px of it) show where, unless palms do."""
        places = self._places_now(frame, bodies)
        looks = {place: self._look(frame.image, place) for place in self._turns(places, frame.t)}
        hands = _distinct(looks)
        waiting = (place for place in places if place not in looks)
        self._places = (*waiting, *(_after(place, hands.get(place), frame.t) for place in looks))
        return tuple(hands.values())

    def _places_now(self, frame: Frame, bodies: Iterable[Pose]) -> tuple[_Place, ...]:
        """The places known, and those that bodies or palms show now."""
        if self._palm is None:
            arms = [_Place(crop, side) for body in bodies for crop, side in from_arms(body)]
            return _merged(self._places, [arm for arm in arms if arm.crop.side >= _LEAST_PX])
        palms = self._search(frame, self._palm)
        return _merged(self._places, palms)[: self._settings.max_hands]

    def _search(self, frame: Frame, palm: Predictor) -> list[_Place]:
        """Palms, best first, if hands are missing and it is time to look for them."""
        missing = sum(place.seen for place in self._places) < self._settings.max_hands
        if not missing or frame.t - self._searched < self._settings.search_s:
            return []
        self._searched = frame.t
        return [_Place(from_palm(pose), "") for pose in palm.whole(frame.image).poses]

    def _turns(self, places: Sequence[_Place], t: float) -> list[_Place]:
        """Whose turn it is: who should have had it first, as many as the budget allows."""
        due = sorted((place for place in places if self._due(place) <= t), key=self._due)
        return due[: self._settings.max_hands]

    def _due(self, place: _Place) -> float:
        """When (s) to look there again: at once, or after a pause where both squares were tried."""
        return place.looked + (0.0 if place.vain % 2 or place.seen else self._settings.search_s)

    def _look(self, image: Image, place: _Place) -> Pose | None:
        hands = self._hand.inside(image, place.square)
        return replace(hands[0], side=place.side or hands[0].side) if hands else None


def _merged(known: Sequence[_Place], new: Sequence[_Place]) -> tuple[_Place, ...]:
    """Known places and new ones: the nearest pairs first are one place; hands seen stay."""
    pairs = sorted(
        (_distance(old.crop, place.crop), i, j)
        for i, old in enumerate(known)
        for j, place in enumerate(new)
        if _near(old.crop, place.crop)
    )
    partner: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in partner and j not in partner.values():
            partner[i] = j
    kept = [
        _joined(old, new[partner[i]]) if i in partner else old
        for i, old in enumerate(known)
        if i in partner or old.seen
    ]
    return (*kept, *(place for j, place in enumerate(new) if j not in partner.values()))


def _joined(old: _Place, new: _Place) -> _Place:
    """One place: a hand's own landmarks know best where it is, a body whose it is."""
    return replace(old, side=new.side, crop=old.crop if old.seen else new.crop)


def _distinct(looks: Mapping[_Place, Pose | None]) -> dict[_Place, Pose]:
    """Each hand once, at the place that has followed it, or else the one that shows it best."""
    found = [(place, hand) for place, hand in looks.items() if hand is not None]
    found.sort(key=lambda look: (not look[0].seen, -float(look[1].score[0])))
    hands: dict[_Place, Pose] = {}
    for place, hand in found:
        if not any(_alike(hand, other) for other in hands.values()):
            hands[place] = hand
    return hands


def _after(place: _Place, hand: Pose | None, t: float) -> _Place:
    """A place that was looked at; the hand seen there says where to look in the next frame."""
    if hand is None:
        return replace(place, looked=t, seen=False, vain=place.vain + 1)
    return replace(place, crop=from_landmarks(hand), looked=t, seen=True, vain=0)


def _alike(a: Pose, b: Pose) -> bool:
    apart = float(np.hypot(*(a.xy - b.xy).T).mean())
    return apart <= _ALIKE * max(palm_length(a), palm_length(b))


def _near(a: Crop, b: Crop) -> bool:
    return _distance(a, b) <= _NEAR * max(a.side, b.side)


def _distance(a: Crop, b: Crop) -> float:
    return math.hypot(a.x - b.x, a.y - b.y)
