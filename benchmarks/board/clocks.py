"""How fast cores may run, who decides it, and in which power mode a Jetson is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks.board.files import Run, number, numbered, text

_CPU = "sys/devices/system/cpu"
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


@dataclass(frozen=True, slots=True)
class PowerMode:
    """What `nvpmodel` of a Jetson is set to, and what would be fastest."""

    name: str  # "MAXN", "25W"
    best: str | None  # None: the board's list of modes cannot be read
    best_id: int | None

    @property
    def fastest(self) -> bool:
        """Whether no other mode is faster."""
        return self.name == self.best or (self.best is None and self.name.startswith("MAXN"))


def policies(root: Path) -> tuple[Policy, ...]:
    """Every clock's, in order of its first core; kernels before 4.2 have them core by core."""
    folders = numbered(root / _CPU, "cpufreq/policy*") or numbered(root / _CPU, "cpu[0-9]*/cpufreq")
    read = (_policy(root, folder) for folder in folders)
    return tuple(policy for policy in read if policy.governor)  # none: its cores are offline


def power_mode(root: Path, run: Run) -> PowerMode | None:
    """A Jetson's; None when `nvpmodel -q` does not say."""
    said = re.search(r"NV Power Mode:\s*(\S.*?)\s*$", run(("nvpmodel", "-q")) or "", re.MULTILINE)
    if not said:
        return None
    listed = re.findall(
        r"<\s*POWER_MODEL\s+ID=(\d+)\s+NAME=(\S+)\s*>", text(root / "etc/nvpmodel.conf")
    )
    number_, best = max(listed, key=lambda mode: _watts(mode[1]), default=("", None))
    return PowerMode(said[1], best, int(number_) if number_ else None)


def _watts(mode: str) -> float:
    found = re.search(r"(\d+)W", mode)
    return float("inf") if mode.startswith("MAXN") else float(found[1]) if found else 0.0


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
