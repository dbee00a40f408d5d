"""A `Procedure` as the text of a procedure file, commented, that reads back as an equal one.

Only what differs from the defaults is written, and what a setting means stands beside it where it
first appears. Neighbours that are after the same steps become a group.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from edge.sop.procedure import (
    AllOf,
    AnyOf,
    BodyPose,
    Condition,
    CycleRules,
    Forbidden,
    Gesture,
    HandsApart,
    InZone,
    Not,
    Procedure,
    SignalIs,
    Stage,
    Step,
)
from edge.sop.structure import blocks, usual

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDTH = 100  # a list longer than this is written a line a part
_SURPRISE = 2.0
_MEANINGS = {
    "when": "what is seen, one after the other; hold_s: this much of it",
    "after": "steps that must have been done; [] after nothing",
    "group": "neighbours with the same word: in any order",
    "start": "absent: the first sign of any step",
    "end": "absent: every step that must be done has been",
    "abort": "what breaks a cycle off",
}


def write_procedure(procedure: Procedure, notes: Mapping[str, str] | None = None) -> str:
    """Give the TOML text; raises ValueError for a forbidden thing without a condition.

    `notes` are comments by place, each of any number of lines: "" at the top, "zones", "cycle",
    "zones.<name>", "step.<name>" and "forbidden.<name>" above what they are about.
    """
    return "\n".join(_Writer(notes or {}).lines(procedure)) + "\n"


class _Writer:
    """Remembers which settings have been explained."""

    def __init__(self, notes: Mapping[str, str]) -> None:
        self._notes = notes
        self._told: set[str] = set()

    def lines(self, procedure: Procedure) -> Iterator[str]:
        yield from self._note("")
        yield f"name = {quoted(procedure.name)}"
        if procedure.title:
            yield f"title = {quoted(procedure.title)}"
        if procedure.surprise != _SURPRISE:
            meaning = "times the hold that a step needs which is not expected"
            yield f"surprise = {_number(procedure.surprise)}  # {meaning}"
        if procedure.zones:
            yield from ("", *self._note("zones"))
            yield "[zones]  # corners [x, y] as shares of the picture's width and height"
            for name, corners in procedure.zones.items():
                yield from self._note(f"zones.{name}")
                yield f"{_key(name)} = {_polygon(corners)}"
        yield from self._cycle(procedure.cycle)
        for step, plain in _laid_out(procedure.steps):
            yield from ("", *self._note(f"step.{step.name}"), "[[step]]")
            yield from self._settings(step, plain, ("name", "title", "when", "after", "group"))
        for one in procedure.forbidden:
            if one.when is None:
                message = f"'{one.name}' forbids nothing"
                raise ValueError(message)
            plain = {"when": _condition(one.when)}
            yield from ("", *self._note(f"forbidden.{one.name}"), "[[forbidden]]")
            yield from self._settings(one, plain, ("name", "title", "when"))

    def _cycle(self, rules: CycleRules) -> Iterator[str]:
        stages = {"start": rules.start, "end": rules.end, "abort": rules.abort}
        plain = {key: _stage(stage) for key, stage in stages.items() if stage is not None}
        lines = [*self._note("cycle"), "[cycle]"]
        settings = list(self._settings(rules, plain, tuple(stages)))
        if settings or len(lines) > 1:
            yield from ("", *lines, *settings)

    def _settings(
        self, of: Step | Forbidden | CycleRules, plain: Mapping[str, str], first: tuple[str, ...]
    ) -> Iterator[str]:
        """Lines of a table: the `first` keys first; `plain` are those already written."""
        given = dict(plain)
        meanings = dict(_MEANINGS)
        for field in fields(of):
            value = getattr(of, field.name)
            meanings.setdefault(field.name, field.metadata.get("doc", ""))
            own = field.name not in (*_MEANINGS, "stages")
            if own and (value != field.default or field.name == "name"):
                given[field.name] = _value(value)
        for key in sorted(given, key=lambda key: first.index(key) if key in first else len(first)):
            yield from self._explained(f"{key} = {given[key]}", key, meanings[key])

    def _explained(self, line: str, key: str, meaning: str) -> Iterator[str]:
        """A setting, with its meaning the first time."""
        if not meaning or key in self._told or key in ("name", "title"):
            yield line
            return
        self._told.add(key)
        if "\n" in line or len(line) + len(meaning) > _WIDTH:
            yield from (f"# {key}: {meaning}", line)
        else:
            yield f"{line}  # {meaning}"

    def _note(self, place: str) -> Iterator[str]:
        for line in self._notes.get(place, "").splitlines():
            yield f"# {_printable(line)}".rstrip()


def _laid_out(steps: tuple[Step, ...]) -> Iterator[tuple[Step, dict[str, str]]]:
    """Each step with its group, and what it is after unless that goes without saying."""
    groups: list[str] = []
    count = 0
    for block in blocks(steps):
        mixed = len(block.alternatives) > 1
        count += mixed
        groups += [f"any-order-{count}" if mixed else ""] * len(block.steps)
    befores = usual([(s.name, group, s.choice) for s, group in zip(steps, groups, strict=True)])
    for step, group, before in zip(steps, groups, befores, strict=True):
        plain = {"when": _stages(step.stages)}
        if step.after != before:
            plain["after"] = _value(step.after)
        if group:
            plain["group"] = quoted(group)
        yield step, plain


def _stages(stages: tuple[Stage, ...]) -> str:
    if len(stages) == 1:
        return _stage(stages[0])
    return _several([_stage(stage) for stage in stages])


def _stage(stage: Stage) -> str:
    held = f", hold_s = {_number(stage.hold_s)} }}" if stage.hold_s else " }"
    return _condition(stage.when).removesuffix(" }") + held


def _condition(condition: Condition) -> str:
    return f"{{ {', '.join(_keys(condition))} }}"


def _keys(condition: Condition) -> Iterator[str]:  # noqa: C901 - one branch a kind of condition
    hand = getattr(condition, "hand", "any")
    if hand != "any" or isinstance(condition, (InZone, Gesture)):
        yield f"hand = {quoted(hand)}"
    if isinstance(condition, InZone):
        near = condition.within > 0 and condition.way == "in"
        yield f"{'near' if near else condition.way} = {quoted(condition.zone)}"
        if condition.within > 0:
            yield f"within = {_number(condition.within)}"
    elif isinstance(condition, HandsApart):
        bounds = [f"least = {_number(condition.least)}"] if condition.least else []
        if math.isfinite(condition.most):
            bounds.append(f"most = {_number(condition.most)}")
        yield f"hands_apart = {{ {', '.join(bounds)} }}"
    elif isinstance(condition, Gesture):
        yield f"gesture = {quoted(condition.name)}"
    elif isinstance(condition, BodyPose):
        yield f"pose = {quoted(condition.name)}"
    elif isinstance(condition, SignalIs):
        yield f"signal = {quoted(condition.signal)}"
        said = {"is": condition.equals, "at_least": condition.least, "at_most": condition.most}
        yield from (f"{key} = {_value(value)}" for key, value in said.items() if value is not None)
    elif isinstance(condition, Not):
        yield f"not = {_condition(condition.part)}"
    elif isinstance(condition, (AllOf, AnyOf)):
        parts = ", ".join(_condition(part) for part in condition.parts)
        yield f"{'all' if isinstance(condition, AllOf) else 'any'} = [{parts}]"


def _several(parts: list[str]) -> str:
    """A list, on one line if that is short."""
    line = f"[{', '.join(parts)}]"
    if len(f"when = {line}") <= _WIDTH:
        return line
    return "\n".join(("[", *(f"    {part}," for part in parts), "]"))


def _polygon(corners: tuple[tuple[float, float], ...]) -> str:
    return _several([f"[{_number(x)}, {_number(y)}]" for x, y in corners])


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, tuple):
        return f"[{', '.join(quoted(name) for name in value)}]"
    return _number(value)


def _number(value: float) -> str:
    """The shortest text that reads back as the same number."""
    return str(value) if isinstance(value, int) else repr(float(value)).removesuffix(".0")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else quoted(name)


def quoted(words: str) -> str:
    """A text in quotes: TOML's escapes are JSON's, and the one more."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def _printable(line: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in line)
