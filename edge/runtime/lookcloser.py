"""A second look at somebody who is small in the picture: where their wrists are, to a palm or so.

A body model gets the whole picture, made small. Somebody who fills a third of it is then 80 px
tall, and wrists are off by two palms or more: enough for a fall, not for a hand in a bin. Where
hands are watched, the same model looks once more, in a square around that person alone. Hands are
looked for from there. A person's track gets only the arms: how high a body reaches is learned from
whole pictures, and a guess at legs behind a bench is another one from near.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from edge.core.geometry import Crop, around, iou, middle
from edge.core.settings import setting
from edge.core.types import Image, Pose
from edge.runtime.predictor import Predictor

_ARMS = [7, 8, 9, 10]  # elbows and wrists of a body17
_SAME = 0.3  # of the two boxes' common area: the pose of the same person
_NEARLY = 0.7  # of the score in the whole picture, at least, or that pose is kept


@dataclass(frozen=True, slots=True)
class LookCloser:
    """At whom, and how close."""

    enabled: bool = setting(default=True, doc="look closer at people whose hands are watched")
    below_px: float = setting(
        120.0, "at people who are smaller in the model's input", unit="px", low=0
    )
    room: float = setting(1.15, "the square's side", unit="times the person", low=1, high=3)
    people: int = setting(1, "most people looked at in a frame, the largest", low=1, high=10)


def closer(
    body: Predictor, image: Image, poses: Sequence[Pose], scale: float, how: LookCloser
) -> tuple[Pose, ...]:
    """Poses (px of the picture), those of small people as seen from near.

    `scale`: px of the model's input in one of the picture, in the plain pass.
    """
    sizes = [_size(pose) for pose in poses]
    small = [k for k, size in enumerate(sizes) if 0.0 < size * scale < how.below_px]
    chosen = sorted(small, key=lambda k: -sizes[k])[: how.people]
    looked = {k: _again(body, image, poses[k], how.room * sizes[k]) for k in chosen}
    return tuple(looked.get(k, pose) for k, pose in enumerate(poses))


def _again(body: Predictor, image: Image, pose: Pose, side: float) -> Pose:
    """The same person from near; as they were, if they are not recognised."""
    box = around(pose)
    x, y = middle(box)
    found = body.inside(image, Crop(x, y, side, 0.0))
    same = [other for other in found if iou(box, around(other)) >= _SAME]
    best = max(same, key=lambda other: float(other.score.mean()), default=pose)
    return best if best.score.mean() >= _NEARLY * pose.score.mean() else pose


def with_arms(pose: Pose, near: Pose) -> Pose:
    """A body whose arms are as seen from near."""
    if near is pose:
        return pose
    xy, score = pose.xy.copy(), pose.score.copy()
    xy[_ARMS], score[_ARMS] = near.xy[_ARMS], near.score[_ARMS]
    return replace(pose, xy=xy, score=score)


def _size(pose: Pose) -> float:
    x0, y0, x1, y1 = around(pose)
    return max(x1 - x0, y1 - y0)
