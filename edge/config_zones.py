"""The [zones] of a configuration: named areas of the picture that rules speak of."""

from __future__ import annotations

from collections.abc import Mapping

from edge import registry
from edge.config_table import Place
from edge.core.types import Polygon

_ZONE = "draw it: [zones] and below it bed = [[0.1, 0.6], [0.5, 0.6], [0.5, 0.9]]"
_CORNERS = 3  # fewer enclose nothing


def zones_of(table: object, place: Place) -> dict[str, Polygon]:
    """Read the areas, each a list of corners as shares 0..1 of the width and the height."""
    if not isinstance(table, Mapping):
        place.wrong("must be a table", "write [zones] and bed = [[0.1, 0.6], [0.5, 0.6], ...]")
        return {}
    zones = {}
    for name, corners in table.items():
        try:
            zone = tuple((float(x), float(y)) for x, y in corners)
        except (TypeError, ValueError, OverflowError):
            zone = ()
        inside = all(0.0 <= share <= 1.0 for corner in zone for share in corner)
        if len(zone) < _CORNERS or not inside:
            hint = "three corners or more, each [x, y] as shares 0..1 of width and height"
            place.at(name).wrong("is not an area", hint)
        zones[name] = zone
    return zones


def zones_exist(table: object, zones: Mapping[str, Polygon], place: Place) -> None:
    """A rule that names an area nobody drew would be silently off."""
    for key, names in table.items() if isinstance(table, Mapping) else ():
        if not key.endswith("zones") or not isinstance(names, list):
            continue
        for name in names:
            if isinstance(name, str) and name not in zones:
                near = registry.nearest(name, zones) if zones else _ZONE
                place.at(key).wrong(f"no zone '{name}'", near)
