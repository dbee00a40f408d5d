"""The graph of a procedure's steps, ready to be drawn on a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from edge.pictures.cards import Card, Colours, Drawn, stacked
from edge.pictures.ink import GREY, RED, Sheet
from edge.sop.drawing.layout import Layout, layout
from edge.sop.graph import Graph, graph
from edge.sop.procedure import Procedure, Step
from edge.sop.structure import Block


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn, and where."""

    drawn: tuple[Drawn, ...]
    plan: Layout

    @property
    def size(self) -> tuple[float, float]:
        """Width and height, px."""
        return self.plan.size

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        """Draw it with its upper left corner there."""
        for points in self.plan.arrows.values():
            way = [(x + px, y + py) for px, py in points]
            if way[0][1] < way[-1][1]:
                sheet.arrow(way, GREY)
            else:  # back up: steps that wait for each other
                end = way[-1]
                sheet.line(way, RED, 1.4, dashed=True)
                sheet.area([end, *((end[0] + 9.0, end[1] + dy) for dy in (-4.5, 4.5))], RED)
        for item, spot in zip(self.drawn, self.plan.boxes, strict=True):
            item.draw(sheet, x + spot.x - spot.width / 2, y + spot.y - spot.height / 2)


def chart(procedure: Procedure, colours: Colours) -> Chart:
    """Cards in rows by precedence; those in any order, and choices, as one stack."""
    way = graph(procedure.steps)
    cards = {
        step.name: Card(number, step, colours)
        for number, step in enumerate(procedure.steps, start=1)
    }
    drawn: list[Drawn] = []
    place: dict[str, int] = {}
    for together in _together(procedure, way):
        place.update((step.name, len(drawn)) for step in together)
        drawn.append(stacked(Block(together, follows=False), cards))
    arrows = {(place[a], place[b]) for a, b in way.arrows if place[a] != place[b]}
    return Chart(tuple(drawn), layout([item.size for item in drawn], arrows))


def _together(procedure: Procedure, way: Graph) -> Iterator[tuple[Step, ...]]:
    """Steps between the same others, which may be done in any order, wherever they are listed."""
    direct = {
        name: frozenset(before for unit in way.after[name] for before in unit) for name in way.names
    }
    found: dict[tuple[frozenset[str], frozenset[str]], list[Step]] = {}
    for step in procedure.steps:
        followers = frozenset(name for name in way.names if step.name in direct[name])
        found.setdefault((direct[step.name], followers), []).append(step)
    yield from (tuple(steps) for steps in found.values())
