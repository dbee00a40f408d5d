"""How hot a board is, at what heat it would slow down, and whether it does or did."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from edge.doctor.machine import Run
from edge.runtime import heat


@dataclass(frozen=True, slots=True)
class Throttled:
    """Why a board is slower than it could be."""

    now: tuple[str, ...] | None  # None: only the past is counted
    since_boot: tuple[str, ...] | None  # None: only the present is known

    @property
    def ever(self) -> frozenset[str]:
        """Now or since boot."""
        return frozenset((*(self.now or ()), *(self.since_boot or ())))


def throttled(root: Path, run: Run, *, raspberry_pi: bool) -> Throttled | None:
    """What the firmware of a Raspberry Pi or the kernel says; None when neither can."""
    sys = root / "sys"
    if raspberry_pi and heat.firmware(sys) is None:  # a kernel that does not pass it on
        said = re.search(r"throttled=(0x[0-9a-fA-F]+)", run(("vcgencmd", "get_throttled")) or "")
        if said:
            return Throttled(*heat.of_firmware(int(said[1], 16)))
    now, events = heat.throttled(sys), heat.throttled_since_boot(sys)
    return None if now is None and events is None else Throttled(now, events)
