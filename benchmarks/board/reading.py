"""From the kernel's files and a few commands to a Board."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import metadata
from pathlib import Path

from benchmarks.board import clocks, cores, names, spoilers
from benchmarks.board.facts import Board
from edge import __version__
from edge.doctor.heat import Throttled, read_throttled
from edge.doctor.machine import Machine, Run, ask
from edge.runtime.heat import zones
from edge.runtime.power import power_mode
from edge.runtime.sysfs import text

_PACKAGES = (
    *("ai-edge-litert", "tflite-runtime", "onnxruntime", "openvino", "numpy"),
    *("opencv-python-headless", "opencv-python"),
)
_KB = 1.024e-3  # MB in what /proc/meminfo calls kB
_32_BIT = 2**31


def read(root: Path = Path("/"), run: Run = ask) -> Board:
    """Look at a board now, below `root`; `run` gives what a command prints, None if it fails."""
    processor = cores.read(root)
    name = names.name(root)
    arch = text(root / "proc/sys/kernel/arch") or (run(("uname", "-m")) or "").strip()
    memory = _meminfo(root)
    board = Board(
        name=name or processor.cpu or "unknown board",
        slug=names.slug(name, processor.cpu, processor.online, arch),
        cores=processor,
        arch=arch,
        memory_mb=memory.get("MemTotal"),
        swap_mb=_difference(memory.get("SwapTotal"), memory.get("SwapFree")),
        load=_load(root),
        policies=clocks.policies(root),
        power_mode=power_mode(root, run(("nvpmodel", "-q"))) if names.is_jetson(name) else None,
        zones=zones(root / "sys"),
        throttled=_throttled(Machine(root, run)),
        virtual=processor.virtual or names.is_virtual(root, name),
        os=_os(root),
        kernel=text(root / "proc/sys/kernel/osrelease") or None,
        python=platform.python_version() + (" 32-bit" if sys.maxsize < _32_BIT else ""),
        packages=dict(_packages()),
    )
    return replace(board, warnings=tuple(spoilers.warnings(board)))


def _throttled(machine: Machine) -> Throttled | None:
    """What the firmware of a Raspberry Pi or the kernel says; None when neither can."""
    seen = read_throttled(machine)
    return None if seen.now is None and seen.since_boot is None else seen


def _packages() -> Iterator[tuple[str, str]]:
    yield "edgepose", __version__
    for package in _PACKAGES:
        try:
            yield package, metadata.version(package)
        except metadata.PackageNotFoundError:
            continue


def _os(root: Path) -> str | None:
    release = text(root / "etc/os-release") or text(root / "usr/lib/os-release")
    found = re.search(r"""^PRETTY_NAME=["']?(.*?)["']?\s*$""", release, re.MULTILINE)
    return found[1] if found else None


def _meminfo(root: Path) -> dict[str, float]:
    lines = re.findall(r"^(\w+):\s+(\d+) kB$", text(root / "proc/meminfo"), re.MULTILINE)
    return {key: round(int(kb) * _KB, 1) for key, kb in lines}


def _difference(whole: float | None, rest: float | None) -> float | None:
    return None if whole is None or rest is None else round(whole - rest, 1)


def _load(root: Path) -> float | None:
    found = re.match(r"\d+\.\d+", text(root / "proc/loadavg"))
    return float(found[0]) if found else None
