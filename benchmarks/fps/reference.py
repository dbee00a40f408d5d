"""What others measured on a board of the same kind: `benchmarks/reference/<board>.csv`.

Compared both ways: slower says that something is wrong here, faster that the reference is old.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.errors import BenchError

FOLDER = Path(__file__).parents[1] / "reference"
COLUMNS = (
    *("model", "target", "sha256", "threads", "source", "cameras"),  # what was measured
    *("fps", "bare_fps", "overhead_ratio", "latency_p95_ms", "memory_mb", "cpu_cores"),
    *("edgepose", "measured", "os"),  # with what, and when
)
_SAME = ("model", "target", "sha256", "threads", "source", "cameras")
_ROUNDS = 4
_TOLERANCE = 0.1  # of the reference: less is the day's noise


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure of today against the board's reference."""

    name: str
    fps: float
    reference: float

    @property
    def change(self) -> float:
        """How much faster than the reference, as a share of it; negative when slower."""
        return self.fps / self.reference - 1.0

    @property
    def verdict(self) -> str:
        """In words."""
        if abs(self.change) <= _TOLERANCE:
            return "as the reference"
        if self.change < 0:
            return "SLOWER than the reference: see the warnings above"
        return "faster than the reference, which is old: please send yours"


def path(slug: str) -> Path:
    """Where a kind of board has its reference."""
    return FOLDER / f"{slug}.csv"


def rows(figures: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The rows that a result of `fps` adds to a reference."""
    for run in figures["runs"]:
        if "error" in run:
            continue
        values = {
            **run,
            "source": figures["source"]["name"],
            "cameras": figures["cameras"],
            "sha256": run["sha256"][:12],
            "fps": run["end_to_end"]["fps"],
            "bare_fps": run["bare"]["fps"],
            "latency_p95_ms": run["end_to_end"]["latency_ms"]["p95"],
            "memory_mb": run["memory"]["steady_mb"],
            "edgepose": figures["board"]["packages"].get("edgepose"),
            "measured": figures["measured"],
            "os": figures["board"]["os"],
        }
        yield {column: _text(values[column]) for column in COLUMNS}


def read(file: Path) -> list[dict[str, str]]:
    """A board's reference; nothing where there is none. Raises BenchError for a damaged one."""
    if not file.is_file():
        return []
    with file.open(newline="", encoding="utf-8") as lines:
        found = list(csv.DictReader(lines))
    for number, row in enumerate(found, start=2):
        try:
            float(row["fps"])
        except (KeyError, TypeError, ValueError) as error:
            hint = f"its columns are {', '.join(COLUMNS)}"
            raise BenchError(f"{file}:{number}", "has no fps", hint) from error
    return found


def compare(
    today: Sequence[Mapping[str, str]], known: Sequence[Mapping[str, str]]
) -> Iterator[Comparison]:
    """Each of today's rows that the reference has, too."""
    by_key = {_key(row): row for row in known}
    for row in today:
        other = by_key.get(_key(row))
        if other and row["fps"] and float(other["fps"]) > 0:
            name = f"{row['model']} {row['target']}, {row['threads']} threads"
            yield Comparison(name, float(row["fps"]), float(other["fps"]))


def worthy(
    figures: Mapping[str, Any], today: Sequence[Mapping[str, str]]
) -> Sequence[Mapping[str, str]]:
    """Give the rows that others may be held against; raises BenchError for a poor measurement."""
    rounds = figures["plan"]["rounds"]
    busy = [word for word in figures["board"]["warnings"] if "something else was running" in word]
    if not today:
        raise BenchError("--save-reference", "nothing was measured as fast as it goes")
    if rounds < _ROUNDS:
        hint = f"--rounds {_ROUNDS} or more"
        raise BenchError("--save-reference", f"{rounds} rounds are too few to hold others to", hint)
    if busy:
        raise BenchError("--save-reference", busy[0], "the reference is as it was")
    return today


def save(file: Path, today: Sequence[Mapping[str, str]]) -> None:
    """Put today's rows in place of those about the same, and keep all others."""
    mine = {_key(row): row for row in today}
    kept = [row for row in read(file) if _key(row) not in mine]
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted([*kept, *mine.values()], key=_key))


def _key(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row.get(column) or "" for column in _SAME)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
