"""Signals over a real broker: heard in order, through junk and outages, or said to be unheard."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.errors import SinkError
from edge.runtime.signals import Inbox
from edge.sinks.mqtt import Mqtt
from tests.brokers import Broker, until
from tests.cameras import WHO, alarm, stored
from tests.machines import SCANNER, TORQUE, Ear, hearing, machine


def test_a_broker_s_messages_are_heard_in_order(broker: Broker, tmp_path: Path) -> None:
    ear = Ear(SCANNER, TORQUE)
    with hearing(broker, ear, tmp_path) as sink, machine(broker) as other:
        for number in range(50):
            other.says("line1/scanner", str(number))
            sink.publish(alarm(float(number)))
        until(lambda: len(ear.listen()) >= 50)
        assert ear.values == list(range(50))
        until(lambda: len(sink._outbox) == 0)
        assert sink.unheard() == ()


def test_junk_breaks_nothing(broker: Broker, tmp_path: Path) -> None:
    ear = Ear(SCANNER, TORQUE)
    junk: tuple[bytes, ...] = (
        b"\xff",
        b"[" * 5000,
        b"x" * 300_000,
        b"",
        b'{"result": {"torque": NaN}}',
        b"\0",
    )
    junk = (*junk, b'{"result": {"torque": "\\ud800"}}')
    with hearing(broker, ear, tmp_path) as sink, machine(broker) as other:
        for payload in junk:
            other.says("line1/tool", payload)
        other.says("line1/tool", '{"result": {"torque": 4}}')
        until(lambda: ear.listen() == [4])
        sink.publish(alarm(1.0))
        until(lambda: len(sink._outbox) == 0)
    assert ear.inbox.counts.refused == len(junk) - 1
    assert stored(tmp_path) == 0


def test_after_an_outage_it_hears_again(broker: Broker, tmp_path: Path) -> None:
    ear = Ear(SCANNER, TORQUE)
    with hearing(broker, ear, tmp_path) as sink:
        broker.stop()
        until(lambda: sink.trouble() is not None)
        broker.start()  # it has forgotten our subscription
        with machine(broker) as other:
            until(lambda: sink.trouble() is None)
            ear.greeted(other)
            other.says("line1/scanner", "B")
            until(lambda: ear.listen() == ["B"])


def test_what_is_retained_counts_once_unless_it_changed(broker: Broker, tmp_path: Path) -> None:
    ear = Ear(SCANNER, TORQUE)
    with machine(broker) as other:
        for value, known in ((1, [1]), (1, [1]), (2, [1, 2])):
            other.says("line1/tool", json.dumps({"result": {"torque": value}}), retain=True)
            with hearing(broker, ear, tmp_path):  # connects anew, which gives what is retained
                until(lambda known=known: ear.listen() == known)  # type: ignore[misc]
            assert ear.listen() == known


def _lets_hear_one_topic(listening: socket.socket) -> None:
    """Takes one connection, and lets nobody hear its second topic."""
    door, _ = listening.accept()
    with door:
        door.recv(1024)
        door.sendall(bytes((0x20, 2, 0, 0)))  # connected
        asked = door.recv(1024)
        assert asked[0] == 0x82, "a subscription"
        door.sendall(bytes((0x90, 4, *asked[2:4], 1, 0x80)))  # granted, refused
        while door.recv(1024):
            pass


@contextmanager
def stern_broker() -> Iterator[Mqtt]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        guard = threading.Thread(target=_lets_hear_one_topic, args=(listening,))
        guard.start()
        yield Mqtt(host="127.0.0.1", port=listening.getsockname()[1], discovery=False)
        guard.join(20)


def test_a_topic_we_may_not_hear_is_said_to_be_so(tmp_path: Path) -> None:
    with stern_broker() as settings:
        sink = settings.open(WHO, tmp_path)
        sink.hear(Inbox([SCANNER, TORQUE]))
        with sink:
            until(lambda: sink.unheard() == ("line1/tool",))


def test_a_topic_we_may_not_hear_is_found_by_a_probe() -> None:
    with (
        stern_broker() as settings,
        pytest.raises(SinkError, match="does not let us hear line1/tool"),
    ):
        settings.probe(WHO, ["line1/scanner", "line1/tool"])
