"""One TOML table into one settings dataclass, with every error found, not only the first.

The dataclass declares type, range and choices (`edge.core.settings.setting`); this file only
reads those declarations. Messages name the setting and what it takes, and never repeat a text
value unless it is one of a few words, so that a password cannot end up in a log.
"""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

from edge.errors import ConfigError, EdgeposeError
from edge.registry import nearest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

T = TypeVar("T")
Tables = Mapping[str, Any]

_WORDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text in quotes",
    Path: "a path in quotes",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which file a table stands, and where the errors found in it are put."""

    file: str
    key: str
    errors: list[EdgeposeError]
    folder: Path = Path()  # relative paths in the file are relative to it

    def at(self, key: str) -> Place:
        """The place of a key in this table."""
        path = f"{self.key}.{key}" if self.key else key
        return Place(self.file, path, self.errors, self.folder)

    def wrong(self, problem: str, hint: str = "") -> None:
        """Note one error here and go on, to find the others."""
        where = f"{self.file}: {self.key}" if self.key else self.file
        self.errors.append(ConfigError(where, problem, hint))


def parse(path: Path) -> dict[str, Any]:
    """Read a TOML file; raises ConfigError, with the line where it is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), "is not a text file", "a configuration is TOML") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(path), f"is not TOML: {error}") from error
    except (ValueError, RecursionError) as error:  # a number or a nesting beyond all reason
        raise ConfigError(str(path), "is not TOML that can be read") from error


def overlay(tables: Tables, flags: Tables) -> dict[str, Any]:
    """A flag replaces what the file says; sinks add up, and how models are run goes for each."""
    result = dict(tables)
    for name, value in flags.items():
        below = tables.get(name)
        if name == "sink":
            result[name] = [*(below or []), *value]
        elif name == "model" and isinstance(below, list) and "name" not in value[0]:
            result[name] = [{**model, **value[0]} for model in below]
        elif isinstance(value, Mapping) and isinstance(below, Mapping):
            result[name] = {**below, **value}
        else:
            result[name] = value
    return result


class _Wrong(Exception):
    """A value that does not fit its setting."""


def read(kind: type[T], table: object, place: Place) -> T | None:
    """Build a settings dataclass from a table; None when errors were noted at `place`."""
    if not isinstance(table, Mapping):
        place.wrong("must be a table", f"write [{place.key}] and its settings below it")
        return None
    before = len(place.errors)
    known = {field.name: field for field in fields(typing.cast("Any", kind)) if field.init}
    for key in table:
        if key not in known:
            instead = getattr(kind, "instead", {}).get(key)
            place.at(key).wrong("unknown setting", instead or nearest(key, known))
    hints = typing.get_type_hints(kind)
    values = {}
    unfit = len(place.errors)
    for name, field in known.items():
        if name in table:
            values[name] = _read_field(field, hints[name], table[name], place.at(name))
        elif field.default is MISSING and field.default_factory is MISSING:
            place.at(name).wrong("is missing", field.metadata.get("doc", ""))
    if len(place.errors) > unfit:
        return None
    built = None
    try:
        built = kind(**values)
    except EdgeposeError as error:  # a check the dataclass makes itself, of one setting or several
        (place.at(error.where) if error.where in known else place).wrong(error.problem, error.hint)
    except ValueError as error:
        place.wrong(str(error))
    return built if len(place.errors) == before else None


def _read_field(field: Field[Any], annotation: Any, value: object, place: Place) -> Any:
    listed = _listed_settings(annotation)
    if listed is not None:
        return _read_list(listed, value, place)
    if is_dataclass(annotation) and not isinstance(value, typing.cast("type[Any]", annotation)):
        return read(typing.cast("type[Any]", annotation), value, place)
    meta = field.metadata
    choices = meta.get("choices", ())
    if choices and isinstance(value, str) and value not in choices:
        place.wrong(f"'{value}' is not one of {', '.join(choices)}", nearest(value, choices))
        return None
    try:
        result = _fit(annotation, value, place.folder)
        _within(result, meta)
    except _Wrong as wrong:
        quoted = isinstance(value, str) and _unquoted(annotation, value, place.folder)
        place.wrong(str(wrong), "write it without quotes" if quoted else meta.get("doc", ""))
        return None
    except OverflowError:
        place.wrong("is a number too large to count with", meta.get("doc", ""))
        return None
    return result


def _listed_settings(annotation: Any) -> type[Any] | None:
    """The settings dataclass of a field that takes a list of its tables."""
    inner = typing.get_args(annotation)
    several = typing.get_origin(annotation) is tuple and len(inner) > 1 and inner[1] is Ellipsis
    kind: Any = inner[0] if several else None
    return typing.cast("type[Any]", kind) if is_dataclass(kind) else None


def _read_list(kind: type[Any], value: object, place: Place) -> Any:
    """Each table of a list, or what is one already; people count from 1."""
    if not isinstance(value, (list, tuple)):
        place.wrong("must be a list of tables", "write [{ ... }, { ... }]")
        return None
    places = (
        Place(place.file, f"{place.key}[{n + 1}]", place.errors, place.folder)
        for n in range(len(value))
    )
    return tuple(
        one if isinstance(one, kind) else read(kind, one, at)
        for one, at in zip(value, places, strict=True)
    )


def _fit(annotation: Any, value: Any, folder: Path) -> Any:  # noqa: PLR0911 - one line per type
    """The value as the annotated type, or _Wrong."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is Any or annotation is object:
        return value
    if origin in (typing.Union, types.UnionType):
        return _fit_any(inner, value, folder)
    if origin is typing.Literal:
        return _need(value in inner, value, f"one of {', '.join(map(repr, inner))}")
    if origin in (tuple, list):
        return _fit_sequence(origin, inner, value, folder)
    if origin is not None and issubclass(origin, Mapping):
        _need(isinstance(value, Mapping), value, "a table")
        return {str(key): _fit(inner[1], item, folder) for key, item in value.items()}
    if annotation is Path:
        return folder / Path(_need(isinstance(value, str), value, _WORDS[Path])).expanduser()
    if annotation is float:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return float(_need(number, value, _WORDS[float]))
    exact = isinstance(value, annotation) and isinstance(value, bool) == (annotation is bool)
    return _need(exact, value, _WORDS.get(annotation, annotation.__name__))


def _unquoted(annotation: Any, value: str, folder: Path) -> bool:
    """Whether a text would do, if it only stood without quotes."""
    try:
        _fit(annotation, tomllib.loads(f"value = {value}")["value"], folder)
    except (ValueError, KeyError, RecursionError, _Wrong):
        return False
    return True


def _fit_any(options: tuple[Any, ...], value: Any, folder: Path) -> Any:
    wrong = _Wrong("does not fit")
    for option in options:
        if option is type(None):
            continue
        try:
            return _fit(option, value, folder)
        except _Wrong as error:
            wrong = error
    raise wrong


def _fit_sequence(origin: Any, inner: tuple[Any, ...], value: Any, folder: Path) -> Any:
    _need(isinstance(value, (list, tuple)), value, "a list in [ ]")
    if origin is tuple and Ellipsis not in inner:
        _need(len(value) == len(inner), value, f"a list of {len(inner)} values")
        return tuple(_fit(kind, item, folder) for kind, item in zip(inner, value, strict=True))
    return origin(_fit(inner[0], item, folder) for item in value)


def _need(good: bool, value: Any, words: str) -> Any:  # noqa: FBT001
    if not good:
        message = f"must be {words}"
        raise _Wrong(message)
    return value


def _within(value: Any, meta: Mapping[str, Any]) -> None:
    low, high, unit = meta.get("low"), meta.get("high"), meta.get("unit", "")
    numbers = value if isinstance(value, (tuple, list)) else (value,)
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            continue
        below = low is not None and number < low
        above = high is not None and number > high
        if below or above or number != number:  # noqa: PLR0124 - only NaN differs from itself
            span = " and ".join(
                part
                for part in (
                    f"at least {low:g}" if low is not None else "",
                    f"at most {high:g}" if high is not None else "",
                )
                if part
            )
            message = f"{number:g} is out of range, must be {span or 'a number'} {unit}".rstrip()
            raise _Wrong(message)
