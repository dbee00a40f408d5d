"""A procedure as the sentences that a foreman reads before it watches a shift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields

from edge.sop.procedure import Forbidden, Gesture, HandsApart, InZone, Procedure, Step
from edge.sop.structure import Block, blocks
from edge.sop.walk import every_plain
from edge.sop.words import names, said, seconds, span, stage, stages

__all__ = ["cycle", "explain", "prohibition", "said"]

_OF_HANDS = (InZone, Gesture, HandsApart)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ALL = "every step that must be done has been"


def explain(procedure: Procedure) -> tuple[str, ...]:
    """The whole procedure, a line a sentence or a step; empty lines between parts."""
    title = f": {procedure.title}" if procedure.title else ""
    lines = [f"{procedure.name}{title}", "", *cycle(procedure), ""]
    called = {step.name: step.said for step in procedure.steps}
    for number, block in enumerate(blocks(procedure.steps), start=1):
        lines += _block(number, block, called)
    if procedure.forbidden:
        lines += ["", "Forbidden:"]
        lines += [f"  - {prohibition(one, called)}" for one in procedure.forbidden]
    if procedure.zones:
        lines += ["", f"Zones of the picture: {names(procedure.zones)}."]
    return tuple(lines)


def cycle(procedure: Procedure) -> Iterator[str]:
    """What begins, ends and limits one run, a line a sentence."""
    rules = procedure.cycle
    begins = stage(rules.start) if rules.start else "the first sign of any step"
    yield f"A cycle begins with {begins}."
    yield f"It ends with {stage(rules.end)}." if rules.end else f"It ends when {_ALL}."
    broken = f", or with {stage(rules.abort)}" if rules.abort else ""
    yield f"It is broken off after {seconds(rules.give_up_s)} without a step{broken}."
    if rules.takt_s > 0:
        yield f"The takt, from one cycle's end to the next, is {seconds(rules.takt_s)}."
    if takes := span(rules.least_s, rules.most_s):
        yield f"A cycle takes {takes}."
    if any(isinstance(one, _OF_HANDS) for _, one in every_plain(procedure)):
        yield f"Without a hand for {seconds(rules.absent_s)}, the operator is absent."
    if rules.skipped_s > 0:
        yield f"A step passed over for {seconds(rules.skipped_s)} is called skipped."
    if rules.serial:
        yield f"Every event carries the value of the signal {rules.serial}."


def _block(number: int, block: Block, called: dict[str, str]) -> Iterator[str]:
    """One step, or several in any order, under one number."""
    when = _when(number, block, called)
    parts = block.alternatives
    if len(parts) == 1 and len(parts[0]) == 1:
        opening = f"{when}: " if when else ""
        yield f"{number}. {opening}{_step(block.steps[0])}"
        return
    if len(parts) == 1:
        yield f"{number}. {_opening(when, 'one of these')}:"
        parts = tuple((step,) for step in parts[0])
    else:
        yield f"{number}. {_opening(when, 'in any order')}:"
    for index, members in enumerate(parts):
        letter = _LETTERS[index] if index < len(_LETTERS) else str(index + 1)
        if len(members) == 1:
            yield f"   {letter}. {_step(members[0])}"
        else:
            yield f"   {letter}. One of these:"
            yield from (f"      - {_step(step)}" for step in members)


def _when(number: int, block: Block, called: dict[str, str]) -> str:
    """What a block waits for; empty where it is plain."""
    if number == 1 and block.follows:
        return ""
    if block.follows:
        return "Then"
    if not block.after:
        return "At any time"
    return f"After {names(_quoted(called.get(name, name)) for name in block.after)}"


def _opening(when: str, what: str) -> str:
    return f"{when}, {what}" if when else what.capitalize()


def _step(step: Step) -> str:
    """A step's name, what is seen of it, and its limits."""
    called = f"{step.title} ({step.name})" if step.title else step.name
    return " ".join((f"{called}: {stages(step.stages)}.", *_limits(step)))


def _limits(step: Step) -> Iterator[str]:
    if step.optional:
        yield "It may be left out."
    if step.times > 1 or step.more:
        yield f"{_times(step)}."
    if takes := span(step.least_s, step.most_s):
        yield f"It takes {takes}."
    if step.wait_least_s > 0:
        yield f"It begins {seconds(step.wait_least_s)} after it became possible, or later."
    if step.wait_most_s > 0:
        yield f"It is late {seconds(step.wait_most_s)} after it became possible."
    if step.done == "over":
        yield "It is complete when the last of that is over."
    usual = next(field.default for field in fields(Step) if field.name == "within_s")
    if len(step.stages) > 1 and step.within_s != usual:
        yield f"At most {seconds(step.within_s)} pass between its parts."


def _times(step: Step) -> str:
    count = "once" if step.times == 1 else "twice" if step.times == len("ab") else ""
    count = count or f"{step.times} times"
    return f"It is done {count}, or more often" if step.more else f"It is done {count}"


def prohibition(one: Forbidden, called: Mapping[str, str]) -> str:
    """Something forbidden; `called` is what people call each step."""
    what = said(one.when) if one.when else "nothing"
    held = f" for {seconds(one.hold_s)}" if one.hold_s > 0 else ""
    during = names((_quoted(called.get(name, name)) for name in one.during), "or")
    when = f"while {during} is done" if during else "at all times"
    title = f"{one.title} ({one.name})" if one.title else one.name
    return f"{title}: {what}{held}, {when} ({one.severity})."


def _quoted(title: str) -> str:
    return f"'{title}'"
