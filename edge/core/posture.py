"""One body, measured once a frame into plain floats that rules can read cheaply.

Lengths are shares of the person's standing height, so that a rule never sees a pixel. The
proportions are those of Drillis and Contini (1966) as given by Winter, Biomechanics and Motor
Control of Human Movement: hips at 0.53 of the height, shoulders at 0.82, eyes at 0.94.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from edge.core.geometry import tilt_deg
from edge.core.types import Box, Pose

SEEN = 0.3  # a keypoint with at least this score counts as seen

_TORSO = 0.288  # mid-shoulder to mid-hip, of the standing height
_HIP = 0.53  # hips above the ground
_KNEE = 0.285  # knees above the ground, also of a person on a chair
_SOLE = 0.04  # ankles above the ground
_OFF_FLOOR = 0.3  # hips of a person sitting on a low chair
_UPRIGHT_DEG = 45.0  # who sits often leans forward by 40
_TRUSTED = 0.4  # mean score of a body good enough to learn from
_GROW_S, _SHRINK_S = 0.7, 3.0  # s; a body often seems shorter than it is, rarely longer
_FEET_S, _GUESS_S = 0.25, 2.0  # s; feet are seen, a guess from the torso may be a sitting person's
_SHOULDERS, _HIPS = (5, 6), (11, 12)
_KNEES, _ANKLES = (13, 14), (15, 16)
_UPPER = range(7)  # head and shoulders
_FEWEST = 4  # keypoints
# Bones whose length tells the height, with their share of it.
_RULERS = (
    (5, 6, 0.22), (5, 7, 0.186), (6, 8, 0.186), (7, 9, 0.146), (8, 10, 0.146),
    (11, 13, 0.245), (12, 14, 0.245), (13, 15, 0.246), (14, 16, 0.246),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Body:
    """What one pose shows by itself, in pixels; None where the keypoints needed are unseen."""

    box: Box  # around the seen keypoints
    seen: int  # keypoints seen
    score: float  # mean keypoint score
    top: float  # y of the highest seen keypoint
    shoulder: tuple[float, float] | None
    hip: tuple[float, float] | None
    knee: float | None  # y of the lower seen knee
    ankle: float | None  # y of the lower seen ankle
    tilt_deg: float | None  # torso from upright
    height: float | None  # standing height as the seen bones tell it


@dataclass(frozen=True, slots=True)
class Posture:
    """A tracked body over its own ground. Heights are shares of the standing height."""

    stature: float  # highest seen part above the ground: 0.94 standing, 0.7 sitting, 0.3 lying
    hip: float | None  # hips above the ground: 0.53 standing
    tilt_deg: float | None  # torso from upright, 0..180
    height_px: float  # standing height here
    ground: float  # y of the ground under the person, px
    shown: float  # s seen well and upright so far: how far the height can be trusted

    def reach(self, y: float) -> float:
        """How high a point at y (px) is above the ground, in standing heights."""
        return (self.ground - y) / self.height_px


def measure(pose: Pose) -> Body | None:
    """Read a body17 pose; None when it shows too little to tell how high the body reaches."""
    xy: list[list[float]] = pose.xy.tolist()
    score: list[float] = pose.score.tolist()
    seen = [i for i in range(len(score)) if score[i] >= SEEN]
    # Legs alone say nothing of the height: the rest may be behind a table.
    if len(seen) < _FEWEST or not any(i in seen for i in _UPPER):
        return None
    xs, ys = [xy[i][0] for i in seen], [xy[i][1] for i in seen]
    shoulder, hip = _middle(xy, score, _SHOULDERS), _middle(xy, score, _HIPS)
    tilt = None
    if shoulder and hip and shoulder != hip:
        tilt = tilt_deg(shoulder[0] - hip[0], shoulder[1] - hip[1])
    return Body(
        box=(min(xs), min(ys), max(xs), max(ys)),
        seen=len(seen),
        score=sum(score) / len(score),
        top=min(ys),
        shoulder=shoulder,
        hip=hip,
        knee=max((xy[i][1] for i in _KNEES if score[i] >= SEEN), default=None),
        ankle=max((xy[i][1] for i in _ANKLES if score[i] >= SEEN), default=None),
        tilt_deg=tilt,
        height=_height(xy, score, shoulder, hip),
    )


def settle(body: Body, last: Posture | None, dt: float) -> Posture | None:
    """A body over the ground and with the height that are known of the person; None if unknown.

    Both are learned slowly from bodies that show them, because a body that goes down seems to
    shrink and hides its feet, while the person's height and the floor have not changed.
    """
    upright = _upright(body)
    standing = upright and (last is None or _off_floor(body, last))
    height = _learn_height(body, last, dt, standing=standing)
    if height <= 0.0:
        return last
    ground = _learn_ground(body, last, height, dt, standing=standing)
    hip = (ground - body.hip[1]) / height if body.hip else None
    shown = (last.shown if last else 0.0) + (dt if upright else 0.0)
    return Posture((ground - body.top) / height, hip, body.tilt_deg, height, ground, shown)


def _learn_height(body: Body, last: Posture | None, dt: float, *, standing: bool) -> float:
    if last is None or body.height is None:
        return (last.height_px if last else body.height) or 0.0
    if not standing:
        return last.height_px
    tau = _GROW_S if body.height > last.height_px else _SHRINK_S
    # The first upright moments count more than whatever was guessed before them.
    share = max(dt / (dt + tau), dt / (dt + last.shown))
    return last.height_px + share * (body.height - last.height_px)


def _upright(body: Body) -> bool:
    return body.tilt_deg is not None and body.tilt_deg <= _UPRIGHT_DEG and body.score >= _TRUSTED


def _off_floor(body: Body, last: Posture) -> bool:
    """Who sits on the ground looks upright and small, but is no shorter than before."""
    return body.hip is not None and last.ground - body.hip[1] >= _OFF_FLOOR * last.height_px


def _learn_ground(
    body: Body, last: Posture | None, height: float, dt: float, *, standing: bool
) -> float:
    at, tau = body.box[3], _FEET_S
    if body.ankle is not None:
        at = body.ankle + _SOLE * height
    elif body.hip and (last is None or standing):
        # Feet out of sight: under the knees, sitting or standing, or else under the hips.
        at, tau = body.hip[1] + _HIP * height, _GUESS_S
        if body.knee is not None:
            at = body.knee + _KNEE * height
    elif last:
        return last.ground
    if last is None:
        return at
    if body.score < _TRUSTED:
        return last.ground
    return last.ground + dt / (dt + tau) * (at - last.ground)


def _middle(
    xy: Sequence[Sequence[float]], score: Sequence[float], pair: tuple[int, int]
) -> tuple[float, float] | None:
    """Middle of a left-right pair; one side alone will do."""
    both = [xy[i] for i in pair if score[i] >= SEEN]
    if not both:
        return None
    return sum(p[0] for p in both) / len(both), sum(p[1] for p in both) / len(both)


def _height(
    xy: Sequence[Sequence[float]],
    score: Sequence[float],
    shoulder: tuple[float, float] | None,
    hip: tuple[float, float] | None,
) -> float | None:
    readings = [
        math.dist(xy[a], xy[b]) / share
        for a, b, share in _RULERS
        if score[a] >= SEEN and score[b] >= SEEN
    ]
    if shoulder and hip:
        readings += [math.dist(shoulder, hip) / _TORSO] * 3  # the longest, steadiest ruler
    if not readings:
        return None
    readings.sort()
    return readings[len(readings) // 2]
