"""The command that made a file: as it was typed, or as far as its figures tell."""

from __future__ import annotations

import shlex
from pathlib import PurePath

from benchmarks.results.files import Result
from benchmarks.results.markdown import Markdown, code
from benchmarks.results.sections import KINDS

_PROGRAM = "edgepose-bench"


def command(result: Result) -> Markdown:
    """One line, and whether it was put together from the figures."""
    words = result.figures.get("command")
    if words:
        rest = words[1:] if PurePath(words[0]).name in {_PROGRAM, "__main__.py"} else words
        return code(shlex.join([_PROGRAM, *map(str, rest)]))
    kind = KINDS[result.kind]
    flags = shlex.join([_PROGRAM, *result.kind.split(), *kind.options_of(result.figures)])
    return Markdown(f"{code(flags)}\n\nIt was not noted: this is what the figures tell of it.")
