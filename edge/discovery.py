"""Home Assistant finds the camera by itself: one retained message describes all of its parts.

Each camera is one Home Assistant device. The event "Fall" fires as `fell`, `confirmed`,
`long_lie`, `recovered` or `gone`; everything is unavailable while the camera's status is not
`online`. A procedure is there once its state has been told: whether a cycle is running, which step,
and an event for each thing said of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from edge.core.types import Json
from edge.wire import Identity, Message

_STALE_S = 120  # four health messages missed: the value is unknown, not old

_FALL = (  # begin is the fall itself; an end says how it ended
    "{% set phase = value_json.type.split('.')[-1] %}"
    "{% set end = value_json.data.reason | default('gone') %}"
    "{{ {'event_type': {'begin': 'fell', 'end': end}.get(phase, phase),"
    " 'subject': value_json.subject, 'time': value_json.time,"
    " 'stage': value_json.data.stage | default(none),"
    " 'confidence': value_json.data.confidence | default(none),"
    " 'replayed': value_json.data.replayed | default(false)} | tojson }}"
)

_SOP_PHASES: tuple[Json, ...] = (
    *("step_started", "step_completed", "step_out_of_order", "step_late", "step_skipped"),
    *("step_repeated", "step_too_short", "step_too_long", "repeat_missing", "forbidden"),
    *("cycle_started", "cycle_completed", "cycle_aborted", "cycle_too_short", "cycle_too_long"),
    "operator_absent",
)
_SOP = (
    "{{ {'event_type': value_json.type.split('.')[-1], 'subject': value_json.subject,"
    " 'time': value_json.time, 'sentence': value_json.data.sentence,"
    " 'severity': value_json.data.severity, 'serial': value_json.data.serial,"
    " 'cycle': value_json.data.cycle, 'score': value_json.data.score | default(none),"
    " 'replayed': value_json.data.replayed | default(false)} | tojson }}"
)

_SENSORS: tuple[tuple[str, str, dict[str, Json]], ...] = (  # health field, name, what it is
    ("fps", "Frame rate", {"unit_of_measurement": "fps"}),
    (
        "latency_p95_ms",
        "Latency",
        {"unit_of_measurement": "ms", "device_class": "duration", "suggested_display_precision": 0},
    ),
    ("temperature_c", "Temperature", {"unit_of_measurement": "°C", "device_class": "temperature"}),
    ("drops", "Dropped frames", {"state_class": "total_increasing"}),
)


def procedure_told(identity: Identity, message: Message) -> tuple[str, str] | None:
    """The state's name and the procedure's title, of a message that says where in it one is."""
    name = message.topic.removeprefix(identity.state_topic(""))
    procedure = message.body.get("procedure")
    if name == message.topic or not isinstance(procedure, str):
        return None
    return name, str(message.body.get("title") or procedure)


def discovery_message(
    identity: Identity, prefix: str = "homeassistant", procedures: Mapping[str, str] | None = None
) -> Message:
    """Describe one camera's events, binary sensors and sensors to Home Assistant.

    Procedures are titles by the names of their states.
    """
    unique = uuid.uuid5(uuid.NAMESPACE_URL, identity.root).hex[:12]
    node = f"edgepose_{unique}"
    parts: dict[str, dict[str, Json]] = {
        "fall": {
            "platform": "event",
            "name": "Fall",
            "icon": "mdi:alert",
            "event_types": ["fell", "confirmed", "long_lie", "recovered", "gone"],
            "state_topic": identity.event_topic("fall"),
            "value_template": _FALL,
            "qos": 1,
        },
        "person_down": _yes_no("Person down", identity.state_topic("person_down"), "safety"),
        "present": _yes_no("Present", identity.state_topic("present"), "occupancy"),
    }
    if procedures:
        parts["sop"] = {
            "platform": "event",
            "name": "Procedure",
            "icon": "mdi:clipboard-check",
            "event_types": list(_SOP_PHASES),
            "state_topic": identity.event_topic("sop"),
            "value_template": _SOP,
            "qos": 1,
        }
    for name, title in (procedures or {}).items():
        topic = identity.state_topic(name)
        # Names are kept as they are, and a state's never begins so: no two parts share a key.
        parts[name] = _yes_no(f"{title}: running", topic, "running")
        parts[f"step-of-{name}"] = {
            "platform": "sensor",
            "name": f"{title}: step",
            "icon": "mdi:format-list-checks",
            "state_topic": topic,
            "value_template": "{{ value_json.step or 'none' }}",
            "json_attributes_topic": topic,
        }
    for field, name, kind in _SENSORS:
        parts[field] = {
            "platform": "sensor",
            "name": name,
            "entity_category": "diagnostic",
            "state_topic": identity.health_topic,
            "value_template": f"{{{{ value_json.{field} }}}}",
            "expire_after": _STALE_S,
            "state_class": "measurement",
            **kind,
        }
    body: dict[str, Json] = {
        "device": {
            "identifiers": [node],
            "name": f"{identity.device} {identity.camera}",
            "manufacturer": "edgepose",
            "model": "edgepose camera",
            "suggested_area": identity.site,
            "sw_version": identity.version,
        },
        "origin": {"name": "edgepose", "sw_version": identity.version},
        "availability_topic": identity.status_topic,
        "availability_template": "{{ value_json.state }}",
        "components": {key: {**part, "unique_id": f"{node}_{key}"} for key, part in parts.items()},
    }
    return Message(f"{prefix}/device/{node}/config", body, qos=1, retain=True)


def _yes_no(name: str, topic: str, device_class: str) -> dict[str, Json]:
    return {
        "platform": "binary_sensor",
        "name": name,
        "device_class": device_class,
        "state_topic": topic,
        "value_template": "{{ 'ON' if value_json.on else 'OFF' }}",
    }
