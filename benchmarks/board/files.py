"""Lists of numbers as the kernel writes them, and short commands: None when they fail."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator, Sequence

Run = Callable[[Sequence[str]], str | None]
_PATIENCE = 3.0  # s


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
