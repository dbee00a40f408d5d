"""The reference of a procedure file: every key, and an example of every condition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import Field, fields
from typing import Any

Said = Callable[[Field[Any]], str]

# What a file says otherwise than the dataclass it becomes: an example, and its own meaning.
_WRITTEN = {
    "name": ('"..."', ""),
    "start": ('{ signal = "scanner" }', ""),
    "end": ('{ signal = "scale", at_least = 2, hold_s = 1 }', ""),
    "abort": ('{ signal = "stop", is = true }', ""),
    "after": ('["housing"]', "absent: those listed before it; []: after nothing; of a choice, one"),
    "during": ('["screw"]', ""),
}
_WHEN = '{ hand = "right", in = "bin", hold_s = 0.3 }'
_CONDITIONS = (
    ('{ hand = "right", in = "bin", hold_s = 0.3 }', "the middle of a hand is in a zone"),
    ('{ hand = "any", enters = "bin" }', "it has just come into the zone"),
    ('{ hand = "any", leaves = "bin" }', "it has just left the zone"),
    ('{ hand = "left", near = "bin", within = 0.05 }', "in it, or so near to it"),
    ('{ hand = "right", gesture = "pinch", hold_s = 0.3 }', "what a model of gestures calls it"),
    ("{ hands_apart = { least = 0.1, most = 0.3 } }", "the two hands nearest to each other"),
    ('{ pose = "squat", hold_s = 0.5 }', "what a model of poses calls it"),
    ('{ signal = "scanner" }', "it has just said something"),
    ('{ signal = "closed", is = true }', "it said this: true, false, a number, a text"),
    ('{ signal = "torque", at_least = 2, at_most = 3 }', "it said a number between bounds"),
    ('{ all = [{ in = "bin" }, { signal = "lamp", is = true }], hold_s = 1 }', "all at once"),
    ('{ any = [{ in = "bin" }, { in = "bench" }], hold_s = 1 }', "at least one of these"),
    ('{ not = { hand = "any", in = "press" }, hold_s = 1 }', "it is seen not to be so"),
)
_BESIDE = (
    ("hand", '"left", "right", "any" or "both"; with in, enters, leaves, near, gesture ("any")'),
    ("within", "share of the picture's width, 0.001 to 1; 0.05 is a hand; with near, and"),
    ("", "with enters and leaves, which then mean the surroundings, too (0)"),
    ("least, most", "of hands_apart, shares of the picture's width (0, no limit)"),
    ("is", "the very value; beside it neither at_least nor at_most"),
    (
        "hold_s",
        "so much of it must be seen, s, from 0; beside the whole condition, not inside (0):",
    ),
    ("", "a single look may be wrong, so what is seen needs 0.3 or more"),
)
_SIGNALS = (
    "Signals: true and false are a state, and only a change counts; any other value is a message",
    "of its own, also the same one again. A signal without is, at_least and at_most is a moment:",
    "it cannot be held. Which topic a signal is, the camera's configuration says: [[signal]].",
)


def lines(name: str, said: Said, default: Said) -> Iterator[str]:
    """One part of it; `said` gives the meaning of a field, `default` its value."""
    from edge import procedure_file  # noqa: PLC0415 - see commands/run.py
    from edge.sop.procedure import CycleRules, Forbidden, Step  # noqa: PLC0415

    if name == "procedure":
        yield '## A procedure, a file of its own that a rule names: procedure = "job.toml".'
        yield from _table(procedure_file.Head, {}, said, default)
    elif name == "procedure.zones":
        yield "## Areas where hands work; a camera's [zones] of the same name replace them."
        yield "[zones]"
        yield "bin = [[0.1, 0.6], [0.5, 0.6], [0.5, 0.9]]  # corners, shares of width and height"
    elif name == "procedure.cycle":
        yield "## What begins, ends and breaks off one run, and how long it may take."
        yield "[cycle]"
        yield from _table(CycleRules, {}, said, default)
    elif name == "procedure.step":
        yield "## Something the operator does; as listed, one after the other."
        yield "[[step]]"
        several = f"[{_WHEN}, ...]"
        more = {
            "when": (_WHEN, f"what is seen of it; one after the other: when = {several}"),
            "group": ('""', "neighbours with the same word here: all of them, in any order"),
        }
        yield from _table(Step, more, said, default)
    elif name == "procedure.forbidden":
        yield "## Something that must not happen."
        yield "[[forbidden]]"
        when = ('{ hand = "any", in = "press" }', "what must not be; hold_s is beside when")
        yield from _table(Forbidden, {"when": when}, said, default)
    else:
        yield "## Conditions: what when, start, end and abort ask for; one kind in each table."
        yield from _columns([(f"when = {text}", meaning) for text, meaning in _CONDITIONS])
        yield from (f"{key:12} {meaning}" for key, meaning in _BESIDE)
        yield from _SIGNALS


def examples() -> tuple[str, ...]:
    """The condition of every example, as a file has it."""
    return tuple(text for text, _ in _CONDITIONS)


def _table(kind: Any, more: dict[str, tuple[str, str]], said: Said, default: Said) -> Iterator[str]:
    """The fields of a dataclass; `more` are keys that only the file has, after the title."""
    rows: list[tuple[str, str]] = []
    own = [field for field in fields(kind) if field.name not in ("stages", *more)]
    for field in own:
        text, meaning = _WRITTEN.get(field.name, (default(field), ""))
        rows.append((f"{field.name} = {text}", meaning or said(field)))
        if field.name == "title":
            rows += [(f"{key} = {text}", meaning) for key, (text, meaning) in more.items()]
    return _columns(rows)


def _columns(rows: list[tuple[str, str]]) -> Iterator[str]:
    width = max(len(line) for line, _ in rows)
    return (f"{line:{width}}  # {meaning}" for line, meaning in rows)
