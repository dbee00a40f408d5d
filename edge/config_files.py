"""Settings that name a file: a rule's `procedure = "job.toml"` becomes the procedure itself.

Paths are relative to the configuration; what is wrong in such a file is told with all the rest.
"""

from __future__ import annotations

import typing
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from edge import registry
from edge.config_table import Place
from edge.errors import ConfigError, EdgeposeError
from edge.procedure_file import OF_CAMERAS, parse_procedure, procedure_of
from edge.sop.procedure import Procedure
from edge.sop.walk import signals as heard


@dataclass(frozen=True, slots=True)
class Around:
    """What the camera gives to procedures beside what their own files say."""

    zones: Collection[str] = ()
    signals: Collection[str] | None = None  # names of [[signal]]; None: none are needed
    seen: dict[str, str] = field(default_factory=dict)  # procedures by name, and where


def of_camera(tables: dict[str, Any], path: Path) -> dict[str, Any]:
    """Pass a camera's tables on; raises ConfigError where the file is a procedure's."""
    if "step" in tables and OF_CAMERAS.isdisjoint(tables):
        hint = f'edgepose sop check {path}; a rule names it: procedure = "{path.name}"'
        raise ConfigError(str(path), "is a procedure, not a camera's configuration", hint)
    return tables


def files_read(table: object, place: Place, around: Around) -> object:
    """A rule's table with each file that it names read; errors are noted where they are."""
    known = registry.kinds("events")
    if not isinstance(table, Mapping) or table.get("kind") not in known:
        return table
    kind = registry.load("events", table["kind"])
    hints = typing.get_type_hints(kind)
    result: dict[str, Any] = dict(table)
    for name in (one.name for one in fields(kind) if hints[one.name] is Procedure):
        if name in table:
            result[name] = _procedure(table[name], place.at(name), around)
    return result


def _procedure(value: object, at: Place, around: Around) -> Procedure:
    """As much of it as can be read."""
    nothing = Procedure(name="", steps=())
    if not isinstance(value, str) or not value:
        at.wrong("must be a path in quotes", "of a procedure file, relative to this one")
        return nothing
    path = at.folder / Path(value).expanduser()
    inner = Place(file=str(path), key="", errors=at.errors, folder=path.parent)
    try:
        tables = parse_procedure(path)
    except EdgeposeError as error:
        at.wrong(f"{path} {error.problem}", error.hint)
        return nothing
    procedure = procedure_of(tables, inner, around.zones)
    _declared(procedure, inner, around, at.file)
    if procedure.name:
        other = around.seen.setdefault(procedure.name, at.key)
        if other != at.key:
            hint = "its events and states could not be told apart"
            at.wrong(f"the procedure '{procedure.name}' is also that of {other}", hint)
    return procedure


def _declared(procedure: Procedure, inner: Place, around: Around, file: str) -> None:
    """A signal that no topic brings would never come, and the steps that need it never end."""
    if around.signals is None:
        return
    told: set[str] = set()
    for key, name in heard(procedure):
        if name in around.signals or name in told:
            continue
        told.add(name)
        hint = f'{file} needs [[signal]] name = "{name}" topic = "..."'
        if around.signals:
            hint += f"; {registry.nearest(name, around.signals)}"
        inner.at(key).wrong(f"no signal '{name}' is configured", hint)
