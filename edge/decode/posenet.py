"""PoseNet heads to poses: fast greedy multi-person decoding.

Papandreou et al., PersonLab (arXiv:1803.08225), as simplified in tfjs-models/posenet: every local
maximum of a heatmap may be the root of a person; from it the skeleton's tree is walked along the
displacement fields, and each arrival is refined with the short offsets. The best root first; a
root that lies on a keypoint of a person already found is that person.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.core.settings import setting
from edge.core.types import Floats, Pose
from edge.decode._walking import JOINTS, Field, Ints

_BODY_SCORE = 0.3  # keypoints that show how large a person is
_SCATTER = 0.12  # of a person's extent: keypoints this near are the same one


@dataclass(frozen=True, slots=True)
class PoseNet:
    """Decoder of PoseNet's four heads, or of Coral's three (`mid_offsets` holds both ways)."""

    max_poses: int = setting(10, "most people in one picture", low=1, high=50)
    root_score: float = setting(0.4, "least score of a keypoint to start from", low=0.01, high=0.99)
    pose_score: float = setting(0.15, "least mean keypoint score of a person", low=0, high=1)
    nms_radius: float = setting(
        0.03, "keypoints nearer than this are one", unit="of the long side", low=0, high=1
    )
    search: int = setting(0, "arrive at the surest cell this near", unit="cells", low=0, high=3)

    def __call__(self, heads: Mapping[str, Floats], size: tuple[int, int]) -> tuple[Pose, ...]:
        """Heads (1, h, w, C) float32 and the input's (height, width) px -> poses in its pixels.

        `heatmaps` C=17 logits; `offsets` C=34, y then x, px; either `displacement_fwd` and
        `displacement_bwd` C=32 each, or `mid_offsets` C=64. Best first.
        """
        cells, joints = _roots(heads["heatmaps"][0], self.root_score, JOINTS * self.max_poses)
        if not len(joints):
            return ()
        field = Field(heads, size, self.search)
        radius = self.nms_radius * max(size)
        taken: list[_Person] = []
        for cell, root in zip(cells.tolist(), joints.tolist(), strict=True):
            start = field.start(cell, root)
            if any(one.has(start, root) for one in taken):
                continue
            yx, score = field.walk(start, root)
            mine = ~np.logical_or.reduce([one.explains(yx) for one in taken], axis=0)
            own = float((score * mine).sum()) / JOINTS
            # Who shares most of a body with somebody better is that somebody, seen twice.
            if own >= max(self.pose_score, 0.5 * float(score.mean())):
                taken.append(_Person(yx, score, own, _reach(yx, score, radius)))
        taken.sort(key=lambda one: -one.own)
        return tuple(
            Pose("body17", np.ascontiguousarray(one.yx[:, ::-1]), one.score)
            for one in taken[: self.max_poses]
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Person:
    """Somebody found."""

    yx: Floats  # (17, 2) px
    score: Floats  # (17,)
    own: float  # mean score, without keypoints that lie on somebody better
    reach: float  # px within which a keypoint is theirs

    def has(self, yx: tuple[float, float], joint: int) -> bool:
        """Whether a point is this person's joint."""
        y, x = self.yx[joint].tolist()
        return math.hypot(y - yx[0], x - yx[1]) <= self.reach

    def explains(self, yx: Floats) -> npt.NDArray[np.bool_]:
        """Which joints of another (17, 2) are this person's, (17,)."""
        near: npt.NDArray[np.bool_] = ((yx - self.yx) ** 2).sum(axis=1) <= self.reach**2
        return near


def _reach(yx: Floats, score: Floats, radius: float) -> float:
    """A large person's keypoints scatter more than a small one's."""
    body = yx[score >= _BODY_SCORE]
    return max(radius, _SCATTER * float(np.ptp(body, axis=0).max())) if len(body) else radius


def _roots(logits: Floats, least: float, limit: int) -> tuple[Ints, Ints]:
    """Local maxima of 3x3 neighbourhoods, best first: flat cells and joints."""
    h, w, _ = logits.shape
    padded = np.full((h + 2, w + 2, JOINTS), -np.inf, np.float32)
    padded[1:-1, 1:-1] = logits
    rows = np.maximum(np.maximum(padded[:-2], padded[1:-1]), padded[2:])
    peak = np.maximum(np.maximum(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
    found = np.flatnonzero((logits >= peak) & (logits >= np.log(least / (1 - least))))
    best = found[np.argsort(-logits.reshape(-1)[found], kind="stable")[:limit]]
    return best // JOINTS, best % JOINTS


PLUGIN = PoseNet
