"""How fast cores may run, and who decides it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from edge.runtime.power import cpu_clocks
from edge.runtime.sysfs import number, text

_ROUNDED = 0.99  # a driver's own maximum may lie a little below the processor's


@dataclass(frozen=True, slots=True)
class Policy:
    """Cores that share a clock."""

    folder: str  # "/sys/devices/system/cpu/cpufreq/policy0"
    governor: str
    mhz: tuple[float | None, float | None]  # lowest and highest of the processor
    held: tuple[float | None, float | None]  # lowest and highest that may be used now
    now: float | None  # MHz

    @property
    def fixed(self) -> bool:
        """Whether the clock cannot change: the governor then has nothing to decide."""
        return self.held[0] is not None and self.held[0] == self.held[1]

    @property
    def capped(self) -> bool:
        """Whether the processor could run faster than it may."""
        most, may = self.mhz[1], self.held[1]
        return most is not None and may is not None and may < most * _ROUNDED


def policies(root: Path) -> tuple[Policy, ...]:
    """Every clock's, in order of its first core."""
    read = (_policy(root, folder) for folder in cpu_clocks(root))
    return tuple(policy for policy in read if policy.governor)  # none: its cores are offline


def _policy(root: Path, folder: Path) -> Policy:
    return Policy(
        folder=f"/{folder.relative_to(root)}",
        governor=text(folder / "scaling_governor"),
        mhz=(_mhz(folder / "cpuinfo_min_freq"), _mhz(folder / "cpuinfo_max_freq")),
        held=(_mhz(folder / "scaling_min_freq"), _mhz(folder / "scaling_max_freq")),
        now=_mhz(folder / "scaling_cur_freq") or _mhz(folder / "cpuinfo_cur_freq"),
    )


def _mhz(path: Path) -> float | None:
    khz = number(path)
    return None if khz is None else khz / 1000.0
