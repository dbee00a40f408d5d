"""A whole computer in QEMU that starts from an image, its card, and the shell it lets us have."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

FAT_OFFSET = 4 << 20  # bytes: where image.sh puts the boot partition
SLOW_S = 3600.0  # an emulated machine on a busy host takes many minutes; a hang takes for ever
# The journal on the serial line: what a machine said before the plug was pulled.
_TOLD = ("console=ttyAMA0", "systemd.journald.forward_to_console=1", "systemd.show_status=0")
_SSH = (
    *("ssh", "-q", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"),
    *("-o", "ConnectTimeout=30", "-o", "BatchMode=yes"),
)


def run(*command: str | Path, words: str | None = None) -> str:
    """Run a program to its end and give what it printed; raises RuntimeError if it fails."""
    done = subprocess.run(
        [str(part) for part in command], input=words, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stderr or done.stdout}")
    return done.stdout


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Card:
    """The FAT partition of an image, as a laptop sees it when the card is put in."""

    image: Path

    def read(self, name: str) -> str:
        """The text of a file; raises RuntimeError when it is not there."""
        return run("mtype", "-i", self._place, f"::{name}")

    def write(self, name: str, text: str) -> None:
        """Put a file onto the card."""
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(text)
            file.flush()
            run("mcopy", "-o", "-i", self._place, file.name, f"::{name}")

    def take(self, pattern: str, folder: Path) -> Path:
        """Copy the one file that fits a pattern into a folder."""
        names = run("mdir", "-b", "-i", self._place, f"::{pattern}").split()
        place = folder / names[-1].removeprefix("::/")
        if not place.exists():
            run("mcopy", "-i", self._place, names[-1], place)
        return place

    @property
    def _place(self) -> str:
        return f"{self.image}@@{FAT_OFFSET}"


@dataclass
class Machine:
    """Switched off at first. Pulling the plug is SIGKILL: nothing is flushed, nothing is told."""

    image: Path
    folder: Path
    key: Path
    port: int = field(default_factory=free_port)
    starts: int = 0
    since: float = 0.0
    _process: subprocess.Popen[bytes] | None = None

    def plug_in(self) -> None:
        """Start; what it says on its serial line goes to serial-<n>.log."""
        card = Card(self.image)
        self.starts += 1
        words = [word for word in card.read("cmdline.txt").split() if "console=" not in word]
        log = self.folder / f"serial-{self.starts}.log"
        command = (
            *("qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a72", "-smp", "2", "-m", "2048"),
            *("-accel", "tcg,thread=multi", "-no-reboot", "-display", "none", "-monitor", "none"),
            *("-kernel", card.take("vmlinuz*", self.folder)),
            *("-initrd", card.take("initrd*", self.folder)),
            *("-append", " ".join([*words, *_TOLD])),
            *("-drive", f"if=none,id=card,file={self.image},format=raw,cache=writeback"),
            *("-device", "virtio-blk-pci,drive=card", "-device", "virtio-rng-pci"),
            *("-netdev", f"user,id=net,ipv6=off,hostfwd=tcp:127.0.0.1:{self.port}-:22"),
            *("-device", "virtio-net-pci,netdev=net,romfile=", "-serial", f"file:{log}"),
        )
        self.since = time.monotonic()
        self._process = subprocess.Popen([str(part) for part in command])

    def pull_the_plug(self) -> None:
        """Stop at once."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    @property
    def runs(self) -> bool:
        """Whether it is switched on."""
        return self._process is not None and self._process.poll() is None

    def sh(self, command: str, words: str = "") -> str:
        """Run a line in a shell on it, as root over SSH; raises RuntimeError if it fails."""
        door = ("-i", self.key, "-p", str(self.port), "root@127.0.0.1")
        return run(*_SSH, *door, command, words=words)

    def answers(self) -> bool:
        """Whether SSH lets us in."""
        try:
            self.sh("true")
        except RuntimeError:
            return False
        return True

    def greets(self) -> bool:
        """Whether an SSH server answers at all."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 20.0) as door:
                door.settimeout(20.0)
                return door.recv(4) == b"SSH-"
        except OSError:
            return False


def copy_of(image: Path, folder: Path) -> Path:
    """Flash a card: the image itself is never written."""
    place = folder / "card.img"
    run("cp", "--sparse=always", image, place)
    return place


def lacking() -> list[str]:
    """Programs that a proof needs and this machine has not."""
    needed = ("qemu-system-aarch64", "mcopy", "ssh", "ssh-keygen", "mosquitto", "mosquitto_passwd")
    return [name for name in needed if shutil.which(name, path="/usr/sbin:/usr/bin:/bin") is None]
