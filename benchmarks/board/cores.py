"""Which processor a board has, how many cores, and how many of them this process may use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from edge.runtime.sysfs import number, text

_PARTS = {  # CPU implementer, CPU part: what the makers call them
    "0x41": {
        "0xb76": "ARM1176", "0xc07": "Cortex-A7", "0xc08": "Cortex-A8", "0xc09": "Cortex-A9",
        "0xc0f": "Cortex-A15", "0xd01": "Cortex-A32", "0xd03": "Cortex-A53", "0xd04": "Cortex-A35",
        "0xd05": "Cortex-A55", "0xd07": "Cortex-A57", "0xd08": "Cortex-A72", "0xd09": "Cortex-A73",
        "0xd0a": "Cortex-A75", "0xd0b": "Cortex-A76", "0xd0c": "Neoverse-N1", "0xd0d": "Cortex-A77",
        "0xd0e": "Cortex-A76AE", "0xd40": "Neoverse-V1", "0xd41": "Cortex-A78",
        "0xd42": "Cortex-A78AE", "0xd44": "Cortex-X1", "0xd46": "Cortex-A510",
        "0xd47": "Cortex-A710", "0xd48": "Cortex-X2", "0xd49": "Neoverse-N2",
        "0xd4b": "Cortex-A78C", "0xd4d": "Cortex-A715", "0xd4e": "Cortex-X3",
        "0xd4f": "Neoverse-V2", "0xd80": "Cortex-A520", "0xd81": "Cortex-A720",
        "0xd82": "Cortex-X4", "0xd85": "Cortex-X925", "0xd87": "Cortex-A725",
    },
    "0x4e": {"0x003": "Denver 2", "0x004": "Carmel"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cores:
    """A processor and what of it may be used."""

    cpu: str | None  # "Cortex-A72", "4x Cortex-A55 + 4x Cortex-A76", an x86 model's name
    online: int
    present: int  # with those that are switched off
    allowed: int  # by this process's affinity
    limit: float | None  # of the cgroups, in cores
    virtual: bool  # the processor says that a hypervisor is below it
    mhz: float | None  # as an x86 processor says it

    @property
    def usable(self) -> float:
        """Cores that this process can keep busy."""
        return float(self.allowed) if self.limit is None else min(self.allowed, self.limit)


def read(root: Path) -> Cores:
    """Everything below `proc`, `sys/devices/system/cpu` and `sys/fs/cgroup`."""
    blocks = list(_blocks(text(root / "proc/cpuinfo")))
    first: Mapping[str, str] = blocks[0] if blocks else {}
    mine = {int(block["processor"]) for block in blocks}
    told = re.search(r"Cpus_allowed_list:\s*(\S+)", text(root / "proc/self/status"))
    mhz = [float(block["cpu MHz"]) for block in blocks if "cpu MHz" in block]
    return Cores(
        cpu=_cpu(blocks),
        online=len(mine),
        present=len(_ids(text(root / "sys/devices/system/cpu/present"))) or len(mine),
        # The list may name cores that a machine could have but has not.
        allowed=len(mine & _ids(told[1])) if told else len(mine),
        limit=_limit(root),
        virtual="hypervisor" in first.get("flags", "").split(),
        mhz=max(mhz, default=None),
    )


def _ids(ranges: str) -> frozenset[int]:
    """Numbers of a list such as "0-3,6"."""
    parts = (re.findall(r"\d+", part) for part in ranges.split(","))
    return frozenset(n for ends in parts if ends for n in range(int(ends[0]), int(ends[-1]) + 1))


def _blocks(cpuinfo: str) -> Iterator[dict[str, str]]:
    for block in re.split(r"\n\s*\n", cpuinfo):
        lines = (line.partition(":") for line in block.splitlines())
        fields = {key.strip(): value.strip() for key, _, value in lines}
        if fields.get("processor", "").isdigit():  # else the board's own lines, at the end
            yield fields


def _cpu(blocks: list[dict[str, str]]) -> str | None:
    kinds = Counter(name for block in blocks if (name := _name(block)))
    if len(kinds) < 2:  # noqa: PLR2004 - one kind needs no count
        return next(iter(kinds), None)
    return " + ".join(f"{count}x {name}" for name, count in kinds.items())


def _name(block: Mapping[str, str]) -> str | None:
    maker, part = block.get("CPU implementer"), block.get("CPU part")
    if maker and part:
        return _PARTS.get(maker, {}).get(part, f"Arm core {maker}/{part}")
    named = " ".join(block.get("model name", "").split())
    return named or block.get("uarch") or block.get("cpu model") or None


def _limit(root: Path) -> float | None:
    """The smallest limit on the way from this process's control groups up to their root."""
    limits = []
    for line in text(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:
            mounts, share = ("", "unified"), _share_v2
        elif "cpu" in controllers.split(","):
            mounts, share = (controllers, "cpu"), _share_v1
        else:
            continue
        own = PurePosixPath(*(part for part in path.split("/") if part not in ("", "..")))
        for mount in mounts:
            top = root / "sys/fs/cgroup" / mount
            # A container sees its own group as the root, whatever the path says.
            limits += [share(top / group) for group in (own, *own.parents)]
    return min((limit for limit in limits if limit), default=None)


def _share_v2(group: Path) -> float | None:
    quota, _, period = text(group / "cpu.max").partition(" ")
    return int(quota) / int(period) if quota.isdigit() and period.isdigit() else None


def _share_v1(group: Path) -> float | None:
    quota, period = number(group / "cpu.cfs_quota_us"), number(group / "cpu.cfs_period_us")
    return quota / period if quota and period and quota > 0 else None
