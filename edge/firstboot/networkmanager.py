"""The network, as NetworkManager reads it."""

from __future__ import annotations

from edge.firstboot.wishes import Network

CABLE = "/etc/NetworkManager/system-connections/edgepose-cable.nmconnection"
WIFI = "/etc/NetworkManager/system-connections/edgepose-wifi.nmconnection"

_AUTOMATIC = ("[ipv4]", "method=auto", "", "[ipv6]", "method=auto")


def cable(network: Network) -> str:
    """Describe the wired connection: the fixed address is the cable's where no Wi-Fi is wanted."""
    address = _AUTOMATIC if network.wifi else _address(network)
    return _lines("[connection]", "id=edgepose-cable", "type=ethernet", "", *address)


def wifi(network: Network) -> str:
    """Describe the wireless connection, password included."""
    # As bytes: a name may hold any, and no rule of quoting can then go wrong.
    ssid = "".join(f"{byte};" for byte in network.wifi.encode())
    security: tuple[str, ...] = ()
    if network.wifi_password:
        secret = network.wifi_password.replace("\\", "\\\\")
        secret = f"\\s{secret[1:]}" if secret.startswith(" ") else secret
        # wpa-psk is WPA2 and WPA3: NetworkManager takes the best the other side has.
        security = ("[wifi-security]", "key-mgmt=wpa-psk", f"psk={secret}", "")
    return _lines(
        *("[connection]", "id=edgepose-wifi", "type=wifi", ""),
        *("[wifi]", "mode=infrastructure", f"ssid={ssid}"),
        *(("hidden=true",) if network.hidden else ()),
        *("", *security),
        *_address(network),
    )


def _address(network: Network) -> tuple[str, ...]:
    if not network.address:
        return _AUTOMATIC
    router = f",{network.gateway}" if network.gateway else ""
    names = ("dns=" + "".join(f"{one};" for one in network.dns),) if network.dns else ()
    fixed = ("[ipv4]", "method=manual", f"address1={network.address}{router}", *names)
    return (*fixed, "", "[ipv6]", "method=auto")


def _lines(*lines: str) -> str:
    return "\n".join((*lines, ""))
