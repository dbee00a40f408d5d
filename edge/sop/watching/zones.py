"""A zone made ready for asking often: plain floats, since NumPy costs more than a few edges do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from edge.core.types import Polygon


@dataclass(frozen=True, slots=True)
class Area:
    """The edges of one polygon, in shares of the picture's width and height."""

    edges: tuple[tuple[float, float, float, float], ...]  # x0, y0, x1, y1
    box: tuple[float, float, float, float]  # x0, y0, x1, y1

    def holds(self, x: float, y: float) -> bool:
        """Even-odd rule; a point on the left or upper border counts as inside."""
        x0, y0, x1, y1 = self.box
        if not (x0 <= x <= x1 and y0 <= y <= y1):
            return False
        hit = False
        for ax, ay, bx, by in self.edges:
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                hit = not hit
        return hit

    def near(self, x: float, y: float, within: float, tall: float) -> bool:
        """Inside, or at most `within` shares of the width away; `tall` is height / width."""
        x0, y0, x1, y1 = self.box
        rise = within / tall if tall > 0 else 0.0
        if not (x0 - within <= x <= x1 + within and y0 - rise <= y <= y1 + rise):
            return False
        return self.holds(x, y) or any(
            _distance(x - ax, (y - ay) * tall, bx - ax, (by - ay) * tall) <= within
            for ax, ay, bx, by in self.edges
        )


def area(polygon: Polygon) -> Area:
    """Make a polygon ready; one without corners holds nothing."""
    if not polygon:
        return Area((), (math.inf, math.inf, -math.inf, -math.inf))
    xs, ys = zip(*polygon, strict=True)
    corners = zip((polygon[-1], *polygon[:-1]), polygon, strict=True)
    edges = tuple((*before, *corner) for before, corner in corners)
    return Area(edges, (min(xs), min(ys), max(xs), max(ys)))


@dataclass(frozen=True, slots=True)
class Areas:
    """The zones as they are now: the camera's where it has one of that name, else our own."""

    own: Mapping[str, Polygon]  # the procedure's
    camera: Mapping[str, Polygon]
    ready: Mapping[str, Area]

    def of(self, camera: Mapping[str, Polygon]) -> Areas:
        """The same, as long as the camera's zones are."""
        return self if camera is self.camera or camera == self.camera else areas(self.own, camera)


def areas(own: Mapping[str, Polygon], camera: Mapping[str, Polygon]) -> Areas:
    """Make a procedure's zones ready; those of the camera with the same names replace them."""
    ready = {name: area(polygon) for name, polygon in {**own, **camera}.items()}
    return Areas(own, camera, ready)


def _distance(x: float, y: float, dx: float, dy: float) -> float:
    """From a point to the line between the origin and (dx, dy)."""
    length = dx * dx + dy * dy
    share = min(max((x * dx + y * dy) / length, 0.0), 1.0) if length > 0 else 0.0
    return math.hypot(x - share * dx, y - share * dy)
