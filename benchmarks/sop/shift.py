"""A shift of packing with labelled operations, as OpenPack has it.

The folder has `annotation/openpack-operations/S*.csv` (box, operation, start, end), and perhaps
`annotation/openpack-outliers/S*.csv` (category, event, start, end) and `system/printer/S*.csv`
(unixtime, order_sheet) of the same name. Box numbers are only for judging.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from benchmarks.errors import BenchError
from edge.core.types import Signal

OPERATIONS = Path("annotation/openpack-operations")
_OUTLIERS = Path("annotation/openpack-outliers")
_PRINTER = Path("system/printer")
_HINT = f"--openpack is a folder with {OPERATIONS}/S*.csv, as OpenPack has it"
_SAME_S = 0.001
_MS = 1000.0


@dataclass(frozen=True, slots=True)
class Operation:
    """One labelled operation."""

    box: str
    name: str  # as the procedure file calls it
    begin: float  # s from the shift's first operation
    end: float


@dataclass(frozen=True, slots=True)
class Outlier:
    """Something out of the ordinary, as people labelled it."""

    category: str  # "Incident", "Struggling", ...
    event: str
    begin: float  # s
    end: float


@dataclass(frozen=True, slots=True, eq=False)
class Shift:
    """All that is known of one session."""

    name: str
    operations: tuple[Operation, ...]
    outliers: tuple[Outlier, ...]
    orders: tuple[tuple[float, str], ...]  # s, what was printed

    @property
    def boxes(self) -> dict[str, tuple[Operation, ...]]:
        """The operations of each box."""
        return {box: tuple(some) for box, some in groupby(self.operations, key=lambda one: one.box)}

    @property
    def signals(self) -> list[Signal]:
        """Which operation is going on, "" for none; and what is printed. No box numbers."""
        found = [Signal("order", order, t) for t, order in self.orders]
        for one, after in zip(self.operations, [*self.operations[1:], None], strict=True):
            found.append(Signal("operation", one.name, one.begin))
            if after is None or after.begin - one.end > _SAME_S:
                found.append(Signal("operation", "", one.end))
        return sorted(found, key=lambda signal: signal.t)


def read(folder: Path) -> list[Shift]:
    """Every session of a folder; raises BenchError with file and column."""
    paths = sorted((folder / OPERATIONS).glob("*.csv"))
    if not paths:
        raise BenchError(str(folder / OPERATIONS), "has no sessions (*.csv)", _HINT)
    return [_shift(folder, path) for path in paths]


def _shift(folder: Path, path: Path) -> Shift:
    rows = _rows(path)
    if not rows:
        raise BenchError(str(path), "has no operations", _HINT)
    rows.sort(key=lambda row: _time(path, row, "start"))
    zero = _time(path, rows[0], "start")
    outliers, printer = folder / _OUTLIERS / path.name, folder / _PRINTER / path.name
    return Shift(
        name=path.stem,
        operations=tuple(
            Operation(
                _cell(path, row, "box"),
                "-".join(_cell(path, row, "operation").lower().split()),
                _time(path, row, "start") - zero,
                _time(path, row, "end") - zero,
            )
            for row in rows
        ),
        outliers=tuple(
            Outlier(
                _cell(outliers, row, "category"),
                _cell(outliers, row, "event"),
                _time(outliers, row, "start") - zero,
                _time(outliers, row, "end") - zero,
            )
            for row in (_rows(outliers) if outliers.is_file() else ())
        ),
        orders=tuple(
            (_number(printer, row, "unixtime") / _MS - zero, _cell(printer, row, "order_sheet"))
            for row in (_rows(printer) if printer.is_file() else ())
        ),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BenchError(str(path), f"cannot be read: {error}", _HINT) from error


def _cell(path: Path, row: Mapping[str, str], column: str) -> str:
    value = row.get(column)
    if value is None:
        raise BenchError(str(path), f"has no column '{column}'", _HINT)
    return value


def _time(path: Path, row: Mapping[str, str], column: str) -> float:
    text = _cell(path, row, column)
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError as error:
        hint = "such as 2022-03-29 14:25:22.143000+09:00"
        raise BenchError(f"{path}: {column}", f"'{text}' is no time", hint) from error


def _number(path: Path, row: Mapping[str, str], column: str) -> float:
    text = _cell(path, row, column)
    try:
        return float(text)
    except ValueError as error:
        raise BenchError(f"{path}: {column}", f"'{text}' is no number", "ms since 1970") from error
