"""Has the device an address, a way out, and somebody to ask for names."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from edge.core.types import Json
from edge.doctor.finding import Finding, bad, good, look, spoken
from edge.doctor.machine import Machine

_WEAK_DBM = -75.0  # where Wi-Fi begins to lose what is sent
_MEND = "is the cable in, or Wi-Fi set? nmcli device status; sudo nmtui"


@dataclass(frozen=True, slots=True)
class Network:
    """What is set up; nothing is sent to find out."""

    addresses: tuple[str, ...] | None  # without the loopback's; None: nobody can say
    routed: bool  # there is a default route
    servers: tuple[str, ...]  # that are asked for names
    wifi_dbm: float | None  # strength of the Wi-Fi signal, where it is in use


def read(machine: Machine) -> Network:
    """Ask the kernel."""
    resolv = machine.text("/etc/resolv.conf")
    return Network(
        addresses=_addresses(machine),
        routed=_routed(machine),
        servers=tuple(re.findall(r"^\s*nameserver\s+(\S+)", resolv, re.MULTILINE)),
        wifi_dbm=_wifi(machine),
    )


def judge(network: Network, hosts: Collection[str]) -> tuple[Finding, ...]:
    """By the hosts that cameras and brokers are on."""
    away = [host for host in hosts if not is_here(host)]
    return spoken(_wrong(network, away), good(_summary(network), **_facts(network)))


def is_here(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", "")


def is_name(host: str) -> bool:
    """Whether a host is no address, so that somebody must be asked for it."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False


def _wrong(network: Network, away: list[str]) -> Iterator[Finding]:
    facts = _facts(network)
    if network.addresses is None:
        pass
    elif not network.addresses and away:
        yield bad(f"no network: {', '.join(away)} cannot be reached", _MEND, **facts)
    elif not network.addresses:
        yield look("no network, and nothing is configured that needs one", _MEND, **facts)
    elif not network.routed and away:
        says = f"no way out ({network.addresses[0]}): only this network can be reached"
        yield look(says, "right where broker and cameras are on it; else set a gateway", **facts)
    asked = [host for host in away if is_name(host) and not host.endswith(".local")]
    if network.addresses and asked and not network.servers:
        says = f"nobody to ask for the address of {', '.join(asked)}"
        yield bad(says, "set a DNS server (sudo nmtui), or write the address itself", **facts)
    if network.wifi_dbm is not None and network.wifi_dbm < _WEAK_DBM:
        says = f"the Wi-Fi signal is weak ({network.wifi_dbm:.0f} dBm): alarms may come late"
        yield look(says, "move the access point or the board, or use a cable", **facts)


def _summary(network: Network) -> str:
    wifi = "" if network.wifi_dbm is None else f", Wi-Fi {network.wifi_dbm:.0f} dBm"
    asks = f", names from {network.servers[0]}" if network.servers else ""
    addresses = ", ".join(network.addresses or ("addresses unknown",))
    return f"{addresses}{asks}{wifi}"


def _facts(network: Network) -> dict[str, Json]:
    return {
        "addresses": None if network.addresses is None else list(network.addresses),
        "default_route": network.routed,
        "name_servers": list(network.servers),
        "wifi_dbm": network.wifi_dbm,
    }


def _addresses(machine: Machine) -> tuple[str, ...] | None:
    """As one command says, or another where that one is missing."""
    said = machine.run(("hostname", "-I"))
    if said is not None:
        return tuple(said.split())
    shown = machine.run(("ip", "-oneline", "address", "show", "scope", "global"))
    return None if shown is None else tuple(re.findall(r"\binet6? ([^/\s]+)", shown))


def _routed(machine: Machine) -> bool:
    four = machine.text("/proc/net/route").splitlines()[1:]
    six = machine.text("/proc/net/ipv6_route").splitlines()
    return any(line.split()[1:2] == ["00000000"] for line in four) or any(
        line.startswith("0" * 32 + " 00 ") and not line.endswith(" lo") for line in six
    )


def _wifi(machine: Machine) -> float | None:
    found = re.search(
        r"^\s*\w+:\s+\S+\s+\S+\s+(-\d+)", machine.text("/proc/net/wireless"), re.MULTILINE
    )
    return float(found[1]) if found else None
