"""Flags made from a settings dataclass: declared once, with unit, range and default."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from converters.errors import ConvertError
from edge.config_table import Place, read
from edge.errors import EdgeposeError, Problems

T = TypeVar("T")


def add(parser: argparse.ArgumentParser, kind: type[Any], title: str) -> None:
    """Add one flag for each setting."""
    group = parser.add_argument_group(title)
    for one in fields(kind):
        flag = "--" + one.name.replace("_", "-")
        words = f"{one.metadata['doc']} ({one.default:g})"
        group.add_argument(flag, type=type(one.default), metavar="N", help=words)


def listed(kind: type[Any]) -> str:
    """Every number on a line of its own: name and default, what it means, its unit."""
    numbers = [one for one in fields(kind) if type(one.default) in (int, float)]
    names = [f"{one.name}={one.default:g}" for one in numbers]
    facts = [(one.metadata["doc"], one.metadata["unit"]) for one in numbers]
    width = max(map(len, names))
    lines = (
        f"  {name:{width}}  {', '.join(filter(None, words))}"
        for name, words in zip(names, facts, strict=True)
    )
    return "\n".join(lines)


def given(args: argparse.Namespace, kind: type[T]) -> T:
    """Build the dataclass from the flags; raises Problems naming every one out of range."""
    names = [one.name for one in fields(kind)]  # type: ignore[arg-type]
    values = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    return _built("command line", kind, values)


def named(flag: str, words: Sequence[str], kind: type[T]) -> T:
    """Build the dataclass from a flag's NAME=NUMBER words; Problems names every wrong one."""
    values = {name: _number(f"{flag} {name}", value) for name, value in pairs(flag, words)}
    return _built(flag, kind, values)


def chosen(flag: str, words: Sequence[str], kind: type[Any]) -> dict[str, Any]:
    """Those settings alone that a flag's NAME=NUMBER words give; raises as `named` does."""
    built = named(flag, words, kind)
    return {name: getattr(built, name) for name, _ in pairs(flag, words)}


def pairs(flag: str, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Split NAME=VALUE words; raises ConvertError for one that is none."""
    names = [word.partition("=")[0] for word in words]
    for word in words:
        name, _, value = word.partition("=")
        if names.count(name) > 1:
            raise ConvertError(f"{flag} {name}", "is given more than once", "which one is meant?")
        if not name or not value:
            raise ConvertError(f"{flag} {word}", "has no name or no value", f"{flag} NAME=VALUE")
        yield name, value


def _number(where: str, value: str) -> float:
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    raise ConvertError(where, f"'{value}' is no number", "see --help for each with its default")


def _built(where: str, kind: type[T], values: dict[str, Any]) -> T:
    errors: list[EdgeposeError] = []
    built = read(kind, values, Place(where, "", errors))
    if built is None:
        raise Problems(errors)
    return built
