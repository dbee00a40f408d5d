"""Boards that are not here: their files, laid out below a folder, and what their commands print."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.board import reading
from benchmarks.board.facts import Board

BOARDS = Path(__file__).parent
MODEL = "proc/device-tree/model"
CPUFREQ = "sys/devices/system/cpu/cpufreq"
ZONE = "sys/class/thermal/thermal_zone0/temp"
THROTTLED = "$ vcgencmd get_throttled"
MODE = "$ nvpmodel -q"


def sections(name: str) -> dict[str, str]:
    """Take a fixture apart: path or "$ command" -> what stands there."""
    parts = re.split(r"^== (.+)$", (BOARDS / f"{name}.txt").read_text(), flags=re.MULTILINE)[1:]
    return {key: text.strip("\n") for key, text in zip(parts[::2], parts[1::2], strict=True)}


def read(root: Path, parts: Mapping[str, str]) -> Board:
    """Lay the files out below `root`, where only the fixture's commands can be run, and look."""
    for path, content in parts.items():
        if not path.startswith("$"):
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content + ("\0" if path == MODEL else "\n"))  # as the kernel ends it

    def run(command: Sequence[str]) -> str | None:
        return parts.get("$ " + " ".join(command))

    return reading.read(root, run)


def at_rest(name: str) -> dict[str, str]:
    """A board on which nothing spoils a benchmark."""
    parts = sections(name)
    for path in list(parts):
        if path.endswith("scaling_governor"):
            parts[path] = "performance"
        if name.startswith("jetson") and path.endswith(("scaling_min_freq", "scaling_max_freq")):
            parts[path] = parts[str(Path(path).with_name("cpuinfo_max_freq"))]  # jetson_clocks
    if name == "jetson-orin-nano":
        parts[MODE] = "NV Power Mode: MAXN_SUPER\n2"
    return parts


def only_warning(root: Path, parts: Mapping[str, str]) -> str:
    """Give the one sentence that is said; it fails when there are none or more."""
    (warning,) = read(root, parts).warnings
    return warning
