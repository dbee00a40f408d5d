"""Where the names of zones are written: each by its own, and where they hide least."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom px
Size = tuple[float, float]  # width, height px

_NAME = 20.0  # times worse to cover a name than as much of a zone


def places(names: Sequence[Size], zones: Sequence[Rectangle], room: Rectangle) -> list[Rectangle]:
    """For the name of each zone a place in the room, covering no other name if that can be.

    `zones` are the rectangles around them, in the order of the names.
    """
    taken: list[Rectangle] = []
    for (wide, high), zone in zip(names, zones, strict=True):
        spots = [_inside(spot, (wide, high), room) for spot in _spots(zone, wide, high)]
        hidden = [_hidden(spot, taken, zones) for spot in spots]
        taken.append(spots[hidden.index(min(hidden))])
    return taken


def _hidden(spot: Rectangle, names: Sequence[Rectangle], zones: Sequence[Rectangle]) -> float:
    """How much would be covered, px^2 of a zone."""
    below = sum(_common(spot, other) for other in zones)
    return below + _NAME * sum(_common(spot, other) for other in names)


def _inside(spot: tuple[float, float], size: Size, room: Rectangle) -> Rectangle:
    x = max(min(spot[0], room[2] - size[0]), room[0])
    y = max(min(spot[1], room[3] - size[1]), room[1])
    return x, y, x + size[0], y + size[1]


def _spots(zone: Rectangle, wide: float, high: float) -> Iterator[tuple[float, float]]:
    """Upper left corners for a name, the best first."""
    left, top, right, bottom = zone
    middle = (left + right - wide) / 2
    for away in (0.0, high + 1.0):
        for x in (left, right - wide, middle):
            yield from ((x, top - high - away), (x, bottom + away))
    yield from ((left, top), (left, bottom - high), (right, top), (left - wide, top))
    yield middle, (top + bottom - high) / 2


def _common(a: Rectangle, b: Rectangle) -> float:
    """Area that two rectangles share, px^2."""
    wide = min(a[2], b[2]) - max(a[0], b[0])
    return max(0.0, wide) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
