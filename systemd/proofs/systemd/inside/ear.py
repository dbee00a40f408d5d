"""What a broker says, as a subscriber gets it."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from systemd.proofs.systemd.inside.machine import Camera


@dataclass(frozen=True)
class Heard:
    """One message as a subscriber got it."""

    at: float  # s, monotonic
    topic: str
    body: dict[str, Any]
    retained: bool


@dataclass
class Ear:
    """Hears everything a broker says, from `with` on."""

    port: int = 1883
    login: tuple[str, ...] = ()
    _heard: list[Heard] = field(default_factory=list)

    def __enter__(self) -> Ear:
        self._file = tempfile.NamedTemporaryFile("r", suffix=".heard")
        words = [
            "mosquitto_sub",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-q",
            "1",
            "-t",
            "edgepose/#",
        ]
        with Path(self._file.name).open("w") as out:
            self._process = subprocess.Popen(
                ["stdbuf", "-oL", *words, *self.login, "-F", "%r %t %p"],
                stdout=out,
                stderr=subprocess.DEVNULL,
            )
        time.sleep(0.3)  # it has subscribed
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait()
        self._file.close()

    def all(self) -> list[Heard]:
        """Everything so far."""
        while (line := self._file.readline()).endswith("\n"):
            retained, topic, payload = line.rstrip("\n").split(" ", 2)
            body = json.loads(payload) if payload else {}
            self._heard.append(Heard(time.monotonic(), topic, body, retained == "1"))
        self._file.seek(self._file.tell() - len(line))  # one that is still being written
        return self._heard

    def events(self, camera: Camera, kind: str = "") -> list[Heard]:
        """The events of a camera whose type begins so."""
        return [
            one
            for one in self.all()
            if one.topic.startswith(f"{camera.root}/event/")
            and one.body["type"].startswith(f"edgepose.{kind}")
        ]

    def online(self, camera: Camera) -> bool:
        """Whether a camera's newest status says so."""
        return self.last(camera, "status").get("state") == "online"

    def last(self, camera: Camera, what: str) -> dict[str, Any]:
        """The newest message on a camera's topic; empty for none."""
        bodies = [one.body for one in self.all() if one.topic == f"{camera.root}/{what}"]
        return bodies[-1] if bodies else {}
