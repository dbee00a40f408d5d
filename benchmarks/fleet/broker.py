"""A broker to measure with: the one that was named, or a mosquitto of our own on a free port."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.errors import BenchError
from edge import __version__
from edge.sinks.mqtt import Mqtt
from edge.wire import Identity

_PLACES = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")  # often not on a user's PATH
_HOST = "127.0.0.1"
_PATIENCE_S = 10.0
_CONFIG = """\
user root
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
max_queued_messages 0
set_tcp_nodelay true
"""


class Broker(Protocol):
    """Where to publish, and what a reader of figures should know about it."""

    @property
    def url(self) -> str:
        """As for --mqtt."""
        ...

    @property
    def name(self) -> str:
        """For people."""
        ...

    @property
    def own(self) -> bool:
        """Whether nobody else uses it."""
        ...


@dataclass(frozen=True, slots=True)
class Given:
    """One that runs already."""

    url: str
    name: str
    own: bool = False


class Mosquitto:
    """Our own; what it has accepted outlives `stop` and `start`, on the same port."""

    own = True

    def __init__(self, binary: str, folder: Path) -> None:
        self._binary = binary
        self._config = folder / "mosquitto.conf"
        self.port = _free_port()
        self._config.write_text(_CONFIG.format(port=self.port, folder=folder), encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"mqtt://{_HOST}:{self.port}"
        self.name = f"{_version(binary)}, its own"

    def start(self) -> None:
        """Start, and wait until it answers; raises BenchError where it does not."""
        self._process = subprocess.Popen(  # noqa: S603 - our own command line
            (self._binary, "-c", str(self._config)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C stops the measurement, and that stops the broker
        )
        enough = time.monotonic() + _PATIENCE_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > enough:
                hint = f"try it: {self._binary} -p {self.port}; or name a broker with --mqtt"
                raise BenchError("mosquitto", "does not start here", hint)
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop as a service is stopped: it writes down what it holds."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((_HOST, self.port)) == 0


def binary() -> str | None:
    """Where mosquitto is; None when it is not on this machine."""
    found = shutil.which("mosquitto")
    return found or shutil.which("mosquitto", path=":".join(_PLACES))


@contextmanager
def given(url: str) -> Iterator[Given]:
    """Name a broker that runs; raises ConfigError or SinkError where it cannot be used."""
    settings = Mqtt.from_url(url)
    settings.probe(Identity("bench", "probe", "probe", __version__, "probe"))
    yield Given(url, settings.address)


@contextmanager
def mosquitto(binary: str, folder: Path) -> Iterator[Mosquitto]:
    """Run a mosquitto in a folder until the end."""
    folder.mkdir(parents=True, exist_ok=True)
    broker = Mosquitto(binary, folder)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


@contextmanager
def embedded() -> Iterator[Given]:
    """The one of `edgepose demo`: whichever runs on this computer, or a small one in a thread."""
    from edge.commands._broker import broker  # noqa: PLC0415 - its package is an extra

    with broker() as (host, port, ours):
        name = "amqtt, in this process" if ours else f"{host}:{port}"
        yield Given(f"mqtt://{host}:{port}", name, own=ours)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _version(binary: str) -> str:
    """`mosquitto version 2.0.11`, as it says itself."""
    told = subprocess.run((binary, "-h"), capture_output=True, check=False, timeout=_PATIENCE_S)  # noqa: S603 - our own command line
    first = told.stdout.decode(errors="replace").splitlines()[:1]
    return first[0].strip().replace(" version", "") if first else "mosquitto"
