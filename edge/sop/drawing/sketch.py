"""The order of a procedure's steps as a few lines of text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from edge.sop.procedure import Procedure, Step
from edge.sop.structure import Block, blocks
from edge.sop.words import limits, names


def sketch(procedure: Procedure) -> tuple[str, ...]:
    """Down the lines, a bar joins what is done one after the other."""
    numbers = {step.name: number for number, step in enumerate(procedure.steps, start=1)}
    lines: list[str] = []
    for block in blocks(procedure.steps):
        joined = block.follows and bool(block.after)
        if lines:
            lines.append("  |" if joined else "")
        note = "" if block.follows else _after(block, numbers)
        lines += _block(block, numbers, note)
    return tuple(lines)


def _block(block: Block, numbers: dict[str, int], note: str) -> Iterator[str]:
    parts = block.alternatives
    if len(block.steps) == 1:
        yield f"  o {_step(block.steps[0], numbers)}{note}"
        return
    if len(parts) == 1:
        yield f"  o one of these{note}"
        yield from (f"  |   {_step(step, numbers)}" for step in parts[0])
        return
    yield f"  o in any order{note}"
    for members in parts:
        if len(members) > 1:
            yield "  |   one of these"
        indent = "  |     " if len(members) > 1 else "  |   "
        yield from (f"{indent}{_step(step, numbers)}" for step in members)


def _after(block: Block, numbers: dict[str, int]) -> str:
    known = [str(numbers[name]) for name in block.after if name in numbers]
    return f"    after {names(known)}" if known else "    at any time"


def _step(step: Step, numbers: dict[str, int]) -> str:
    title = f"  {step.title}" if step.title else ""
    notes = ", ".join(limits(step))
    return f"{numbers[step.name]} {step.name}{title}{f'  ({notes})' if notes else ''}"
