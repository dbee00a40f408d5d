"""One MQTT connection, used by one thread: it never reconnects and never sends anything twice.

What it hears it hands on at once, in the same thread.

paho's own thread, queue and retries stay unused. Its queue would be a second outbox beside
ours, and its thread opens a listening socket on the loopback just to wake itself.
"""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge.wire import Message, encode

_PATIENCE_S = 10.0  # how long a broker may take to answer a connection

Hear = Callable[[str, bytes, bool], None]  # topic, payload, whether it was retained


@dataclass(frozen=True, slots=True)
class Door:
    """Where the broker is and what it asks for."""

    host: str
    port: int
    client_id: str
    username: str
    password: str | None
    tls: ssl.SSLContext | None
    keepalive_s: int

    def __repr__(self) -> str:
        """Without the password."""
        return f"Door({self.host}:{self.port})"


class Link:
    """A context manager: connects, speaks, says goodbye. Raises OSError when the broker is lost."""

    def __init__(
        self,
        door: Door,
        will: Message | None = None,
        topics: Sequence[str] = (),
        hear: Hear = lambda *_: None,
    ) -> None:
        self._door = door
        self._topics = topics
        self._hear = hear
        self._lost: str | None = None
        self._acked: list[int] = []
        self._deadline = 0.0
        self.connected = False  # the broker has accepted us
        self.refused: tuple[str, ...] | None = None  # topics; None until the broker has answered
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=door.client_id,
            protocol=paho.MQTTv311,
            reconnect_on_failure=False,
        )
        client.max_inflight_messages_set(0)  # 0: paho queues nothing, our caller keeps the window
        if door.username:
            client.username_pw_set(door.username, door.password)
        if door.tls:
            client.tls_set_context(door.tls)
        if will:
            client.will_set(will.topic, encode(will.body), will.qos, will.retain)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        self._client = client

    def __enter__(self) -> Link:
        """Reach the broker (blocks for some seconds at most); it has not accepted us yet."""
        self._deadline = time.monotonic() + _PATIENCE_S
        try:
            self._client.connect(self._door.host, self._door.port, self._door.keepalive_s)
        except OSError:
            raise  # an untrusted certificate is a ValueError as well, and must stay what it is
        except ValueError as error:  # paho and idna refuse impossible host names this way
            raise OSError(str(error)) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Say goodbye if all went well; otherwise just hang up, so that the last will speaks."""
        sock = self._client.socket()
        if sock is not None and kind is None:
            self._client.disconnect()
        elif sock is not None:
            sock.close()

    def publish(self, topic: str, payload: str, qos: int, *, retain: bool = False) -> int:
        """Send now and give the number `turn` will report when the broker has it (QoS 1)."""
        sent = self._client.publish(topic, payload, qos, retain)
        if sent.rc != paho.MQTT_ERR_SUCCESS:
            raise OSError(self._lost or paho.error_string(sent.rc))
        return sent.mid

    @property
    def busy(self) -> bool:
        """Whether the network has not yet taken what was published."""
        return self._client.want_write()

    def turn(self, wake: socket.socket, timeout_s: float) -> list[int]:
        """Wait for the broker or for a byte on `wake`; give the numbers the broker now has."""
        sock = self._client.socket()
        if sock is not None:
            unread = isinstance(sock, ssl.SSLSocket) and sock.pending() > 0
            writing = [sock] if self._client.want_write() else []
            ready = select.select([sock, wake], writing, [], 0.0 if unread else timeout_s)
            if wake in ready[0]:
                wake.recv(4096)
            if unread or sock in ready[0]:
                self._client.loop_read()
            if self._client.want_write():
                self._client.loop_write()
            self._client.loop_misc()
        if self._client.socket() is None:
            raise OSError(self._lost or "the broker closed the connection")
        if not self.connected and time.monotonic() > self._deadline:
            raise OSError("the broker does not answer")
        acked, self._acked = self._acked, []
        return acked

    def _on_connect(
        self,
        _client: paho.Client,
        _userdata: object,
        _flags: paho.ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._lost = f"refused: {reason}"
            return
        self.connected = True
        if self._topics:  # on every connection anew: the broker keeps nothing of ours
            self._client.subscribe([(topic, 1) for topic in self._topics])

    def _on_disconnect(
        self,
        _client: paho.Client,
        _userdata: object,
        _flags: paho.DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._lost = self._lost or f"connection lost: {reason}"

    def _on_publish(
        self,
        _client: paho.Client,
        _userdata: object,
        mid: int,
        _reason: ReasonCode,
        _properties: Properties,
    ) -> None:
        self._acked.append(mid)

    def _on_subscribe(
        self,
        _client: paho.Client,
        _userdata: object,
        _mid: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        answers = zip(self._topics, reasons, strict=False)
        self.refused = tuple(topic for topic, reason in answers if reason.is_failure)

    def _on_message(
        self, _client: paho.Client, _userdata: object, message: paho.MQTTMessage
    ) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            return  # nobody declared such a topic
        self._hear(topic, bytes(message.payload), message.retain)
