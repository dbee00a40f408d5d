"""Who is found on the labelled frames of URFD (Kwolek and Kepski, 2014), upright and lying.

Every tenth frame of the 30 clips with a fall that is labelled -1 (not lying) or 1 (on the ground)
is looked at once, at its 320x240, without looking again. Nobody marked where the person is, but
the camera stands still and the same room is in many clips: what differs from the empty room is the
person. A person is found by a pose with a mean keypoint score of 0.25 whose box, around the
keypoints with a score of 0.3 (all of them where there are fewer than four), lies by at least a half
in the person's box, and covers at least a fifth of it. `near_share` asks less: that the middle of
the pose's box lies in the person's; `any_pose_share` takes a pose anywhere, also on a chair or on
the man who sits in a corner of some clips.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.errors import BenchError
from benchmarks.events.rates import wilson
from edge.core.geometry import area, middle, overlap
from edge.core.posture import SEEN
from edge.core.types import Box, Floats, Image, Pose

SCORE = 0.25  # mean of the keypoints' scores from which a pose counts
EVERY = 10  # frames
_UPRIGHT, _LYING = -1, 1
_INSIDE, _COVERED = 0.5, 0.2  # of the pose's box, of the person's
_SURE = 4  # keypoints that a box can be drawn around
_MOMENTS = 15  # frames that a median is taken of
_LIKE = 7  # clips with the same room, itself included
_DIFFERS, _SPECK, _GAP = 30, 5, 15  # of 255; px
_TORSO = (5, 6, 11, 12)

Look = Callable[[Image], Sequence[Pose]]


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One labelled frame."""

    clip: str
    number: int  # from 1, as in the labels
    lying: bool
    image: Image  # (240, 320, 3) RGB
    box: Box  # of the person, px


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """What a model made of a frame."""

    shot: Shot
    poses: tuple[Pose, ...]
    found: Pose | None  # who is the person
    torso: bool  # shoulders and hips of it all have a score of 0.3


@dataclass(frozen=True, slots=True, eq=False)
class _Clip:
    shots: tuple[tuple[int, bool, Image], ...]
    upright: Image  # median of the frames before the fall: an empty room, or a standing person
    lying: Image


@lru_cache(maxsize=2)
def shots(folder: Path, every: int = EVERY) -> tuple[tuple[Shot, ...], tuple[Image, ...]]:
    """Labelled frames, and the empty room of each clip; raises BenchError without the clips."""
    labels = _labels(folder / "urfall-cam0-falls.csv")
    clips = {name: _clip(folder, name, known, every) for name, known in labels.items()}
    rooms = dict(zip(clips, _rooms(list(clips.values())), strict=True))
    found = [
        Shot(name, number, lying, image, box)
        for name, clip in clips.items()
        for number, lying, image in clip.shots
        if (box := person(image, rooms[name])) is not None
    ]
    return tuple(found), tuple(rooms.values())


def sightings(every: Sequence[Shot], look: Look) -> list[Sighting]:
    """Look once at each frame."""
    return [_sighting(shot, tuple(look(shot.image))) for shot in every]


def figures(seen: Sequence[Sighting]) -> dict[str, Any]:
    """Shares of frames in which the person is found, with 95 % intervals; upright and lying."""
    values: dict[str, Any] = {}
    for name, lying in (("upright", False), ("lying", True)):
        some = [one for one in seen if one.shot.lying is lying]
        found = sum(one.found is not None for one in some)
        anybody = sum(any(_counts(pose) for pose in one.poses) for one in some)
        near = sum(any(_counts(p) and _near(p, one.shot.box) for p in one.poses) for one in some)
        count = max(len(some), 1)
        values[name] = {
            "frames": len(some),
            "found": found,
            "found_share": found / count,
            "found_interval": wilson(found, len(some)),
            "near_share": near / count,
            "any_pose_share": anybody / count,
            "whole_torso_share": sum(one.torso for one in some) / count,
        }
    return values


def false_people(pictures: Sequence[Image], look: Look) -> dict[str, Any]:
    """Poses that count, in pictures without anybody."""
    counts = [sum(_counts(pose) for pose in look(picture)) for picture in pictures]
    return {
        "pictures": len(counts),
        "false_people": sum(counts),
        "false_people_per_picture": sum(counts) / max(len(counts), 1),
        "pictures_with_false_people": sum(count > 0 for count in counts),
    }


def box(pose: Pose) -> Box:
    """Around the keypoints that a model is sure of, px."""
    sure = pose.score >= SEEN
    xy = pose.xy[sure] if sure.sum() >= _SURE else pose.xy
    (x0, y0), (x1, y1) = xy.min(axis=0).tolist(), xy.max(axis=0).tolist()
    return (x0, y0, x1, y1)


def person(image: Image, room: Image) -> Box | None:
    """Where a frame differs from the empty room: the largest such place; None where it does not."""
    apart = np.abs(image.astype(np.int16) - room).max(axis=2).astype(np.uint8)
    apart = cast("Image", cv2.GaussianBlur(apart, (5, 5), 0))
    speck, gap = (np.ones((size, size), np.uint8) for size in (_SPECK, _GAP))
    mask = cv2.morphologyEx((apart > _DIFFERS).astype(np.uint8), cv2.MORPH_OPEN, speck)
    count, _, facts, _ = cv2.connectedComponentsWithStats(cv2.dilate(mask, gap))
    if count < 2:  # noqa: PLR2004 - the first is what does not differ
        return None
    x, y, width, height, _ = facts[1 + int(np.argmax(facts[1:, cv2.CC_STAT_AREA]))].tolist()
    edge = _GAP // 2
    return (x + edge, y + edge, x + width - edge, y + height - edge)


def _counts(pose: Pose) -> bool:
    return float(pose.score.mean()) >= SCORE


def _sighting(shot: Shot, poses: tuple[Pose, ...]) -> Sighting:
    fits = [pose for pose in poses if _counts(pose) and _is(box(pose), shot.box)]
    best = max(fits, key=lambda pose: float(pose.score.mean()), default=None)
    whole = best is not None and bool((best.score[list(_TORSO)] >= SEEN).all())
    return Sighting(shot, poses, best, whole)


def _is(pose: Box, there: Box) -> bool:
    both = overlap(pose, there)
    return both >= _INSIDE * max(area(pose), 1.0) and both >= _COVERED * area(there)


def _near(pose: Pose, there: Box) -> bool:
    x, y = middle(box(pose))
    return there[0] <= x <= there[2] and there[1] <= y <= there[3]


def _labels(file: Path) -> Mapping[str, Mapping[int, int]]:
    """Clip -> frame from 1 -> label."""
    if not file.is_file():
        raise BenchError(str(file), "is not there", "it comes with the URFD clips")
    known: dict[str, dict[int, int]] = defaultdict(dict)
    with file.open(encoding="utf-8", newline="") as rows:
        for name, number, label, *_ in csv.reader(rows):
            known[name][int(number)] = int(label)
    return known


def _clip(folder: Path, name: str, labels: Mapping[int, int], every: int) -> _Clip:
    frames = list(_frames(folder / f"{name}-cam0.mp4"))
    numbered = [(n, labels.get(n, 0), image) for n, image in enumerate(frames, start=1)]
    chosen = [
        (n, label == _LYING, image)
        for n, label, image in numbered
        if n % every == 0 and label in {_UPRIGHT, _LYING}
    ]
    medians = [
        _median([image for _, label, image in numbered if label == wanted] or frames)
        for wanted in (_UPRIGHT, _LYING)
    ]
    return _Clip(tuple(chosen), *medians)


def _frames(file: Path) -> Iterator[Image]:
    capture = cv2.VideoCapture(str(file))
    try:
        if not capture.isOpened():
            raise BenchError(str(file), "cannot be opened")
        while True:
            good, frame = capture.read()
            if not good:
                return
            yield cast("Image", cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
    finally:
        capture.release()


def _median(frames: Sequence[Image]) -> Image:
    """Of frames spread over all of them."""
    at = np.linspace(0, len(frames) - 1, min(_MOMENTS, len(frames))).astype(int)
    return cast("Image", np.median(np.stack([frames[i] for i in at]), axis=0).astype(np.uint8))


def _rooms(clips: Sequence[_Clip]) -> list[Image]:
    """Each clip's empty room: what most clips of the same room agree on."""
    layers = np.stack([np.stack([clip.upright, clip.lying]) for clip in clips])
    small = layers[:, :, ::4, ::4]  # enough to tell rooms apart
    apart = np.array([[_unlike(one, other) for other in small] for one in small])
    return [
        np.median(layers[np.argsort(row)[:_LIKE]].reshape(-1, *layers.shape[2:]), axis=0).astype(
            np.uint8
        )
        for row in apart
    ]


def _unlike(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> float:
    """How unlike two clips' rooms are; a person is a small part of a picture."""
    apart: Floats = np.abs(one.astype(np.int16) - other).max(axis=-1).astype(np.float32)
    return float(np.median(apart) + np.percentile(apart, 70))
