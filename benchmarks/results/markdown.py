"""Markdown that shows what it was given: tables, links and commands, with every sign escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

# "~" strikes out, "$" is mathematics, and "@" calls people, where Markdown is often read.
_SIGNS = re.compile(r"([\\`*_\[\]<>|~$])")


class Markdown(str):
    """Text that is Markdown already."""

    __slots__ = ()


def text(words: str) -> Markdown:
    """Words as they are, on one line; Markdown stays what it is."""
    if isinstance(words, Markdown):
        return words
    line = " ".join(words.split()).replace("&", "&amp;")
    return Markdown(_SIGNS.sub(r"\\\1", line))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 1) -> Markdown:
    """A table whose first columns, as many as `words`, are words and the others numbers."""
    rules = ["---" if i < words else "---:" for i in range(len(head))]
    lines = [_row(head), _row([Markdown(rule) for rule in rules]), *map(_row, rows)]
    return Markdown("\n".join(lines))


def bullets(lines: Iterable[str]) -> Markdown:
    """A list; empty lines are left out."""
    return Markdown("\n".join(f"- {text(line)}" for line in lines if line))


def code(line: str) -> Markdown:
    """One line as it is typed, between fences that no sign in it can end."""
    longest = max((len(ticks) for ticks in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return Markdown(f"{fence}sh\n{' '.join(line.splitlines())}\n{fence}")


def link(words: str, url: str) -> Markdown:
    """A link; what does not belong into an address is quoted."""
    return Markdown(f"[{text(words)}]({quote(url, safe=':/?#=&%+,;@-._')})")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(text(cell) for cell in cells)} |"
