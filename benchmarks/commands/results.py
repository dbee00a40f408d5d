"""A page of measured figures, from files that the other commands wrote with --json.

  edgepose-bench results fps.json accuracy.json events.json
        writes benchmarks/RESULTS.md
  edgepose-bench results pi4/*.json jetson/*.json --out boards.md
        several boards, each with its software and its warnings; elsewhere
  edgepose-bench results *.json --check
        writes nothing: the exit code is 1 where the page is not what these files give

For each board the page has a table for each benchmark, with the command that made it. Figures
that others published stand below, apart from those and with their sources: they come from
benchmarks/results/published.toml. The order of the files does not matter, and the same files give
the same page.
"""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from benchmarks import answer
from benchmarks.errors import BenchError

_PAGE = Path("benchmarks/RESULTS.md")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "files", metavar="FILE.json", nargs="+", type=Path, help="written by --json"
    )
    parser.add_argument("--out", metavar="FILE.md", type=Path, default=_PAGE, help=f"({_PAGE})")
    parser.add_argument(
        "--check", action="store_true", help="only say whether the page is up to date"
    )


def run(args: argparse.Namespace) -> int:
    """Read, and write or compare the page."""
    from benchmarks.results import files, published  # noqa: PLC0415 - so that --help is quick
    from benchmarks.results.page import page  # noqa: PLC0415

    results = files.read(args.files)
    made = page(results, published.read())
    if args.check:
        _compare(args, made)
        print(f"{args.out} is what these files give")
        return 0
    answer.save(args.out, made)
    boards = {result.board["slug"] for result in results}
    print(f"made {args.out}: {len(results)} files, {len(boards)} kinds of board")
    return 0


def _compare(args: argparse.Namespace, made: str) -> None:
    """Raise BenchError unless the page is there and the same."""
    words = ["edgepose-bench", "results", *map(str, args.files), "--out", str(args.out)]
    hint = f"run: {shlex.join(words)}"
    try:
        there = args.out.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BenchError(str(args.out), "cannot be read", hint) from error
    if there != made:
        raise BenchError(str(args.out), "is not what these files give", hint)
