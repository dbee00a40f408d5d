"""Go to a broker step by step, with one connection for each kind of question."""

from __future__ import annotations

import json
import socket
import ssl
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from edge.doctor.broker import Visit
from edge.sinks._drain import explained
from edge.sinks._link import Door
from edge.sinks.mqtt import Mqtt
from edge.wire import Identity

_PATIENCE_S = 5.0  # for each step
_UNKNOWN_VERSION = {"Unsupported protocol version", "Unacceptable protocol version"}
_DAY_S = 86400.0


def visit(
    sink: Mqtt, identity: Identity, topics: Sequence[str] = (), *, clock_wrong: bool = False
) -> Visit:
    """Raise ConfigError where a password or certificate cannot be read."""
    door = sink.door(identity, suffix="-doctor")
    so_far = Visit(
        address=sink.address,
        reached="name",
        root=identity.root,
        wants_tls=sink.tls,
        user=sink.username,
        has_password=door.password is not None,
        clock_wrong=clock_wrong,
    )
    try:
        found = socket.getaddrinfo(door.host, door.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return replace(so_far, problem=str(error))
    so_far = replace(so_far, reached="connect", ip=str(found[0][4][0]))
    try:
        with socket.create_connection((door.host, door.port), _PATIENCE_S) as plain:
            if door.tls:
                so_far = replace(so_far, reached="encrypt")
                so_far = _encrypted(plain, door.tls, door.host, so_far)
    except OSError as error:
        return replace(so_far, problem=_words(error))
    return _spoken_to(door, so_far, f"{identity.root}/doctor", topics)


def _encrypted(plain: socket.socket, tls: ssl.SSLContext, host: str, so_far: Visit) -> Visit:
    with tls.wrap_socket(plain, server_hostname=host) as safe:
        ends = (safe.getpeercert() or {}).get("notAfter")
        days = None
        if isinstance(ends, str):
            days = (ssl.cert_time_to_seconds(ends) - time.time()) / _DAY_S
        return replace(so_far, tls=safe.version() or "TLS", certificate_days=days)


@dataclass(slots=True)
class _Heard:
    """What the broker has answered so far."""

    entered: bool = False
    refused: str = ""  # why we may not enter, publish, or hear our own topic
    ended: str = ""  # the connection did
    unheard: list[str] = field(default_factory=list)
    subscribed: bool = False
    acknowledged: bool = False
    back: bool = False


def _spoken_to(door: Door, so_far: Visit, topic: str, topics: Sequence[str]) -> Visit:
    """MQTT 5 says why something is refused; the service's own 3.1.1 takes it in silence."""
    for version in (MQTTProtocolVersion.MQTTv5, MQTTProtocolVersion.MQTTv311):
        result = _conversation(door, version, so_far, topic, topics)
        if result.problem not in _UNKNOWN_VERSION:
            break
    return result


def _conversation(
    door: Door, version: MQTTProtocolVersion, so_far: Visit, topic: str, topics: Sequence[str]
) -> Visit:
    heard, word = _Heard(), json.dumps({"doctor": uuid.uuid4().hex})
    client = _client(door, version, heard, word, [topic, *topics])
    try:
        client.connect(door.host, door.port, door.keepalive_s)
        if not _until(client, heard, "entered"):
            return replace(so_far, reached="enter", problem=_why(heard))
        client.subscribe([(one, 1) for one in (topic, *topics)])
        if not _until(client, heard, "subscribed"):
            return replace(so_far, reached="enter", problem=_why(heard))
        began = time.monotonic()
        client.publish(topic, word, qos=1)
        if not _until(client, heard, "acknowledged"):
            return replace(so_far, reached="publish", problem=_why(heard))
        so_far = replace(so_far, unheard=tuple(heard.unheard))
        if not _until(client, heard, "back"):
            return replace(so_far, reached="return", problem=_why(heard))
    except OSError as error:
        return replace(so_far, reached="enter", problem=_words(error))
    else:
        trip = 1000.0 * (time.monotonic() - began)
        return replace(so_far, reached="done", round_trip_ms=trip)
    finally:
        client.disconnect()


def _client(
    door: Door, version: MQTTProtocolVersion, heard: _Heard, word: str, topics: list[str]
) -> paho.Client:
    client = paho.Client(
        CallbackAPIVersion.VERSION2,
        client_id=door.client_id,
        protocol=version,
        reconnect_on_failure=False,
    )
    if door.username:
        client.username_pw_set(door.username, door.password)
    if door.tls:
        client.tls_set_context(door.tls)

    def on_connect(_c: Any, _u: Any, _flags: Any, reason: Any, _p: Any) -> None:
        heard.entered = not reason.is_failure
        heard.refused = str(reason) if reason.is_failure else ""

    def on_subscribe(_c: Any, _u: Any, _mid: Any, reasons: Any, _p: Any) -> None:
        # That our own topic is not for us to hear is told when nothing comes back.
        answers = zip(topics[1:], reasons[1:], strict=False)
        heard.unheard.extend(one for one, reason in answers if reason.is_failure)
        heard.subscribed = True

    def on_publish(_c: Any, _u: Any, _mid: Any, reason: Any, _p: Any) -> None:
        heard.acknowledged = not reason.is_failure
        heard.refused = str(reason) if reason.is_failure else ""

    def on_message(_c: Any, _u: Any, message: paho.MQTTMessage) -> None:
        heard.back = heard.back or message.payload == word.encode()

    def on_disconnect(_c: Any, _u: Any, _flags: Any, reason: Any, _p: Any) -> None:
        heard.ended = f"the broker closed the connection ({reason})"

    client.on_connect, client.on_disconnect = on_connect, on_disconnect
    client.on_subscribe, client.on_publish = on_subscribe, on_publish
    client.on_message = on_message
    return client


def _until(client: paho.Client, heard: _Heard, what: str) -> bool:
    """Whether something becomes so within the patience of a step."""
    enough = time.monotonic() + _PATIENCE_S
    while not getattr(heard, what):
        if heard.refused or heard.ended or time.monotonic() > enough:
            return False
        client.loop(0.1)
    return True


def _why(heard: _Heard) -> str:
    return heard.refused or heard.ended or f"no answer in {_PATIENCE_S:.0f} s"


def _words(error: OSError) -> str:
    return "no answer" if isinstance(error, TimeoutError) else explained(error)
