"""What every command gives: a table to read, and the same as JSON with stable keys."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path, PurePath
from typing import Any

from benchmarks.errors import BenchError
from edge import __version__


def flag(parser: argparse.ArgumentParser) -> None:
    """Declare where the figures go."""
    parser.add_argument(
        "--json", metavar="FILE", type=Path, help="write all figures there, too, with stable keys"
    )


def write(args: argparse.Namespace, kind: str, figures: Mapping[str, Any]) -> None:
    """Write a command's figures where `--json` says; raises BenchError where that fails."""
    if args.json is None:
        return
    about = {
        "benchmark": kind,
        "command": ["edgepose-bench", *map(shown, sys.argv[1:])],
        "edgepose": __version__,
        "measured": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }
    save(args.json, json.dumps(plain({**about, **figures}), indent=2, allow_nan=False) + "\n")


def shown(word: str) -> str:
    """A word of the command line that may be shown to others: no folders, hosts or passwords."""
    flag, is_flag, value = word.partition("=") if word.startswith("--") else ("", "", word)
    scheme, is_address, _ = value.partition("://")
    if is_address:
        value = f"{scheme}://HOST"
    elif value.startswith(("/", "~", "../")) and not value.startswith("/dev/"):
        value = PurePath(value).name
    return f"{flag}{is_flag}{value}"


def check(path: Path) -> None:
    """Raise BenchError unless a file can be written, before anything long begins."""
    made = not path.exists()
    save(path, "", mode="a")  # what is there stays
    if made:
        path.unlink()


def save(path: Path, text: str, mode: str = "w") -> None:
    """Write a text file whole; raises BenchError where that fails."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        hint = "name a file in a folder that you may write to"
        raise BenchError(str(path), f"cannot be written ({error.strerror})", hint) from error


def plain(value: Any) -> Any:
    """Figures as JSON has them: what is not a number is null, long fractions are rounded."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as they need; numbers to the right, the first column to the left."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = []
    for row in (head, *rows):
        first, *rest = (
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join((first, *rest)).rstrip())
    return "\n".join(lines)
