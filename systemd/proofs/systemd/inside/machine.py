"""What the claims use: units started and asked, a broker, network cameras, messages heard."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

PROOF = Path("/proof")  # where the harness has put us and the clip
CONFIGURATIONS = Path("/etc/edgepose")
STATE = Path("/var/lib/edgepose")
CREDSTORE = Path("/etc/credstore")
SYSTEM = Path("/run/systemd/system")
_CURSOR = Path("/run/proof-cursor")
MOST_START_S = 60.0  # a deadline for a hang, never a measurement: emulation is slow
SITE = "proof"

CONFIGURATION = """\
[identity]
site = "{site}"
device = "machine"
camera = "{camera}"

[source]
uri = "{uri}"

[[model]]
name = "edgepose-body-257"
backend = "tflite"

[[rule]]
kind = "presence"

[[rule]]
kind = "fall"

[publish]
health_s = 2

[[sink]]
kind = "mqtt"
host = "127.0.0.1"
{sink}
"""


class NotShownError(Exception):
    """A claim cannot be shown on such a machine; why."""


def run(*words: str, check: bool = True, text: str | None = None) -> str:
    """Run a program; gives what it wrote, raises with it where it fails."""
    done = subprocess.run(
        words,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    assert not check or done.returncode == 0, f"{' '.join(words)}: {done.stdout.strip()}"
    return done.stdout


def systemctl(*words: str, check: bool = True) -> str:
    """Ask systemd."""
    return run("systemctl", "--no-pager", *words, check=check)


def until(what: Callable[[], T], within_s: float, words: str) -> T:
    """Wait until something is so, and give it; fails, naming it, when it never is."""
    enough = time.monotonic() + within_s
    while not (answer := what()):
        assert time.monotonic() < enough, f"not within {within_s:.0f} s: {words}"
        time.sleep(0.05)
    return answer


def mark() -> None:
    """From here on the journal is read."""
    words = run("journalctl", "--no-pager", "--lines=1", "--show-cursor")
    _CURSOR.write_text(words.splitlines()[-1].removeprefix("-- cursor: "))


@dataclass(frozen=True)
class Camera:
    """One camera's service and its network camera."""

    name: str
    port: int

    @property
    def unit(self) -> str:
        """The service."""
        return f"edgepose@{self.name}.service"

    @property
    def lens(self) -> str:
        """The network camera's service."""
        return f"lens@{self.port}.service"

    @property
    def root(self) -> str:
        """Where its topics begin."""
        return f"edgepose/{SITE}/machine/{self.name}"

    def configure(self, uri: str = "", sink: str = "") -> None:
        """Write its configuration."""
        uri = uri or f"rtsp://127.0.0.1:{self.port}/clip"
        CONFIGURATIONS.mkdir(exist_ok=True)
        (CONFIGURATIONS / f"{self.name}.toml").write_text(
            CONFIGURATION.format(site=SITE, camera=self.name, uri=uri, sink=sink)
        )

    def drop_in(self, lines: str) -> None:
        """Change the unit, for this boot."""
        folder = SYSTEM / f"{self.unit}.d"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "proof.conf").write_text(lines)
        systemctl("daemon-reload")

    def forget(self) -> None:
        """Stop it, and take away all that belongs to it."""
        systemctl("stop", self.unit, check=False)
        systemctl("reset-failed", self.unit, check=False)
        systemctl("kill", "--signal=KILL", self.lens, check=False)
        systemctl("stop", self.lens, check=False)
        systemctl("reset-failed", self.lens, "mosquitto", check=False)
        shutil.rmtree(SYSTEM / f"{self.unit}.d", ignore_errors=True)
        shutil.rmtree(STATE / self.name, ignore_errors=True)
        shutil.rmtree(STATE.parent / "private" / "edgepose" / self.name, ignore_errors=True)
        for secret in CREDSTORE.glob(f"edgepose.{self.name}.*"):
            secret.unlink()
        (CONFIGURATIONS / f"{self.name}.toml").unlink(missing_ok=True)
        systemctl("daemon-reload")

    def show_something(self) -> None:
        """Start its network camera and wait until that can be reached."""
        systemctl("start", self.lens)

        def listens() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0

        until(listens, MOST_START_S, f"{self.lens} listens")

    def start(self) -> float:
        """Start it and wait until it is ready; gives how long that took, s."""
        self.show_something()
        began = time.monotonic()
        systemctl("start", self.unit)
        return time.monotonic() - began

    def stop(self) -> float:
        """Stop it; gives how long that took, s."""
        began = time.monotonic()
        systemctl("stop", self.unit)
        return time.monotonic() - began

    def show(self, key: str) -> str:
        """One of the unit's properties."""
        return systemctl("show", "--value", f"--property={key}", self.unit).strip()

    @property
    def state(self) -> tuple[str, str]:
        """Such as ("active", "running")."""
        return self.show("ActiveState"), self.show("SubState")

    def ready(self) -> bool:
        """Whether systemd was told that it is."""
        return self.state[0] == "active"

    @property
    def pid(self) -> int:
        """Its process; 0 for none."""
        return int(self.show("MainPID"))

    @property
    def restarts(self) -> int:
        """How often systemd has restarted it by itself."""
        return int(self.show("NRestarts"))

    def journal(self) -> str:
        """What it has said, and systemd of it, since the claim began."""
        since = _CURSOR.read_text()
        return run(
            *("journalctl", "--no-pager", "--output=cat", "--unit", self.unit),
            *("--after-cursor", since),
        )

    def waiting(self) -> dict[str, str]:
        """Events on its disk: type by id. Only while it is stopped: the file is its alone."""
        import sqlite3  # noqa: PLC0415 - a copy, so that reading changes nothing

        with tempfile.TemporaryDirectory() as copy:
            for file in (STATE / self.name).rglob("outbox.sqlite*"):
                shutil.copy(file, copy)
            db = sqlite3.connect(Path(copy) / "outbox.sqlite")
            rows = db.execute("SELECT id, body FROM outbox").fetchall()
            db.close()
        return {ident: json.loads(body)["type"] for ident, body in rows}
