"""What every sink promises, run on each: files, a broker, a broker that is away or deaf."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from edge import registry
from edge.core.types import Event
from edge.ports import Sink
from edge.runtime.outbox import Outbox
from edge.wire import Identity, Message, event_message, state_message, status_message
from tests.brokers import Listener, free_port, running, until, validate

WHO = Identity("site", "device", "cam", "0.1.0", "session")

Received = Callable[[], list[dict[str, Any]]]  # the events that got through, or are kept


def to_file(folder: Path) -> Iterator[tuple[Sink, Received]]:
    path = folder / "events.jsonl"
    sink = registry.load("sinks", "jsonl")(path=str(path)).open(WHO, folder)
    yield sink, lambda: [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def to_broker(folder: Path) -> Iterator[tuple[Sink, Received]]:
    with running(folder) as broker, Listener(broker) as listener:
        settings = registry.load("sinks", "mqtt")(host="127.0.0.1", port=broker.port)

        def received() -> list[dict[str, Any]]:
            until(lambda: len(listener.events()) >= len(EVENTS))
            return listener.events()

        yield settings.open(WHO, folder), received


def to_nowhere(folder: Path) -> Iterator[tuple[Sink, Received]]:
    settings = registry.load("sinks", "mqtt")(host="127.0.0.1", port=free_port())
    yield settings.open(WHO, folder), lambda: kept(folder)


def to_the_deaf(folder: Path) -> Iterator[tuple[Sink, Received]]:
    """Something that accepts a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        settings = registry.load("sinks", "mqtt")(host="127.0.0.1", port=port)
        yield settings.open(WHO, folder), lambda: kept(folder)


def kept(folder: Path) -> list[dict[str, Any]]:
    outbox = Outbox(folder / "outbox.sqlite")
    bodies = [json.loads(one.body) for one in outbox.waiting((), 1000)]
    outbox.close()
    return bodies


@pytest.fixture(params=[to_file, to_broker, to_nowhere, to_the_deaf])
def receiver(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Sink, Received]]:
    with contextmanager(request.param)(tmp_path) as pair:
        yield pair


def make(event: Event) -> Message:
    return event_message(WHO, event, wall_time=1.5e9, clock_synced=None)


EVENTS = [
    make(Event("fall", "begin", "p-1", 1.0, {"stage": "lost", "confidence": 0.5, "track": 1})),
    make(Event("fall", "confirmed", "p-1", 2.0, {"note": "für alle", "nan": float("nan")})),
    make(Event("fall", "end", "p-1", 9.0, {"reason": "gone"})),
]
OTHERS = [
    status_message(WHO, "online"),
    state_message(WHO, "present", on=True, wall_time=0.0, clock_synced=True),
]


def test_every_event_gets_through_in_order_or_is_kept(receiver: tuple[Sink, Received]) -> None:
    sink, received = receiver
    with sink:
        for message in (*OTHERS, *EVENTS):
            sink.publish(message)
    bodies = received()
    assert [body["id"] for body in bodies] == [message.id for message in EVENTS]
    assert [body["data"]["t"] for body in bodies] == [1.0, 2.0, 9.0]
    assert bodies[1]["data"]["note"] == "für alle"
    assert bodies[1]["data"]["nan"] is None
    for message, body in zip(EVENTS, bodies, strict=True):
        validate(message.topic, body)


def test_leaving_twice_is_harmless(receiver: tuple[Sink, Received]) -> None:
    sink, _ = receiver
    with sink:
        pass
    sink.__exit__(None, None, None)


def test_every_sink_is_under_contract() -> None:
    assert set(registry.kinds("sinks")) == {"jsonl", "mqtt"}
