"""Figures that others published, to compare with: `published.toml`, checked, as tables."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from benchmarks.errors import BenchError
from benchmarks.results.markdown import Markdown, bullets, link, table, text

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = Path(__file__).with_name("published.toml")
TIMED = ("inference only", "inference and decoding", "end to end", "not said")
BY = ("project", "user")  # who made what was timed, or somebody who used it
_HEAD = (
    *("board", "model", "input", "runtime", "precision", "fps", "ms", "timed"),
    *("measured by", "source"),
)
_INTRO = """## Published by others, not measured by us

Each figure is copied as its source has it; nothing here was run again. Boards, clips, builds and
what was timed differ, so no figure compares with another one, or with those above, as it stands.
Where a project's own figure and those of its users stand together, their distance is what a
benchmark has to explain: a network alone is not a camera, decoding and a screen.

"project" made what was timed, "user" used it. "end to end" also stands where a frame rate is told
of a camera or video that is running, "not said" where a source does not tell what it timed.
"-" is not said, either."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures were read."""

    title: str
    url: str
    dated: str  # by the source itself: a day, a version, or both
    read: str  # the day


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure; fps or ms as the source has it, such as "12-14"."""

    board: str
    model: str
    timed: str  # of `TIMED`
    by: str  # of `BY`
    source: str  # key of a `Source`
    input: str = "-"
    runtime: str = "-"
    precision: str = "-"
    fps: str = "-"
    ms: str = "-"
    note: str = ""  # power mode, build, and what else decides


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that are about the same."""

    title: str
    figures: tuple[Figure, ...]
    sources: Mapping[str, Source]


def read(file: Path = FILE) -> list[Group]:
    """Every group; raises BenchError naming an entry that is not as it must be."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BenchError(file.name, f"cannot be read ({error})") from error
    sources = {
        key: _made(Source, one, f"{file.name}: source.{key}")
        for key, one in found.get("source", {}).items()
    }
    groups = []
    for group in found.get("group", ()):
        title = str(group.get("title", ""))
        figures = [
            _made(Figure, one, f"{file.name}: group '{title}', figure {number}")
            for number, one in enumerate(group.get("figure", ()), start=1)
        ]
        for number, one in enumerate(figures, start=1):
            _check(one, sources, f"{file.name}: group '{title}', figure {number}")
        groups.append(Group(title, tuple(figures), sources))
    return groups


def blocks(groups: Sequence[Group]) -> Iterator[Markdown]:
    """A table for each group; what needs more words than a cell has stands below."""
    if not groups:
        return
    yield Markdown(_INTRO)
    for group in groups:
        yield Markdown(f"### {text(group.title)}")
        yield table(_HEAD, (_row(one, group) for one in group.figures), words=len(_HEAD))
        yield bullets(
            f"{one.board}, {_figure(one)}: {one.note}" for one in group.figures if one.note
        )
    read_on = sorted({one.read for group in groups for one in group.sources.values()})
    yield text(f"Sources were read on {' and '.join(read_on)}.")


def _row(one: Figure, group: Group) -> Sequence[str]:
    source = group.sources[one.source]
    place = Markdown(f"{link(source.title, source.url)}, {text(source.dated)}")
    return (
        *(one.board, one.model, one.input, one.runtime, one.precision, one.fps, one.ms),
        *(one.timed, one.by, place),
    )


def _figure(one: Figure) -> str:
    return f"{one.fps} fps" if one.fps != "-" else f"{one.ms} ms"


def _made(kind: type[Any], entry: Mapping[str, Any], where: str) -> Any:
    known = [field.name for field in fields(kind)]
    for key, value in entry.items():
        if key not in known or not isinstance(value, str) or not value:
            raise BenchError(where, f"'{key}' is unknown, or no text", f"keys: {', '.join(known)}")
    try:
        return kind(**entry)
    except TypeError as error:
        raise BenchError(where, f"lacks a key ({error})", f"keys: {', '.join(known)}") from error


def _check(one: Figure, sources: Mapping[str, Source], where: str) -> None:
    for key, value, allowed in (
        ("timed", one.timed, TIMED),
        ("by", one.by, BY),
        ("source", one.source, tuple(sources)),
    ):
        if value not in allowed:
            raise BenchError(where, f"{key} is '{value}'", f"one of: {', '.join(allowed)}")
    if (one.fps == "-") == (one.ms == "-"):
        raise BenchError(where, "needs either fps or ms", "as the source has it")
