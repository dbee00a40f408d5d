"""The demo counts what its own camera says, tells it plainly, and leaves nothing behind."""

from __future__ import annotations

import queue
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from edge.commands import demo
from edge.commands._demo_heard import Tally, line, subscribed
from edge.recording import Reader
from edge.runtime.outbox import Outbox
from tests.brokers import Broker

FALL = {"type": "edgepose.fall.begin", "subject": "person-1", "data": {}}


def said(broker: Broker, *messages: tuple[str, bytes]) -> None:
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    for topic, payload in messages:
        client.publish(topic, payload, qos=1, retain=True).wait_for_publish(5)
    client.loop_stop()
    client.disconnect()


def retained(broker: Broker) -> set[str]:
    found: set[str] = set()
    ready: queue.SimpleQueue[None] = queue.SimpleQueue()
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.on_message = lambda _client, _data, message: (
        ready.put(None) if message.topic == "last" else found.add(message.topic)
    )
    client.connect("127.0.0.1", broker.port)
    client.subscribe("#", qos=1)
    client.loop_start()
    client.publish("last", b"1", qos=1)
    ready.get(timeout=5)
    client.loop_stop()
    client.disconnect()
    return found


def test_two_demos_on_one_broker_hear_each_their_own_and_leave_nothing(broker: Broker) -> None:
    ours, other = "edgepose/home/pc/demo-7", "edgepose/home/pc/demo-77"
    found = "homeassistant/device/edgepose_1/config"
    tally = Tally()
    with subscribed("127.0.0.1", broker.port, "demo-7", tally) as inbox:
        said(
            broker,
            (f"{other}/event/fall", b"{}"),
            (found, f'{{"availability_topic": "{ours}/status"}}'.encode()),
            ("homeassistant/device/edgepose_2/config", f'{{"a": "{other}/status"}}'.encode()),
            (f"{ours}/state/person_down", b'{"on": true}'),
            (f"{ours}/status", b'{"state": "offline"}'),
        )
        topics = []
        while f"{ours}/status" not in topics:
            topic, _ = inbox.get(timeout=5)
            topics.append(topic)
            tally.add(topic, {})
    assert topics == [f"{ours}/state/person_down", f"{ours}/status"]
    left = {f"{other}/event/fall", "homeassistant/device/edgepose_2/config"}
    assert retained(broker) == left


@pytest.mark.parametrize(
    ("doing", "expected", "words"),
    [
        ([], ["screw"], "next: screw"),
        (["screw"], ["screw"], "now: screw"),
        (["screw"], ["screw", "lid"], "now: screw; next: lid"),
        ([], ["lid", "screw"], "next: lid or screw"),
        ([], [], "every step is done"),
    ],
)
def test_what_is_being_done_is_not_next(doing: list[str], expected: list[str], words: str) -> None:
    body = {"on": True, "doing": doing, "expected": expected}
    assert line("edgepose/s/d/c/state/sop-job", body).split(maxsplit=1)[1] == words


def done(*names: str, missing: tuple[str, ...] = ()) -> dict[str, Any]:
    data = {"done": list(names), "missing": list(missing)}
    return {"type": "edgepose.sop.cycle_completed", "subject": "job", "data": data}


def sentences(*bodies: dict[str, Any]) -> list[str]:
    tally = Tally()
    for body in bodies:
        tally.add("edgepose/s/d/c/event/x", body)
    return list(tally.sentences())


def test_the_goodbye_tells_of_the_job_and_of_the_fall() -> None:
    once = "A fall was seen and reported over MQTT once."
    assert sentences(done("a", "b"), FALL) == ["The job: 2 of 2 steps, in order.", once]
    wrong = {"type": "edgepose.sop.step_skipped", "subject": "job/b", "data": {}}
    assert sentences(wrong, done("a", missing=("b",))) == [
        "The job: 1 of 2 steps, and once something wrong.",
        "No fall was seen.",
    ]
    assert sentences(FALL, FALL) == ["A fall was seen and reported over MQTT 2 times."]


def test_what_was_not_delivered_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    assert demo._undelivered(path) == 0
    outbox = Outbox(path)
    outbox.put("id", "topic", "{}", alarm=True, wall=0.0, mono=0.0)
    outbox.close()
    assert demo._undelivered(path) == 1


def test_made_up_poses_take_the_demos_own_name(tmp_path: Path) -> None:
    bundled = Path(__file__).parent.parent / "models" / "demo" / "fall.poses.jsonl"
    renamed = Reader(demo._renamed(bundled, tmp_path, "demo-7"), warn=pytest.fail)
    assert renamed.header.camera == "demo-7"
    assert len(list(renamed)) == len(list(Reader(bundled, warn=pytest.fail)))
