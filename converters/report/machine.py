"""What the latencies were measured on."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

_BOARD = Path("/proc/device-tree/model")  # a Raspberry Pi or a Jetson says what it is
_CPU = Path("/proc/cpuinfo")


def machine() -> str:
    """Name the board or processor, its cores and the system."""
    system = f"{platform.system()} {platform.release()}"
    return f"{_name()}, {os.cpu_count()} cores, {system}"


def _name() -> str:
    if _BOARD.is_file():
        return _BOARD.read_text(encoding="utf-8").strip("\0\n ")
    found = _CPU.is_file() and re.search(r"model name\s*:\s*(.+)", _CPU.read_text(encoding="utf-8"))
    return found[1].strip() if found else platform.processor() or platform.machine()
