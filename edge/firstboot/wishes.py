"""What the owner writes into `edgepose.txt`, checked: every error at once, no secret repeated."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass
from typing import Any

from edge.config_table import Place, read
from edge.core.settings import setting
from edge.errors import ConfigError, Problems

FILE = "edgepose.txt"

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_BESIDE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. -]*")
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")
_PASSPHRASE = re.compile(r"[ -~]{8,63}|[0-9A-Fa-f]{64}")
_MOST_SSID = 32  # bytes
_KEY_WORDS = 2  # of an SSH key: its kind and the key; a comment may follow


@dataclass(frozen=True, slots=True, repr=False)
class Network:
    """How to reach the network; nothing at all is a cable and DHCP."""

    wifi: str = setting("", "name of the wireless network; empty: a cable")
    wifi_password: str = setting("", "empty: the network is open")
    country: str = setting("", "two letters, such as DE: which radio channels are allowed")
    hidden: bool = setting(default=False, doc="the network does not tell its name")
    address: str = setting("", "fixed address with its prefix, 192.168.1.17/24; empty: DHCP")
    gateway: str = setting("", "the router, with a fixed address")
    dns: tuple[str, ...] = setting((), "name servers, with a fixed address")
    time_server: str = setting("", "where no internet is: who knows the time")

    def __post_init__(self) -> None:
        self._wireless()
        self._fixed()
        if self.time_server and not _NAME.fullmatch(self.time_server):
            raise ConfigError("time_server", "must be a name or an address")

    def _wireless(self) -> None:
        if len(self.wifi.encode()) > _MOST_SSID:
            raise ConfigError("wifi", f"is longer than {_MOST_SSID} bytes")
        if not self.wifi and (self.wifi_password or self.country or self.hidden):
            raise ConfigError("wifi", "is missing", "country, hidden and wifi_password need it")
        if self.wifi and not re.fullmatch(r"[A-Z]{2}", self.country):
            hint = 'two capital letters: country = "DE"; without it the radio stays off'
            raise ConfigError("country", "is missing or is no country", hint)
        if self.wifi_password and not _PASSPHRASE.fullmatch(self.wifi_password):
            hint = "one with a backslash stands in single quotes"
            raise ConfigError("wifi_password", "must be 8 to 63 letters of plain ASCII", hint)

    def _fixed(self) -> None:
        if not self.address:
            if self.gateway or self.dns:
                raise ConfigError("address", "is missing", "gateway and dns need it")
            return
        try:
            net = ipaddress.IPv4Interface(self.address)
        except ValueError:
            net = None
        if net is None or "/" not in self.address:
            raise ConfigError("address", "is no address with a prefix", 'write "192.168.1.17/24"')
        for name, value in (("gateway", self.gateway), *(("dns", one) for one in self.dns)):
            if value and _ipv4(value) is None:
                raise ConfigError(name, "is no IPv4 address", 'write "192.168.1.1"')
        router = _ipv4(self.gateway)
        if router is not None and router not in net.network:
            hint = f"the device is in {net.network}"
            raise ConfigError("gateway", "cannot be reached from the address", hint)


def _ipv4(text: str) -> ipaddress.IPv4Address | None:
    try:
        return ipaddress.IPv4Address(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, repr=False)
class Broker:
    """Who hears the alarms; the rest can be set in a camera's own configuration."""

    host: str = setting(MISSING, "the MQTT broker's name or address")
    port: int = setting(0, "0: 1883, or 8883 with TLS", low=0, high=65535)
    tls: bool = setting(default=False, doc="encrypt, and verify the broker's certificate")
    ca: str = setting("", "a file beside this one: who signed the broker's certificate")
    user: str = setting("", "empty: no user name")
    password: str = setting("", "moved to the device and blanked here when it is read")

    def __post_init__(self) -> None:
        if not self.host or re.search(r"[\s/@]", self.host):
            hint = "a name or an address alone: no mqtt://, no port"
            raise ConfigError("host", "is missing or is no host", hint)
        if self.password and not self.user:
            raise ConfigError("user", "is missing", "a password is sent with a user name only")
        _printable("password", self.password)
        _beside("ca", self.ca)
        if self.ca and not self.tls:
            raise ConfigError("tls", "must be true where 'ca' is given")


@dataclass(frozen=True, slots=True, repr=False)
class Camera:
    """The one camera that is set up here; more are files of their own in /etc/edgepose."""

    uri: str = setting("/dev/video0", "/dev/video0, rtsp://host/path, or another source")
    user: str = setting("", "of a network camera")
    password: str = setting("", "of a network camera; moved to the device and blanked here")
    name: str = setting("cam1", "part of every topic")
    model: str = setting("edgepose-body-257", "one of `edgepose models list`")
    rules: tuple[str, ...] = setting(("fall",), "what is reported: fall, presence")
    procedures: tuple[str, ...] = setting((), "files beside this one: jobs to follow")

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ConfigError("name", "must be letters, digits, '-', '_' and '.'")
        if "://" in self.uri and "@" in self.uri.partition("://")[2].partition("/")[0]:
            hint = "write user and password as keys of their own: a password is hidden there"
            raise ConfigError("uri", "holds a user", hint)
        if self.user and not self.uri.lower().startswith(("rtsp://", "rtsps://")):
            raise ConfigError("user", "is for network cameras, rtsp://...")
        if self.password and not self.user:
            raise ConfigError("user", "is missing", "a password is sent with a user name only")
        _printable("password", self.password)
        for file in self.procedures:
            _beside("procedures", file)
            if not file.endswith(".toml") or file == f"{self.name}.toml":
                hint = "another name than the camera's"
                raise ConfigError("procedures", "must be named something.toml", hint)


def _printable(key: str, text: str) -> None:
    """A backslash in double quotes may have become something that nobody typed."""
    if not text.isprintable():
        hint = "a text with a backslash stands in single quotes: password = 'a\\b'"
        raise ConfigError(key, "holds a control character", hint)


def _beside(key: str, file: str) -> None:
    if file and not _BESIDE.fullmatch(file):
        raise ConfigError(key, "must be the name of a file beside this one, without a folder")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The whole file."""

    broker: Broker = setting(MISSING, "write [broker] and below it host = ...")  # noqa: RUF009 - makes a field
    site: str = setting("home", "the building or plant: the first part of every topic")
    device: str = setting(MISSING, "this device's name, in topics and on the network")
    time_zone: str = setting("Etc/UTC", "such as Europe/Berlin")
    ssh_key: str = setting("", "a public key that may log in as root; empty: SSH stays off")
    network: Network = setting(Network(), "")  # noqa: RUF009 - makes a field
    camera: Camera = setting(Camera(), "")  # noqa: RUF009 - makes a field

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.site):
            raise ConfigError("site", "must be letters, digits, '-', '_' and '.'")
        if not _HOST.fullmatch(self.device):
            hint = "letters, digits and '-', 63 at most: it is the name on the network, too"
            raise ConfigError("device", "is missing or cannot be a name", hint)
        if not _ZONE.fullmatch(self.time_zone):
            raise ConfigError("time_zone", "is no time zone", 'write "Europe/Berlin"')
        if self.ssh_key and not _is_public_key(self.ssh_key):
            hint = "the one line of a file such as id_ed25519.pub"
            raise ConfigError("ssh_key", "is no public key", hint)


def _is_public_key(line: str) -> bool:
    words = line.split()
    if len(words) < _KEY_WORDS or "\n" in line.strip():
        return False
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (binascii.Error, ValueError):
        return False
    kind = words[0].encode()
    return blob.startswith(len(kind).to_bytes(4, "big") + kind)


def wishes_of(tables: Mapping[str, Any]) -> Wishes:
    """Check the tables; raises Problems with every error."""
    place = Place(FILE, "", [])
    wishes = read(Wishes, tables, place)
    if wishes is None or place.errors:
        raise Problems(place.errors)
    return wishes
