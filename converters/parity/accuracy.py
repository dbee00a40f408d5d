"""Both models against what somebody marked: OKS-AP of bodies, and PCK of bodies and hands."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from converters.parity.lengths import palm_ends
from converters.parity.match import Seen, best_pairs
from converters.parity.measure import Measure
from converters.parity.tolerances import BodyTolerances, HandTolerances, PalmTolerances
from converters.parity.truth import Mark, Truth
from edge.core.skeletons import SKELETONS
from edge.core.types import Floats, Pose

NEAR = 0.2  # of a length: a keypoint no further off is correct
SAME = 0.5  # of a length: who is further off on average is somebody else
STATS = (  # what COCO's evaluation of keypoints gives, in its order
    *("ap", "ap_50", "ap_75", "ap_medium", "ap_large"),
    *("ar", "ar_50", "ar_75", "ar_medium", "ar_large"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """How far keypoints are from where they are marked, in lengths of who they belong to."""

    lengths: Floats  # (people, K) nan: not marked; inf: nobody was found there
    picture: npt.NDArray[np.intp]  # (people,) where each of them is
    paired: tuple[frozenset[int], ...]  # of each picture, the poses that are somebody marked


def compare(
    truth: Truth,
    reference: Seen,
    seen: Seen,
    tolerances: BodyTolerances | PalmTolerances | HandTolerances,
) -> tuple[Measure, ...]:
    """Rows for the parity table, from the pictures that the truth knows; poses in px of them.

    PCK@0.2 is of the box's long side for bodies and of the palm's length for hands.
    """
    right = [pck(truth, poses) for poses in (reference, seen)]
    rows = (
        Measure("pck_float", "PCK@0.2 of the original", right[0]),
        Measure("pck_quantized", "PCK@0.2 of the quantized model", right[1]),
    )
    if not isinstance(tolerances, BodyTolerances):
        loss = right[0] - right[1]
        return (*rows, Measure("pck_loss", "loss of PCK@0.2", loss, at_most=tolerances.pck_loss))
    ap = [average_precision(truth, poses) for poses in (reference, seen)]
    return (
        Measure("ap_float", "OKS-AP of the original", ap[0]),
        Measure("ap_quantized", "OKS-AP of the quantized model", ap[1]),
        Measure("ap_loss", "loss of OKS-AP", ap[0] - ap[1], at_most=tolerances.ap_loss),
        *rows,
    )


def average_precision(truth: Truth, seen: Seen) -> float:
    """COCO's keypoint AP, 0..1, mean over OKS 0.50 to 0.95; a pose's score is its mean."""
    return summary(evaluated(truth, seen))["ap"]


def evaluated(truth: Truth, seen: Seen) -> COCOeval:
    """Give COCO's own evaluation of bodies, accumulated, of pictures that the truth knows."""
    named = [i for i, marks in enumerate(truth.marks) if marks is not None]
    marks = [_marked(i, mark) for i in named for mark in truth.marks[i] or ()]
    poses = [_posed(i, pose) for i in named for pose in seen[i]]
    with contextlib.redirect_stdout(io.StringIO()):  # it tells of its progress
        evaluation = COCOeval(_coco(named, marks), _coco(named, poses), "keypoints")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation


def summary(evaluation: COCOeval) -> dict[str, float]:
    """COCO's ten figures by name, 0..1; nan where nobody counts."""
    nobody = float("nan")  # it says -1
    found = zip(STATS, map(float, evaluation.stats), strict=True)
    return {name: one if one >= 0.0 else nobody for name, one in found}


def pck(truth: Truth, seen: Seen) -> float:
    """Share of marked keypoints that lie within 0.2 lengths of where they are marked, 0..1."""
    return share(distances(truth, seen).lengths, NEAR)


def share(lengths: Floats, near: float) -> float:
    """Of the marked keypoints, those that lie so near, 0..1; nan where none is marked."""
    known = ~np.isnan(lengths)
    return float((lengths[known] <= near).mean()) if known.any() else float("nan")


def distances(truth: Truth, seen: Seen) -> Distances:
    """Pair marks and poses, the nearest first, none further apart than 0.5 lengths on average."""
    rows, pictures, pairs = [], [], []
    for number, (marks, poses) in enumerate(zip(truth.marks, seen, strict=True)):
        people = list(measurable(truth.skeleton, marks or ()))
        apart = [[_apart(mark, pose) / length for pose in poses] for mark, length in people]
        table = np.array([[-float(one.mean()) for one in row] for row in apart], np.float32)
        found = dict(best_pairs(table, -SAME))
        for i, (mark, _) in enumerate(people):
            row = np.where(mark.known, np.inf, np.nan).astype(np.float32)
            if i in found:
                row[mark.known] = apart[i][found[i]]
            rows.append(row)
            pictures.append(number)
        pairs.append(frozenset(found.values()))
    joints = len(rows[0]) if rows else len(SKELETONS[truth.skeleton])  # a palm's box is unmarked
    lengths = np.array(rows, np.float32).reshape(-1, joints)
    return Distances(lengths, np.array(pictures, np.intp), tuple(pairs))


def measurable(skeleton: str, marks: Iterable[Mark]) -> Iterator[tuple[Mark, float]]:
    """Who has keypoints and a length, px, to tell distances in."""
    for mark in marks:
        if mark.crowd or not mark.known.any():
            continue
        if skeleton == "body17":
            length = max(mark.box[2:])
        else:
            ends = list(palm_ends(SKELETONS[skeleton].joints))
            palm = float(np.linalg.norm(np.subtract(*mark.xy[ends])))
            length = palm if mark.known[ends].all() else 0.0
        if length > 0.0:
            yield mark, length


def _apart(mark: Mark, pose: Pose) -> Floats:
    """Distances of the marked keypoints, px."""
    apart: Floats = np.linalg.norm((pose.xy[: len(mark.xy)] - mark.xy)[mark.known], axis=1)
    return apart


def _coco(images: list[int], annotations: list[dict[str, Any]]) -> COCO:
    made = COCO()
    made.dataset = {
        "images": [{"id": image} for image in images],
        "annotations": [{"id": i, **one} for i, one in enumerate(annotations, start=1)],
        "categories": [{"id": 1}],
    }
    made.createIndex()
    return made


def _marked(image: int, mark: Mark) -> dict[str, Any]:
    return {
        "image_id": image,
        "category_id": 1,
        "keypoints": np.column_stack([mark.xy, 2 * mark.known]).ravel().tolist(),
        "num_keypoints": int(mark.known.sum()),
        "bbox": mark.box,
        "area": mark.area,
        "iscrowd": int(mark.crowd),
    }


def _posed(image: int, pose: Pose) -> dict[str, Any]:
    points = np.column_stack([pose.xy, pose.score])
    return {
        "image_id": image,
        "category_id": 1,
        "keypoints": points.ravel().tolist(),
        "area": float(np.ptp(pose.xy, axis=0).prod()),  # as COCO.loadRes has it
        "score": float(pose.score.mean()),
    }
