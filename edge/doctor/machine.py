"""The seam between the doctor and the machine: the kernel's files below a root, a few commands.

A test gives a made-up tree and made-up answers. What is not there is "", None or nothing.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from edge.runtime import sysfs

Run = Callable[[Sequence[str]], "str | None"]
_PATIENCE_S = 5.0


def ask(command: Sequence[str]) -> str | None:
    """What a command prints; None when it is not there, fails or takes longer than 5 s."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed commands that only read
            list(command),
            capture_output=True,
            check=True,
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE_S,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Machine:
    """One computer, or a made-up one."""

    root: Path = Path("/")
    run: Run = ask

    def at(self, path: str | Path) -> Path:
        """Where an absolute path of the machine lies."""
        return self.root / str(path).lstrip("/")

    def text(self, path: str | Path) -> str:
        """A small file's text without the space and zeros around it; "" when it has none."""
        return sysfs.text(self.at(path))

    def number(self, path: str | Path, base: int = 10) -> int | None:
        """A file's number; None when it has none."""
        return sysfs.number(self.at(path), base)

    def found(self, pattern: str) -> list[str]:
        """Absolute paths that fit a pattern, by the numbers in them: zone2 before zone10."""
        paths = (f"/{path.relative_to(self.root)}" for path in self.root.glob(pattern.lstrip("/")))
        return sorted(paths, key=lambda path: [int(n) for n in re.findall(r"\d+", path)])

    @property
    def board(self) -> str:
        """The device tree's name of the board; "" on a PC."""
        return self.text("/proc/device-tree/model")

    @property
    def is_raspberry_pi(self) -> bool:
        """Whether it is one."""
        return self.board.startswith("Raspberry Pi")
