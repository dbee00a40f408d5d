"""The kernel's small files: what is not there is "", None or no entry."""

from __future__ import annotations

import re
from pathlib import Path


def text(path: Path) -> str:
    """A file's text without the space and zeros around it; "" when it cannot be read."""
    try:
        with path.open("rb", buffering=0) as file:
            # A sensor that sleeps has nothing to give (EAGAIN): an Orin has three of them.
            raw = file.read()
    except OSError:
        return ""  # the board does not have it
    return (raw or b"").decode(errors="replace").strip("\0 \t\r\n")


def number(path: Path, base: int = 10) -> int | None:
    """A file's number; None when it has none."""
    try:
        return int(text(path), base)
    except ValueError:
        return None


def numbered(folder: Path, pattern: str) -> list[Path]:
    """What fits the pattern, by the number in its name: cpu2 before cpu10."""
    return sorted(
        folder.glob(pattern), key=lambda path: [int(n) for n in re.findall(r"\d+", path.name)]
    )
