"""Lives: what a camera's model would see of somebody who stands, sits, falls, lies and leaves.

Deterministic, physically timed (1.7 m tall), at any frame rate, from any side, with the errors
that models make: noise, lost joints, and blindness for who is on the floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from edge.core.skeletons import BODY17
from edge.core.types import Change, Floats, Observation, Pose
from tests.figure import STAND, Shape, joints, seen_by

HEIGHT_M = 1.7
FEET = frozenset((13, 14, 15, 16))
HEAD = frozenset(range(5))
_TICK = 1024  # a second's parts that floats hold exactly, so that shifted lives are the same
_SUBPIXEL = 64
_SEEN, _UNSEEN = 0.85, 0.05  # keypoint scores


@dataclass(frozen=True)
class Act:
    """Move to a shape, then hold it."""

    shape: Shape
    move_s: float = 0.0
    hold_s: float = 0.0
    falling: bool = False  # faster and faster, as gravity does; otherwise as one moves on purpose
    jump_m: float = 0.0  # in the air during the move
    walk_m_s: float = 0.0  # during the hold

    @property
    def long_s(self) -> float:
        return self.move_s + self.hold_s


@dataclass(frozen=True)
class Life:
    """One person before one camera."""

    acts: tuple[Act, ...]
    first: Shape = STAND  # when first seen
    yaw: float = 0.0  # deg; 0 faces the camera, 90 looks to the picture's right
    pitch: float = 12.0  # deg, how far the camera looks down
    height_px: float = 200.0
    at: tuple[float, float] = (320.0, 400.0)  # px, the feet at the beginning
    size: tuple[int, int] = (640, 480)  # px
    fps: float = 15.0
    noise: float = 0.0  # heights, of every joint
    dropout: float = 0.0  # share of joints lost a frame
    hidden: frozenset[int] = frozenset()  # joints never seen
    blind: tuple[float, float] = (0.0, 0.0)  # s, the model sees nobody from and to
    changes: bool = False  # the picture's change is seen while the model is blind
    gone_s: float = 0.0  # nobody there afterwards
    seed: int = 0

    @property
    def long_s(self) -> float:
        return sum(act.long_s for act in self.acts)


@dataclass(frozen=True)
class _Moment:
    shape: Shape
    swing: float
    lift: float  # heights above the ground
    walked: float  # heights, forward


def observations(life: Life) -> list[Observation]:
    """Every frame of a life."""
    chance = np.random.default_rng(life.seed)
    count = int((life.long_s + life.gone_s) * life.fps) + 1
    return [_observation(life, seq, chance) for seq in range(count)]


def together(*lives: Life) -> list[Observation]:
    """Several people before one camera; the first life says when and how large the picture is."""
    first, *others = (observations(life) for life in lives)
    return [
        replace(
            one,
            poses=(*one.poses, *(p for seen in others for o in seen[i : i + 1] for p in o.poses)),
        )
        for i, one in enumerate(first)
    ]


def pose_of(life: Life, t: float) -> Pose:
    """The body as it really is at a time, px of the picture."""
    moment = _moment(life, t)
    body = joints(moment.shape, moment.swing) + np.array(
        (moment.walked, moment.lift, 0.0), np.float32
    )
    xy = seen_by(body, life.yaw, life.pitch) * life.height_px + np.array(life.at)
    return Pose("body17", _exact(xy), np.full(17, _SEEN, np.float32))


def mirrored(seen: Sequence[Observation]) -> list[Observation]:
    """The same in a mirror: left is right."""
    swap = list(BODY17.mirror)
    mirror = []
    for one in seen:
        width = one.size[0]
        poses = tuple(
            replace(
                pose,
                xy=(pose.xy[swap] * (-1, 1) + (width, 0)).astype(np.float32),
                score=pose.score[swap],
            )
            for pose in one.poses
        )
        changes = tuple(
            replace(c, box=(width - c.box[2], c.box[1], width - c.box[0], c.box[3]))
            for c in one.changes
        )
        mirror.append(replace(one, poses=poses, changes=changes))
    return mirror


def moved(
    seen: Sequence[Observation], *, by: tuple[float, float] = (0.0, 0.0), scale: float = 1.0
) -> list[Observation]:
    """The same elsewhere in the picture, or in a picture of another resolution."""
    (dx, dy) = by

    def place(xy: Floats) -> Floats:
        return ((xy + by) * scale).astype(np.float32)

    return [
        replace(
            one,
            size=(round(one.size[0] * scale), round(one.size[1] * scale)),
            poses=tuple(replace(pose, xy=place(pose.xy)) for pose in one.poses),
            changes=tuple(
                Change(
                    (
                        (c.box[0] + dx) * scale,
                        (c.box[1] + dy) * scale,
                        (c.box[2] + dx) * scale,
                        (c.box[3] + dy) * scale,
                    ),
                    c.area * scale**2,
                    c.moving,
                )
                for c in one.changes
            ),
        )
        for one in seen
    ]


def _observation(life: Life, seq: int, chance: np.random.Generator) -> Observation:
    t = round(seq * _TICK / life.fps) / _TICK
    error = chance.normal(0.0, max(life.noise, 0.0) * life.height_px, (17, 2))
    lost = chance.random(17) < life.dropout
    if t > life.long_s:
        return Observation(t, seq, life.size, ())
    pose = pose_of(life, t)
    if life.blind[0] <= t < life.blind[1]:
        changes = (_change(pose, life.height_px),) if life.changes else ()
        return Observation(t, seq, life.size, (), changes)
    lost[list(life.hidden)] = True
    xy = _exact(pose.xy + error)
    if not _inside(xy, life.size):
        return Observation(t, seq, life.size, ())
    score = np.where(lost, _UNSEEN, pose.score).astype(np.float32)
    return Observation(t, seq, life.size, (replace(pose, xy=xy, score=score),))


def _moment(life: Life, t: float) -> _Moment:
    last, walked = life.first, 0.0
    for act in life.acts:
        if t < act.move_s:
            u = t / act.move_s
            share = u * u if act.falling else u * u * (3.0 - 2.0 * u)
            lift = 4.0 * act.jump_m * u * (1.0 - u) / HEIGHT_M
            return _Moment(last.towards(act.shape, share), 0.0, lift, walked)
        step = min(t, act.long_s) - act.move_s
        walked += step * act.walk_m_s / HEIGHT_M
        if t < act.long_s:
            swing = 25.0 * np.sin(2.0 * np.pi * step) if act.walk_m_s else 0.0
            return _Moment(act.shape, swing, 0.0, walked)
        t -= act.long_s
        last = act.shape
    return _Moment(last, 0.0, 0.0, walked)


def _change(pose: Pose, height: float) -> Change:
    """The region that a body makes different, its flesh around its joints included."""
    (x0, y0), (x1, y1) = pose.xy.min(axis=0).tolist(), pose.xy.max(axis=0).tolist()
    flesh = 0.05 * height
    box = (x0 - flesh, y0 - flesh, x1 + flesh, y1 + flesh)
    return Change(box, 0.6 * (box[2] - box[0]) * (box[3] - box[1]), 0.1)


def _inside(xy: Floats, size: tuple[int, int]) -> bool:
    """Whether enough of a body is in the picture for a model to see it."""
    return int(((xy >= 0) & (xy < size)).all(axis=1).sum()) >= len(xy) // 2


def _exact(xy: np.ndarray) -> Floats:
    """Points that a float still holds exactly after they are moved, mirrored or doubled."""
    exact: Floats = (np.rint(xy * _SUBPIXEL) / _SUBPIXEL).astype(np.float32)
    return exact
