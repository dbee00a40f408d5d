"""Who is found, and who is invented: poses beside marks, as a person would count them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from pycocotools.cocoeval import COCOeval

from converters.parity import accuracy
from converters.parity.accuracy import Distances
from converters.parity.match import Seen, best_pairs
from converters.parity.truth import Mark, Truth
from edge.core.posture import SEEN
from edge.core.types import Pose

SAME = 0.5  # OKS from which a pose is somebody, as for COCO's AP50
_CATEGORY = 1  # of all that is marked
_MOSTLY = 0.5  # of a pose's keypoints


def people(truth: Truth, seen: Seen, evaluation: COCOeval) -> tuple[int, int]:
    """How many bodies are found at OKS 0.5, and how many poses are nobody."""
    found = invented = 0
    most = evaluation.params.maxDets[-1]
    for number, (marks, poses) in enumerate(zip(truth.marks, seen, strict=True)):
        best = sorted(poses, key=lambda pose: -float(pose.score.mean()))[:most]  # as COCO has them
        nobody = unmeasured(truth.skeleton, marks or ())
        real = [i for i, mark in enumerate(marks or ()) if mark not in nobody]
        table = np.asarray(evaluation.ious[number, _CATEGORY], np.float32)
        alike = table[:, real] if table.ndim > 1 else np.zeros((0, len(real)), np.float32)
        pairs = best_pairs(alike, SAME)
        found += len(pairs)
        invented += surplus(best, {i for i, _ in pairs}, nobody)
    return found, invented


def hands(truth: Truth, seen: Seen, apart: Distances) -> tuple[int, int]:
    """How many hands are found within half a palm length, and how many poses are no hand."""
    found = sum(len(paired) for paired in apart.paired)
    invented = sum(
        surplus(poses, paired, unmeasured(truth.skeleton, marks or ()))
        for poses, paired, marks in zip(seen, apart.paired, truth.marks, strict=True)
    )
    return found, invented


def unmeasured(skeleton: str, marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Those where there is somebody, and nobody said (all of) where their joints are."""
    measured = [mark for mark, _ in accuracy.measurable(skeleton, marks)]
    return tuple(mark for mark in marks if mark not in measured)


def surplus(poses: Sequence[Pose], paired: Collection[int], unknown: Sequence[Mark]) -> int:
    """Sure poses that are nobody marked, nor mostly in the box of somebody unmeasured."""
    return sum(
        number not in paired
        and float(pose.score.mean()) >= SEEN
        and not any(_inside(pose, mark) for mark in unknown)
        for number, pose in enumerate(poses)
    )


def _inside(pose: Pose, mark: Mark) -> bool:
    """Whether most of the keypoints that the model is sure of lie in a mark's box."""
    left, top, width, height = mark.box
    sure = pose.xy[pose.score >= SEEN]
    within = (sure >= (left, top)) & (sure <= (left + width, top + height))
    return float(within.all(axis=1).mean()) > _MOSTLY
