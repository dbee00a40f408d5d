"""MQTT: every event at least once and always under one id, everything else as it is now.

Events go to the outbox on disk first; a thread of its own sends them, in a bounded window,
and deletes each when the broker acknowledges it. Of states, health and poses only the newest
per topic is kept. This connection is the one thing that is retried inside the process.
"""

from __future__ import annotations

import os
import socket
import ssl
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from edge.core.settings import setting
from edge.discovery import discovery_message, procedure_told
from edge.errors import ConfigError, SinkError
from edge.runtime.outbox import Outbox
from edge.runtime.signals import Inbox
from edge.sinks._drain import Drain, explained
from edge.sinks._link import Door, Link
from edge.sinks._stated import Stated
from edge.wire import Identity, Message, status_message

_FLUSH_S = 2.0  # how long leaving may take; with all else that may hang, 5 s
_URL = "write mqtt://[user@]host[:port], or mqtts:// to encrypt"
_PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class Mqtt:
    """How to reach a broker. Secrets are never settings: they are read from files."""

    hears: ClassVar[bool] = True  # signals come this way
    instead: ClassVar[dict[str, str]] = {"url": "write host and port; --mqtt takes a URL"}

    host: str = setting("localhost", "the broker's name or address")
    port: int = setting(0, "0: 1883, or 8883 with TLS", low=0, high=65535)
    username: str = setting("", "empty: no user name")
    password_file: str = setting("", "a file with the password; empty: the credential, if any")
    credential: str = setting(
        "mqtt-password", "name of the password in systemd's $CREDENTIALS_DIRECTORY"
    )
    tls: bool = setting(default=False, doc="encrypt, and verify the broker's certificate")
    ca_file: str = setting("", "who may sign the broker's certificate; empty: the system's own")
    cert_file: str = setting("", "our certificate, where the broker asks for one")
    key_file: str = setting("", "its private key, without a passphrase")
    client_id: str = setting("", "empty: made from site, device and camera")
    keepalive_s: int = setting(
        30, "a silent broker is noticed after this", unit="s", low=5, high=600
    )
    bound: int = setting(10_000, "events kept while the broker is away", low=10, high=1_000_000)
    discovery: bool = setting(default=True, doc="describe this camera to Home Assistant")
    discovery_prefix: str = setting("homeassistant", "Home Assistant's discovery topic")

    @classmethod
    def from_url(cls, url: str) -> Mqtt:
        """Read `mqtt://user@host:1883` or `mqtts://host:8883`; raises ConfigError."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port or 0
        except ValueError:  # a port that is no number, a bracket that is not closed
            raise ConfigError("--mqtt", "this is no address", _URL) from None
        if parts.password is not None:
            raise ConfigError(
                "--mqtt", "a password in a URL can be read by everyone", "use 'password_file'"
            )
        if parts.scheme not in _PORTS or not host or parts.path.strip("/") or parts.query:
            raise ConfigError("--mqtt", f"{url!r} is no broker", _URL)
        return cls(
            host=host,
            port=port,
            username=unquote(parts.username or ""),
            tls=parts.scheme == "mqtts",
        )

    def open(self, identity: Identity, state_dir: Path) -> MqttSink:
        """Make the sink; raises ConfigError for a missing or unreadable secret or certificate."""
        self.door(identity)
        return MqttSink(self, identity, state_dir / "outbox.sqlite")

    def probe(self, identity: Identity, topics: Sequence[str] = ()) -> None:
        """Connect once and leave; raises SinkError, saying why, if the broker will not have us.

        Nor may it refuse to let us hear any of the topics.
        """
        door = self.door(identity, suffix="-probe")
        try:
            ear, voice = socket.socketpair()
            with ear, voice, Link(door, topics=topics) as link:
                while not link.connected or (topics and link.refused is None):
                    link.turn(ear, 1.0)
        except OSError as error:
            raise SinkError(self.address, explained(error)) from error
        if link.refused:
            raise SinkError(self.address, f"does not let us hear {', '.join(link.refused)}")

    @property
    def address(self) -> str:
        """host:port, for people."""
        return f"{self.host}:{self.port or _PORTS['mqtts' if self.tls else 'mqtt']}"

    def door(self, identity: Identity, suffix: str = "") -> Door:
        """Read the secrets as they are now, so that mending a file needs no restart."""
        unique = uuid.uuid5(uuid.NAMESPACE_URL, identity.root).hex[:14]  # 23 letters in all
        return Door(
            host=self.host,
            port=self.port or _PORTS["mqtts" if self.tls else "mqtt"],
            client_id=(self.client_id or f"edgepose-{unique}") + suffix,
            username=self.username,
            password=self._password(),
            tls=self._tls() if self.tls else None,
            keepalive_s=self.keepalive_s,
        )

    def _password(self) -> str | None:
        folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
        credential = Path(folder) / self.credential
        if self.password_file:
            path = Path(self.password_file)
        elif self.username and folder and credential.exists():
            path = credential
        else:
            return None
        try:
            return path.read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeError) as error:
            raise ConfigError(str(path), "the password cannot be read") from error

    def _tls(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=self.ca_file or None)
            if self.cert_file:
                context.load_cert_chain(
                    self.cert_file,
                    self.key_file or None,
                    password="",  # a passphrase is an error, never a question at a terminal
                )
        except (OSError, ValueError) as error:
            where = " ".join(filter(None, (self.ca_file, self.cert_file, self.key_file)))
            raise ConfigError(where, f"not a usable certificate or key ({error})") from error
        return context


PLUGIN = Mqtt


class MqttSink:
    """One camera's voice on one broker."""

    def __init__(
        self,
        settings: Mqtt,
        identity: Identity,
        path: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._identity = identity
        self._path = path
        self._clock = clock
        self._closed = False
        self._inbox = Inbox()
        self._procedures: dict[str, str] = {}  # titles by their state's name

    def hear(self, inbox: Inbox) -> None:
        """Put what other machines say into an inbox, from the next connection on."""
        self._inbox = inbox

    def __enter__(self) -> MqttSink:
        """Open the outbox and begin to connect; raises SinkError if no outbox can be kept."""
        self._outbox = Outbox(self._path, self._settings.bound)
        greeting = [status_message(self._identity, "online")]
        if self._settings.discovery:
            greeting.append(discovery_message(self._identity, self._settings.discovery_prefix))
        self._drain = Drain(
            self._outbox,
            self._connect,
            tuple(greeting),
            farewell=status_message(self._identity, "offline", "stopped"),
            clock=self._clock,
            stated=Stated(self._path.with_name("states.json"), self._identity.state_topic("")),
        )
        self._drain.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Send what can be sent within some seconds, say offline, leave the rest on disk."""
        if not self._closed:
            self._closed = True
            self._drain.stop(_FLUSH_S)
            self._outbox.close()

    def publish(self, message: Message) -> None:
        """Keep an event on disk, or the newest of anything else in memory; it is sent soon."""
        if (failure := self._drain.failure) is not None:
            raise SinkError("mqtt", f"the sender stopped ({failure!r})") from failure
        if not message.is_event:
            # An order is for now: late, it would switch what nobody expects to be switched.
            if message.raw is None or self._drain.unreached is None:
                self._drain.tell(message)
            self._describe(message)
            return
        self._outbox.put(
            message.id,
            message.topic,
            message.payload,
            alarm=message.alarm,
            wall=time.time(),
            mono=self._clock(),
        )
        self._drain.wake()

    def _describe(self, message: Message) -> None:
        """Home Assistant learns of a procedure when its state is told for the first time."""
        told = procedure_told(self._identity, message) if self._settings.discovery else None
        if told is not None and told[0] not in self._procedures:
            self._procedures[told[0]] = told[1]
            prefix = self._settings.discovery_prefix
            self._drain.tell(discovery_message(self._identity, prefix, self._procedures))

    def trouble(self) -> str | None:
        """Why messages are not getting through, or are not safe on disk; None when all is well."""
        unreached = self._drain.unreached
        if unreached is not None:
            return f"{self._settings.address}: {unreached}"
        if self._outbox.shed and not self._outbox.trouble:
            return f"{self._path}: full: {self._outbox.shed} events were given up"
        return self._outbox.trouble

    def unheard(self) -> tuple[str, ...]:
        """Topics that the broker does not let us hear."""
        return self._drain.refused

    def _connect(self) -> Link:
        will = status_message(self._identity, "offline", "lost")
        door, inbox = self._settings.door(self._identity), self._inbox
        return Link(door, will, inbox.topics, inbox.put)
