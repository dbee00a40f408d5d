"""The kernel's small files and short commands: what is not there is "", None or no entry."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

Run = Callable[[Sequence[str]], str | None]
_PATIENCE = 3.0  # s


def text(path: Path) -> str:
    """A file's text without the space and zeros around it; "" when it cannot be read."""
    try:
        with path.open("rb", buffering=0) as file:
            raw = file.read()  # None when a sensor is switched off: the kernel says "try again"
    except OSError:
        return ""
    return (raw or b"").decode(errors="replace").strip("\0 \t\r\n")


def number(path: Path, base: int = 10) -> int | None:
    """A file's number; None when it has none."""
    try:
        return int(text(path), base)
    except ValueError:
        return None


def numbered(folder: Path, pattern: str) -> list[Path]:
    """What fits the pattern, by the number in its name: cpu2 before cpu10."""
    return sorted(folder.glob(pattern), key=lambda path: [int(n) for n in _digits(path.name)])


def ids(ranges: str) -> frozenset[int]:
    """Numbers of a list such as "0-3,6"."""
    return frozenset(_ids(ranges))


def run(command: Sequence[str]) -> str | None:
    """What a command prints; None when it is not there, fails or takes longer than 3 s."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed commands that only read
            list(command),
            capture_output=True,
            check=True,
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode(errors="replace")


def _digits(name: str) -> list[str]:
    return re.findall(r"\d+", name)


def _ids(ranges: str) -> Iterator[int]:
    for part in ranges.split(","):
        ends = _digits(part)
        if ends:
            yield from range(int(ends[0]), int(ends[-1]) + 1)
