"""Where the names of zones are written: each by its own, and where they hide least."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edge.core.geometry import overlap
from edge.core.types import Box

Size = tuple[float, float]  # width, height px

_NAME = 20.0  # times worse to cover a name than as much of a zone


def places(names: Sequence[Size], zones: Sequence[Box], room: Box) -> list[Box]:
    """For the name of each zone a place in the room, covering no other name if that can be.

    `zones` are the rectangles around them, in the order of the names.
    """
    taken: list[Box] = []
    for (wide, high), zone in zip(names, zones, strict=True):
        spots = [_inside(spot, (wide, high), room) for spot in _spots(zone, wide, high)]
        hidden = [_hidden(spot, taken, zones) for spot in spots]
        taken.append(spots[hidden.index(min(hidden))])
    return taken


def _hidden(spot: Box, names: Sequence[Box], zones: Sequence[Box]) -> float:
    """How much would be covered, px^2 of a zone."""
    below = sum(overlap(spot, other) for other in zones)
    return below + _NAME * sum(overlap(spot, other) for other in names)


def _inside(spot: tuple[float, float], size: Size, room: Box) -> Box:
    x = max(min(spot[0], room[2] - size[0]), room[0])
    y = max(min(spot[1], room[3] - size[1]), room[1])
    return x, y, x + size[0], y + size[1]


def _spots(zone: Box, wide: float, high: float) -> Iterator[tuple[float, float]]:
    """Upper left corners for a name, the best first."""
    left, top, right, bottom = zone
    middle = (left + right - wide) / 2
    for away in (0.0, high + 1.0):
        for x in (left, right - wide, middle):
            yield from ((x, top - high - away), (x, bottom + away))
    yield from ((left, top), (left, bottom - high), (right, top), (left - wide, top))
    yield middle, (top + bottom - high) / 2
