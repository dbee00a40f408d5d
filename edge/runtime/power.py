"""What a Jetson is set to: its power mode (`nvpmodel`), and whether its clocks are held.

Both are read from files: `nvpmodel` keeps the number of the mode in /var/lib/nvpmodel/status
("pmode:0002"), and what the numbers mean in /etc/nvpmodel.conf, so that the service needs neither a
command nor root. `jetson_clocks` sets the lowest clock of processor and GPU to their highest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from edge.core.types import Json
from edge.runtime.sysfs import number, numbered, text

ROOT = Path("/")
_TREE = "sys/firmware/devicetree/base/compatible"
_CPUS = "sys/devices/system/cpu"
_MODE = re.compile(r"^\s*<\s*POWER_MODEL\s+ID=(\d+)\s+NAME=(\S+?)\s*>", re.MULTILINE)
_DEFAULT = re.compile(r"^\s*<\s*PM_CONFIG\s+DEFAULT=(\d+)\s*>", re.MULTILINE)
_SAID = re.compile(r"NV Power Mode:\s*(\S.*?)\s*$", re.MULTILINE)


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


def is_jetson(root: Path = ROOT) -> bool:
    """Whether the device tree is that of an NVIDIA Tegra."""
    return "nvidia,tegra" in text(root / _TREE) or (root / "etc/nv_tegra_release").is_file()


def has_gpu(root: Path = ROOT) -> bool:
    """Whether there is an NVIDIA GPU with its driver: a Jetson's own, or a card."""
    return is_jetson(root) or (root / "proc/driver/nvidia/version").exists()


def health(root: Path = ROOT) -> dict[str, Json]:
    """What the health message says of a Jetson; nothing of other boards."""
    if not is_jetson(root):
        return {}
    mode = power_mode(root)
    return {"power_mode": mode.name if mode else None, "clocks_held": clocks_held(root)}


def power_mode(root: Path = ROOT, said: str | None = None) -> PowerMode | None:
    """A Jetson's; `said` is what `nvpmodel -q` printed, which wins. None when nothing tells."""
    conf = text(root / "etc/nvpmodel.conf")
    listed = _MODE.findall(conf)
    asked = _SAID.search(said or "")
    name = asked[1] if asked else _kept(root, conf, dict(listed))
    if name is None:
        return None
    number_, best = max(listed, key=lambda mode: _watts(mode[1]), default=("", None))
    return PowerMode(name, best, int(number_) if number_ else None)


def clocks_held(root: Path = ROOT) -> bool | None:
    """Whether no clock of processor or GPU can go down (`jetson_clocks`); None: it cannot say."""
    ends = [(one / "scaling_min_freq", one / "scaling_max_freq") for one in cpu_clocks(root)]
    ends += [
        (folder / "min_freq", folder / "max_freq")
        for folder in (root / "sys/class/devfreq").glob("*")
        if folder.name.endswith((".gpu", ".ga10b", ".gv11b", ".gp10b", ".gm20b"))
    ]
    known = [
        (low, high)
        for low, high in ((number(low), number(high)) for low, high in ends)
        if low is not None and high is not None
    ]
    return all(low == high for low, high in known) if known else None


def cpu_clocks(root: Path = ROOT) -> list[Path]:
    """A folder for each clock of the processor; kernels before 4.2 have them core by core."""
    cpus = root / _CPUS
    return numbered(cpus, "cpufreq/policy*") or numbered(cpus, "cpu[0-9]*/cpufreq")


def _kept(root: Path, conf: str, names: dict[str, str]) -> str | None:
    """The mode that was set last; none was ever: the one that the board starts with."""
    try:
        kept = (root / "var/lib/nvpmodel/status").read_text(encoding="utf-8", errors="replace")
        found = re.search(r"pmode:\s*(\d+)", kept)
    except FileNotFoundError:
        found = _DEFAULT.search(conf)
    except OSError:  # it was set, and we may not know to what
        found = None
    return names.get(str(int(found[1])), f"mode {int(found[1])}") if found else None


def _watts(mode: str) -> float:
    found = re.search(r"(\d+)W", mode)
    return float("inf") if mode.startswith("MAXN") else float(found[1]) if found else 0.0
