"""MQTT when brokers, connections and processes die: no alarm is lost, late ones say so."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

from edge.core.types import Order
from edge.sinks.mqtt import Mqtt, MqttSink
from edge.wire import order_message
from tests.brokers import Broker, Listener, free_port, until
from tests.cameras import WHO, alarm, stored, to


def test_a_broker_away_for_the_whole_of_a_fall(broker: Broker, tmp_path: Path) -> None:
    """Started later, it gets every event of it, each marked late with its age."""
    now = [100.0]
    broker.stop()
    with MqttSink(to(broker), WHO, tmp_path / "outbox.sqlite", lambda: now[0]) as sink:
        sink.publish(alarm(1.0))
        now[0] += 60.0
        sink.publish(alarm(2.0))
        assert sink.trouble() is not None
        broker.start()
        with Listener(broker) as listener:
            until(lambda: len(listener.events()) == 2)
            assert sink.trouble() is None
            sink.publish(alarm(3.0))
            until(lambda: len(listener.events()) == 3)
    late, just_made, live = (event["data"] for event in listener.events())
    assert (late["replayed"], late["age_s"]) == (True, 60.0)
    assert "replayed" not in just_made
    assert "replayed" not in live


def test_an_order_given_as_the_broker_dies_is_not_given_later(
    broker: Broker, tmp_path: Path
) -> None:
    """Told before the loss is noticed, it waits for a connection, where it would be late."""
    with to(broker).open(WHO, tmp_path) as sink:
        until(lambda: sink.trouble() is None)
        broker.stop()
        until(lambda: sink.trouble() is not None)
        sink._drain.tell(order_message(Order("lamp/set", '"ON"')))
        broker.start()
        with Listener(broker) as listener:
            until(lambda: sink.trouble() is None)
            sink.publish(order_message(Order("lamp/set", '"OFF"')))
            until(lambda: listener.last("lamp/set") == "OFF")
            assert [one.body for one in listener.heard if one.topic == "lamp/set"] == ["OFF"]
            listener.heard = [one for one in listener.heard if one.topic != "lamp/set"]


def test_an_alarm_from_before_a_restart_is_marked_late(broker: Broker, tmp_path: Path) -> None:
    nowhere = Mqtt(host="127.0.0.1", port=free_port())
    with nowhere.open(WHO, tmp_path) as sink:
        sink.publish(alarm(1.0))
    assert stored(tmp_path) == 1  # the bounded flush gave up, the disk did not
    with Listener(broker) as listener, to(broker).open(WHO, tmp_path):
        until(lambda: len(listener.events()) == 1)
    assert listener.events()[0]["data"]["replayed"] is True
    assert listener.events()[0]["id"] == alarm(1.0).id


_LIVES = """
import os, signal, sys, time
from pathlib import Path
from edge.core.types import Event
from edge.runtime.outbox import Outbox
from edge.sinks.mqtt import Mqtt
from edge.wire import Identity, event_message

port, folder, lives = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
who = Identity("site", "device", "cam", "0.1.0", "session")
store = Outbox.put

def store_and_die(self, *args, **kwargs):
    store(self, *args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)

Outbox.put = store_and_die
for life in range(lives):
    child = os.fork()
    if child == 0:
        with Mqtt(host="127.0.0.1", port=port).open(who, folder) as sink:
            while sink.trouble() or len(sink._outbox):
                time.sleep(0.001)
            event = Event("fall", "long_lie", "person-1", float(life), {})
            sink.publish(event_message(who, event, wall_time=time.time(), clock_synced=True))
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, status
"""


def test_killed_between_storing_and_sending_fifty_times(broker: Broker, tmp_path: Path) -> None:
    """Every life stores an alarm, is killed before sending it, and the next one delivers it."""
    with Listener(broker) as listener:
        command = [sys.executable, "-c", _LIVES, str(broker.port), str(tmp_path), "50"]
        subprocess.run(command, check=True, timeout=120)
        with to(broker).open(WHO, tmp_path):
            until(lambda: len(listener.events()) >= 50)
    heard = Counter(event["id"] for event in listener.events())
    assert heard == {alarm(float(life)).id: 1 for life in range(50)}
    assert all(event["data"]["replayed"] for event in listener.events())
    assert stored(tmp_path) == 0


def test_a_connection_lost_while_sending_loses_nothing(broker: Broker, tmp_path: Path) -> None:
    """A broker that takes events without acknowledging them, and then hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        settings = Mqtt(host="127.0.0.1", port=deaf.getsockname()[1])
        with settings.open(WHO, tmp_path) as sink:
            for t in range(30):
                sink.publish(alarm(float(t)))
            peer, _ = deaf.accept()
            peer.recv(4096)
            peer.sendall(b"\x20\x02\x00\x00")  # CONNACK: accepted
            until(lambda: sink.trouble() is None)
            got = b""
            while got.count(b"edgepose.fall.long_lie") < 20:
                got += peer.recv(65536)
            peer.settimeout(0.2)
            with suppress(TimeoutError):
                while True:
                    got += peer.recv(65536)
            assert got.count(b"edgepose.fall.long_lie") == 20  # the window is bounded
            peer.close()
            until(lambda: sink.trouble() is not None)
    assert stored(tmp_path) == 30
    with Listener(broker) as listener, to(broker).open(WHO, tmp_path):
        until(lambda: len(listener.events()) >= 30)
    assert [event["data"]["t"] for event in listener.events()] == [float(t) for t in range(30)]
