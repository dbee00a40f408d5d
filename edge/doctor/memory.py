"""Is there memory for the camera's process, and is the machine living on its swap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from edge.core.types import Json
from edge.doctor.finding import Finding, absent, bad, good, look, spoken
from edge.doctor.machine import Machine

_FREE_BAD, _FREE_LOOK = 60.0, 150.0  # MB; a camera's process takes some 150 to 300
_SWAPPED = 0.25  # of the memory
_KB = 1.024e-3  # MB in what /proc/meminfo calls kB
_MEND = "see what takes it: ps aux --sort=-rss | head; a desktop: sudo raspi-config (boot to text)"


@dataclass(frozen=True, slots=True)
class Memory:
    """MB."""

    total: float
    available: float  # what a process could still get
    swapped: float  # in use


def read(machine: Machine) -> Memory | None:
    """None where the kernel does not say."""
    lines = re.findall(r"^(\w+):\s+(\d+) kB$", machine.text("/proc/meminfo"), re.MULTILINE)
    table = {key: int(kb) * _KB for key, kb in lines}
    if "MemTotal" not in table or "MemAvailable" not in table:
        return None
    swapped = table.get("SwapTotal", 0.0) - table.get("SwapFree", 0.0)
    return Memory(table["MemTotal"], table["MemAvailable"], swapped)


def judge(memory: Memory | None) -> tuple[Finding, ...]:
    """By what is still to be had."""
    if memory is None:
        return (absent("the kernel does not say how much memory there is"),)
    return spoken(_wrong(memory), good(_summary(memory), **_facts(memory)))


def _wrong(memory: Memory) -> Iterator[Finding]:
    if memory.available < _FREE_BAD:
        says = f"only {memory.available:.0f} of {memory.total:.0f} MB are left"
        yield bad(says, _MEND, **_facts(memory))
    elif memory.available < _FREE_LOOK:
        yield look(f"{_summary(memory)}, which is little", _MEND, **_facts(memory))
    if memory.swapped > _SWAPPED * memory.total:
        says = f"{memory.swapped:.0f} MB are swapped out, which makes everything slow"
        yield look(says, _MEND, **_facts(memory))


def _summary(memory: Memory) -> str:
    return f"{memory.available:.0f} of {memory.total:.0f} MB can be had"


def _facts(memory: Memory) -> dict[str, Json]:
    return {
        "total_mb": round(memory.total),
        "available_mb": round(memory.available),
        "swapped_mb": round(memory.swapped),
    }
