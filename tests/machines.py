"""Another machine on the line, and a camera that hears it, over a real broker."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from edge.config_signals import SignalTopic
from edge.core.types import Value
from edge.runtime.signals import Inbox
from edge.sinks.mqtt import MqttSink
from tests.brokers import Broker, until
from tests.cameras import WHO, to

SCANNER = SignalTopic("scanner", "line1/scanner", "")
TORQUE = SignalTopic("torque", "line1/tool", "result.torque")


class Machine:
    """Another machine on the line: says things over the broker."""

    def __init__(self, broker: Broker) -> None:
        self._client = paho.Client(CallbackAPIVersion.VERSION2)
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()

    def says(self, topic: str, payload: bytes | str, *, retain: bool = False) -> None:
        self._client.publish(topic, payload, 1, retain).wait_for_publish(20)

    def leaves(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def machine(broker: Broker) -> Iterator[Machine]:
    one = Machine(broker)
    try:
        yield one
    finally:
        one.leaves()


class Ear:
    """An inbox, and all values that ever came into it, greetings aside."""

    def __init__(self, *signals: SignalTopic) -> None:
        self.inbox = Inbox(signals)
        self.values: list[Value] = []
        self._greeted = 0

    def listen(self) -> list[Value]:
        for signal in self.inbox.take(0.0):
            if signal.value == "hello":
                self._greeted += 1
            else:
                self.values.append(signal.value)
        return self.values

    def greeted(self, other: Machine) -> None:
        """Wait until a message gets here: the subscription follows the connection."""
        before = self._greeted

        def reached() -> bool:
            other.says("line1/scanner", "hello")
            time.sleep(0.01)
            self.listen()
            return self._greeted > before

        until(reached)


@contextmanager
def hearing(broker: Broker, ear: Ear, folder: Path) -> Iterator[MqttSink]:
    """A camera that is connected, and hears."""
    sink = to(broker, discovery=False).open(WHO, folder)
    sink.hear(ear.inbox)
    with sink:
        until(lambda: sink.trouble() is None)
        with machine(broker) as other:
            ear.greeted(other)
        yield sink
