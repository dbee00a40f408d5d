"""PCK and OKS of the most prominent person in photographs where people are marked.

The most prominent person of a picture is the one with the largest marked box of those with 8
marked keypoints or more and a torso. The prediction is, of all poses a model gives, that whose
box, around its keypoints, has the largest intersection over union with the marked box; scores play
no part in it, and a picture without any such pose counts as all wrong. The torso's diameter is the
longer of the marked diagonals from a shoulder to the other side's hip (Sapp and Taskar, CVPR 2013).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.accuracy import figures
from benchmarks.accuracy.marked import Marked
from converters.parity.truth import Mark, Truth
from edge.core.geometry import around, iou
from edge.core.types import Box, Floats, Image, Pose
from edge.sources._opencv import picture_file

NEAR = 0.2  # of the torso: a keypoint no further off is correct
_FEWEST = 8  # marked keypoints
_DIAGONALS = ((5, 12), (6, 11))  # a shoulder and the other side's hip
# COCO's constants, as pycocotools has them: nose, eyes, ears, shoulders, elbows, wrists ...
_SIGMAS = np.array((0.026, *np.repeat((0.025, 0.035, 0.079, 0.072, 0.062, 0.107, 0.087, 0.089), 2)))

Look = Callable[[Image], Sequence[Pose]]


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A photograph and everybody marked in it."""

    name: str
    image: Image  # (H, W, 3) RGB
    marks: tuple[Mark, ...]  # px of it


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """The most prominent person of a photograph, and what a model made of them."""

    photo: Photo
    mark: Mark
    pose: Pose | None
    apart: Floats  # (17,) torsos; nan: not marked; inf: not found
    oks: float  # 0..1, 0 where nobody was found

    @property
    def right(self) -> float:
        """Share of the marked keypoints that are near, 0..1."""
        return float((self.apart[self.mark.known] <= NEAR).mean())


def photos(marked: Marked) -> tuple[Photo, ...]:
    """Read all pictures that can still be read."""
    read = [(shown, picture_file(shown.file)) for shown in marked.pictures]
    return tuple(
        Photo(shown.file.name, image, tuple(_scaled(mark, shown.scale) for mark in shown.marks))
        for shown, image in read
        if image is not None
    )


def cases(every: Sequence[Photo], look: Look) -> tuple[list[Case], list[Sequence[Pose]]]:
    """The most prominent person of each photograph, and all poses in each."""
    found, seen = [], []
    for photo in every:
        poses = look(photo.image)
        seen.append(poses)
        mark = prominent(photo.marks)
        if mark is not None:
            found.append(_case(photo, mark, poses))
    return found, seen


def prominent(marks: Sequence[Mark]) -> Mark | None:
    """Whose box is the largest, of those marked well enough; None: nobody is."""
    fits = [one for one in marks if not one.crowd and one.known.sum() >= _FEWEST and torso(one)]
    return max(fits, key=lambda one: one.box[2] * one.box[3], default=None)


def torso(mark: Mark) -> float:
    """The longer marked diagonal of the torso, px; 0 where none is marked."""
    known = [pair for pair in _DIAGONALS if mark.known[list(pair)].all()]
    return max((float(np.linalg.norm(np.subtract(*mark.xy[list(p)]))) for p in known), default=0.0)


def chosen(mark: Mark, poses: Sequence[Pose]) -> Pose | None:
    """The pose whose box overlaps the mark's the most; None where none does."""
    box = corners(mark)
    best = max(poses, key=lambda pose: iou(box, around(pose)), default=None)
    return best if best is not None and iou(box, around(best)) > 0.0 else None


def corners(mark: Mark) -> Box:
    """A mark's box as x0, y0, x1, y1 px."""
    x, y, width, height = mark.box
    return (x, y, x + width, y + height)


def prominent_figures(found: Sequence[Case]) -> dict[str, Any]:
    """PCK@0.2 and 0.1 of the torso, OKS, and by keypoint PCK@0.2; nan where nobody is."""
    apart = np.array([one.apart for one in found], np.float32).reshape(-1, len(_SIGMAS))
    known = ~np.isnan(apart)
    near = known & (apart <= NEAR)
    with np.errstate(invalid="ignore"):
        each = near.sum(axis=0) / known.sum(axis=0)
        share = float(near.sum() / np.float64(known.sum()))
        nearer = float((known & (apart <= NEAR / 2)).sum() / np.float64(known.sum()))
    return {
        "people": len(found),
        "keypoints": int(known.sum()),
        "pck_0.2": share,
        "pck_0.1": nearer,
        "oks": float(np.mean([one.oks for one in found])) if found else float("nan"),
        "pck_groups": {name: float(each[list(at)].mean()) for name, at in _GROUPS.items()},
    }


_GROUPS = {
    "head": (0, 1, 2, 3, 4),
    "shoulders": (5, 6),
    "elbows": (7, 8),
    "wrists": (9, 10),
    "hips": (11, 12),
    "knees": (13, 14),
    "ankles": (15, 16),
}


def everybody_figures(every: Sequence[Photo], seen: Sequence[Sequence[Pose]]) -> dict[str, Any]:
    """COCO's AP and AR of all marked people, who is found and who invented; as the benchmark."""
    truth = Truth("body17", tuple(photo.marks for photo in every))
    values = figures.figures(truth, seen).values
    wanted = ("oks_ap", "oks_ap_interval", "oks_ap_50", "oks_ar", "found_share", "invented")
    return {key: values[key] for key in wanted}


def turned(photo: Photo, quarters: int) -> Photo:
    """The photograph and its marks, turned so many quarters against the clock."""
    for _ in range(quarters % 4):
        width = photo.image.shape[1]
        marks = tuple(_quarter(mark, width) for mark in photo.marks)
        photo = Photo(photo.name, np.ascontiguousarray(np.rot90(photo.image)), marks)
    return photo


def _quarter(mark: Mark, width: int) -> Mark:
    x, y, w, h = mark.box
    xy = np.stack([mark.xy[:, 1], width - 1 - mark.xy[:, 0]], axis=1)
    return replace(mark, xy=xy, box=(y, width - x - w, h, w))


def _case(photo: Photo, mark: Mark, poses: Sequence[Pose]) -> Case:
    apart = np.where(mark.known, np.inf, np.nan).astype(np.float32)
    pose = chosen(mark, poses)
    if pose is None:
        return Case(photo, mark, None, apart, 0.0)
    distance = np.linalg.norm(pose.xy - mark.xy, axis=1)
    apart[mark.known] = (distance / torso(mark))[mark.known]
    likeness = np.exp(-(distance**2) / (8.0 * _SIGMAS**2 * mark.area))
    return Case(photo, mark, pose, apart, float(likeness[mark.known].mean()))


def _scaled(mark: Mark, by: float) -> Mark:
    """A mark in px of the picture."""
    x, y, width, height = mark.box
    box = (x * by, y * by, width * by, height * by)
    return replace(mark, xy=mark.xy * np.float32(by), box=box, area=mark.area * by * by)
