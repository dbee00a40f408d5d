"""What leaves the device: topic names and versioned JSON, and nothing else.

    edgepose/<site>/<device>/<camera>/status         retained, last will: online or offline
    edgepose/<site>/<device>/<camera>/event/<kind>   QoS 1: one CloudEvent each
    edgepose/<site>/<device>/<camera>/state/<name>   retained: what is so right now, and where in a
                                                     procedure the operator is (sop-<procedure>)
    edgepose/<site>/<device>/<camera>/health         how the device is doing
    edgepose/<site>/<device>/<camera>/poses          off by default

Status is the camera's own, not the device's: each camera is a process with a connection, so a
last will can only speak for that one. `edge/schemas` holds a JSON Schema for every message.
The wall clock is an argument; nothing here reads a clock.
"""

from __future__ import annotations

import json
import math
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timezone
from typing import Literal, cast
from urllib.parse import quote

from edge.core.types import Event, Json, Order
from edge.errors import ConfigError

LATE_S = 2.0  # an event sent this long after it was made is marked as late
# What is shed first when the disk is full: the ordinary course of things. All else is an alarm.
_CHATTER = frozenset({"presence", "gesture", "pose"})  # kinds
_COURSE = {  # kinds of which only some phases are ordinary
    "sop": {"step_started", "step_completed", "cycle_started", "cycle_completed"}
}
# Kinds whose data has a schema of its own.
_SCHEMAS = frozenset({"fall", "lying", "presence", "sop", "gesture", "pose"})
_NAMESPACE = uuid.UUID("5f6f6f3e-9d0a-5f0c-8a83-6a1d6c0e2b11")
_UNFIT = re.compile(r"[+#/\x00-\x1f\x7f]")  # what MQTT forbids in one level of a topic


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is speaking. Every name is one level of a topic; raises ConfigError if it cannot be."""

    site: str
    device: str
    camera: str
    version: str  # of edgepose
    session: str  # one run of a live camera, or one file: the same again gives the same event ids

    def __post_init__(self) -> None:
        """Refuse names that would break the topic tree."""
        for field in fields(self)[:3]:
            name = getattr(self, field.name)
            if not name or _UNFIT.search(name):
                raise ConfigError(
                    field.name,
                    f"{name!r} cannot be part of an MQTT topic",
                    "use letters, digits, '-', '_' and '.'; never '+', '#' or '/'",
                )

    @property
    def root(self) -> str:
        """The topic all others are below."""
        return f"edgepose/{self.site}/{self.device}/{self.camera}"

    @property
    def status_topic(self) -> str:
        """Online or offline, retained."""
        return f"{self.root}/status"

    @property
    def health_topic(self) -> str:
        """How the device is doing."""
        return f"{self.root}/health"

    @property
    def poses_topic(self) -> str:
        """Every frame's keypoints."""
        return f"{self.root}/poses"

    def event_topic(self, kind: str) -> str:
        """Events of one kind."""
        return f"{self.root}/event/{kind}"

    def state_topic(self, name: str) -> str:
        """One retained fact."""
        return f"{self.root}/state/{name}"


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to publish. With an `id` it is an event; without, only the newest counts."""

    topic: str
    body: Mapping[str, Json]
    qos: Literal[0, 1] = 0
    retain: bool = False
    alarm: bool = False  # never shed while anything else can be
    id: str = ""
    raw: str | None = None  # sent as it is, in place of the body

    @property
    def is_event(self) -> bool:
        """Whether every single one must arrive."""
        return bool(self.id)

    @property
    def payload(self) -> str:
        """What is sent."""
        return encode(self.body) if self.raw is None else self.raw


def event_message(
    identity: Identity, event: Event, *, wall_time: float, clock_synced: bool | None
) -> Message:
    """Make a CloudEvents 1.0 envelope around an event; `wall_time` is Unix seconds."""
    about: dict[str, Json] = {
        "t": round(event.t, 3),
        "camera": identity.camera,
        "clock_synced": clock_synced,
    }
    schema = event.kind if event.kind in _SCHEMAS else "data"
    body: dict[str, Json] = {
        "specversion": "1.0",
        "id": event_id(identity, event),
        "source": "/" + quote(identity.root),
        "type": f"edgepose.{event.kind}.{event.phase}",
        "subject": event.subject,
        "time": rfc3339(wall_time),
        "datacontenttype": "application/json",
        "dataschema": f"urn:edgepose:{schema}:1",
        "data": about | dict(event.detail) | about,
    }
    return Message(
        topic=identity.event_topic(event.kind),
        body=body,
        qos=1,
        alarm=is_alarm(event),
        id=str(body["id"]),
    )


def is_alarm(event: Event) -> bool:
    """Whether an event is kept for as long as anything can be."""
    return event.kind not in _CHATTER and event.phase not in _COURSE.get(event.kind, ())


def event_id(identity: Identity, event: Event) -> str:
    """Name an event by what it says alone, so that a replay says it under the same name."""
    ms = round(event.t * 1000)
    parts = [identity.session, identity.camera, event.kind, event.phase, event.subject, ms]
    if turn := event.detail.get("turn"):  # the same again in the same instant
        parts.append(turn)
    return str(uuid.uuid5(_NAMESPACE, json.dumps(parts)))


def late(body: Mapping[str, Json], age_s: float) -> dict[str, Json]:
    """Give an event's body, marked as delivered `age_s` seconds after it was made.

    In `data`, not as CloudEvents attributes: those are the event's and never change.
    """
    data = cast("dict[str, Json]", body["data"])
    return {**body, "data": {**data, "replayed": True, "age_s": round(age_s, 1)}}


def status_message(
    identity: Identity,
    state: Literal["online", "offline"],
    reason: Literal["", "stopped", "lost"] = "",
) -> Message:
    """Say that this camera's process is there, has stopped, or (last will) was lost."""
    body: dict[str, Json] = {
        "state": state,
        "version": identity.version,
        "cameras": [identity.camera],
        "session": identity.session,
    }
    if reason:
        body["reason"] = reason
    return Message(identity.status_topic, body, qos=1, retain=True)


def state_message(  # noqa: PLR0913 - one fact and who says so since when
    identity: Identity,
    name: str,
    *,
    on: bool,
    wall_time: float,
    clock_synced: bool | None,
    detail: Mapping[str, Json] | None = None,
) -> Message:
    """Say what is so right now ("person_down", "present"), for those who join later."""
    about: dict[str, Json] = {"on": on, **_stamp(wall_time, clock_synced)}
    return Message(
        identity.state_topic(name), about | dict(detail or {}) | about, qos=1, retain=True
    )


def health_message(
    identity: Identity,
    values: Mapping[str, Json],
    *,
    wall_time: float,
    clock_synced: bool | None,
) -> Message:
    """Say how the device is doing; `values` as in `schemas/health.json`."""
    stamp = _stamp(wall_time, clock_synced)
    return Message(identity.health_topic, dict(values) | stamp)


def order_message(order: Order) -> Message:
    """Pass on what a rule has other machines told, as the configuration says it."""
    return Message(order.topic, {}, qos=1, retain=order.retain, raw=order.payload)


def encode(body: Mapping[str, Json]) -> str:
    """Write compact JSON. What is not a finite number is unknown, so null: an alarm must go out."""
    return json.dumps(_finite(dict(body)), ensure_ascii=False, separators=(",", ":"))


def rfc3339(wall_time: float) -> str:
    """Unix seconds as UTC with milliseconds."""
    moment = datetime.fromtimestamp(wall_time, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _stamp(wall_time: float, clock_synced: bool | None) -> dict[str, Json]:  # noqa: FBT001
    return {"time": rfc3339(wall_time), "clock_synced": clock_synced}


def _finite(value: Json) -> Json:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return value
