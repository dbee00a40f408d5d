"""PoseNet heads to poses: fast greedy multi-person decoding.

Papandreou et al., PersonLab (arXiv:1803.08225), as simplified in tfjs-models/posenet: every local
maximum of a heatmap may be the root of a person; from it the skeleton's tree is walked along the
displacement fields, and each arrival is refined with the short offsets. The best root first; a
root that lies on a keypoint of a person already found is that person.

Upstream trusts the displacements; a network that draws better heatmaps than displacements does
better if each arrival looks around for the strongest cell (`search`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.core.settings import setting
from edge.core.types import Floats, Pose

Ints = npt.NDArray[np.intp]

_JOINTS = 17
_BODY_SCORE = 0.3  # keypoints that show how large a person is
_FAINT = -1.5  # logit of a heatmap that says nothing
_SCATTER = 0.12  # of a person's extent: keypoints this near are the same one
# Parent and child of each displacement channel: the tree, from the nose outwards.
_EDGES = (
    (0, 1), (1, 3), (0, 2), (2, 4), (0, 5), (5, 7), (7, 9), (5, 11),
    (11, 13), (13, 15), (0, 6), (6, 8), (8, 10), (6, 12), (12, 14), (14, 16),
)  # fmt: skip


def _trees() -> tuple[tuple[tuple[int, int, int, int], ...], ...]:
    """For each root joint, the hops to all others: source, target, edge, and which way along it."""
    hops = [(*edge, i, 0) for i, edge in enumerate(_EDGES)]
    hops += [(child, parent, i, 1) for i, (parent, child) in enumerate(_EDGES)]
    trees = []
    for root in range(_JOINTS):
        reached, tree = {root}, []
        while len(reached) < _JOINTS:
            step = [hop for hop in hops if hop[0] in reached and hop[1] not in reached]
            tree += step
            reached |= {hop[1] for hop in step}
        trees.append(tuple(tree))
    return tuple(trees)


_TREES = _trees()


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
        cells, joints = _roots(heads["heatmaps"][0], self.root_score, _JOINTS * self.max_poses)
        if not len(joints):
            return ()
        field = _Field(heads, size, self.search)
        radius = self.nms_radius * max(size)
        taken: list[_Person] = []
        for cell, root in zip(cells.tolist(), joints.tolist(), strict=True):
            start = field.start(cell, root)
            if any(one.has(start, root) for one in taken):
                continue
            yx, score = field.walk(start, root)
            mine = ~np.logical_or.reduce([one.explains(yx) for one in taken], axis=0)
            own = float((score * mine).sum()) / _JOINTS
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
    padded = np.full((h + 2, w + 2, _JOINTS), -np.inf, np.float32)
    padded[1:-1, 1:-1] = logits
    rows = np.maximum(np.maximum(padded[:-2], padded[1:-1]), padded[2:])
    peak = np.maximum(np.maximum(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
    found = np.flatnonzero((logits >= peak) & (logits >= np.log(least / (1 - least))))
    best = found[np.argsort(-logits.reshape(-1)[found], kind="stable")[:limit]]
    return best // _JOINTS, best % _JOINTS


class _Field:
    """The heads of one picture; points are (y, x) px.

    One walk is sixteen hops after each other: too little for NumPy, whose every call costs more.
    """

    def __init__(self, heads: Mapping[str, Floats], size: tuple[int, int], search: int) -> None:
        h, w = map(int, heads["heatmaps"].shape[1:3])
        self._width = w
        self._rows, self._columns = h - 1, w - 1  # the last of each
        # Inputs are a multiple of the stride plus one: cells sit on pixels 0, s, 2s...
        self._sy, self._sx = (size[0] - 1) / max(h - 1, 1), (size[1] - 1) / max(w - 1, 1)
        self._logits = _flat(heads["heatmaps"], h * w * _JOINTS)
        self._offsets = _flat(heads["offsets"], h * w * 34)  # of a cell: 17 y, 17 x
        if "mid_offsets" in heads:  # of a cell: 16 y, 16 x of one way, then of the other
            both = _flat(heads["mid_offsets"], h * w * 64)
            self._ways, self._step, self._second = (both, both), 64, 32
        else:
            ways = (heads[f"displacement_{way}"] for way in ("fwd", "bwd"))
            forth, back = (_flat(way, h * w * 32) for way in ways)
            self._ways, self._step, self._second = (forth, back), 32, 0
        self._surest = _surest(heads["heatmaps"][0], search).data if search else None

    def start(self, cell: int, joint: int) -> tuple[float, float]:
        """Where the joint of a root's cell is.

        8-bit heatmaps have plateaus: the neighbour a root points at knows better where it is.
        """
        row, column = divmod(cell, self._width)
        return self._arrive(*self._arrive(row * self._sy, column * self._sx, joint), joint)

    def walk(self, start: tuple[float, float], root: int) -> tuple[Floats, Floats]:
        """From a root to a whole person: yx (17, 2) px and score (17,)."""
        places = [start] * _JOINTS
        for source, target, edge, way in _TREES[root]:
            y, x = places[source]
            field = self._ways[way]
            at = self._cell(y, x) * self._step + way * self._second + edge
            y, x = self._arrive(y + field[at], x + field[at + 16], target)
            # Interpolating once keeps a point near an edge from being thrown to the wrong side.
            y, x = self._arrive(*self._between(y, x, target), target)
            places[target] = self._settled(y, x, target)
        logits = [
            self._logits[self._cell(y, x) * _JOINTS + joint] for joint, (y, x) in enumerate(places)
        ]
        score = 1.0 / (1.0 + np.exp(-np.clip(np.array(logits, np.float32), -30.0, 30.0)))
        return np.array(places, np.float32), score.astype(np.float32)

    def _settled(self, y: float, x: float, joint: int) -> tuple[float, float]:
        """Where the joint is, as the strongest cell nearby says, if it is strong."""
        if self._surest is None:
            return y, x
        cell = self._surest[self._cell(y, x) * _JOINTS + joint]
        if self._logits[cell * _JOINTS + joint] < _FAINT:
            return y, x
        row, column = divmod(cell, self._width)
        return self._arrive(row * self._sy, column * self._sx, joint)

    def _cell(self, y: float, x: float) -> int:
        """The nearest cell; for what is outside, one at the border."""
        row, column = round(y / self._sy), round(x / self._sx)
        if not 0 <= row <= self._rows:
            row = 0 if row < 0 else self._rows
        if not 0 <= column <= self._columns:
            column = 0 if column < 0 else self._columns
        return row * self._width + column

    def _arrive(self, y: float, x: float, joint: int) -> tuple[float, float]:
        """Where the joint is, as the nearest cell says."""
        row, column = round(y / self._sy), round(x / self._sx)
        if not 0 <= row <= self._rows:
            row = 0 if row < 0 else self._rows
        if not 0 <= column <= self._columns:
            column = 0 if column < 0 else self._columns
        at = (row * self._width + column) * 34 + joint
        offsets = self._offsets
        return row * self._sy + offsets[at], column * self._sx + offsets[at + 17]

    def _between(self, y: float, x: float, joint: int) -> tuple[float, float]:
        """Where the joint is, as the four cells around a point say."""
        v, u = min(max(y / self._sy, 0.0), self._rows), min(max(x / self._sx, 0.0), self._columns)
        row, column = int(v), int(u)
        v, u = v - row, u - column
        a = (row * self._width + column) * 34 + joint
        b = a + 34 if column < self._columns else a
        down = self._width * 34 if row < self._rows else 0
        c, d = a + down, b + down
        one, two, three, four = (1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v
        of = self._offsets
        y += of[a] * one + of[b] * two + of[c] * three + of[d] * four
        a, b, c, d = a + 17, b + 17, c + 17, d + 17
        return y, x + of[a] * one + of[b] * two + of[c] * three + of[d] * four


def _surest(logits: Floats, reach: int) -> Ints:
    """For each cell and joint (h * w * 17,), the strongest cell at most `reach` away."""
    h, w, _ = logits.shape
    best, where = logits, np.broadcast_to(np.arange(h * w).reshape(h, w, 1), logits.shape)
    for axis in (0, 1):  # along columns, then along rows
        before, cells = best.swapaxes(0, axis), where.swapaxes(0, axis)
        best, where = best.copy(), where.copy()
        so_far, at = best.swapaxes(0, axis), where.swapaxes(0, axis)
        for step in range(1, reach + 1):
            ahead, behind = slice(step, None), slice(None, -step)
            for here, there in ((ahead, behind), (behind, ahead)):
                better = before[there] > so_far[here]
                np.copyto(so_far[here], before[there], where=better)
                np.copyto(at[here], cells[there], where=better)
    return where.reshape(-1)


def _flat(head: Floats, size: int) -> memoryview:
    """Numbers one after the other, to be read one by one: a view is twice as fast as an array."""
    return np.ascontiguousarray(head).reshape(size).data


PLUGIN = PoseNet
