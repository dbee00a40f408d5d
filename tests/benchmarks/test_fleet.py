"""A small fleet and a real broker; and what counts as lost, twice, late or out of order."""

from __future__ import annotations

import json
import math
import threading
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from benchmarks.__main__ import main
from benchmarks.fleet import course, tally
from benchmarks.fleet.broker import binary, mosquitto
from benchmarks.fleet.device import Sent
from benchmarks.fleet.listener import Heard
from edge.modelstore import model_store
from edge.sinks.mqtt import MqttSink
from edge.wire import Message

STABLE = {
    *("devices", "duration_s", "sent", "received", "lost", "duplicated", "messages_per_s"),
    *("latency_ms", "broker", "outage_s", "recovery_s", "memory_mb", "cpu_share", "board"),
}
DEMO = str(model_store().bundled / "demo" / "fall.poses.jsonl")
needs_mosquitto = pytest.mark.skipif(binary() is None, reason="no mosquitto on this machine")


def fleet(folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    out = folder / "fleet.json"
    code = main(["fleet", *words, "--json", str(out)])
    return code, json.loads(out.read_text("utf-8"))


@needs_mosquitto
def test_every_event_of_every_device_arrives(tmp_path: Path) -> None:
    code, found = fleet(tmp_path, DEMO, "--devices", "3", "--events", "8")
    assert code == 0
    assert found.keys() >= STABLE
    assert found["devices"] == 3
    assert found["sent"] == found["received"] >= 24
    assert (found["lost"], found["outdated_states"]) == (0, 0)
    assert (
        0 < found["latency_ms"]["p50"] <= found["latency_ms"]["p95"] <= found["latency_ms"]["p99"]
    )
    # Online, and offline at the end: each device has its own connection.
    assert found["kinds"]["status"]["received"] == 6
    assert found["kinds"]["health"]["received"] == 3


@needs_mosquitto
def test_an_outage_loses_nothing(tmp_path: Path) -> None:
    words = ("--devices", "2", "--minutes", "0.04", "--outage", "0.5", "--poses")
    code, found = fleet(tmp_path, DEMO, *words)
    assert code == 0
    assert found["sent"] == found["received"] > 0
    assert found["outage_s"] >= 0.5
    assert found["recovery_s"] >= 0.0
    assert found["kinds"]["poses"]["sent"] > found["kinds"]["poses"]["received"] > 0


@needs_mosquitto
def test_an_event_that_is_not_sent_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course, "_SETTLE_S", 0.5)
    sound = MqttSink.publish

    def forgetful(self: MqttSink, message: Message) -> None:
        if message.body.get("type") != "edgepose.fall.confirmed":
            sound(self, message)

    monkeypatch.setattr(MqttSink, "publish", forgetful)
    code, found = fleet(tmp_path, DEMO, "--devices", "2", "--events", "6")
    assert code == 1
    assert found["lost"] >= 2
    assert found["received"] == found["sent"] - found["lost"]


@needs_mosquitto
def test_nothing_is_left_on_a_broker_of_somebody_else(tmp_path: Path) -> None:
    place = binary()
    assert place is not None
    with mosquitto(place, tmp_path / "theirs") as broker:
        code, found = fleet(tmp_path, DEMO, "--devices", "1", "--events", "2", "--mqtt", broker.url)
        assert (code, found["lost"]) == (0, 0)
        assert standing_on(broker.port) == ["marker"]


def standing_on(port: int) -> list[str]:
    """Topics a new subscriber is told of at once, and a marker that must come after them."""
    topics: list[str] = []
    done = threading.Event()
    client = paho.Client(CallbackAPIVersion.VERSION2)

    def mark(*_: object) -> None:
        client.publish("marker", b"last", qos=1)

    def note(_client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        topics.append(message.topic)
        if message.topic == "marker":
            done.set()

    client.on_subscribe = mark
    client.on_message = note
    client.connect("127.0.0.1", port)
    client.subscribe("#", qos=1)
    client.loop_start()
    assert done.wait(20.0)
    client.disconnect()
    client.loop_stop()
    return topics


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--devices", "0"), "--devices: 0 is too few"),
        (("--devices", "101"), "--devices: 101 is too many"),
        (("--minutes", "0"), "--minutes: 0 is no time"),
        (("--events", "-1"), "--events: -1 cannot be told"),
        (("--outage", "5", "--mqtt", "mqtt://somewhere"), "only a mosquitto of its own"),
        (("--mqtt", "mqtt://127.0.0.1:1"), "127.0.0.1:1: "),
    ],
)
def test_bad_input_is_named(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fleet", DEMO, *words]) != 0
    assert told in capsys.readouterr().err


def sent(at: float, key: str, device: str = "a", kind: str = "event") -> Sent:
    return Sent(at, device, key, f"edgepose/s/{device}/cam1/{kind}/fall", kind)


def heard(one: Sent, at: float, *, retained: bool = False) -> Heard:
    return Heard(at, 1, retained, one.key, one.topic)


def counted(
    told: list[Sent], arrived: list[Heard], outage: course.Outage | None = None
) -> dict[str, Any]:
    return tally.figures(course.Course(told, arrived, 10.0, outage, (70.0, 80.0), 0.5))


def test_lost_twice_and_out_of_order_are_counted() -> None:
    a, b, c, other = sent(1.0, "a"), sent(2.0, "b"), sent(3.0, "c"), sent(2.5, "x", "b")
    gone = sent(4.0, "d")
    arrived = [heard(a, 1.1), heard(other, 2.6), heard(c, 3.1), heard(b, 3.2), heard(c, 3.3)]
    found = counted([a, b, c, gone, other], arrived)
    assert (found["sent"], found["received"], found["lost"]) == (5, 4, 1)
    assert found["duplicated"] == 1
    assert found["out_of_order"] == 1  # b, of its own device; the other device does not matter


def test_the_same_id_of_two_devices_is_not_twice() -> None:
    a, b = sent(1.0, "same", "a"), sent(1.0, "same", "b")
    assert counted([a, b], [heard(a, 1.1), heard(b, 1.2)])["duplicated"] == 0


def test_latency_is_that_of_the_first_arrival() -> None:
    told = [sent(float(i), str(i)) for i in range(101)]
    arrived = [heard(one, one.at + i / 1e3) for i, one in enumerate(told)]
    again = [heard(one, 200.0) for one in told]
    found = counted(told, arrived + again)["latency_ms"]
    assert found == pytest.approx({"p50": 50.0, "p95": 95.0, "p99": 99.0}, abs=1e-6)


def test_an_outage_is_left_out_of_latency_and_told_as_recovery() -> None:
    before, during, catching_up, after = (sent(t, str(t)) for t in (1.0, 6.0, 12.0, 20.0))
    arrived = [
        heard(before, 1.01),
        heard(during, 13.0),
        heard(catching_up, 13.5),
        heard(after, 20.01),
    ]
    outage = course.Outage(down=5.0, up=10.0)
    found = counted([before, during, catching_up, after], arrived, outage)
    assert found["outage_s"] == pytest.approx(5.0)
    assert found["recovery_s"] == pytest.approx(3.0)
    assert found["latency_ms"]["p99"] == pytest.approx(10.0)
    found = counted([before, during], [heard(before, 1.01)], outage)
    assert found["recovery_s"] is None


def test_recovery_is_nothing_where_nobody_had_anything_to_tell() -> None:
    one = sent(1.0, "a")
    assert counted([one], [heard(one, 1.1)], course.Outage(5.0, 10.0))["recovery_s"] == 0.0


def test_a_retained_message_given_again_is_no_arrival_but_says_the_state() -> None:
    on, off = sent(1.0, "on", kind="state"), sent(2.0, "off", kind="state")
    found = counted([on, off], [heard(on, 1.1), heard(off, 9.0, retained=True)])
    assert found["outdated_states"] == 0
    assert found["kinds"]["state"]["received"] == 1
    assert counted([on, off], [heard(on, 1.1)])["outdated_states"] == 1


def test_without_arrivals_there_is_no_latency() -> None:
    found = counted([sent(1.0, "a")], [])
    assert found["lost"] == 1
    assert math.isnan(found["latency_ms"]["p50"])
    assert found["messages_per_s"] == 0.0
