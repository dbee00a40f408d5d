"""A subscriber in a process of its own, which notes everything that arrives, and when.

    python -m benchmarks.fleet.listener URL SITE FILE ID [keep]

So neither its memory nor its share of the processor is the measured process's. Writes "ready" to
its standard output once it is subscribed, one line a message to FILE, and ends with its input.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from benchmarks.errors import BenchError
from benchmarks.fleet.broker import Broker
from edge import __version__
from edge.sinks.mqtt import Mqtt
from edge.wire import Identity

_PATIENCE_S = 15.0
_AGAIN_S = (0.1, 0.5)  # s between two attempts to connect: first, longest
_PASSING = ("event", "health", "poses")  # never retained; all other topics are cleared at the end


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as it arrived."""

    at: float  # s, monotonic
    qos: int
    retained: bool  # stored by the broker from earlier, given again to a new subscription
    key: str
    topic: str


def key_of(topic: str, payload: bytes) -> str:
    """Name a message: an event by its id, everything else by what it says."""
    if kind_of(topic) == "event":
        return str(json.loads(payload)["id"])
    return hashlib.blake2b(payload, digest_size=8).hexdigest()


def kind_of(topic: str) -> str:
    """event, state, health, poses or status."""
    return topic.split("/")[4]


def read(file: Path) -> list[Heard]:
    """Everything that has been heard so far; a line that is still being written is left out."""
    heard = []
    for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            at, qos, retained, key, topic = line[:-1].split(" ", 4)
            heard.append(Heard(int(at) / 1e9, int(qos), retained == "1", key, topic))
    return heard


@contextmanager
def listening(broker: Broker, site: str, file: Path) -> Iterator[None]:
    """Note in a file what arrives below a site; raises BenchError where nothing can be heard."""
    keep = ("keep",) if broker.own else ()  # a stranger's broker shall not queue for nobody
    command = (sys.executable, "-m", "benchmarks.fleet.listener", broker.url, site, str(file))
    with subprocess.Popen(  # noqa: S603 - our own command line
        (*command, *keep),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        start_new_session=True,  # Ctrl-C stops the measurement, and that stops the subscriber
    ) as process:
        try:
            if process.stdout is None or process.stdout.readline() != b"ready\n":
                raise BenchError(broker.name, "takes no subscription", "may everybody read there?")
            yield
        finally:
            if process.stdin is not None:
                process.stdin.close()
            process.wait(_PATIENCE_S)


def main(words: Sequence[str]) -> int:
    """Subscribe, note, and clear what is retained at the end."""
    url, site, file, *rest = words
    with Path(file).open("w", encoding="utf-8") as out:
        subscriber = Subscriber(url, site, out, keep="keep" in rest)
        if not subscriber.start():
            return 1
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()
        subscriber.stop()
    return 0


class Subscriber:
    """Everything below `edgepose/<site>`, at QoS 1."""

    def __init__(self, url: str, site: str, out: IO[str], *, keep: bool) -> None:
        me = Identity(site, "listener", "listener", __version__, "listener")
        door = Mqtt.from_url(url).door(me, suffix="-listener")
        client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=door.client_id, clean_session=not keep
        )
        client.reconnect_delay_set(*_AGAIN_S)  # type: ignore[arg-type]  # floats do
        if door.username:
            client.username_pw_set(door.username, door.password)
        if door.tls:
            client.tls_set_context(door.tls)
        client.on_connect = self._subscribe
        client.on_subscribe = self._subscribed
        client.on_message = self._note
        self._client = client
        self._filter = f"edgepose/{site}/#"
        self._door = door
        self._out = out
        self._ready = threading.Event()
        self._standing: set[str] = set()

    def start(self) -> bool:
        """Whether the broker lets us listen."""
        self._client.connect(self._door.host, self._door.port)
        self._client.loop_start()
        return self._ready.wait(_PATIENCE_S)

    def stop(self) -> None:
        """Leave nothing behind on the broker."""
        for topic in tuple(self._standing):
            self._client.publish(topic, b"", qos=1, retain=True).wait_for_publish(_PATIENCE_S)
        self._client.disconnect()
        self._client.loop_stop()

    def _subscribe(self, client: paho.Client, *_: object) -> None:
        client.subscribe(self._filter, qos=1)

    def _subscribed(self, *_: object) -> None:
        self._ready.set()

    def _note(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        at = time.monotonic_ns()
        topic, payload = message.topic, bytes(message.payload)
        if not payload:
            return  # a retained message being cleared
        if kind_of(topic) not in _PASSING:
            self._standing.add(topic)
        line = f"{at} {message.qos} {int(message.retain)} {key_of(topic, payload)} {topic}\n"
        self._out.write(line)
        self._out.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
