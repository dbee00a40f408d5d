"""The whole page: a head, what was measured board by board, and what others published."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from itertools import groupby

from benchmarks.errors import BenchError
from benchmarks.results import boards, published, typed
from benchmarks.results.files import Result
from benchmarks.results.markdown import Markdown, code, text
from benchmarks.results.published import Group
from benchmarks.results.sections import KINDS

_HEAD = """# Measured figures

Made by `edgepose-bench results` from files that `edgepose-bench ... --json` wrote: do not edit it.
[README.md](README.md) says what each figure means and how to measure your own board.
"-" is what was not measured. To make it anew:"""


def page(results: Sequence[Result], groups: Sequence[Group]) -> str:
    """Markdown, the same for the same files; raises BenchError for a file that lacks figures."""
    words = ["edgepose-bench", "results", *(result.name for result in results)]
    blocks = [Markdown(_HEAD), code(shlex.join(words))]
    for _, files in groupby(results, key=lambda one: one.board["slug"]):
        blocks += _board(list(files))
    blocks += published.blocks(groups)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _board(results: Sequence[Result]) -> Iterator[Markdown]:
    yield Markdown(f"## {text(results[0].board['name'])}")
    yield boards.block(results)
    for kind, files in groupby(results, key=lambda one: one.kind):
        yield Markdown(f"### {KINDS[kind].TITLE}")
        for result in files:
            yield from _file(result, results)


def _file(result: Result, board: Sequence[Result]) -> list[Markdown]:
    figures = result.figures
    about = f"{result.name}: measured {figures['measured']} with edgepose {figures['edgepose']}"
    try:
        blocks = list(KINDS[result.kind].blocks(figures))
        made = typed.command(result)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        problem = (
            f"lacks figures of `{result.kind}`, or has others ({type(error).__name__}: {error})"
        )
        raise BenchError(result.name, problem, "make the file anew with this edgepose") from error
    return [text(about), made, boards.own(result, board), *blocks]
