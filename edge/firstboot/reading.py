"""From the bytes on the card to tables, and the text again without its passwords."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any

from edge.config_table import Place
from edge.errors import ConfigError, Problems
from edge.firstboot.wishes import FILE

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

KEPT = "(kept on the device)"  # stands in the file for a password that was moved to the device
SECRETS = (("network", "wifi_password"), ("broker", "password"), ("camera", "password"))

_QUOTES = "\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"
# A password on a line of its own; comments and whatever follows stay.
_LINE = re.compile(
    r"""^([ \t]*(?:\w+[ \t]*\.[ \t]*)?(?:wifi_)?password[ \t]*=[ \t]*)"""
    r"""("(?:[^"\\\n]|\\.)*"|'[^'\n]*')""",
    re.MULTILINE,
)


def text_of(content: bytes) -> str:
    """Read what any editor writes; raises ConfigError for what is no text."""
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        hint = "save it as UTF-8 with an editor for plain text"
        raise ConfigError(FILE, "is not a plain text file", hint) from None


def tables_of(text: str) -> dict[str, Any]:
    """Read the text as tables; raises ConfigError with the line, and never repeats it."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(FILE, f"cannot be read: {error}", _hint(text, str(error))) from None
    except (ValueError, RecursionError):
        raise ConfigError(FILE, "cannot be read") from None


def _hint(text: str, problem: str) -> str:
    found = re.search(r"line (\d+)", problem)
    lines = text.splitlines()
    line = lines[int(found[1]) - 1] if found and int(found[1]) <= len(lines) else ""
    if any(quote in line for quote in _QUOTES):
        return "the quotes are curly ones of a word processor: use ' or \""
    if "\\" in line:
        return "a text with a backslash stands in single quotes: password = 'a\\b'"
    return "a text stands in quotes, name = 'text', each on a line of its own"


def with_kept(tables: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Put passwords that were moved to the device back; raises Problems where there is none."""
    result = dict(tables)
    place = Place(FILE, "", [])
    for table, key in SECRETS:
        given = result.get(table)
        if not isinstance(given, Mapping) or given.get(key) != KEPT:
            continue
        known = stored.get(table, {}).get(key, "")
        if not known:
            place.at(table).at(key).wrong("is not kept on this device", "write it again")
        result[table] = {**given, key: known}
    if place.errors:
        raise Problems(place.errors)
    return result


def without_secrets(text: str) -> str:
    """Give the same text with every password replaced; raises ConfigError where it cannot be."""

    def blank(found: re.Match[str]) -> str:
        empty = found[2] in {"''", '""'}
        return found[0] if empty else f"{found[1]}'{KEPT}'"

    result = _LINE.sub(blank, text)
    if any(value not in {"", KEPT} for value in _secrets(tables_of(result))):
        raise ConfigError(FILE, "a password cannot be blanked", "write password = '...' on its own")
    return result


def _secrets(tables: Mapping[str, Any]) -> list[object]:
    parts = [(tables.get(table), key) for table, key in SECRETS]
    return [part.get(key, "") for part, key in parts if isinstance(part, Mapping)]
