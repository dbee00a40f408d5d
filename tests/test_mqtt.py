"""MQTT while all is well: what is said, when, and over which socket."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from edge.errors import SinkError
from edge.wire import Message, health_message, state_message
from tests.brokers import Broker, Listener, until
from tests.cameras import WHO, alarm, stored, to


def test_events_arrive_in_order_under_their_ids_and_leave_the_disk(
    broker: Broker, tmp_path: Path
) -> None:
    messages = [alarm(float(t)) for t in range(50)]
    with Listener(broker) as listener:
        with to(broker).open(WHO, tmp_path) as sink:
            for message in messages:
                sink.publish(message)
            until(lambda: len(listener.events()) == 50)
        assert listener.events() == [message.body for message in messages]
        assert {one.qos for one in listener.heard if "/event/" in one.topic} == {1}
    assert stored(tmp_path) == 0


def test_status_is_retained_and_tells_the_end(broker: Broker, tmp_path: Path) -> None:
    with to(broker).open(WHO, tmp_path) as sink:
        until(lambda: sink.trouble() is None)
        with Listener(broker) as listener:
            until(lambda: listener.last(WHO.status_topic) is not None)
        assert listener.last(WHO.status_topic) == {
            "state": "online",
            "version": "0.1.0",
            "cameras": ["cam"],
            "session": "session",
        }
    with Listener(broker) as listener:
        until(lambda: listener.last(WHO.status_topic) is not None)
        assert listener.last(WHO.status_topic)["reason"] == "stopped"
        assert all(one.retain for one in listener.heard)


def test_home_assistant_is_told_unless_it_is_off(broker: Broker, tmp_path: Path) -> None:
    for on in (False, True):
        with to(broker, discovery=on, discovery_prefix="ha").open(WHO, tmp_path):
            pass  # the greeting is flushed
        with Listener(broker) as listener:
            until(lambda: listener.last(WHO.status_topic) is not None)
        assert any(one.topic.startswith("ha/device/") for one in listener.heard) is on


_STAY = """
import sys, time
from pathlib import Path
from edge.sinks.mqtt import Mqtt
from edge.wire import Identity
who = Identity("site", "device", "cam", "0.1.0", "session")
with Mqtt(host="127.0.0.1", port=int(sys.argv[1])).open(who, Path(sys.argv[2])) as sink:
    while sink.trouble():
        time.sleep(0.01)
    print("up", flush=True)
    time.sleep(600)
"""


def test_a_killed_process_is_said_to_be_lost(broker: Broker, tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _STAY, str(broker.port), str(tmp_path)], stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"up\n"
    with Listener(broker) as listener:
        child.kill()
        child.wait()
        child.stdout.close()
        until(lambda: (listener.last(WHO.status_topic) or {}).get("reason") == "lost")


def test_of_everything_but_events_only_the_newest_is_kept(broker: Broker, tmp_path: Path) -> None:
    broker.stop()
    with to(broker, discovery=False).open(WHO, tmp_path) as sink:
        for count in range(100):
            stamp = {"wall_time": float(count), "clock_synced": True}
            sink.publish(state_message(WHO, "present", on=count % 2 == 1, **stamp))  # type: ignore[arg-type]
            values = {"fps": 1.0, "latency_p50_ms": None, "latency_p95_ms": None, "drops": count}
            more = {"temperature_c": None, "throttled": None}
            sink.publish(health_message(WHO, values | more, **stamp))  # type: ignore[arg-type, operator]
        broker.start()
        with Listener(broker) as listener:
            until(lambda: listener.last(WHO.state_topic("present")) is not None)
            assert listener.last(WHO.state_topic("present"))["on"] is True
        broker.stop()
        broker.start()  # without persistence: it has forgotten what was retained
        with Listener(broker) as again:
            until(lambda: again.last(WHO.state_topic("present")) is not None)
            until(lambda: again.last(WHO.status_topic) is not None)
    told = Counter(one.topic for one in listener.heard + again.heard)
    assert told[WHO.health_topic] <= 1  # health may have gone out before the listener came


def test_no_socket_is_opened_but_the_brokers(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[tuple[str, object]] = []

    def watched(name: str) -> None:
        real = getattr(socket.socket, name)

        def use(self: socket.socket, *args: Any) -> Any:
            used.append((name, args[-1] if args else None))
            return real(self, *args)

        monkeypatch.setattr(socket.socket, name, use)

    for name in ("connect", "connect_ex", "listen", "sendto"):
        watched(name)
    with to(broker).open(WHO, tmp_path) as sink:
        sink.publish(alarm(1.0))
        until(lambda: sink.trouble() is None)
    assert used == [("connect", ("127.0.0.1", broker.port))]


def test_a_mistake_in_the_sender_reaches_the_loop(broker: Broker, tmp_path: Path) -> None:
    with to(broker).open(WHO, tmp_path) as sink:
        until(lambda: sink.trouble() is None)
        sink.publish(Message("a/+/wildcard", {}, qos=1))  # paho refuses it with a ValueError
        until(lambda: sink._drain.failure is not None)
        with pytest.raises(SinkError, match="sender stopped"):
            sink.publish(alarm(1.0))
