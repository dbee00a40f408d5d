"""May the service read its file and open its camera; may we, who ask."""

from __future__ import annotations

import grp
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from edge.doctor.finding import Finding, bad, good, look, spoken

_READ, _BOTH = 0o4, 0o6  # bits of one class: owner, group or others


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or device and who may use it."""

    path: str
    mode: int  # permission bits
    group: str

    def allows(self, groups: Sequence[str], bits: int) -> bool:
        """Whether somebody who does not own it, in these groups, has these rights."""
        mine = self.mode >> 3 if self.group in groups else self.mode
        return mine & bits == bits


@dataclass(frozen=True, slots=True)
class Permissions:
    """Who asks, and what the service will find."""

    root: bool  # it is root who asks
    service: bool  # a service of its own user reads this configuration
    groups: tuple[str, ...]  # of the service, or of who asks
    config: Entry | None
    devices: tuple[Entry, ...]


def read(
    config: Path, devices: Sequence[str], *, service: bool, groups: Sequence[str] = ()
) -> Permissions:
    """Look at the files as they are; what is not there is told by other checks."""
    mine = tuple(_group(number) for number in (*os.getgroups(), os.getegid()))
    return Permissions(
        root=os.geteuid() == 0,
        service=service,
        groups=tuple(groups) if service else mine,
        config=_entry(config),
        devices=tuple(found for path in devices if (found := _entry(Path(path)))),
    )


def judge(may: Permissions) -> tuple[Finding, ...]:
    """What keeps the service from working is bad; what keeps us from seeing is to be looked at."""
    return spoken(_wrong(may), good(_summary(may), root=may.root, groups=list(may.groups)))


def _wrong(may: Permissions) -> Iterator[Finding]:
    who = "the service" if may.service else "you"
    if may.service and may.config and not may.config.allows(may.groups, _READ):
        says = f"the service may not read {may.config.path}: it runs as a user of its own"
        yield bad(says, f"sudo chmod 644 {may.config.path}")
    for device in may.devices:
        if (may.root and not may.service) or device.allows(may.groups, _BOTH):
            continue
        says = f"{who} may not open {device.path} (group {device.group})"
        yield bad(says, _grant(may, device))
    if may.service and not may.root:
        yield look("you are not root, so part of this cannot be seen", "sudo edgepose doctor")


def _grant(may: Permissions, device: Entry) -> str:
    if device.mode >> 3 & _BOTH != _BOTH:
        return f"sudo chmod g+rw {device.path}; for good: a udev rule"
    if may.service:
        set_it = f"[Service] SupplementaryGroups={device.group}"
        return f"sudo systemctl edit edgepose@.service, and write: {set_it}"
    return f"sudo usermod -aG {device.group} $USER, then log in again"


def _summary(may: Permissions) -> str:
    cameras = ", ".join(device.path for device in may.devices)
    opens = f" may open {cameras}" if cameras else " may read what it needs"
    return f"{'the service' if may.service else 'you'}{opens}"


def _entry(path: Path) -> Entry | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return Entry(str(path), stat.S_IMODE(found.st_mode), _group(found.st_gid))


def _group(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)
