"""The MQTT tests' camera: who it is, what it says, where it says it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from edge.core.types import Event
from edge.runtime.outbox import Outbox
from edge.sinks.mqtt import Mqtt
from edge.wire import Identity, Message, event_message
from tests.brokers import Broker

WHO = Identity("site", "device", "cam", "0.1.0", "session")


def alarm(t: float) -> Message:
    event = Event("fall", "long_lie", "person-1", t, {"track": 1})
    return event_message(WHO, event, wall_time=time.time(), clock_synced=True)


def to(broker: Broker, **settings: Any) -> Mqtt:
    return Mqtt(host="127.0.0.1", port=broker.port, **settings)


def stored(folder: Path) -> int:
    outbox = Outbox(folder / "outbox.sqlite")
    count = len(outbox)
    outbox.close()
    return count
