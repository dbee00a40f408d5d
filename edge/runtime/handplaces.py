"""Where hands are, or may be: places that are looked at, kept, moved, joined and given up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from edge.core.geometry import Crop
from edge.core.types import Pose, Side
from edge.runtime.handcrops import from_landmarks, further, palm_length, wider

_TRIES = 3  # squares beyond a wrist that are looked at, one after the other
_HOLD_S = 0.5  # a hand hidden for a moment is looked for where it was
_NEAR = 0.5  # of the larger square's side: two squares this near may show the same hand
_ALIKE = 0.5  # palm lengths between the joints of two poses, on average, that are the same hand
_FADING = 0.9  # of the votes on the side, at each look: about ten looks count
_SAID = {"right": 1.0, "left": -1.0, "": 0.0}
_LONE_S = 0.4  # so long a hand may be out of reach of every arm: poses are wrong for a moment
_REACH = 0.65  # of an arm's square, about a hand's length: how far from there a hand may be
_ARMS_SAY = 4.0  # looks that an arm's own side counts for, when its hand is first looked at
_ARMS_REPEAT = 0.075  # share of that, in each later frame: it decides where no look tells a side


@dataclass(frozen=True, slots=True)
class Place:
    """A square where a hand is followed, or where one may be: beyond a wrist, at a palm."""

    crop: Crop
    beyond_wrist: bool = False
    votes: float = 0.0  # on which hand it is: above 0 the right one
    looked: float = -math.inf  # s, when the landmark model last looked here
    sight: float = -math.inf  # s, when it last saw a hand
    vain: int = 0  # looks since then
    lone: float = math.inf  # s, since when no arm reaches here

    @staticmethod
    def of_arm(crop: Crop, side: Side) -> Place:
        """A place beyond a wrist."""
        return Place(crop, beyond_wrist=True, votes=_ARMS_SAY * _SAID[side])

    @property
    def held(self) -> bool:
        """Whether a hand was seen here; if `vain`, then not at the last look."""
        return self.sight > -math.inf

    @property
    def followed(self) -> bool:
        """Whether the last look showed a hand."""
        return self.held and not self.vain

    @property
    def side(self) -> Side:
        """Which hand it is, by most votes: a body's arms and one look may both be wrong."""
        if not self.votes:
            return ""
        return "right" if self.votes > 0.0 else "left"

    @property
    def square(self) -> Crop:
        """Where to look now; beyond a wrist, the same look in vain would be in vain again."""
        if self.held:
            return self.crop
        return (self.crop, wider(self.crop), further(self.crop))[self.vain % _TRIES]

    def due(self, pause_s: float) -> float:
        """When (s) to look: for a hand at once, else after a pause once all squares were tried."""
        return self.looked + (0.0 if self.held or self.vain % _TRIES else pause_s)

    def after(self, hand: Pose | None, t: float) -> Place:
        """The place once looked at; a hand seen there says where it is in the next frame."""
        if hand is None:
            return replace(self, looked=t, vain=self.vain + 1)
        votes = _FADING * self.votes + _SAID[hand.side]
        return replace(self, crop=from_landmarks(hand), votes=votes, looked=t, sight=t, vain=0)

    def worth_keeping(self, t: float) -> bool:
        """Whether to look here again: where a hand was a moment ago, or beyond a wrist."""
        if self.held:
            return self.followed or t - self.sight <= _HOLD_S
        return self.beyond_wrist or not self.vain


def reached(known: Iterable[Place], arms: Sequence[Place], t: float) -> list[Place]:
    """Known places without those that arms have left: what is seen there is no hand.

    `arms` are the places beyond all wrists seen now; where there are none, nothing is known.
    """
    kept = []
    for place in known:
        near = any(_distance(place.crop, arm.crop) <= _REACH * arm.crop.side for arm in arms)
        if near or not arms or not place.held:
            kept.append(replace(place, lone=math.inf))
        elif t - min(place.lone, t) <= _LONE_S:
            kept.append(replace(place, lone=min(place.lone, t)))
    return kept


def joined(known: Sequence[Place], new: Sequence[Place]) -> tuple[Place, ...]:
    """Known places and new ones; the nearest pairs are one place, those that are held first.

    A hand's own landmarks know best where it is and whose, but for one that a palm finds again.
    Other known places without a partner are gone.
    """
    partner = _partners(known, new)
    kept = [
        _one(old, new[partner[i]]) if i in partner else old
        for i, old in enumerate(known)
        if i in partner or old.held
    ]
    return (*kept, *(place for j, place in enumerate(new) if j not in partner.values()))


def _one(old: Place, new: Place) -> Place:
    if not old.held:
        return replace(old, crop=new.crop, votes=new.votes)
    crop = old.crop if old.followed or new.beyond_wrist else new.crop
    return replace(old, crop=crop, votes=old.votes + _ARMS_REPEAT * new.votes)


def _partners(known: Sequence[Place], new: Sequence[Place]) -> dict[int, int]:
    """Which new place is which known one."""
    pairs = sorted(
        (not old.held, _distance(old.crop, place.crop), i, j)
        for i, old in enumerate(known)
        for j, place in enumerate(new)
        if _distance(old.crop, place.crop) <= _NEAR * max(old.crop.side, place.crop.side)
    )
    partner: dict[int, int] = {}
    for *_, i, j in pairs:
        if i not in partner and j not in partner.values():
            partner[i] = j
    return partner


def distinct(looks: Mapping[Place, Pose | None]) -> dict[Place, Pose]:
    """Each hand once, at the place that has followed it, or else the one that shows it best."""
    found = [(place, hand) for place, hand in looks.items() if hand is not None]
    found.sort(key=lambda look: (not look[0].followed, not look[0].held, -look[1].score[0]))
    hands: dict[Place, Pose] = {}
    for place, hand in found:
        if not any(_alike(hand, other) for other in hands.values()):
            hands[place] = hand
    return hands


def turns(places: Iterable[Place], t: float, pause_s: float, most: int) -> list[Place]:
    """Where to look in a frame: hands that are followed, then who has waited longest."""
    due = [place for place in places if place.due(pause_s) <= t]
    return sorted(due, key=lambda place: (not place.followed, place.looked))[:most]


def _alike(a: Pose, b: Pose) -> bool:
    apart = float(np.hypot(*(a.xy - b.xy).T).mean())
    return apart <= _ALIKE * max(palm_length(a), palm_length(b))


def _distance(a: Crop, b: Crop) -> float:
    return math.hypot(a.x - b.x, a.y - b.y)
