"""The device itself: its files, what it keeps of the last good wishes, and the card's partition.

Everything is below a root, so that a test has a device of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.errors import ConfigError
from edge.firstboot.generated import CAMERAS, HOST_KEY, MARK, SSH_KEYS, STATE, Files, Made
from edge.firstboot.wishes import FILE


@dataclass(frozen=True, slots=True)
class Kept:
    """What a device remembers when the card's file is damaged, wrong, or has been blanked."""

    tables: Mapping[str, Any]  # the wishes as written, passwords included
    files: Files


@dataclass(frozen=True, slots=True)
class Device:
    """One root file system."""

    root: Path

    def path(self, absolute: str) -> Path:
        """Where a file of the device is, seen from here."""
        return self.root / absolute.lstrip("/")

    @property
    def state(self) -> Path:
        """The folder that outlives a restart."""
        return self.path(STATE)

    def kept(self) -> Kept | None:
        """Read what was kept; None when nothing was, or when it cannot be read."""
        try:
            content = json.loads((self.state / "kept.json").read_text("utf-8"))
            files = {path: made and Made(**made) for path, made in content["files"].items()}
            return Kept(dict(content["tables"]), files)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def keep(self, kept: Kept) -> None:
        """Remember, on the disk before this returns: only then may the card's copy be blanked."""
        self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        files = {
            path: made and {"text": made.text, "secret": made.secret}
            for path, made in kept.files.items()
        }
        content = json.dumps({"tables": kept.tables, "files": files})
        write(self.state / "kept.json", content, 0o600)

    def apply(self, files: Files) -> list[str]:
        """Write and remove files; gives those that are the user's own and were left alone."""
        left = []
        for name, made in files.items():
            path = self.path(name)
            if made is None:
                path.unlink(missing_ok=True)
            elif _is_theirs(name, path):
                left.append(name)
            else:
                path.parent.mkdir(mode=0o700 if made.secret else 0o755, parents=True, exist_ok=True)
                write(path, made.text, 0o600 if made.secret else 0o644)
        self._name()
        self._zone()
        if files.get(SSH_KEYS):
            self._host_key()
        return left

    def zone_exists(self, zone: str) -> bool:
        """Whether the device knows a time zone."""
        return self.path(f"/usr/share/zoneinfo/{zone}").is_file()

    def _name(self) -> None:
        """The device's own name must have an address, or every sudo and log waits for DNS."""
        hosts, name = self.path("/etc/hosts"), self.path("/etc/hostname").read_text("utf-8").strip()
        lines = hosts.read_text("utf-8").splitlines() if hosts.exists() else ["127.0.0.1 localhost"]
        others = [line for line in lines if line.split()[:1] != ["127.0.1.1"]]
        write(hosts, "\n".join((*others, f"127.0.1.1 {name}", "")), 0o644)

    def _zone(self) -> None:
        zone = self.path("/etc/timezone").read_text("utf-8").strip()
        link = self.path("/etc/localtime")
        link.unlink(missing_ok=True)
        link.symlink_to(f"/usr/share/zoneinfo/{zone}")

    def _host_key(self) -> None:
        """Make the key by which an administrator knows this device again, once."""
        key = self.path(HOST_KEY)
        if not key.exists():
            key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            command = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key))
            _do(command, ConfigError(f"{FILE}: ssh_key", "SSH is not installed here"))


def _is_theirs(name: str, path: Path) -> bool:
    """A camera's configuration that a person wrote, or took over, is never written again."""
    if not (name.startswith(f"{CAMERAS}/") and name.endswith(".toml") and path.exists()):
        return False
    return not path.read_text("utf-8", errors="replace").startswith(MARK)


def write(path: Path, text: str, mode: int) -> None:
    """Replace a file as a whole, or leave it: a pulled plug never leaves half of one."""
    if path.exists() and path.read_text("utf-8", errors="replace") == text:
        path.chmod(mode)
        return
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(handle, mode)
        file.write(text)
        file.flush()
        os.fsync(handle)
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def overwrite(path: Path, text: str) -> None:
    """Write over a file where it lies, so that what stood there is not left in a free block."""
    content = text.encode()
    if path.exists() and path.read_bytes() == content:
        return
    with writable(path.parent), path.open("r+b" if path.exists() else "w+b") as file:
        before = file.seek(0, os.SEEK_END)
        file.seek(0)
        file.write(content.ljust(before))
        file.flush()
        os.fsync(file.fileno())
        file.truncate(len(content))
        os.fsync(file.fileno())


@contextmanager
def writable(folder: Path) -> Iterator[None]:
    """Let a partition that is mounted read-only be written for a moment."""
    closed = bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    if closed:
        _remount(folder, "rw")
    try:
        yield
    finally:
        if closed:
            _remount(folder, "ro")


def _remount(folder: Path, how: str) -> None:
    command = ("/bin/mount", "-o", f"remount,{how}", str(folder))
    _do(command, ConfigError(str(folder), f"cannot be made {how}"))


def _do(command: Sequence[str], failure: ConfigError) -> None:
    """Run a program of the system; raises the failure where it is missing or fails."""
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - fixed words
    except (OSError, subprocess.CalledProcessError) as error:
        raise failure from error
