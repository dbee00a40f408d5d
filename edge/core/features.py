"""Keypoints as a vector that says what a hand or a body does, and not where, how large or whose.

A classifier learns from these vectors and is run on them: this file is the only place that makes
them, so its results never change under a name. Whatever else is computed gets a new name.

hand-1   moved to the wrist, measured in palms, turned until the middle finger's knuckle is
         straight above the wrist, and mirrored until the thumb's side is on the right: a model's
         word on left or right is not needed, and palm and back of a hand are alike. Where the
         picture's up is stays in the vector, or thumbs up would be thumbs down.
body-1   moved to the shoulders and measured in standing heights. Not turned: up means something.
         Not mirrored: a raised left arm is no raised right one. What is not seen is 0, and said so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.core.posture import SEEN
from edge.core.types import Floats, Pose

Bools = npt.NDArray[np.bool_]
# Of N poses: xy (N, K, 2) px, x right, y down, and score (N, K), to vectors (N, D) and which of
# them say anything (N,).
Maker = Callable[[Floats, Floats], tuple[Floats, Bools]]

_TINY = 1e-6
_FAR = 1e6  # px; what lies further away is no keypoint of a picture

_WRIST, _MIDDLE = 0, 9
_BASES, _TIPS = np.array((2, 5, 9, 13, 17)), np.array((4, 8, 12, 16, 20))
_CHAINS = np.array([(base, base + 1, base + 2, base + 3) for base in (1, 5, 9, 13, 17)])
_BROAD = 1.5  # a palm is this much longer than its knuckles are broad
_ACROSS = (5, 17)  # from the little finger's knuckle to the index finger's
_REACH = 6.0  # palms; a hand does not reach further, a broken one does

_HEAD = slice(5)
_SHOULDERS, _HIPS = (5, 6), (11, 12)
_LIMBS = np.array(((5, 7), (7, 9), (6, 8), (8, 10), (11, 13), (13, 15), (12, 14), (14, 16)))
_JOINTS = np.array(((0, 1), (2, 3), (4, 5), (6, 7)))  # limbs that meet: elbows and knees
# Bones and their share of the standing height, after Drillis and Contini (1966).
_RULERS = np.array(
    ((5, 6), (5, 7), (6, 8), (7, 9), (8, 10), (11, 13), (12, 14), (13, 15), (14, 16))
)
_SHARES = np.array((0.22, 0.186, 0.186, 0.146, 0.146, 0.245, 0.245, 0.246, 0.246), np.float32)
_TORSO = 0.288
_UNIT = 3.0  # so that most numbers are about 1
_FEWEST = 5  # keypoints below the neck


def hands(xy: Floats, score: Floats) -> tuple[Floats, Bools]:
    """hand-1: (N, 21, 2) px and (N, 21) to (N, 62); hands that shrank to a point say nothing."""
    sound: Bools = np.all(_sound(xy) & np.isfinite(score), axis=1)
    flat = np.where(sound[:, None, None], xy, 0.0).astype(np.float32)
    points = flat - flat[:, :1]
    along = points[:, _MIDDLE]
    length = np.linalg.norm(along, axis=1)
    broad = np.linalg.norm(points[:, _ACROSS[0]] - points[:, _ACROSS[1]], axis=1)
    palm = np.maximum(length, _BROAD * broad)
    usable = sound & (length > _TINY) & (palm > _TINY)
    palm, length = np.maximum(palm, _TINY), np.maximum(length, _TINY)
    along = np.where(usable[:, None], along / length[:, None], np.array((0, -1), np.float32))
    beside = np.stack((-along[:, 1], along[:, 0]), axis=1)  # a quarter clockwise, y down
    points = points / palm[:, None, None]
    x = (points * beside[:, None]).sum(axis=2)
    y = (points * along[:, None]).sum(axis=2)
    mirror = np.where(x[:, _ACROSS[0]] >= x[:, _ACROSS[1]], 1.0, -1.0)
    x = x * mirror[:, None]
    placed = np.clip(np.stack((x, y), axis=2), -_REACH, _REACH)
    up = np.stack((-beside[:, 1] * mirror, -along[:, 1]), axis=1)
    tips, bases = placed[:, _TIPS], placed[:, _BASES]
    chains = placed[:, _CHAINS]
    walked = np.linalg.norm(np.diff(chains, axis=2), axis=3).sum(axis=2)
    straight = np.linalg.norm(chains[:, :, 3] - chains[:, :, 0], axis=2)
    thumb = tips[:, 0] - bases[:, 0]
    steep = (thumb * up).sum(axis=1) / np.maximum(np.linalg.norm(thumb, axis=1), _TINY)
    vector = np.concatenate(
        (
            placed[:, 1:].reshape(len(xy), -1),
            up,
            np.linalg.norm(tips, axis=2),
            np.linalg.norm(tips - bases, axis=2),
            straight / np.maximum(walked, _TINY),
            np.linalg.norm(tips[:, 1:] - tips[:, :1], axis=2),
            steep[:, None],
        ),
        axis=1,
    )
    return vector.astype(np.float32), usable


def bodies(xy: Floats, score: Floats) -> tuple[Floats, Bools]:
    """body-1: (N, 17, 2) px and (N, 17) to (N, 63); who shows no shoulder says nothing."""
    seen: Bools = np.logical_and(_sound(xy), np.nan_to_num(score) >= SEEN)
    points = np.where(seen[:, :, None], xy, 0.0).astype(np.float32)
    head, has_head = _middle(points[:, _HEAD], seen[:, _HEAD])
    neck, has_neck = _middle(points[:, _SHOULDERS], seen[:, _SHOULDERS])
    hips, has_hips = _middle(points[:, _HIPS], seen[:, _HIPS])
    bones = points[:, _RULERS[:, 0]] - points[:, _RULERS[:, 1]]
    known = seen[:, _RULERS].all(axis=2)
    lengths = np.where(known, np.linalg.norm(bones, axis=2) / _SHARES, 0.0)
    torso = np.where(has_neck & has_hips, np.linalg.norm(neck - hips, axis=1) / _TORSO, 0.0)
    height = np.maximum(lengths.max(axis=1), torso)
    below = seen[:, 5:]
    usable = has_neck & (below.sum(axis=1) >= _FEWEST) & (height > _TINY)
    unit = _UNIT / np.maximum(height, _TINY)
    every = np.concatenate((head[:, None], points[:, 5:]), axis=1)
    there = np.concatenate((has_head[:, None], below), axis=1)
    placed = (every - neck[:, None]) * unit[:, None, None]
    placed = np.clip(np.where(there[:, :, None], placed, 0.0), -_REACH, _REACH)
    limbs = _directions(points[:, _LIMBS[:, 1]] - points[:, _LIMBS[:, 0]])
    limbs = np.where(np.all(seen[:, _LIMBS], axis=2, keepdims=True), limbs, 0.0)
    trunk = _directions((hips - neck)[:, None])[:, 0]
    trunk = np.where((has_neck & has_hips)[:, None], trunk, 0.0)
    thighs = limbs[:, (4, 6)]
    vector = np.concatenate(
        (
            placed.reshape(len(xy), -1),
            there.astype(np.float32),
            limbs.reshape(len(xy), -1),
            trunk,
            (limbs[:, _JOINTS[:, 0]] * limbs[:, _JOINTS[:, 1]]).sum(axis=2),
            (thighs * trunk[:, None]).sum(axis=2),
        ),
        axis=1,
    )
    return vector.astype(np.float32), usable


def _sound(xy: Floats) -> Bools:
    """Which of points (N, P, 2) can be points of a picture (N, P)."""
    sound: Bools = np.all(np.abs(np.nan_to_num(xy, nan=np.inf)) < _FAR, axis=2)
    return sound


def _middle(points: Floats, seen: Bools) -> tuple[Floats, Bools]:
    """The middle (N, 2) of those seen of points (N, P, 2), and whether any is."""
    many = seen.sum(axis=1)
    middle = points.sum(axis=1) / np.maximum(many, 1)[:, None]
    return middle.astype(np.float32), many > 0


def _directions(ways: Floats) -> Floats:
    """Unit vectors (..., 2); 0 stays 0."""
    length = np.linalg.norm(ways, axis=-1, keepdims=True)
    unit: Floats = (ways / np.maximum(length, _TINY)).astype(np.float32)
    return unit


@dataclass(frozen=True, slots=True)
class Features:
    """One way to make vectors."""

    name: str
    skeleton: str
    length: int  # numbers in a vector
    make: Maker

    def of(self, pose: Pose) -> Floats | None:
        """One pose's vector (1, length); None where it says nothing."""
        vector, usable = self.make(pose.xy[None], pose.score[None])
        return vector if usable[0] else None


FEATURES = {
    one.name: one
    for one in (
        Features("hand-1", "hand21", 62, hands),
        Features("body-1", "body17", 63, bodies),
    )
}
