"""The machine, its card and its broker together, and how facts are told."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import heard
import machine

KEPT = "(kept on the device)"
CAMERA = "edgepose/plant/bench-17/cam1"
_WISHES = """site = 'plant'
device = 'bench-17'
time_zone = 'Europe/Berlin'
{ssh}
[broker]
host = '10.0.2.2'
port = {port}
user = '{user}'
password = {password}  # of the broker
[camera]
uri = '{uri}'
rules = ['fall', 'presence']
"""


class Proof:
    """Says what was found; raises RuntimeError at the first thing that is not so."""

    def __init__(self, image: Path, folder: Path) -> None:
        machine.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "key")
        self.key = f"ssh_key = '{(folder / 'key.pub').read_text().strip()}'"
        self.image = image
        self.broker = heard.Broker(folder)
        self.computer = machine.Machine(machine.copy_of(image, folder), folder, folder / "key")
        self.card = machine.Card(self.computer.image)

    def say(self, words: str) -> None:
        """Print a fact with the time since power was given."""
        after = time.monotonic() - self.computer.since if self.computer.since else 0.0
        sys.stdout.write(f"{after:6.0f} s  {words}\n")
        sys.stdout.flush()

    def need(self, so: bool, words: str, found: object = "") -> None:  # noqa: FBT001 - the fact
        """Print a fact, or end the proof with what was found in its place."""
        if not so:
            raise RuntimeError(f"not so: {words} ({found})")
        self.say(words)

    def write(self, *, ssh: str = "", uri: str = "/dev/video0", password: str = KEPT) -> None:
        """Put the owner's file onto the card."""
        words = _WISHES.format(
            ssh=ssh,
            port=self.broker.port,
            user=self.broker.user,
            password=json.dumps(password),
            uri=uri,
        )
        self.card.write("edgepose.txt", words)

    def start(self) -> float:
        """Switch on; gives the moment."""
        self.computer.plug_in()
        self.say(f"start {self.computer.starts}: power on")
        return self.computer.since

    def enter(self) -> None:
        """Wait until SSH lets us in."""
        self.until(self.computer.answers, "SSH lets us in with the key of the file")

    def until(self, what: Callable[[], bool], words: str, limit_s: float = machine.SLOW_S) -> None:
        """Wait until something is so and print it."""
        enough = time.monotonic() + limit_s
        while not what():
            if time.monotonic() > enough or not self.computer.runs:
                raise RuntimeError(f"did not come true: {words}")
            time.sleep(1.0)
        self.say(words)

    def hear(self, name: str, since: float, words: str) -> heard.Message:
        """Wait for a message of the camera that came after a moment, and print it."""
        topic = f"{CAMERA}/{name}"
        message = self.broker.wait(
            lambda one: one.topic == topic, since, lambda: self.computer.runs
        )
        self.say(f"{words}: {topic} {json.dumps(message.body)[:150]}")
        return message

    def unit(self, key: str) -> str:
        """What systemd says of the camera's service."""
        return self.computer.sh(f"systemctl show -P {key} edgepose@cam1").strip()
