"""A procedure file (TOML) into a `Procedure`, with every error at once, each with file and key.

    name = "fuse-box"            title, surprise
    [zones]                      bin = [[x, y], ...]  shares of the picture's width and height
    [cycle]                      start, end, abort = { signal = "scanner" }; takt_s, most_s, ...
    [[step]]                     name, title, when, after, group, choice, optional, times, ...
    when = [ { hand = "right", in = "bin", hold_s = 0.3 }, { hand = "right", in = "fixture" } ]
    [[forbidden]]                name, title, when, hold_s, severity, during

A step is after those listed before it, unless `after` says otherwise; neighbours with the same
`group` are done in any order. `edge/schemas/procedure.json` is the same as a JSON Schema.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from edge.config_table import Place, T, Tables, parse, read
from edge.config_zones import zones_of
from edge.core.settings import setting
from edge.errors import ConfigError, EdgeposeError, Problems
from edge.procedure_conditions import condition_of, meant, stage_of
from edge.registry import nearest
from edge.sop.procedure import CycleRules, Forbidden, Procedure, Stage, Step
from edge.sop.structure import usual

TABLES = ("name", "title", "surprise", "zones", "cycle", "step", "forbidden")
OF_CAMERAS = frozenset({"source", "model", "rule", "sink", "signal", "identity", "publish"})
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_HEAD = ("name", "title", "surprise")
_STAGES = ("start", "end", "abort")  # of a cycle


@dataclass(frozen=True, slots=True)
class Head:
    """The plain keys at the top of the file."""

    name: str = setting("", "what topics and events call it: letters, digits, '-' and '_'")
    title: str = setting("", "what people call it")
    surprise: float = setting(
        2.0, "times the hold that a step needs which is not expected now", low=1, high=100
    )


def read_procedure(path: Path, zones: Collection[str] = ()) -> Procedure:
    """Read a file; `zones` are names that a camera adds. Raises ConfigError, or Problems."""
    procedure, errors = read_far(path, zones)
    if errors:
        raise Problems(errors)
    return procedure


def read_far(path: Path, zones: Collection[str] = ()) -> tuple[Procedure, list[EdgeposeError]]:
    """As much as can be read, and what is wrong with the rest; raises only if it is not TOML."""
    place = Place(file=str(path), key="", errors=[], folder=path.absolute().parent)
    return procedure_of(parse_procedure(path), place, zones), place.errors


def parse_procedure(path: Path) -> Tables:
    """Read the tables of a file; raises ConfigError, also where it is a camera's."""
    tables = parse(path)
    if "step" not in tables and not OF_CAMERAS.isdisjoint(tables):
        hint = f"edgepose check {path}"
        raise ConfigError(str(path), "is a camera's configuration, not a procedure", hint)
    return tables


def procedure_of(tables: Tables, place: Place, zones: Collection[str] = ()) -> Procedure:
    """As much of a procedure as its tables give; errors are noted at `place`."""
    for key in tables:
        if key not in TABLES:
            place.at(key).wrong("unknown key", nearest(key, TABLES))
    head = read(Head, {key: tables[key] for key in _HEAD if key in tables}, place) or Head()
    _named(tables, place)
    own = zones_of(tables.get("zones", {}), place.at("zones"))
    known = {*own, *zones}
    steps = _steps(tables, place, known)
    taken = {step.name: f"step[{number}]" for number, step in enumerate(steps, start=1)}
    listed = _listed(tables, "forbidden", place)
    forbidden = [_forbidden(table, at, known, list(taken)) for table, at in listed]
    _unique([one.name for one in forbidden], "forbidden", place, taken)
    return Procedure(
        name=head.name,
        steps=tuple(steps),
        title=head.title,
        zones=own,
        forbidden=tuple(forbidden),
        cycle=_cycle(tables.get("cycle", {}), place.at("cycle"), known),
        surprise=head.surprise,
    )


def _steps(tables: Tables, place: Place, zones: Collection[str]) -> list[Step]:
    listed = _listed(tables, "step", place)
    if not listed and isinstance(tables.get("step", []), list):
        place.at("step").wrong("is missing", "write [[step]] for each thing that is done")
    steps = [_step(table, at, zones) for table, at in listed]
    names = [step.name for step in steps]
    groups = [_text(table, "group", at) for table, at in listed]
    _neighbours(groups, listed)
    befores = usual([(s.name, group, s.choice) for s, group in zip(steps, groups, strict=True)])
    for number, (table, at) in enumerate(listed):
        after = befores[number]
        if "after" in table:
            after = _known(table, "after", at, [name for name in names if name])
            if steps[number].name in after:
                at.at("after").wrong("is the step itself")
        steps[number] = replace(steps[number], after=after)
    _unique(names, "step", place, {})
    return steps


def _step(table: Tables, at: Place, zones: Collection[str]) -> Step:
    plain = _settings(Step, table, at, beside=("when", "after", "group"), but=("stages",))
    _named(table, at)
    if plain.choice and not NAME.fullmatch(plain.choice):
        at.at("choice").wrong("must be letters, digits, '-' and '_'")
    if "when" not in table:
        hint = 'what is seen of it: when = { hand = "right", in = "bin", hold_s = 0.3 }'
        at.at("when").wrong("is missing", hint)
        return plain
    return replace(plain, stages=tuple(_stages(table["when"], at, zones)))


def _stages(when: object, at: Place, zones: Collection[str]) -> Iterator[Stage]:
    """One table, or a list of them."""
    if not isinstance(when, list):
        listed = [(when, at.at("when"))]
    else:
        listed = [(table, at.at(f"when[{number}]")) for number, table in enumerate(when, start=1)]
    if not listed:
        at.at("when").wrong("is empty", 'write { hand = "right", in = "bin", hold_s = 0.3 }')
    for table, here in listed:
        stage = stage_of(table, here, zones)
        if stage is not None:
            yield stage


def _forbidden(table: Tables, at: Place, zones: Collection[str], steps: list[str]) -> Forbidden:
    plain = _settings(Forbidden, table, at, beside=("when", "during"))
    _named(table, at)
    when = table.get("when")
    if when is None:
        at.at("when").wrong("is missing", 'what must not be: when = { hand = "any", in = "press" }')
    elif isinstance(when, Mapping) and "hold_s" in when:
        at.at("when.hold_s").wrong("is not known here", "write hold_s beside when")
        when = {key: value for key, value in when.items() if key != "hold_s"}
    found = None if when is None else condition_of(when, at.at("when"), zones)
    return replace(plain, when=found, during=_known(table, "during", at, steps))


def _cycle(table: object, at: Place, zones: Collection[str]) -> CycleRules:
    if not isinstance(table, Mapping):
        at.wrong("must be a table", "write [cycle] and its settings below it")
        return CycleRules()
    plain = _settings(CycleRules, table, at, beside=_STAGES)
    start, end, abort = (
        stage_of(table[key], at.at(key), zones) if key in table else None for key in _STAGES
    )
    return replace(plain, start=start, end=end, abort=abort)


def _settings(
    kind: type[T],
    table: Tables,
    at: Place,
    *,
    beside: tuple[str, ...],
    but: tuple[str, ...] = (),
) -> T:
    """The plain settings of a table; its keys `beside` those are read by others."""
    own = [field.name for field in fields(kind) if field.name not in (*beside, *but)]  # type: ignore[arg-type]
    for key in table:
        if key not in own and key not in beside:
            at.at(key).wrong("unknown key", meant(key, [*own, *beside]))
    found = {}
    for key in (key for key in table if key in own):
        # One by one: a wrong value does not take the others with it.
        if read(kind, {key: table[key]}, at) is not None:
            found[key] = table[key]
    return read(kind, found, at) or kind()


def _listed(tables: Tables, name: str, place: Place) -> list[tuple[Tables, Place]]:
    """Each [[table]] of a name with its place; people count from 1."""
    found = tables.get(name, [])
    if not isinstance(found, list):
        place.at(name).wrong("must be a list of tables", f"write [[{name}]]")
        return []
    numbered = [(table, place.at(f"{name}[{n}]")) for n, table in enumerate(found, start=1)]
    for table, at in numbered:
        if not isinstance(table, Mapping):
            at.wrong("must be a table", f"write [[{name}]]")
    return [(table, at) for table, at in numbered if isinstance(table, Mapping)]


def _named(table: Tables, at: Place) -> None:
    if "name" not in table:
        at.at("name").wrong("is missing", "what others call it: letters, digits, '-' and '_'")
    elif isinstance(table["name"], str) and not NAME.fullmatch(table["name"]):
        at.at("name").wrong("must be letters, digits, '-' and '_'")


def _unique(names: list[str], table: str, place: Place, taken: Mapping[str, str]) -> None:
    seen = dict(taken)
    for number, name in enumerate(names, start=1):
        if name and name in seen:
            at = place.at(f"{table}[{number}].name")
            at.wrong(f"'{name}' is also the name of {seen[name]}", "give each a name of its own")
        seen.setdefault(name, f"{table}[{number}]")


def _neighbours(groups: list[str], listed: list[tuple[Tables, Place]]) -> None:
    """A group that goes on after something else would be two groups of one name."""
    closed: set[str] = set()
    for before, group, (_, at) in zip(["", *groups], groups, listed, strict=False):
        if before and before != group:
            closed.add(before)
        if group in closed:
            at.at("group").wrong(f"'{group}' began before another step", "list its steps together")


def _text(table: Tables, key: str, at: Place) -> str:
    value = table.get(key, "")
    if isinstance(value, str):
        return value
    at.at(key).wrong("must be a text in quotes")
    return ""


def _known(table: Tables, key: str, at: Place, steps: list[str]) -> tuple[str, ...]:
    """A list of names of steps."""
    names: Any = table.get(key, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        at.at(key).wrong("must be a list of names in [ ]", f'write {key} = ["{_any(steps)}"]')
        return ()
    for name in names:
        if name not in steps:
            at.at(key).wrong(f"unknown step '{name}'", nearest(name, set(steps)))
    return tuple(dict.fromkeys(names))


def _any(names: list[str]) -> str:
    return names[0] if names else "a"
