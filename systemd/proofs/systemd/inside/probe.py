"""Tries, as somebody who has taken over the process would, what the unit forbids; prints JSON.

probe.py GROUP    each attempt: null when it got through, else the name of the error
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import platform
import shutil
import socket
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

Attempt = Callable[[], object]

_LIBC = ctypes.CDLL(None, use_errno=True)
_NEW_USER, _NEW_MOUNT = 0x10000000, 0x00020000
_BIND = 0x1000
_INIT_MODULE = {"x86_64": 175, "aarch64": 105}
_GOT_THROUGH = (errno.ENOEXEC, errno.EFAULT, errno.EINVAL)  # the kernel looked at what was given


def call(name: str, *arguments: object) -> None:
    """Call the C library; raises OSError."""
    if getattr(_LIBC, name)(*arguments) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def module() -> None:
    """Load a kernel module that is none."""
    try:
        call("syscall", _INIT_MODULE[platform.machine()], b"none", 4, b"")
    except OSError as error:
        if error.errno not in _GOT_THROUGH:
            raise


def write(path: str) -> Attempt:
    """Make a file."""

    def attempt() -> None:
        file = Path(path, "written-by-the-probe")
        file.write_text("x")
        file.unlink()

    return attempt


def read(path: str) -> Attempt:
    """Read a file, or list a folder."""

    def attempt() -> None:
        place = Path(path)
        if place.is_dir() and not list(place.iterdir()):
            raise OSError(errno.ENOENT, "nothing in it")
        if not place.is_dir():
            place.read_bytes()

    return attempt


def change(path: str) -> Attempt:
    """Write what is there already."""
    return lambda: Path(path).write_text(Path(path).read_text())


def device(path: str) -> Attempt:
    """Open a device."""
    return lambda: os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK))


def speak(family: int, kind: int = socket.SOCK_RAW) -> Attempt:
    """Make a socket."""
    return lambda: socket.socket(family, kind).close()


def others() -> None:
    """See other processes."""
    seen = [
        entry for entry in (place.name for place in Path("/proc").iterdir()) if entry.isdecimal()
    ]
    if not set(seen) - {str(os.getpid())}:
        raise OSError(errno.ENOENT, "none is seen")


def setuid_file() -> None:
    """Make a program that runs as its owner."""
    with tempfile.TemporaryDirectory() as folder:
        made = shutil.copy("/bin/true", folder)
        Path(made).chmod(0o755 | stat.S_ISUID)


def unshared(flag: int) -> Attempt:
    """Leave for a namespace of its own, in a child."""

    def attempt() -> None:
        child = os.fork()
        if child == 0:
            os._exit(_LIBC.unshare(flag) and ctypes.get_errno())
        _, status = os.waitpid(child, 0)
        if number := os.waitstatus_to_exitcode(status):
            raise OSError(number, os.strerror(number))

    return attempt


def first_in_line() -> None:
    """Become a real-time process."""
    before = os.sched_getscheduler(0)
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    os.sched_setscheduler(0, before, os.sched_param(0))


def mounted() -> None:
    """Mount something."""
    with tempfile.TemporaryDirectory() as folder:
        call("mount", b"/usr", folder.encode(), None, _BIND, None)
        call("umount", folder.encode())


GROUPS: dict[str, dict[str, Attempt]] = {
    "writing": {
        place: write(place)
        for place in ("/etc", "/usr/bin", "/opt/edgepose", "/boot", "/srv", "/run", "/var/lib")
    }
    | {"another camera's outbox": write("/var/lib/edgepose/cam2")}
    | {"/dev/shm of others": change("/dev/shm/of-others")},
    "reading": {
        "/home": read("/home/person/letter"),
        "/root": read("/root/letter"),
        "/tmp of others": read("/tmp/of-others"),
        "/etc/credstore": read("/etc/credstore"),
        "another camera's outbox": read("/var/lib/edgepose/cam2"),
        "other processes": others,
        "the kernel's log": read("/dev/kmsg"),
    },
    "kernel": {
        "a kernel parameter": change("/proc/sys/kernel/printk"),
        "the host's name": lambda: call("sethostname", *_name()),
        "a module": module,
        "a mount": mounted,
        "a user namespace": unshared(_NEW_USER),
        "a mount namespace": unshared(_NEW_MOUNT),
        "the clock": lambda: call("adjtimex", ctypes.create_string_buffer(_step(), 512)),
    },
    "rights": {
        "becoming root": lambda: os.setuid(0),
        "a program that runs as its owner": setuid_file,
        "real-time priority": first_in_line,
        "tracing": lambda: call("ptrace", 0, 0, None, None),
        "another root directory": lambda: os.chroot("/"),
    },
    "sockets": {
        "packets of the network card": speak(socket.AF_PACKET),
        "netlink": speak(socket.AF_NETLINK),
        "raw IP": speak(socket.AF_INET),
        "virtual machines' sockets": speak(40, socket.SOCK_STREAM),
    },
    "devices": {
        path: device(path)
        for path in ("/dev/vda", "/dev/ttyS0", "/dev/kmsg", "/dev/rtc0", "/dev/input/event0")
    },
    "needed": {
        "its outbox's folder": write(os.environ.get("STATE_DIRECTORY", "/nowhere")),
        "/tmp": write("/tmp"),
        "TCP": speak(socket.AF_INET, socket.SOCK_STREAM),
        "TCP over IPv6": speak(socket.AF_INET6, socket.SOCK_STREAM),
        "/dev/null": device("/dev/null"),
        "/proc/cpuinfo": read("/proc/cpuinfo"),
    },
    "cameras": {"/dev/video0": device("/dev/video0")},
    "broker": {"the broker": lambda: socket.create_connection(("127.0.0.1", 1883), 5).close()},
    "memory": {"1 GB": lambda: bytearray(os.urandom(1 << 20)) * 1000},
}


def _name() -> tuple[bytes, int]:
    name = socket.gethostname().encode()
    return name, len(name)


def _step() -> bytes:
    return (0x8000).to_bytes(4, sys.byteorder)  # ADJ_OFFSET_SINGLESHOT without its read-only bit


def tried(attempt: Attempt) -> str | None:
    """None when it got through, else the name of the error."""
    try:
        attempt()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, type(error).__name__)
    return None


if __name__ == "__main__":
    outcome = {words: tried(attempt) for words, attempt in GROUPS[sys.argv[1]].items()}
    print("probe", json.dumps(outcome), flush=True)
