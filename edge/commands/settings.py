"""Every setting there is: what it means, its unit, its range and what it is unless you say.

  edgepose settings                  all of them, to copy lines from into a configuration
  edgepose settings fall             only those of the fall rule
  edgepose settings sink             only those of every sink
  edgepose settings procedure        every key of a procedure file, and every condition
  edgepose settings step             only those of a step; condition, cycle, forbidden likewise

Printed from the declarations that the program itself runs on, so it is never out of date.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields
from typing import Any

from edge.commands import _settings_procedure
from edge.errors import ConfigError

_ZONES = (
    "## Areas that rules speak of; `edgepose run --save-overlay` draws them.",
    "[zones]",
    "bed = [[0.1, 0.6], [0.5, 0.6], [0.5, 0.9]]  # corners, as shares of the width and the height",
)
_LISTED = frozenset({"model", "rule", "sink", "signal"})
_FILES = {"procedure": ("job.toml", "a procedure's file, relative to this one")}
# Not printed unless asked for: they belong into a file of their own.
_PROCEDURE = tuple(
    f"procedure{part}" for part in ("", ".zones", ".cycle", ".step", ".forbidden", ".condition")
)
_FOLDERS = {"source": "sources", "rule": "events", "sink": "sinks"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("table", nargs="?", default="", metavar="TABLE", help="rule.fall, sink ...")


def run(args: argparse.Namespace) -> int:
    """Print the tables whose name begins so."""
    from edge import registry  # noqa: PLC0415 - see commands/run.py

    tables = dict(_tables())
    wanted = [name for name in tables if not args.table or _asked(name, args.table)]
    own = [name for name in _PROCEDURE if _asked(name, args.table)]
    if not wanted and not own:
        words = [*tables, *_PROCEDURE, *(name.rpartition(".")[2] for name in _PROCEDURE)]
        raise ConfigError(args.table, "unknown table", registry.nearest(args.table, words))
    for name in wanted:
        print("\n# ".join(_lines(name, tables[name])), end="\n\n")
    for name in own:
        parts = _settings_procedure.lines(name, _meaning, _default)
        print("\n# ".join(parts), end="\n\n")
    return 0


def _asked(name: str, table: str) -> bool:
    return table in (name, *name.split("."))


def _tables() -> Iterator[tuple[str, Any]]:
    from edge import config, registry  # noqa: PLC0415 - see commands/run.py
    from edge.config_signals import SignalTopic  # noqa: PLC0415
    from edge.core.handtrack import HandTracker  # noqa: PLC0415
    from edge.core.track import Tracker  # noqa: PLC0415
    from edge.runtime.hands import Hands  # noqa: PLC0415
    from edge.runtime.lookagain import LookAgain  # noqa: PLC0415
    from edge.runtime.lookcloser import LookCloser  # noqa: PLC0415

    yield "identity", config.Names
    for table, folder in _FOLDERS.items():
        for kind in registry.kinds(folder):
            yield f"{table}.{kind}", registry.load(folder, kind)
    yield "zones", None
    yield from (
        *(("signal", SignalTopic), ("model", config.ModelChoice), ("track", Tracker)),
        *(("look_again", LookAgain), ("look_closer", LookCloser)),
        *(("hands", Hands), ("track_hands", HandTracker)),
        *(("publish", config.Publish), ("state", config.State)),
    )


def _lines(name: str, kind: Any) -> Iterator[str]:
    table, _, plugin = name.partition(".")
    if kind is None:
        yield from _ZONES
        return
    yield f"## {(kind.__doc__ or '').strip().splitlines()[0]}"
    yield f"[[{table}]]" if table in _LISTED else f"[{table}]"
    if plugin:
        yield f'kind = "{plugin}"'
    if table == "source":
        yield 'uri = "..."  # in place of kind and what follows: a file, folder, device or address'
    known = [field for field in fields(kind) if field.init]
    given = [(f"{field.name} = {_default(field)}", field) for field in known]
    width = max((len(line) for line, _ in given), default=0)
    for line, field in given:
        yield f"{line:{width}}  # {_meaning(field)}"


def _meaning(field: Field[Any]) -> str:
    if field.name in _FILES:
        return _FILES[field.name][1]
    facts = field.metadata
    low, high = facts.get("low"), facts.get("high")
    limits = "" if low is None else f"from {low:g}" if high is None else f"{low:g} to {high:g}"
    choices = " or ".join(facts.get("choices", ()))
    notes = ", ".join(note for note in (facts.get("unit", ""), limits, choices) if note)
    return f"{facts.get('doc', '')}{f' ({notes})' if notes else ''}"


def _default(field: Field[Any]) -> str:
    if field.name in _FILES:
        return f'"{_FILES[field.name][0]}"'
    value = field.default
    if value is MISSING:
        if field.default_factory is MISSING:
            return "..."
        value = field.default_factory()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(str(part) for part in value)}]"
    return f"{value:g}" if isinstance(value, (int, float)) else f'"{value or ""}"'
