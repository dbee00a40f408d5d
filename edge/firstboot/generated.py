"""Every file a device needs, made from what its owner wishes; no file is touched here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from edge.firstboot import networkmanager
from edge.firstboot.wishes import FILE, Camera, Wishes
from edge.procedure_writer import quoted

STATE = "/var/lib/edgepose-device"
HOST_KEY = f"{STATE}/ssh_host_ed25519_key"
CAMERAS = "/etc/edgepose"  # the folder of their configurations, and of files these name
CA = f"{CAMERAS}/broker-ca.pem"
SSH_KEYS = "/etc/ssh/edgepose_keys"
MARK = f"# Made from {FILE} at every start: change that. Without this line the file is yours."

_SSH = "/etc/ssh/sshd_config.d/edgepose.conf"
_RADIO = "/etc/modprobe.d/edgepose-radio.conf"
_TIME = "/etc/systemd/timesyncd.conf.d/edgepose.conf"


@dataclass(frozen=True, slots=True)
class Made:
    """One file; nothing but its owner, root, reads what is secret."""

    text: str
    secret: bool = False


Files = Mapping[str, Made | None]  # by path; None: must not be there


def files_of(wishes: Wishes, beside: Mapping[str, str]) -> dict[str, Made | None]:
    """Give each file by its path; `beside` holds the texts of files that lie beside the wishes."""
    net, broker, camera = wishes.network, wishes.broker, wishes.camera
    country = f"options cfg80211 ieee80211_regdom={net.country}\n" if net.wifi else ""
    clock = f"[Time]\nNTP={net.time_server}\n" if net.time_server else ""
    keys = f"{wishes.ssh_key.strip()}\n" if wishes.ssh_key else ""
    return {
        "/etc/hostname": Made(f"{wishes.device}\n"),
        "/etc/timezone": Made(f"{wishes.time_zone}\n"),
        networkmanager.CABLE: Made(networkmanager.cable(net), secret=True),
        networkmanager.WIFI: Made(networkmanager.wifi(net), secret=True) if net.wifi else None,
        _RADIO: _made(country),
        _TIME: _made(clock),
        _SSH: Made(_SSH_TEXT) if keys else None,
        SSH_KEYS: _made(keys),
        CA: _made(beside[broker.ca] if broker.ca else ""),
        credential(camera.name): Made(broker.password, secret=True) if broker.password else None,
        **{f"{CAMERAS}/{name}": Made(f"{MARK}\n{beside[name]}") for name in camera.procedures},
        configuration(camera.name): Made("\n".join((MARK, "", *_camera(wishes), ""))),
    }


def configuration(camera: str) -> str:
    """Where the configuration of a camera lies."""
    return f"{CAMERAS}/{camera}.toml"


def credential(camera: str) -> str:
    """Where the broker's password lies; the service sees it as a credential."""
    return f"/etc/credstore/edgepose.{camera}.mqtt-password"


# A key and nothing else opens the door; the host's own key outlives a root that forgets.
_SSH_TEXT = f"""PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
AuthorizedKeysFile .ssh/authorized_keys {SSH_KEYS}
HostKey {HOST_KEY}
"""


def _made(text: str) -> Made | None:
    return Made(text) if text else None


def _camera(wishes: Wishes) -> Iterator[str]:
    broker, camera = wishes.broker, wishes.camera
    yield from ("[identity]", f"site = {quoted(wishes.site)}", f"device = {quoted(wishes.device)}")
    yield from (f"camera = {quoted(camera.name)}", "")
    yield from ("[source]", f"uri = {quoted(_uri(camera))}", "")
    yield from ("[[model]]", f"name = {quoted(camera.model)}", "")
    for rule in camera.rules:
        yield from ("[[rule]]", f"kind = {quoted(rule)}", "")
    for name in camera.procedures:
        yield from ("[[rule]]", 'kind = "sop"', f"procedure = {quoted(name)}", "")
    yield from ("[[sink]]", 'kind = "mqtt"', f"host = {quoted(broker.host)}")
    if broker.port:
        yield f"port = {broker.port}"
    if broker.tls:
        yield "tls = true"
    if broker.ca:
        yield f"ca_file = {quoted(CA)}"
    if broker.user:
        yield f"username = {quoted(broker.user)}"


def _uri(camera: Camera) -> str:
    """The address with its user; a network camera takes them in no other way."""
    if not camera.user:
        return camera.uri
    scheme, _, rest = camera.uri.partition("://")
    who = ":".join(quote(part, safe="") for part in (camera.user, camera.password) if part)
    return f"{scheme}://{who}@{rest}"
