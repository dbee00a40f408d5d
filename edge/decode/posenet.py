"""PoseNet heads to poses: fast greedy multi-person decoding, vectorised over candidates.

Papandreou et al., PersonLab (arXiv:1803.08225), as simplified in tfjs-models/posenet: every local
maximum of a heatmap may be the root of a person; from it the skeleton's tree is walked along the
displacement fields, and each arrival is refined with the short offsets. The best root first; a
root that lies on a keypoint of a person already found is that person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.core.settings import setting
from edge.core.types import Floats, Pose

Ints = npt.NDArray[np.intp]

_JOINTS = 17
_BODY_SCORE = 0.3  # keypoints that show how large a person is
_SCATTER = 0.12  # of a person's extent: keypoints this near are the same one
# Parent and child of each displacement channel: the tree, from the nose outwards.
_EDGES = (
    (0, 1), (1, 3), (0, 2), (2, 4), (0, 5), (5, 7), (7, 9), (5, 11),
    (11, 13), (13, 15), (0, 6), (6, 8), (8, 10), (6, 12), (12, 14), (14, 16),
)  # fmt: skip


def _plan() -> tuple[Ints, ...]:
    """For each distance from the root: (17 roots, hops, 3) of source, target, channel; -1 pads."""
    hops = [(*edge, i) for i, edge in enumerate(_EDGES)]
    hops += [(child, parent, 16 + i) for i, (parent, child) in enumerate(_EDGES)]
    levels: list[list[list[tuple[int, int, int]]]] = []
    for root in range(_JOINTS):
        reached, front, depth = {root}, {root}, 0
        while len(reached) < _JOINTS:
            step = [hop for hop in hops if hop[0] in front and hop[1] not in reached]
            if len(levels) <= depth:
                levels.append([[] for _ in range(_JOINTS)])
            levels[depth][root] = step
            front = {target for _, target, _ in step}
            reached |= front
            depth += 1
    return tuple(
        np.array([row + [(-1, -1, -1)] * (max(map(len, level)) - len(row)) for row in level])
        for level in levels
    )


_PLAN = _plan()


@dataclass(frozen=True, slots=True)
class PoseNet:
    """Decoder of PoseNet's four heads, or of Coral's three (`mid_offsets` holds both ways)."""

    max_poses: int = setting(10, "most people in one picture", low=1, high=50)
    root_score: float = setting(0.4, "least score of a keypoint to start from", low=0.01, high=0.99)
    pose_score: float = setting(0.15, "least mean keypoint score of a person", low=0, high=1)
    nms_radius: float = setting(
        0.03, "keypoints nearer than this are one", unit="of the long side", low=0, high=1
    )

    def __call__(self, heads: Mapping[str, Floats], size: tuple[int, int]) -> tuple[Pose, ...]:
        """Heads (1, h, w, C) float32 and the input's (height, width) px -> poses in its pixels.

        `heatmaps` C=17 logits; `offsets` C=34, y then x, px; either `displacement_fwd` and
        `displacement_bwd` C=32 each, or `mid_offsets` C=64. Best first.
        """
        cells, joints = _roots(heads["heatmaps"][0], self.root_score, _JOINTS * self.max_poses)
        if not len(joints):
            return ()
        yx, score = _walk(_Field.of(heads, size), cells, joints)
        people = _greedy(yx, score, joints, self.nms_radius * max(size), self.pose_score)
        return tuple(
            Pose("body17", np.ascontiguousarray(yx[i, :, ::-1]), score[i])
            for i in people[: self.max_poses]
        )


def _roots(logits: Floats, least: float, limit: int) -> tuple[Ints, Ints]:
    """Local maxima of 3x3 neighbourhoods, best first: flat cells and joints."""
    h, w, _ = logits.shape
    padded = np.full((h + 2, w + 2, _JOINTS), -np.inf, np.float32)
    padded[1:-1, 1:-1] = logits
    rows = np.maximum(np.maximum(padded[:-2], padded[1:-1]), padded[2:])
    peak = np.maximum(np.maximum(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
    found = np.flatnonzero((logits >= peak) & (logits >= np.log(least / (1 - least))))
    best = found[np.argsort(-logits.reshape(-1)[found], kind="stable")[:limit]]
    return best // _JOINTS, best % _JOINTS


@dataclass(frozen=True, slots=True, eq=False)
class _Field:
    """The heads of one picture by flat cell, points as (y, x) px."""

    logits: Floats  # (cells, 17)
    offset: Floats  # (cells, 17, 2) to the joint, px
    arrival: Floats  # (cells, 17, 2) where the joint is, px
    displacement: Floats  # (cells, 32, 2) parent to child, then child to parent, px
    stride: Floats  # (2,) px a cell
    shape: tuple[int, int]

    @staticmethod
    def of(heads: Mapping[str, Floats], size: tuple[int, int]) -> _Field:
        h, w = heads["heatmaps"].shape[1:3]
        # Inputs are a multiple of the stride plus one: cells sit on pixels 0, s, 2s...
        stride = np.array(
            ((size[0] - 1) / max(h - 1, 1), (size[1] - 1) / max(w - 1, 1)), np.float32
        )
        offset = heads["offsets"].reshape(h * w, 2, _JOINTS).transpose(0, 2, 1)
        if "mid_offsets" in heads:
            both = heads["mid_offsets"].reshape(h * w, 2, 2, 16)
            displacement = both.transpose(0, 1, 3, 2).reshape(h * w, 32, 2)
        else:
            ways = np.concatenate(
                [heads[f"displacement_{way}"].reshape(h * w, 2, 16) for way in ("fwd", "bwd")],
                axis=2,
            )
            displacement = ways.transpose(0, 2, 1)
        corner = np.stack(np.divmod(np.arange(h * w), w), axis=1).astype(np.float32) * stride
        logits = heads["heatmaps"].reshape(h * w, _JOINTS)
        return _Field(logits, offset, offset + corner[:, None], displacement, stride, (h, w))

    def grid(self, yx: Floats) -> Floats:
        """Points (N, 2) px -> fractional rows and columns; outside goes to the border."""
        h, w = self.shape
        at = yx / self.stride
        np.maximum(at, 0.0, out=at)
        inside: Floats = np.minimum(at, np.array((h - 1, w - 1), np.float32), out=at)
        return inside

    def cell(self, yx: Floats) -> Ints:
        """The nearest cell of each point."""
        at = np.rint(self.grid(yx)).astype(np.intp)
        return at[:, 0] * self.shape[1] + at[:, 1]

    def between(self, yx: Floats, joint: Ints) -> Floats:
        """Offsets to the joint, interpolated between the four cells around each point."""
        at = self.grid(yx)
        low = at.astype(np.intp)
        part = at - low
        step = (low < np.array(self.shape) - 1).astype(np.intp) * (self.shape[1], 1)
        first = low[:, 0] * self.shape[1] + low[:, 1]
        y, x = part[:, :1], part[:, 1:]
        down, right = first + step[:, 0], first + step[:, 1]
        top = self.offset[first, joint] * (1 - x) + self.offset[right, joint] * x
        bottom = self.offset[down, joint] * (1 - x) + self.offset[down + step[:, 1], joint] * x
        mixed: Floats = top * (1 - y) + bottom * y
        return mixed


def _walk(field: _Field, cells: Ints, joints: Ints) -> tuple[Floats, Floats]:
    """Every root to a whole person: yx (N, 17, 2) px and score (N, 17)."""
    yx = np.zeros((len(joints), _JOINTS, 2), np.float32)
    every = np.arange(len(joints))
    # 8-bit heatmaps have plateaus: the neighbour a root points at knows better where it is.
    first = field.arrival[cells, joints]
    yx[every, joints] = field.arrival[field.cell(first), joints]
    for level in _PLAN:
        hops = level[joints]  # (N, hops, 3)
        who, which = np.nonzero(hops[:, :, 0] >= 0)
        source, target, channel = hops[who, which].T
        at = yx[who, source]
        at = at + field.displacement[field.cell(at), channel]
        at = field.arrival[field.cell(at), target]
        # Interpolating once keeps a point near a cell's edge from being thrown to the wrong side.
        at = at + field.between(at, target)
        yx[who, target] = field.arrival[field.cell(at), target]
    cell = field.cell(yx.reshape(-1, 2)).reshape(-1, _JOINTS)
    logits = field.logits[cell, np.arange(_JOINTS)]
    score = 1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0)))
    return yx, score.astype(np.float32)


def _greedy(yx: Floats, score: Floats, root: Ints, radius: float, least: float) -> list[int]:
    """Root NMS; a person's own score counts only keypoints that no better person has."""
    taken: list[tuple[float, int]] = []
    mean = score.mean(axis=1)
    every = np.arange(len(root))
    explained = np.zeros(score.shape, bool)  # keypoints that lie on those of a person taken
    waiting = np.ones(len(root), bool)
    while waiting.any():
        i = int(waiting.argmax())  # roots come best first
        waiting[i] = False
        own = float(score[i][~explained[i]].sum()) / _JOINTS
        # Who shares most of a body with somebody better is that somebody, seen twice.
        if own < max(least, 0.5 * float(mean[i])):
            continue
        taken.append((own, i))
        body = yx[i][score[i] >= _BODY_SCORE]
        # A large person's keypoints scatter more than a small one's.
        reach = max(radius, _SCATTER * float(np.ptp(body, axis=0).max())) if len(body) else radius
        explained |= ((yx - yx[i]) ** 2).sum(axis=2) <= reach**2
        waiting &= ~explained[every, root]
    return [i for _, i in sorted(taken, key=lambda person: -person[0])]


PLUGIN = PoseNet
