"""From a root of a person to all their keypoints, along PoseNet's displacement fields.

Upstream trusts the displacements. A network that draws better heatmaps than displacements does
better if each arrival looks around for the strongest cell.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from edge.core.types import Floats

Ints = npt.NDArray[np.intp]

JOINTS = 17
_FAINT = -1.5  # logit of a heatmap that says nothing
# Parent and child of each displacement channel: the tree, from the nose outwards.
EDGES = (
    (0, 1), (1, 3), (0, 2), (2, 4), (0, 5), (5, 7), (7, 9), (5, 11),
    (11, 13), (13, 15), (0, 6), (6, 8), (8, 10), (6, 12), (12, 14), (14, 16),
)  # fmt: skip


def _trees() -> tuple[tuple[tuple[int, int, int, int], ...], ...]:
    """For each root joint, the hops to all others: source, target, edge, and which way along it."""
    hops = [(*edge, i, 0) for i, edge in enumerate(EDGES)]
    hops += [(child, parent, i, 1) for i, (parent, child) in enumerate(EDGES)]
    trees = []
    for root in range(JOINTS):
        reached, tree = {root}, []
        while len(reached) < JOINTS:
            step = [hop for hop in hops if hop[0] in reached and hop[1] not in reached]
            tree += step
            reached |= {hop[1] for hop in step}
        trees.append(tuple(tree))
    return tuple(trees)


_TREES = _trees()


class Field:
    """The heads of one picture; points are (y, x) px.

    One walk is sixteen hops after each other: too little for NumPy, whose every call costs more.
    """

    def __init__(self, heads: Mapping[str, Floats], size: tuple[int, int], search: int) -> None:
        h, w = map(int, heads["heatmaps"].shape[1:3])
        self._width = w
        self._rows, self._columns = h - 1, w - 1  # the last of each
        # Inputs are a multiple of the stride plus one: cells sit on pixels 0, s, 2s...
        self._sy, self._sx = (size[0] - 1) / max(h - 1, 1), (size[1] - 1) / max(w - 1, 1)
        self._logits = _flat(heads["heatmaps"], h * w * JOINTS)
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
        places = [start] * JOINTS
        for source, target, edge, way in _TREES[root]:
            y, x = places[source]
            field = self._ways[way]
            at = self._cell(y, x) * self._step + way * self._second + edge
            y, x = self._arrive(y + field[at], x + field[at + 16], target)
            # Interpolating once keeps a point near an edge from being thrown to the wrong side.
            y, x = self._arrive(*self._between(y, x, target), target)
            places[target] = self._settled(y, x, target)
        logits = [
            self._logits[self._cell(y, x) * JOINTS + joint] for joint, (y, x) in enumerate(places)
        ]
        score = 1.0 / (1.0 + np.exp(-np.clip(np.array(logits, np.float32), -30.0, 30.0)))
        return np.array(places, np.float32), score.astype(np.float32)

    def _settled(self, y: float, x: float, joint: int) -> tuple[float, float]:
        """Where the joint is, as the strongest cell nearby says, if it is strong."""
        if self._surest is None:
            return y, x
        cell = self._surest[self._cell(y, x) * JOINTS + joint]
        if self._logits[cell * JOINTS + joint] < _FAINT:
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
