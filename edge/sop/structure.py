"""How steps stand in a list: which are neighbours in any order, and what is after what unless said.

A procedure file lists steps; a step is after those listed before it. Neighbours of one group, or of
one choice, are a block: nothing in it is after anything else in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from edge.sop.procedure import Step


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbours in the list that are after the same steps."""

    steps: tuple[Step, ...]
    follows: bool  # after exactly the steps of the block before it; the first: after nothing

    @property
    def after(self) -> tuple[str, ...]:
        """What all of them are after."""
        return self.steps[0].after

    @property
    def alternatives(self) -> tuple[tuple[Step, ...], ...]:
        """Its steps as listed, those of one choice together where the first of them stands."""
        found: dict[tuple[str, str], list[Step]] = {}
        for step in self.steps:
            key = ("choice", step.choice) if step.choice else ("step", step.name)
            found.setdefault(key, []).append(step)
        return tuple(tuple(members) for members in found.values())


def blocks(steps: Iterable[Step]) -> tuple[Block, ...]:
    """The fewest blocks that these steps, as listed, fall into."""
    found: list[Block] = []
    for after, members in groupby(steps, key=lambda step: step.after):
        before = tuple(step.name for step in found[-1].steps) if found else ()
        found.append(Block(tuple(members), follows=set(after) == set(before)))
    return tuple(found)


def usual(listed: Sequence[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    """What each step is after unless it says so; steps as (name, group, choice), in order."""
    result: list[tuple[str, ...]] = []
    before: tuple[str, ...] = ()
    for _, members in groupby(enumerate(listed), key=_block):
        names = tuple(name for _, (name, _, _) in members)
        result += [before] * len(names)
        before = names
    return result


def _block(numbered: tuple[int, tuple[str, str, str]]) -> tuple[str, str | int]:
    """What is equal for neighbours of one block."""
    number, (_, group, choice) = numbered
    if group:
        return "group", group
    return ("choice", choice) if choice else ("step", number)
