"""A procedure as one picture: its zones over a frame, and beside them the graph of its steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from edge.core.types import Box, Image, Polygon
from edge.pictures.ink import (
    BLACK,
    GREY,
    PALE,
    RED,
    WHITE,
    Colour,
    Point,
    Sheet,
    ascii_of,
    width,
    wrapped,
)
from edge.pictures.labels import places
from edge.pictures.steps import chart
from edge.sop.explain import cycle, prohibition
from edge.sop.procedure import InZone, Procedure
from edge.sop.walk import plain

_PALETTE: tuple[Colour, ...] = (
    *((25, 110, 190), (225, 120, 0), (30, 140, 70), (140, 70, 190), (0, 150, 165)),
    *((190, 60, 140), (120, 120, 10), (125, 80, 60), (70, 90, 130), (60, 160, 20)),
    *((0, 60, 120), (160, 95, 0), (0, 100, 90), (100, 40, 110), (105, 105, 105)),
)
_LEFT = 900.0  # px, the width of the frame on the sheet
_NARROW = 380.0  # px, the width of what is said in words where there are no zones to show
_RATIO = 9 / 16  # of a sheet without a frame
_MARGIN = 28.0
_GAP = 40.0  # px between frame and graph
_HEAD, _TITLE, _TEXT, _LABEL = 72.0, 13.0, 8.2, 8.6  # px
_LINE = 19.0  # px of a line of text
_TICKS = 10  # of each side: people correct corners by them


def picture(
    procedure: Procedure,
    frame: Image | None = None,
    zones: Mapping[str, Polygon] | None = None,
) -> Image:
    """An RGB picture; `zones` are the camera's, which replace the file's of the same name."""
    areas = {**procedure.zones, **(zones or {})}
    areas = {name: zone for name, zone in areas.items() if zone}
    colours = {name: _PALETTE[i % len(_PALETTE)] for i, name in enumerate(areas)}
    steps = chart(procedure, colours)
    window = frame is not None or bool(areas)
    left = _LEFT if window else _NARROW
    ratio = frame.shape[0] / frame.shape[1] if frame is not None else _RATIO
    text = list(_text(procedure, left))
    under = _HEAD + left * ratio + _LINE if window else _HEAD
    high = max(under + (1 + len(text)) * _LINE, _HEAD + steps.size[1])
    sheet = Sheet(2 * _MARGIN + left + _GAP + max(steps.size[0], _GAP), high + _MARGIN)
    _title(sheet, procedure)
    if window:
        place = _Window(sheet, _MARGIN, _HEAD, left, left * ratio)
        place.draw(frame, areas, colours, _forbidden(procedure))
    for number, (line, colour) in enumerate(text, start=1):
        sheet.text(line, _MARGIN, under + number * _LINE, _TEXT, colour)
    steps.draw(sheet, _MARGIN + left + _GAP, _HEAD)
    return sheet.finished()


def _title(sheet: Sheet, procedure: Procedure) -> None:
    title = ascii_of(procedure.said, procedure.name)
    sheet.text(title, _MARGIN, 44.0, _TITLE, BLACK, bold=True)
    if title != procedure.name:
        x = _MARGIN + width(title, _TITLE, bold=True) + 14.0
        sheet.text(procedure.name, x, 44.0, _LABEL, GREY)


def _text(procedure: Procedure, wide: float) -> Iterator[tuple[str, Colour]]:
    """What stands below the frame: the cycle, and in red what is forbidden."""
    called = {step.name: step.said for step in procedure.steps}
    for line in cycle(procedure):
        yield from ((part, BLACK) for part in wrapped(ascii_of(line), _TEXT, wide, 3))
    for one in procedure.forbidden:
        line = f"Forbidden: {prohibition(one, called)}"
        words = ascii_of(line, f"Forbidden: {one.name}")
        yield from ((part, RED) for part in wrapped(words, _TEXT, wide, 4))


def _forbidden(procedure: Procedure) -> frozenset[str]:
    """The zones that something forbidden speaks of."""
    return frozenset(
        condition.zone
        for one in procedure.forbidden
        if one.when is not None
        for _, condition in plain(one.when)
        if isinstance(condition, InZone)
    )


@dataclass(frozen=True, slots=True)
class _Window:
    """Where the frame stands on the sheet, px."""

    sheet: Sheet
    x: float
    y: float
    wide: float
    high: float

    def draw(
        self,
        frame: Image | None,
        zones: Mapping[str, Polygon],
        colours: Mapping[str, Colour],
        forbidden: frozenset[str],
    ) -> None:
        """The frame, the zones over it, and their names where they hide least."""
        if frame is None:
            self.sheet.box((self.x, self.y), (self.wide, self.high), PALE, PALE)
        else:
            self.sheet.picture(frame, self.x, self.y, self.wide, self.high)
        self._ticks(lines=frame is None)
        for name, zone in zones.items():
            corners = [self._at(corner) for corner in zone]
            bad = name in forbidden
            self.sheet.area(corners, colours[name], 0.28)
            self.sheet.line([*corners, corners[0]], WHITE, 4.0)
            self.sheet.line([*corners, corners[0]], RED if bad else colours[name], 2.2, dashed=bad)
        called = {
            name: ascii_of(name, f"zone {number}") + ("  (forbidden)" if name in forbidden else "")
            for number, name in enumerate(zones, start=1)
        }
        sizes = [(width(words, _LABEL, bold=True) + 12.0, 20.0) for words in called.values()]
        room = (self.x, self.y, self.x + self.wide, self.y + self.high)
        spots = places(sizes, [self._around(zone) for zone in zones.values()], room)
        for (name, words), spot in zip(called.items(), spots, strict=True):
            self._label(words, spot, colours[name])

    def _around(self, zone: Polygon) -> Box:
        """The smallest rectangle that holds a zone."""
        xs, ys = zip(*(self._at(corner) for corner in zone), strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def _at(self, corner: Point) -> Point:
        """A corner on the sheet; what is outside the picture lies on its border."""
        x, y = (min(max(share, 0.0), 1.0) if share == share else 0.0 for share in corner)  # noqa: PLR0124 - NaN
        return self.x + x * self.wide, self.y + y * self.high

    def _ticks(self, *, lines: bool) -> None:
        for number in range(1, _TICKS):
            share = number / _TICKS
            x, y = self._at((share, share))
            if lines:
                self.sheet.line([(x, self.y), (x, self.y + self.high)], WHITE)
                self.sheet.line([(self.x, y), (self.x + self.wide, y)], WHITE)
            self.sheet.line([(x, self.y + self.high), (x, self.y + self.high + 5.0)], GREY)
            self.sheet.line([(self.x - 5.0, y), (self.x, y)], GREY)
            self.sheet.text(f".{number}", x - 4.0, self.y + self.high + 14.0, 5.5, GREY)
            self.sheet.text(f".{number}", self.x - 19.0, y + 3.0, 5.5, GREY)

    def _label(self, words: str, spot: Box, colour: Colour) -> None:
        """Write a zone's name on a strip."""
        left, top, right, bottom = spot
        self.sheet.area([(left, top), (right, top), (right, bottom), (left, bottom)], colour)
        self.sheet.text(words, left + 6.0, bottom - 6.0, _LABEL, WHITE, bold=True)
