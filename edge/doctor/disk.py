"""Will what is written stay? Room, a file system that may be written, a card that is failing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from edge.core.types import Json
from edge.doctor.finding import Finding, bad, good, look, spoken
from edge.doctor.machine import Machine

_FREE_BAD, _FREE_LOOK = 50.0, 500.0  # MB
_INODES_BAD = 500
_IN_MEMORY = frozenset({"tmpfs", "ramfs", "overlay"})
_WORN = 9  # of the ten parts of an eMMC's life that its maker promises
_COMPLAINTS = (
    *("journalctl", "--dmesg", "--boot", "--quiet", "--no-pager", "--output=cat", "--lines=1"),
    "--grep=I/O error|EXT4-fs error|mmc[0-9]+: .*error -[0-9]+",
)
_MEND_CARD = "save /etc/edgepose, and write the system to a new card"
_MEND_FULL = "sudo journalctl --vacuum-size=50M; sudo apt clean; see: sudo du -xh / | sort -h"


@dataclass(frozen=True, slots=True)
class Disk:
    """The file system below a folder, and the medium below that."""

    folder: str  # the folder asked about, or the nearest one above that exists
    mount: str
    kind: str  # "ext4"
    device: str  # "/dev/mmcblk0p2"
    free_mb: float
    total_mb: float
    inodes: int | None  # free; None where the file system counts none
    read_only: bool
    errors: int  # that the kernel has noted in an ext4 file system
    worn: int | None  # tenths of an eMMC's life that are used up, 11 when it is over
    complaint: str = ""  # the kernel's last word since the start about a disk that did not answer


def read(machine: Machine, folder: Path) -> Disk:
    """Look at what lies below a folder of this machine, also one that is yet to be made."""
    here = machine.at(folder)
    while not here.exists() and here != here.parent:
        here = here.parent
    room = os.statvfs(here)
    shown = Path("/") / here.relative_to(machine.root)
    device, mount, kind, options = _mounted(machine, shown.resolve())
    partition = device.rpartition("/")[2]
    return Disk(
        folder=str(shown),
        mount=mount,
        kind=kind,
        device=device,
        free_mb=room.f_bavail * room.f_frsize / 1e6,
        total_mb=room.f_blocks * room.f_frsize / 1e6,
        inodes=room.f_favail if room.f_files else None,
        read_only=bool(room.f_flag & os.ST_RDONLY) or "ro" in options.split(","),
        errors=machine.number(f"/sys/fs/ext4/{partition}/errors_count") or 0,
        worn=_worn(machine, partition),
        complaint=(machine.run(_COMPLAINTS) or "").strip(),
    )


def judge(disk: Disk, *, kept: bool) -> tuple[Finding, ...]:
    """`kept` is for a folder that must be written to and outlive a power cut."""
    return spoken(_wrong(disk, kept=kept), good(_summary(disk), **_facts(disk)))


def _wrong(disk: Disk, *, kept: bool) -> Iterator[Finding]:
    facts = _facts(disk)
    if disk.errors:
        says = f"{disk.device} has {disk.errors} errors on record: the card or disk is failing"
        yield bad(says, _MEND_CARD, **facts)
    elif disk.complaint:
        says = f"the kernel complains of a card or disk: {disk.complaint}"
        yield look(says, _MEND_CARD, **facts)
    if kept and disk.read_only:
        says = f"{disk.mount} cannot be written, so no alarm can wait in {disk.folder}"
        yield bad(says, _writable(disk), **facts)
    elif kept and disk.kind in _IN_MEMORY:
        says = f"{disk.folder} is in memory ({disk.kind}): alarms that wait are lost with the power"
        yield bad(says, "mount a real partition at /var/lib/edgepose", **facts)
    if disk.read_only:
        pass  # how full it is does not matter
    elif disk.free_mb < _FREE_BAD or (disk.inodes is not None and disk.inodes < _INODES_BAD):
        yield bad(f"{disk.mount} is full: {disk.free_mb:.0f} MB are left", _MEND_FULL, **facts)
    elif disk.free_mb < _FREE_LOOK:
        yield look(f"{disk.mount} has only {disk.free_mb:.0f} MB left", _MEND_FULL, **facts)
    if disk.worn is not None and disk.worn > _WORN:
        says = f"{disk.device} has used up the life its maker promises"
        yield look(says, "replace it soon; save /etc/edgepose", **facts)


def _writable(disk: Disk) -> str:
    if disk.kind.startswith("ext"):
        again = f"sudo mount -o remount,rw {disk.mount}"
        return f"look why: journalctl --dmesg --grep EXT4; then: {again}"
    return f"make {disk.folder} a folder on a disk that may be written"


def _summary(disk: Disk) -> str:
    sealed = "read-only" if disk.read_only else ""
    what = ", ".join(filter(None, (disk.kind, disk.device, sealed)))
    free = f"{disk.free_mb / 1000:.1f} of {disk.total_mb / 1000:.1f} GB are free"
    return f"{disk.mount}{f' ({what})' if what else ''}: {free}"


def _facts(disk: Disk) -> dict[str, Json]:
    return {
        "mount": disk.mount,
        "file_system": disk.kind,
        "device": disk.device,
        "free_mb": round(disk.free_mb),
        "total_mb": round(disk.total_mb),
        "read_only": disk.read_only,
        "errors": disk.errors,
        "worn_tenths": disk.worn,
    }


def _mounted(machine: Machine, folder: Path) -> tuple[str, str, str, str]:
    """Device, mount, kind and options of the file system that a folder is on."""
    best = ("", "/", "", "")
    for line in machine.text("/proc/mounts").splitlines():
        device, mount, kind, options = (line.split() + [""] * 4)[:4]
        where = Path(mount.replace("\\040", " "))
        # The last line wins: what is mounted over another hides it.
        if (folder == where or where in folder.parents) and len(mount) >= len(best[1]):
            best = (device, str(where), kind, options)
    return best


def _worn(machine: Machine, partition: str) -> int | None:
    """Only an eMMC tells; of an SD card nobody knows."""
    disk = re.sub(r"p?\d+$", "", partition)
    said = machine.text(f"/sys/block/{disk}/device/life_time").split()
    try:
        return max(int(part, 16) for part in said) if said else None
    except ValueError:
        return None
