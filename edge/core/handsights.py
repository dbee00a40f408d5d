"""Hands as one frame shows them: by a hand model's landmarks, or where a body's arms end."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from edge.core.posture import SEEN
from edge.core.track import Track
from edge.core.types import Pose, Side

# A palm is about 0.53 of a hand's length; forearm and hand as Drillis and Contini (1966) have them.
_PALM_OF_FOREARM = 0.53 * 0.108 / 0.146
_PALM_OF_HEIGHT = 0.53 * 0.108
_ARMS: tuple[tuple[Side, int, int], ...] = (("left", 7, 9), ("right", 8, 10))  # elbow, wrist
_WRIST, _KNUCKLES = 0, (5, 9, 13, 17)  # of a hand21
_SAID = {"right": 1.0, "left": -1.0, "": 0.0}

_SAME_ARM = 2.5  # palms between where an arm ends and a hand21 that is this arm's hand
_OFF_S = 0.3  # looks of the hand model that say how far off an arm is
_FORGET_S = 5.0  # without one, this is less and less true


@dataclass(frozen=True, slots=True)
class Sight:
    """A hand in one frame."""

    xy: tuple[float, float]  # px
    palm: float  # px
    score: float  # 0..1
    said: float  # 1: right, -1: left, 0: cannot say
    pose: Pose | None  # hand21; None: shown by an arm
    label: str = ""
    label_score: float = 0.0


def of_landmarks(pose: Pose) -> Sight | None:
    """A hand21 as a sight; None for another skeleton, or one without a place or a size."""
    if pose.skeleton != "hand21":
        return None
    xy: list[list[float]] = pose.xy.tolist()
    (x0, y0), (x9, y9) = xy[_WRIST], xy[9]
    x = (x0 + sum(xy[i][0] for i in _KNUCKLES) / 4) / 2
    y = (y0 + sum(xy[i][1] for i in _KNUCKLES) / 4) / 2
    palm, score = math.hypot(x9 - x0, y9 - y0), float(pose.score.mean())
    if not math.isfinite(x + y + palm):
        return None
    score = score if math.isfinite(score) else 0.0
    said = _SAID.get(pose.side, 0.0)
    return Sight((x, y), max(palm, 1.0), score, said, pose, pose.label, pose.label_score)


@dataclass(frozen=True, slots=True)
class ArmsOff:
    """By person and side, how far from where an arm ends its hand was last seen to be, palms.

    An arm's end is a guess along the forearm, and wrists are off in the same way for a while. The
    last look of the hand model says how, so that a hand it loses goes on from where it was.
    """

    off: Mapping[tuple[int, Side], tuple[float, float]] = field(default_factory=dict)
    t: float = -math.inf  # s


def of_arms(
    people: Sequence[Track], hands: Sequence[Sight], before: ArmsOff, t: float
) -> tuple[list[Sight], ArmsOff]:
    """Where arms end in no hand that a hand model sees; each such hand belongs to one arm."""
    arms = {(p.id, side): arm for p in people for side, arm in _arms_of(p)}
    pairs = sorted(
        (distance, key, j)
        for key, arm in arms.items()
        for j, hand in enumerate(hands)
        if (distance := between(arm.xy, hand.xy) / max(arm.palm, hand.palm)) <= _SAME_ARM
    )
    partner: dict[tuple[int, Side], int] = {}
    for _, key, j in pairs:
        if key not in partner and j not in partner.values():
            partner[key] = j
    dt = max(t - before.t, 0.0)
    alone, off = [], {}
    for key, arm in arms.items():
        old = before.off.get(key)
        if key in partner:
            hand = hands[partner[key]]
            x, y = ((a - b) / arm.palm for a, b in zip(hand.xy, arm.xy, strict=True))
            share = 1.0 if old is None else dt / (dt + _OFF_S)
            was = old or (x, y)
            off[key] = (was[0] + share * (x - was[0]), was[1] + share * (y - was[1]))
        elif old is None:
            alone.append(arm)
        else:
            kept = math.exp(-min(dt / _FORGET_S, 50.0))
            off[key] = (old[0] * kept, old[1] * kept)
            xy = (arm.xy[0] + off[key][0] * arm.palm, arm.xy[1] + off[key][1] * arm.palm)
            alone.append(replace(arm, xy=xy))
    return alone, ArmsOff(off, t)


def _arms_of(person: Track) -> Iterator[tuple[Side, Sight]]:
    if person.pose is None:
        return
    xy, score = person.pose.xy.tolist(), person.pose.score.tolist()
    # A forearm that points at the camera looks short; the rest of the body still tells the scale.
    least = _PALM_OF_HEIGHT * person.posture.height_px if person.posture else 1.0
    for side, elbow, wrist in _ARMS:
        sure = min(score[elbow], score[wrist])
        (x0, y0), (x1, y1) = xy[elbow], xy[wrist]
        forearm = math.hypot(x1 - x0, y1 - y0)
        if sure < SEEN or not 0.0 < forearm < math.inf:
            continue
        palm = max(_PALM_OF_FOREARM * forearm, least, 1.0)
        beyond = 0.5 * palm / forearm
        at = (x1 + beyond * (x1 - x0), y1 + beyond * (y1 - y0))
        yield side, Sight(at, palm, sure, _SAID[side], None)


def between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance of two points."""
    return math.hypot(a[0] - b[0], a[1] - b[1])
