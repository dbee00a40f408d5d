"""What one scene shows, measured once, so that asking many conditions of it costs little."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from edge.core.hand import Hand
from edge.core.track import Scene
from edge.core.types import Signal, Value
from edge.sop.watching.zones import Areas

_SURE = 0.01  # a hand that is seen at all is there, however low its score
_FAR = 10.0  # shares of the picture: no hand that a camera sees is further outside

Crossing = tuple[str, str, float]  # side, zone, within


class Seen(NamedTuple):
    """A hand in one scene."""

    id: int
    side: str
    x: float  # share of the picture's width
    y: float  # share of its height
    lost: bool  # not seen now: `x` and `y` are where it was
    sure: float  # 0..1
    label: str
    label_sure: float  # 0..1
    shown: bool  # by a hand model, which a gesture needs


class Side(NamedTuple):
    """On which side of a zone's border a hand was seen last."""

    inside: bool
    since: float | None  # s, when it crossed; None: it has not been seen to


@dataclass(slots=True)
class View:
    """One scene, and what it says on top of those before."""

    t: float  # s
    hands: tuple[Seen, ...]
    poses: tuple[tuple[str, float], ...]  # label and how sure, of every body seen
    tall: float  # height / width of the picture
    areas: Areas
    values: Mapping[str, Value]  # of every signal, the last that came
    came: Signal | None = None  # just now
    news: bool = False  # ... and it does not only say again that something is true, or false
    crossings: Mapping[Crossing, Side] = field(default_factory=dict)
    steady: bool = True  # the camera does not move
    moment: float = 0.0  # s, a hand that crossed a border no longer ago has just done so
    cache: dict[tuple[str, float], tuple[bool, ...]] = field(default_factory=dict)

    def inside(self, zone: str, within: float) -> tuple[bool, ...]:
        """For each hand whether it is, or was when last seen, in a zone."""
        found = self.cache.get((zone, within))
        if found is None:
            found = self.cache[zone, within] = self._inside(zone, within)
        return found

    def _inside(self, zone: str, within: float) -> tuple[bool, ...]:
        area = self.areas.ready.get(zone)
        if area is None:
            return (False,) * len(self.hands)
        if within <= 0:
            return tuple([area.holds(hand.x, hand.y) for hand in self.hands])
        return tuple([area.near(hand.x, hand.y, within, self.tall) for hand in self.hands])

    @property
    def manned(self) -> bool:
        """Whether a hand is seen."""
        return any(not hand.lost for hand in self.hands)


def hands(scene: Scene) -> tuple[Seen, ...]:
    """The hands of a scene, in shares of the picture; lost, all of them, where the camera moves."""
    wide, high = scene.size
    now = scene.t if scene.steady else math.inf
    return tuple([_seen(hand, wide, high, now) for hand in scene.hands])


def poses(scene: Scene) -> tuple[tuple[str, float], ...]:
    """Labels of all bodies that are seen."""
    return tuple(
        [
            (track.pose.label, share(track.pose.label_score))
            for track in scene.tracks
            if track.pose is not None
        ]
    )


def crossed(view: View, watched: Iterable[Crossing]) -> Mapping[Crossing, Side]:
    """Who has come into, and who has left, which zone; what is not seen stays as it was."""
    found = dict(view.crossings)
    for key in watched:
        side, zone, within = key
        mine = [
            (inside, hand.lost)
            for inside, hand in zip(view.inside(zone, within), view.hands, strict=True)
            if hand.side == side
        ]
        inside = any(here and not lost for here, lost in mine)
        if not inside and (not mine or any(lost for _, lost in mine)):
            continue
        before = found.get(key)
        if before is None or before.inside != inside:
            found[key] = Side(inside, None if before is None else view.t)
    return found


def share(value: float) -> float:
    """A score as a share that is more than nothing; what is no number is hardly sure."""
    return min(value, 1.0) if value >= _SURE else _SURE


def _seen(hand: Hand, wide: int, high: int, t: float) -> Seen:
    x, y = (hand.xy[0] / wide, hand.xy[1] / high) if wide > 0 and high > 0 else (_FAR, _FAR)
    there = -_FAR < x < _FAR and -_FAR < y < _FAR  # not so for what is no number
    lost = hand.seen < t or not there
    shown, sure = hand.pose is not None, share(hand.label_score)
    return Seen(hand.id, hand.side, x, y, lost, share(hand.score), hand.label, sure, shown)
