"""A real mosquitto with passwords, and all that it was told."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import machine
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion


@dataclass(frozen=True)
class Message:
    """One message as a subscriber got it."""

    at: float  # s, monotonic
    topic: str
    body: Any


class Broker:
    """Stopped at first; listens on the loopback, which the guest knows as 10.0.2.2."""

    user, password = "camera-1", "pa$$ 'w\\ord"

    def __init__(self, folder: Path) -> None:
        self.port = machine.free_port()
        self.heard: list[Message] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._listener: paho.Client | None = None
        self._lock = threading.Lock()
        passwords = folder / "passwords"
        for name, option in ((self.user, "-c"), ("listener", None)):
            options = ["-b"] + ([option] if option else [])
            machine.run("mosquitto_passwd", *options, passwords, name, self.password)
        self._config = folder / "mosquitto.conf"
        rules = (
            f"listener {self.port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n"
        )
        self._config.write_text(f"user root\n{rules}")

    def start(self) -> None:
        """Start it and listen to everything; raises RuntimeError when it does not come up."""
        command = ["/usr/sbin/mosquitto", "-c", str(self._config)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        client = paho.Client(CallbackAPIVersion.VERSION2)
        client.username_pw_set("listener", self.password)
        client.on_message = self._on_message
        client.on_connect = lambda one, *_: one.subscribe("edgepose/#", 1)
        for _ in range(100):
            try:
                client.connect("127.0.0.1", self.port)
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError("mosquitto does not start")
        client.loop_start()
        self._listener = client

    def stop(self) -> None:
        """Stop both."""
        if self._listener is not None:
            self._listener.disconnect()
            self._listener.loop_stop()
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        self._process = self._listener = None

    def wait(
        self, what: Callable[[Message], bool], since: float, alive: Callable[[], bool]
    ) -> Message:
        """Give the first message of the kind that came after a moment; raises RuntimeError."""
        enough = time.monotonic() + machine.SLOW_S
        while time.monotonic() < enough and alive():
            for one in self.since(since):
                if what(one):
                    return one
            time.sleep(0.2)
        raise RuntimeError("no such message came: " + self.summary(since))

    def since(self, moment: float) -> list[Message]:
        """All messages that came after a moment."""
        with self._lock:
            return [one for one in self.heard if one.at >= moment]

    def summary(self, since: float) -> str:
        """The last few, for a person who has to find out why."""
        return "; ".join(f"{one.topic} {one.body}"[:200] for one in self.since(since)[-5:])

    def _on_message(self, _client: paho.Client, _data: object, got: paho.MQTTMessage) -> None:
        with self._lock:
            self.heard.append(Message(time.monotonic(), got.topic, json.loads(got.payload)))
