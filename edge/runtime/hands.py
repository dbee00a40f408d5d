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

from edge.core.settings import setting
from edge.core.types import Frame, Pose
from edge.runtime.handcrops import from_arms, from_palm
from edge.runtime.handplaces import Place, distinct, joined, reached, turns
from edge.runtime.predictor import Predictor

_LEAST_PX = 24.0  # side of a square; a smaller one shows no fingers


@dataclass(frozen=True, slots=True)
class Hands:
    """How many hands are followed, and how often new ones are looked for."""

    max_hands: int = setting(2, "most hands followed, and looked at in one frame", low=1, high=20)
    search_s: float = setting(0.5, "pause between two looks where no hand was", unit="s", low=0)


class HandFinder:
    """Frames to hands; remembers the places of one camera."""

    def __init__(self, settings: Hands, hand: Predictor, palm: Predictor | None) -> None:
        self._settings = settings
        self._hand = hand
        self._palm = palm
        self._places: tuple[Place, ...] = ()
        self._searched = -math.inf  # s, when the palm detector last looked

    def find(self, frame: Frame, bodies: Iterable[Pose]) -> tuple[Pose, ...]:
        """Hands in px of the frame; bodies (body17, px of it) show where, unless palms do.

        Hands keep their order from frame to frame while they are followed.
        """
        t = frame.t
        places = self._places_now(frame, bodies)
        looks = {
            place: next(iter(self._hand.inside(frame.image, place.square)), None)
            for place in turns(places, t, self._settings.search_s, self._settings.max_hands)
        }
        hands = distinct(looks)
        after = {place: place.after(hands.get(place), t) for place in looks}
        self._places = tuple(
            after.get(place, place) for place in places if not _taken(place, looks, hands)
        )
        return tuple(
            replace(hands[place], side=after[place].side) for place in places if place in hands
        )

    def _places_now(self, frame: Frame, bodies: Iterable[Pose]) -> Sequence[Place]:
        """The places still worth a look, and those that bodies or palms show now."""
        known = [place for place in self._places if place.worth_keeping(frame.t)]
        if self._palm is not None:
            return self._with_palms(known, frame, self._palm)
        arms = [Place.of_arm(crop, side) for body in bodies for crop, side in from_arms(body)]
        places = reached(known, arms, frame.t)
        return joined(places, [arm for arm in arms if arm.crop.side >= _LEAST_PX])

    def _with_palms(self, known: Sequence[Place], frame: Frame, palm: Predictor) -> Sequence[Place]:
        """Palms are looked for while hands are missing; each gets its turn, best first."""
        held = [place for place in known if place.held]
        if sum(place.followed for place in held) >= self._settings.max_hands:
            return held
        if frame.t - self._searched < self._settings.search_s:
            return known
        self._searched = frame.t
        return joined(held, [Place(from_palm(pose)) for pose in palm.whole(frame.image).poses])


def _taken(place: Place, looks: Mapping[Place, Pose | None], hands: Mapping[Place, Pose]) -> bool:
    """Whether the hand that a place has followed turned out to be another place's."""
    return place.held and looks.get(place) is not None and place not in hands
