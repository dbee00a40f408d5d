from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from jsonschema import ValidationError

from edge.core.types import Event, Json, Observation, Order, Pose
from edge.discovery import discovery_message
from edge.errors import ConfigError
from edge.wire import (
    Identity,
    Message,
    encode,
    event_id,
    event_message,
    health_message,
    late,
    order_message,
    rfc3339,
    state_message,
    status_message,
)
from edge.wire_poses import poses_message
from tests.brokers import SCHEMAS, validate
from tests.hand_figure import hand

WHO = Identity("plant 1", "pi-7", "cam1", "0.1.0", "clip.mp4:12345")
FALL = Event("fall", "begin", "person-3", 4.25, {"stage": "lost", "confidence": 0.6, "track": 3})


def sent(event: Event, who: Identity = WHO) -> Message:
    return event_message(who, event, wall_time=1_700_000_000.5, clock_synced=True)


def body(message: Message) -> dict[str, Json]:
    parsed: dict[str, Json] = json.loads(encode(message.body))
    return parsed


@pytest.mark.parametrize("name", ["", "a/b", "a+", "#", "a\0b", "line\n"])
@pytest.mark.parametrize("place", ["site", "device", "camera"])
def test_a_name_that_would_break_the_topic_tree_is_refused(place: str, name: str) -> None:
    names = {"site": "s", "device": "d", "camera": "c"} | {place: name}
    with pytest.raises(ConfigError) as caught:
        Identity(**names, version="1", session="s")
    assert caught.value.where == place


def test_a_fall_is_a_cloud_event() -> None:
    message = sent(FALL)
    assert message.topic == "edgepose/plant 1/pi-7/cam1/event/fall"
    assert (message.qos, message.retain, message.alarm, message.is_event) == (1, False, True, True)
    assert body(message) == {
        "specversion": "1.0",
        "id": message.id,
        "source": "/edgepose/plant%201/pi-7/cam1",
        "type": "edgepose.fall.begin",
        "subject": "person-3",
        "time": "2023-11-14T22:13:20.500Z",
        "datacontenttype": "application/json",
        "dataschema": "urn:edgepose:fall:1",
        "data": {
            "t": 4.25,
            "camera": "cam1",
            "clock_synced": True,
            "stage": "lost",
            "confidence": 0.6,
            "track": 3,
        },
    }


SOP: dict[str, Json] = {
    "procedure": "job",
    "cycle": 1,
    "serial": "SN-1",
    "severity": "info",
    "sentence": "So.",
    "evidence": [{"what": "the right hand in the bin", "from": 1.0, "to": 2.5, "sure": 0.9}],
}
EVENTS = [
    FALL,
    Event("fall", "confirmed", "person-3", 6.0, {"track": 3, "confidence": 0.9, "still_s": 2.0}),
    Event("fall", "long_lie", "person-3", 66.0, {}),
    Event("fall", "end", "person-3", 70.0, {"reason": "recovered"}),
    Event("fall", "end", "person-4", 70.0, {"reason": "gone"}),
    Event("lying", "begin", "person-1", 0.0, {"track": 1}),
    Event("lying", "end", "person-1", 9.0, {}),
    Event("presence", "begin", "person-1", 0.0, {"track": 1}),
    Event("presence", "end", "person-1", 9.0, {}),
    Event("wave", "once", "person-1", 9.0, {"name": "wave", "hands": ["left", None]}),
    Event("gesture", "begin", "hand-1", 9.0, {"hand": 1, "gesture": "fist", "side": "left"}),
    Event("pose", "end", "person-1", 9.0, {"track": 1, "pose": "squat", "score": 0.9}),
    Event("sop", "step_started", "job/lid", 9.0, {**SOP, "step": "lid", "title": "put it on"}),
    Event("sop", "step_skipped", "job/lid", 9.0, {**SOP, "step": "lid", "title": "put it on"}),
    Event("sop", "forbidden", "job/press", 9.0, {**SOP, "forbidden": "press", "title": "press"}),
]


def test_every_message_is_valid_against_its_schema() -> None:
    pose = Pose("body17", np.full((17, 2), 3.14, np.float32), np.full(17, 0.9, np.float32))
    gone = Pose("body17", np.full((17, 2), np.nan, np.float32), np.zeros(17, np.float32))
    far = replace(hand(), world=np.full((21, 3), np.nan, np.float32))
    fist = replace(hand(), label="fist", label_score=0.91)
    health: dict[str, Json] = {
        "fps": 14.2,
        "latency_p50_ms": 60.0,
        "latency_p95_ms": None,
        "drops": 3,
        "temperature_c": math.nan,
        "throttled": ["under_voltage"],
        "memory_mb": 90.0,
    }
    messages = [
        *map(sent, EVENTS),
        event_message(WHO, FALL, wall_time=0.0, clock_synced=None),
        status_message(WHO, "online"),
        status_message(WHO, "offline", "stopped"),
        status_message(WHO, "offline", "lost"),
        state_message(
            WHO, "person_down", on=True, wall_time=0.0, clock_synced=False, detail={"who": ["a"]}
        ),
        health_message(WHO, health, wall_time=0.0, clock_synced=True),
        poses_message(WHO, Observation(1.0, 30, (640, 480), (pose, gone, far, fist))),
        discovery_message(WHO),
    ]
    for message in messages:
        validate(message.topic, body(message))
    for event in EVENTS:
        message = sent(event)
        validate(message.topic, late(body(message), 12.34))
    used = {message.topic.split("/")[4] for message in messages[:-1]} | {"discovery"}
    used |= {str(message.body["dataschema"]).split(":")[2] for message in map(sent, EVENTS)}
    files = {path.stem for path in SCHEMAS.glob("*.json")}
    elsewhere = {"procedure", "doctor", "setup"}  # proved by the tests of who sends them
    assert used == files - elsewhere  # no schema that nothing proves


@pytest.mark.parametrize(
    "event",
    [
        Event("fall", "begin", "p", 0.0, {"confidence": 0.5, "track": 1}),
        Event("fall", "begin", "p", 0.0, {"stage": "guess", "confidence": 0.5, "track": 1}),
        Event("fall", "begin", "p", 0.0, {"stage": "lost", "confidence": 1.5, "track": 1}),
        Event("fall", "end", "p", 0.0, {}),
        Event("fall", "once", "p", 0.0, {}),
        Event("lying", "once", "p", 0.0, {}),
        Event("presence", "begin", "", 0.0, {}),
        Event("gesture", "begin", "hand-1", 0.0, {"hand": 1}),
        Event("gesture", "once", "hand-1", 0.0, {"gesture": "fist"}),
        Event("pose", "begin", "person-1", 0.0, {"pose": ""}),
        Event("sop", "step_started", "job/lid", 0.0, SOP),
        Event("sop", "begin", "job", 0.0, SOP),
        Event("sop", "cycle_started", "job", 0.0, {**SOP, "sentence": ""}),
        Event("sop", "cycle_completed", "job", 0.0, SOP),
        Event("sop", "cycle_started", "job", 0.0, {**SOP, "serial": ["SN-1"]}),
    ],
)
def test_the_schemas_refuse_what_is_not_promised(event: Event) -> None:
    message = sent(event)
    with pytest.raises(ValidationError):
        validate(message.topic, body(message))


def test_ids_are_the_same_for_the_same_event_and_for_nothing_else() -> None:
    def ident(session: str = "s", camera: str = "c", **change: object) -> str:
        who = Identity("site", "device", camera, "1", session)
        fields = {"kind": "k", "phase": "p", "subject": "x", "t": 1.0, "detail": {}, **change}
        return event_id(who, Event(**fields))  # type: ignore[arg-type]

    others = [
        ident(session="s2"),
        ident(camera="c2"),
        ident(kind="kp", phase=""),
        ident(phase="q"),
        ident(subject="y"),
        ident(t=1.001),
    ]
    assert len({ident(), *others}) == len(others) + 1
    assert ident() == ident(t=1.0000001, detail={"new": "evidence"})


def test_a_detail_cannot_forge_the_time_or_the_camera() -> None:
    data = sent(Event("x", "once", "s", 32 / 15, {"t": 1.0, "camera": "other", "more": 1})).body[
        "data"
    ]
    assert data == {"t": 2.133, "camera": "cam1", "clock_synced": True, "more": 1}


def test_what_is_in_the_course_of_things_is_no_alarm() -> None:
    alarms = {(event.kind, event.phase) for event in EVENTS if sent(event).alarm}
    assert {kind for kind, _ in alarms} == {"fall", "lying", "wave", "sop"}
    assert {phase for kind, phase in alarms if kind == "sop"} == {"step_skipped", "forbidden"}


def test_an_order_is_sent_as_it_is_written() -> None:
    message = order_message(Order("zigbee2mqtt/lamp/set", '{"state": "ON"}'))
    assert (message.topic, message.payload) == ("zigbee2mqtt/lamp/set", '{"state": "ON"}')
    assert (message.qos, message.retain, message.is_event) == (1, False, False)
    assert sent(FALL).payload == encode(sent(FALL).body)


def test_late_marks_a_copy() -> None:
    message = sent(FALL)
    marked = late(message.body, 61.26)
    data: Any = message.body["data"]
    assert marked["data"] == {**data, "replayed": True, "age_s": 61.3}
    assert "replayed" not in str(message.body)
    assert marked["id"] == message.id


def test_an_alarm_goes_out_even_with_numbers_json_does_not_know() -> None:
    text = encode({"a": math.nan, "b": [math.inf, {"c": -math.inf}], "d": 1.5, "e": "fäll"})
    assert text == '{"a":null,"b":[null,{"c":null}],"d":1.5,"e":"fäll"}'


def test_time_is_rfc3339_in_utc() -> None:
    assert rfc3339(0.0) == "1970-01-01T00:00:00.000Z"


def test_home_assistant_finds_one_device_per_camera() -> None:
    twin = Identity("plant 1", "pi-7", "cam2", "0.1.0", "s")
    one, two = discovery_message(WHO), discovery_message(twin, "ha")
    node = one.topic.split("/")[2]
    assert one.retain
    assert one.topic == f"homeassistant/device/{node}/config"
    assert two.topic.startswith("ha/device/")
    assert node not in two.topic
    assert one.body["availability_topic"] == status_message(WHO, "online").topic
    parts: Any = one.body["components"]
    kinds = {name: part["platform"] for name, part in parts.items()}
    assert kinds == {
        "fall": "event",
        "person_down": "binary_sensor",
        "present": "binary_sensor",
        "fps": "sensor",
        "latency_p95_ms": "sensor",
        "temperature_c": "sensor",
        "drops": "sensor",
    }
    state = state_message(WHO, "person_down", on=True, wall_time=0.0, clock_synced=True)
    assert parts["person_down"]["state_topic"] == state.topic
    assert parts["fall"]["state_topic"] == sent(FALL).topic
