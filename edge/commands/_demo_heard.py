"""What the demo hears of its own camera, as any subscriber does: printed, and added up."""

from __future__ import annotations

import json
import queue
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from edge.errors import SinkError

Inbox = queue.SimpleQueue[tuple[str, bytes]]

_PATIENCE_S = 5.0
_DISCOVERY = "homeassistant/device/+/config"  # what describes the camera is retained, too
_WRONG = frozenset(
    ("step_out_of_order", "step_skipped", "step_repeated", "repeat_missing", "forbidden")
)


@dataclass(slots=True)
class Tally:
    """What was told."""

    falls: int = 0
    done: int = 0  # steps of the cycles that were completed
    needed: int = 0  # those that had to be done in them
    wrong: int = 0  # steps out of order, left out or done again; what is forbidden
    retained: set[str] = field(default_factory=set)  # topics that a broker goes on keeping

    def add(self, topic: str, body: Mapping[str, Any]) -> None:
        """Count one message."""
        kind = str(body.get("type", ""))
        self.falls += kind == "edgepose.fall.begin"
        if kind.startswith("edgepose.sop."):
            self.wrong += kind.rpartition(".")[2] in _WRONG
        if kind == "edgepose.sop.cycle_completed":
            done, missing = body["data"].get("done", ()), body["data"].get("missing", ())
            self.done += len(done)
            self.needed += len(done) + len(missing)
        if topic.endswith("/status") or "/state/" in topic:
            self.retained.add(topic)

    def sentences(self) -> Iterator[str]:
        """What it amounts to, for people."""
        if self.needed:
            order = "in order" if not self.wrong else f"and {_times(self.wrong)} something wrong"
            yield f"The job: {self.done} of {self.needed} steps, {order}."
        if self.falls:
            yield f"A fall was seen and reported over MQTT {_times(self.falls)}."
        else:
            yield "No fall was seen."


@contextmanager
def subscribed(host: str, port: int, camera: str, tally: Tally) -> Iterator[Inbox]:
    """Everything one camera says; at the end the broker forgets it."""
    from paho.mqtt import client as paho  # noqa: PLC0415 - see commands/run.py
    from paho.mqtt.enums import CallbackAPIVersion  # noqa: PLC0415

    inbox: Inbox = queue.SimpleQueue()
    ready: queue.SimpleQueue[None] = queue.SimpleQueue()
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.on_subscribe = lambda *_: ready.put(None)

    def heard(_client: Any, _data: Any, message: Any) -> None:
        topic, payload = message.topic, bytes(message.payload)
        if topic.startswith("edgepose/") and not message.retain:
            inbox.put((topic, payload))
        elif f"/{camera}/".encode() in payload:
            tally.retained.add(topic)

    client.on_message = heard
    client.connect(host, port)
    client.subscribe([(f"edgepose/+/+/{camera}/#", 1), (_DISCOVERY, 1)])
    client.loop_start()
    try:
        ready.get(timeout=_PATIENCE_S)
        yield inbox
        client.on_message = None
        _forgotten(client, tally.retained)
    except queue.Empty:
        raise SinkError(f"{host}:{port}", "the broker takes no subscription") from None
    finally:
        client.loop_stop()
        client.disconnect()


def _forgotten(client: Any, topics: set[str]) -> None:
    """The camera's name is used once: what is retained of it would stay for ever."""
    with suppress(RuntimeError, ValueError):  # the broker is gone, and all that with it
        sent = [client.publish(topic, b"", qos=1, retain=True) for topic in sorted(topics)]
        for one in sent:
            one.wait_for_publish(1.0 if client.is_connected() else 0.0)


def print_until_over(daemon: subprocess.Popen[bytes], inbox: Inbox, tally: Tally) -> None:
    """Print what arrives until the camera is offline."""
    began, ended = time.monotonic(), None
    while ended is None or time.monotonic() - ended < _PATIENCE_S:
        if ended is None and daemon.poll() is not None:
            ended = time.monotonic()
        try:
            topic, payload = inbox.get(timeout=0.1)
        except queue.Empty:
            continue
        body: dict[str, Any] = json.loads(payload)
        tally.add(topic, body)
        if not topic.endswith("/health"):
            print(f"{time.monotonic() - began:5.1f} s  {line(topic, body)}", flush=True)
        if topic.endswith("/status") and body["state"] == "offline":
            break
    daemon.wait()


def line(topic: str, body: Mapping[str, Any]) -> str:
    """One message for people: what it is about, and what it says."""
    from edge.commands._terminal import sentence  # noqa: PLC0415 - see commands/run.py

    what = topic.split("/", 4)[4]
    if "type" in body:
        return f"{what:22} {sentence(body)}"
    if body.get("on") and "expected" in body:
        return f"{what:22} {_place(body.get('doing', ()), body['expected'])}"
    return f"{what:22} {body.get('state', body.get('on', ''))}"


def _place(doing: Sequence[str], expected: Sequence[str]) -> str:
    """Where in a procedure one is; what is being done is no longer to come."""
    to_come = [name for name in expected if name not in doing]
    parts = [f"now: {', '.join(doing)}"] if doing else []
    parts += [f"next: {' or '.join(to_come)}"] if to_come else []
    return "; ".join(parts) or "every step is done"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
