"""Where the boxes of a drawn graph go: rows by precedence, few crossings, arrows around boxes.

Sugiyama's way: rows by the longest path, a bend in every row that an arrow passes, an order that
the neighbours' middles suggest, and places as near to the neighbours as the widths allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_SWEEPS = 8
_BEND = 14.0  # px, the width that an arrow takes between boxes


@dataclass(frozen=True, slots=True)
class Spot:
    """A box, or a bend of an arrow (`height` 0): its middle, px right and down of the top left."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by index, arrows as the points they pass, and the size of all, px."""

    boxes: tuple[Spot, ...]
    arrows: Mapping[tuple[int, int], tuple[tuple[float, float], ...]]
    size: tuple[float, float]


def layout(
    sizes: Sequence[tuple[float, float]],
    arrows: Iterable[tuple[int, int]],
    gap: tuple[float, float] = (24.0, 40.0),
) -> Layout:
    """Lay out boxes of (width, height) px; `arrows` go from index to index.

    Of the arrows in a circle, one goes up again, at the right of all boxes.
    """
    plan = _Plan.of(sizes, sorted(set(arrows)), gap[0])
    plan.order()
    xs = plan.places()
    rows = [max((plan.heights[node] for node in row), default=0.0) for row in plan.rows]
    tops = [sum(rows[:number]) + gap[1] * number for number in range(len(rows))]
    left = min((xs[node] - plan.widths[node] / 2 for node in xs), default=0.0)
    right = max((xs[node] + plan.widths[node] / 2 for node in xs), default=0.0)
    spots = {
        node: Spot(
            xs[node] - left, top + plan.heights[node] / 2, plan.widths[node], plan.heights[node]
        )
        for row, top in zip(plan.rows, tops, strict=True)
        for node in row
    }
    bottom = sum(rows) + gap[1] * max(len(rows) - 1, 0)
    levels = {
        node: (top, top + height)
        for row, top, height in zip(plan.rows, tops, rows, strict=True)
        for node in row
    }
    up = [arrow for arrow, way in plan.ways.items() if levels[way[-1]] <= levels[way[0]]]
    wide = right - left + (_BEND * (1 + len(up)) if up else 0.0)
    ways = {arrow: _points(way, spots, levels) for arrow, way in plan.ways.items()}
    for number, (a, b) in enumerate(up, start=1):
        side = right - left + _BEND * number
        ways[a, b] = (_right(spots[a]), (side, spots[a].y), (side, spots[b].y), _right(spots[b]))
    return Layout(tuple(spots[number] for number in range(len(sizes))), ways, (wide, bottom))


def _right(box: Spot) -> tuple[float, float]:
    return box.x + box.width / 2, box.y


def _points(
    way: Sequence[int], spots: Mapping[int, Spot], levels: Mapping[int, tuple[float, float]]
) -> tuple[tuple[float, float], ...]:
    """From a box's lower edge, straight through every row, to the next one's upper edge."""
    first, last = spots[way[0]], spots[way[-1]]
    bends = [(spots[node].x, y) for node in way[1:-1] for y in levels[node]]
    return (
        (first.x, first.y + first.height / 2),
        (first.x, levels[way[0]][1]),
        *bends,
        (last.x, levels[way[-1]][0]),
        (last.x, last.y - last.height / 2),
    )


@dataclass(slots=True)
class _Plan:
    """Nodes are boxes first, then bends."""

    rows: list[list[int]]
    widths: list[float]
    heights: list[float]
    ways: dict[tuple[int, int], list[int]]  # of each arrow, all nodes that it passes
    above: list[list[int]]  # neighbours of each node in the row above
    below: list[list[int]]
    gap: float

    @staticmethod
    def of(
        sizes: Sequence[tuple[float, float]], arrows: Sequence[tuple[int, int]], gap: float
    ) -> _Plan:
        """Rows by the longest path, and a bend in each row that an arrow passes."""
        row = _rows(len(sizes), arrows)
        rows: list[list[int]] = [[] for _ in range(max(row, default=-1) + 1)]
        for node, number in enumerate(row):
            rows[number].append(node)
        plan = _Plan(rows, [w for w, _ in sizes], [h for _, h in sizes], {}, [], [], gap)
        plan.above = [[] for _ in sizes]
        plan.below = [[] for _ in sizes]
        for a, b in arrows:
            between = [plan.bend(number) for number in range(row[a] + 1, row[b])]
            plan.ways[a, b] = way = [a, *between, b]
            for upper, lower in pairwise(way if row[a] < row[b] else []):
                plan.below[upper].append(lower)
                plan.above[lower].append(upper)
        return plan

    def bend(self, number: int) -> int:
        """A new bend in a row."""
        self.widths.append(_BEND)
        self.heights.append(0.0)
        self.above.append([])
        self.below.append([])
        self.rows[number].append(len(self.widths) - 1)
        return len(self.widths) - 1

    def order(self) -> None:
        """Sort the rows by where their neighbours are; keep the best of several tries."""
        best = [list(row) for row in self.rows]
        fewest = self.crossings()
        for sweep in range(_SWEEPS):
            down = sweep % 2 == 0
            numbers = range(1, len(self.rows))
            for number in numbers if down else [n - 1 for n in reversed(numbers)]:
                self._sort(number, self.above if down else self.below)
            if (crossings := self.crossings()) < fewest:
                best, fewest = [list(row) for row in self.rows], crossings
        self.rows = best

    def crossings(self) -> int:
        """How many pairs of arrows cross."""
        count = 0
        for number, row in enumerate(self.rows[1:]):
            at = {node: index for index, node in enumerate(self.rows[number])}
            ends = [sorted(at[upper] for upper in self.above[node]) for node in row]
            for index, mine in enumerate(ends):
                count += sum(a > b for a in mine for later in ends[index + 1 :] for b in later)
        return count

    def places(self) -> dict[int, float]:
        """The middle of each node, px from anywhere."""
        xs: dict[int, float] = {}
        for row in self.rows:
            self._settle(row, dict.fromkeys(row, 0.0), xs)
        for sweep in range(2 * _SWEEPS):
            down = sweep % 2 == 0
            for row in self.rows if down else self.rows[::-1]:
                near = self.above if down else self.below
                wanted = {
                    node: _mean([xs[other] for other in near[node]], xs[node]) for node in row
                }
                self._settle(row, wanted, xs)
        return xs

    def _sort(self, number: int, near: list[list[int]]) -> None:
        at = {node: index for row in self.rows for index, node in enumerate(row)}
        self.rows[number].sort(
            key=lambda node: _mean([float(at[other]) for other in near[node]], float(at[node]))
        )

    def _settle(self, row: list[int], wanted: Mapping[int, float], xs: dict[int, float]) -> None:
        """As near to where they want to be as order and widths allow, by least squares."""
        offsets, at = [], 0.0
        for index, node in enumerate(row):
            if index:
                at += (self.widths[row[index - 1]] + self.widths[node]) / 2 + self.gap
            offsets.append(at)
        # Pool adjacent violators: nodes that would overlap move as one.
        pools: list[tuple[float, int]] = []  # mean, how many
        for node, offset in zip(row, offsets, strict=True):
            mean, count = wanted[node] - offset, 1
            while pools and pools[-1][0] > mean:
                other, more = pools.pop()
                mean, count = (mean * count + other * more) / (count + more), count + more
            pools.append((mean, count))
        means = [mean for mean, count in pools for _ in range(count)]
        for node, offset, mean in zip(row, offsets, means, strict=True):
            xs[node] = mean + offset


def _rows(count: int, arrows: Sequence[tuple[int, int]]) -> list[int]:
    """The row of each box, by the longest path; arrows that close a circle do not count."""
    below: list[list[int]] = [[] for _ in range(count)]
    for a, b in arrows:
        below[a].append(b)
    order = _sorted(below)
    at = {node: index for index, node in enumerate(order)}
    row = [0] * count
    for a in order:
        for b in below[a]:
            if at[a] < at[b]:
                row[b] = max(row[b], row[a] + 1)
    return row


def _sorted(below: Sequence[Sequence[int]]) -> list[int]:
    """The boxes, each before those below it, as far as circles allow (depth first)."""
    done: list[int] = []
    seen: set[int] = set()
    for first in range(len(below)):
        todo = [] if first in seen else [(first, iter(below[first]))]
        seen.add(first)
        while todo:
            node, rest = todo[-1]
            following = next((other for other in rest if other not in seen), None)
            if following is None:
                done.append(node)
                todo.pop()
            else:
                seen.add(following)
                todo.append((following, iter(below[following])))
    return done[::-1]


def _mean(values: Sequence[float], usual: float) -> float:
    return sum(values) / len(values) if values else usual
