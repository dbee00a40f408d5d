"""What people saw in clips: which hold a fall, when it began and when the body hit the floor."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from benchmarks.errors import BenchError
from edge.errors import EdgeposeError, Problems
from edge.registry import nearest

COLUMNS = ("clip", "kind", "onset_s", "impact_s", "duration_s")  # each must be there
KINDS = ("fall", "adl")
UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class Clip:
    """One row of the labels."""

    name: str  # path below the folder of clips
    dataset: str
    fall: bool  # False: everyday activity
    onset: float | None = None  # s, the fall begins
    impact: float | None = None  # s, the body hits the floor
    duration: float | None = None  # s
    place: str = ""  # file and row, for messages


def read(path: Path) -> list[Clip]:
    """Read labels; raises BenchError or Problems naming every row that is wrong."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            header = [name.strip() for name in reader.fieldnames or ()]
            rows = [
                (reader.line_num, dict(zip(header, row.values(), strict=False))) for row in reader
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problem = getattr(error, "strerror", None) or "is not a CSV file"
        raise BenchError(str(path), f"cannot be read ({problem})") from error
    for name in COLUMNS:
        if name not in header:
            raise BenchError(f"{path}:1", f"has no column '{name}'", _columns(name, header))
    return _clips(path, rows)


def _columns(name: str, header: list[str]) -> str:
    """Say what the column may be called there, or else all that must be there."""
    near = nearest(name, header)
    every = f"columns: {', '.join(COLUMNS)}, and dataset if you like"
    return near if near.startswith("did you mean") else every


def _clips(path: Path, rows: list[tuple[int, dict[str, str | None]]]) -> list[Clip]:
    clips: dict[str, Clip] = {}
    errors: list[EdgeposeError] = []
    for number, row in rows:
        place = f"{path}:{number}"
        try:
            clip = _clip(row, place)
            if clip.name in clips:
                hint = f"it is {clips[clip.name].place}, too; one row a clip"
                raise BenchError(place, f"'{clip.name}' is there twice", hint)  # noqa: TRY301
        except BenchError as error:
            errors.append(error)
        else:
            clips[clip.name] = clip
    if errors:
        raise Problems(errors)
    if not clips:
        raise BenchError(str(path), "has no clips", "one row a clip, below the names of columns")
    return list(clips.values())


def _clip(row: Mapping[str, str | None], place: str) -> Clip:
    cells = {key: (row.get(key) or "").strip() for key in (*COLUMNS, "dataset")}
    name, kind = cells["clip"], cells["kind"]
    if not name:
        raise BenchError(place, "names no clip")
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        hint = "paths are relative to --clips"
        raise BenchError(place, f"'{name}' is not below the folder of clips", hint)
    if kind not in KINDS:
        hint = "kind is fall, or adl for everyday activity"
        raise BenchError(place, f"kind is '{kind}'", hint)
    onset, impact, duration = (_seconds(cells[key], key, place) for key in COLUMNS[2:])
    if onset is not None and impact is not None and impact < onset:
        raise BenchError(place, f"impact_s {impact:g} comes before onset_s {onset:g}")
    if kind == "fall" and onset is not None and duration is not None and onset > duration:
        raise BenchError(place, f"onset_s {onset:g} comes after duration_s {duration:g}")
    dataset = cells["dataset"] or UNNAMED
    return Clip(name, dataset, kind == "fall", onset, impact, duration, place)


def _seconds(text: str, key: str, place: str) -> float | None:
    """Parse a time; empty is unknown."""
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise BenchError(place, f"{key} is '{text}'", "seconds from the clip's first frame")
    return value
