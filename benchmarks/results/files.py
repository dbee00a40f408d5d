"""The JSON files of a page, proven to be what a command wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.errors import BenchError
from benchmarks.results.sections import KINDS
from edge.registry import nearest

_ALWAYS = {"benchmark": str, "edgepose": str, "measured": str, "board": dict}  # of every command
_BOARD = {"name": str, "slug": str, "packages": dict, "warnings": list}


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What one file holds."""

    name: str  # as it was given, without the folders of a machine
    kind: str  # of `KINDS`
    figures: Mapping[str, Any]

    @property
    def board(self) -> Mapping[str, Any]:
        """What it was measured on."""
        facts: Mapping[str, Any] = self.figures["board"]
        return facts


def read(files: Sequence[Path]) -> list[Result]:
    """Every file, by board, kind and date, whatever their order; raises BenchError for a bad one.

    A file that is named twice is read once.
    """
    found = [_read(file) for file in dict.fromkeys(files)]
    kinds = list(KINDS)
    return sorted(
        found,
        key=lambda one: (
            one.board["slug"],
            kinds.index(one.kind),
            one.figures["measured"],
            one.name,
        ),
    )


def _read(file: Path) -> Result:
    name = str(file)
    try:
        figures = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BenchError(name, f"cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise BenchError(name, f"is no JSON ({error})", _hint()) from error
    if not isinstance(figures, dict) or "benchmark" not in figures:
        raise BenchError(name, "names no benchmark", _hint())
    kind = figures["benchmark"]
    if kind not in KINDS:
        hint = nearest(str(kind), tuple(KINDS))
        raise BenchError(name, f"is of an unknown benchmark, '{kind}'", hint)
    _check(name, figures, _ALWAYS, "")
    _check(name, figures["board"], _BOARD, "board.")
    return Result(file.name if file.is_absolute() else file.as_posix(), kind, figures)


def _check(name: str, table: Mapping[str, Any], keys: Mapping[str, type], where: str) -> None:
    for key, kind in keys.items():
        if not isinstance(table.get(key), kind):
            raise BenchError(name, f"'{where}{key}' is missing, or no {kind.__name__}", _hint())


def _hint() -> str:
    return "give files that edgepose-bench wrote with --json"
