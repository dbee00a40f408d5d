"""Steps as cards, and cards that belong together as stacks, to be drawn as a graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from edge.pictures.ink import BLACK, GREY, PALE, WHITE, Colour, Sheet, ascii_of, width, wrapped
from edge.sop.procedure import Condition, InZone, Step
from edge.sop.structure import Block
from edge.sop.walk import plain
from edge.sop.words import limits, said, seconds

WIDE = 264.0  # px of a card
_PAD = 10.0
_TITLE, _SMALL = 8.6, 6.9  # px, height of capitals
_ROW = 15.0  # px, of a small line
_LINE = 17.0  # px, of a title's line
_STAGES = 4  # more are counted, not shown
_CHIP = 8.0  # px

Colours = Mapping[str, Colour]  # of each zone


class Drawn(Protocol):
    """Something with a size that draws itself."""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, px."""
        ...

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        """Draw it with its upper left corner there."""
        ...


@dataclass(frozen=True, slots=True)
class Card:
    """One step: its number and title, what is seen of it, and its limits."""

    number: int
    step: Step
    colours: Colours

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, px."""
        rows = len(self._stages) + bool(self._limits)
        return WIDE, 2 * _PAD + len(self._title) * _LINE + rows * _ROW

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        """Draw it with its upper left corner there."""
        dashed = self.step.optional
        sheet.box((x, y), self.size, BLACK, WHITE, 1.2, dashed=dashed)
        at = y + _PAD + 10.0
        sheet.text(str(self.number), x + _PAD, at, _TITLE, GREY, bold=True)
        for line in self._title:
            sheet.text(line, x + _PAD + self._indent, at, _TITLE, bold=True)
            at += _LINE
        at += 1.0
        for colour, words in self._stages:
            left = x + _PAD + self._indent
            if colour is not None:
                chip = (left, at - _CHIP + 0.5)
                sheet.box(chip, (_CHIP, _CHIP), GREY if colour == WHITE else colour, colour, 0.8)
            sheet.text(words, left + _CHIP + 5.0, at, _SMALL, BLACK)
            at += _ROW
        if self._limits:
            sheet.text(self._limits, x + _PAD + self._indent, at, _SMALL, GREY)

    @property
    def _indent(self) -> float:
        return width(str(self.number), _TITLE, bold=True) + 8.0

    @property
    def _title(self) -> list[str]:
        most = WIDE - 2 * _PAD - self._indent
        words = ascii_of(self.step.said, self.step.name)
        return wrapped(words, _TITLE, most, 2, bold=True) or [""]

    @property
    def _stages(self) -> list[tuple[Colour | None, str]]:
        most = WIDE - 2 * _PAD - self._indent - _CHIP - 5.0
        found: list[tuple[Colour | None, str]] = []
        for stage in self.step.stages[:_STAGES]:
            held = f", {seconds(stage.hold_s)}" if stage.hold_s > 0 else ""
            words = f"{ascii_of(said(stage.when)).removeprefix('the ')}{held}"
            chips = [self._colour(stage.when), None, None]
            found += zip(chips, wrapped(words, _SMALL, most, 3), strict=False)
        if (more := len(self.step.stages) - _STAGES) > 0:
            found.append((None, f"and {more} more"))
        return found

    def _colour(self, condition: Condition) -> Colour:
        """That of the first zone a condition speaks of; white where it speaks of none."""
        zones = (one.zone for _, one in plain(condition) if isinstance(one, InZone))
        return self.colours.get(next(zones, ""), WHITE)

    @property
    def _limits(self) -> str:
        words = ",  ".join(limits(self.step))
        most = WIDE - 2 * _PAD - self._indent
        return wrapped(words, _SMALL, most, 1)[0] if words else ""


@dataclass(frozen=True, slots=True)
class Stack:
    """Cards in any order, or of which one is done."""

    title: str
    items: Sequence[Drawn]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, px."""
        sizes = [item.size for item in self.items]
        high = sum(height for _, height in sizes) + (len(sizes) - 1) * _PAD
        return max(wide for wide, _ in sizes) + 2 * _PAD, high + 2 * _PAD + _LINE

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        """Draw it with its upper left corner there."""
        sheet.box((x, y), self.size, GREY, PALE)
        sheet.text(self.title, x + _PAD, y + _PAD + 8.0, _SMALL, GREY)
        at = y + _PAD + _LINE
        for item in self.items:
            item.draw(sheet, x + (self.size[0] - item.size[0]) / 2, at)
            at += item.size[1] + _PAD


def stacked(block: Block, cards: Mapping[str, Card]) -> Drawn:
    """A block as one thing to draw."""
    parts: list[Drawn] = []
    for members in block.alternatives:
        own = [cards[step.name] for step in members]
        parts.append(Stack("one of these", own) if len(own) > 1 else own[0])
    return parts[0] if len(parts) == 1 else Stack("in any order", parts)
