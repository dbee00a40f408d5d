"""Flags of a command line, put together from figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any


def each(name: str, values: Iterable[Any]) -> Iterator[str]:
    """A flag for every value there is, once, such as --model A --model B."""
    for value in dict.fromkeys(values):
        if value is not None:
            yield from (name, _word(value))


def unless(name: str, value: Any, default: Any) -> Iterator[str]:
    """A flag, where it is not what it is anyway."""
    if value != default:
        yield from each(name, [value])


def _word(value: Any) -> str:
    """A path without its folders: they are of one machine."""
    if isinstance(value, float):
        return f"{value:g}"
    return PurePath(value).name if isinstance(value, str) and value.startswith("/") else str(value)
