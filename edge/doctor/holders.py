"""Who has a camera open: found in /proc, as far as we may look."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from edge.doctor.machine import Machine
from edge.registry import kind_of

_UNIT = re.compile(r"([^/\s]+\.service)(?:/|$)", re.MULTILINE)
_NAMED = re.compile(r"\bdevice=[\"']?(/dev/[^\s\"']+)")
_EVERY_CAMERA = ("/dev/video*", "/dev/media*")  # a camera at a ribbon cable is many files


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that has a file open."""

    pid: int
    command: str  # "python3"
    unit: str  # "edgepose@cam1.service"; empty for one that no service started

    def __str__(self) -> str:
        """For people."""
        return f"{self.unit or self.command} (process {self.pid})"


def device_files(machine: Machine, source: object) -> tuple[str, ...]:
    """Files that a camera of these settings needs; none for a stream or a clip."""
    kind = kind_of(source)
    device = getattr(source, "device", None)
    if isinstance(device, str):
        return (device,)
    if kind == "picamera":
        return tuple(path for pattern in _EVERY_CAMERA for path in machine.found(pattern))
    return tuple(_NAMED.findall(getattr(source, "pipeline", "")))


def holders(machine: Machine, files: Collection[str], but: int = 0) -> tuple[Holder, ...]:
    """Processes with one of these files open, except one; others' are seen by root alone."""
    real = {os.path.realpath(file) for file in files}
    found = []
    for entry in machine.at("/proc").glob("[0-9]*"):
        pid = int(entry.name)
        if pid != but and not real.isdisjoint(_open_files(entry)):
            units = _UNIT.findall(machine.text(f"/proc/{pid}/cgroup"))
            command = machine.text(f"/proc/{pid}/comm")
            found.append(Holder(pid, command, units[-1] if units else ""))
    return tuple(sorted(found, key=lambda one: one.pid))


def _open_files(process: Path) -> Iterator[str]:
    try:
        for entry in (process / "fd").iterdir():
            yield str(entry.readlink())
    except OSError:
        return  # it has ended, or is not for us to see
