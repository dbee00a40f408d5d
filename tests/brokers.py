"""A real mosquitto on a free loopback port, a listener for it, and schema checks.

Use the context managers directly or through fixtures; all skip where a binary is missing.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from jsonschema import Draft202012Validator
from paho.mqtt.enums import CallbackAPIVersion
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parent.parent / "edge" / "schemas"
PATIENCE_S = 20.0  # a deadline for a hang, never a measurement


def validate(topic: str, body: dict[str, Any]) -> None:
    """Check a published message against the schema its topic stands for; raises on a mismatch."""
    loaded = {path.stem: json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob("*.json")}
    resources = [Resource.from_contents(schema) for schema in loaded.values()]
    registry: Registry[Any] = Registry().with_resources([(r.id() or "", r) for r in resources])
    levels = topic.split("/")
    name = "discovery" if levels[0] != "edgepose" else levels[4]
    Draft202012Validator(loaded[name], registry=registry).validate(body)


def until(what: Callable[[], bool]) -> None:
    """Wait until something is so; fails loudly instead of hanging."""
    enough = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < enough, "it never came true"
        time.sleep(0.01)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Broker:
    """Stopped at first; `start` and `stop` as often as needed, always on the same port."""

    folder: Path
    extra: str = ""  # further lines of mosquitto.conf
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        binary = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/bin")
        if binary is None:
            pytest.skip("no mosquitto on this machine")
        anonymous = "" if "allow_anonymous" in self.extra else "allow_anonymous true\n"
        config = self.folder / "mosquitto.conf"
        config.write_text(f"user root\nlistener {self.port} 127.0.0.1\n{anonymous}{self.extra}\n")
        self._process = subprocess.Popen(
            [binary, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(self._answers)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "mosquitto did not start"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def running(folder: Path, extra: str = "") -> Iterator[Broker]:
    broker = Broker(folder, extra)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


@dataclass
class Heard:
    """One message as a subscriber got it."""

    topic: str
    body: Any
    retain: bool
    qos: int


class Listener:
    """Subscribes to everything; each message must be valid against its schema."""

    def __init__(self, broker: Broker, topic: str = "#", **login: Any) -> None:
        self.heard: list[Heard] = []
        self._ready = threading.Event()
        self._client = paho.Client(CallbackAPIVersion.VERSION2)
        if "ca" in login:
            self._client.tls_set(str(login["ca"]))
        if "username" in login:
            self._client.username_pw_set(login["username"], login["password"])
        self._client.on_message = self._on_message
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_connect = lambda client, *_: client.subscribe(topic, 1)
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()
        assert self._ready.wait(PATIENCE_S)

    def _on_message(self, _client: paho.Client, _userdata: object, got: paho.MQTTMessage) -> None:
        self.heard.append(Heard(got.topic, json.loads(got.payload), got.retain, got.qos))

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()
        for one in self.heard:
            validate(one.topic, one.body)

    def events(self) -> list[dict[str, Any]]:
        return [one.body for one in self.heard if "/event/" in one.topic]

    def last(self, topic: str) -> Any:
        bodies = [one.body for one in self.heard if one.topic == topic]
        return bodies[-1] if bodies else None


def certificates(folder: Path, name: str) -> tuple[Path, Path, Path]:
    """Make an authority and a certificate for 127.0.0.1 it signed: CA, certificate, key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on this machine")
    made = {part: folder / f"{name}.{part}" for part in ("ca", "cakey", "csr", "crt", "key", "ext")}
    # Python 3.13 asks for both, as RFC 5280 does.
    made["ext"].write_text(
        "subjectAltName=IP:127.0.0.1,DNS:localhost\nauthorityKeyIdentifier=keyid\n"
    )
    signs = "-addext keyUsage=critical,keyCertSign,cRLSign"

    def run(command: str) -> None:
        words = [str(made[word[1:]]) if word.startswith("@") else word for word in command.split()]
        subprocess.run([openssl, *words], check=True, capture_output=True)

    new = "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    run(f"{new} -x509 -days 2 {signs} -subj /CN={name}-authority -keyout @cakey -out @ca")
    run(f"{new} -subj /CN={name} -keyout @key -out @csr")
    run("x509 -req -days 2 -in @csr -CA @ca -CAkey @cakey -CAcreateserial -extfile @ext -out @crt")
    return made["ca"], made["crt"], made["key"]
