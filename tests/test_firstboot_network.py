"""NetworkManager's files, read as NetworkManager reads them."""

from __future__ import annotations

import configparser

import pytest

from edge.firstboot import networkmanager
from edge.firstboot.wishes import Network


def parsed(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.read_string(text)
    return parser


def test_a_cable_asks_for_an_address() -> None:
    cable = parsed(networkmanager.cable(Network()))
    assert cable["connection"]["type"] == "ethernet"
    assert cable["ipv4"]["method"] == "auto"


def test_a_fixed_address_is_the_cables_without_wifi() -> None:
    network = Network(address="192.168.1.17/24", gateway="192.168.1.1", dns=("1.1.1.1", "9.9.9.9"))
    cable = parsed(networkmanager.cable(network))
    assert dict(cable["ipv4"]) == {
        "method": "manual",
        "address1": "192.168.1.17/24,192.168.1.1",
        "dns": "1.1.1.1;9.9.9.9;",
    }


def test_a_fixed_address_is_the_radios_with_wifi() -> None:
    network = Network(wifi="hall", country="DE", address="10.0.0.7/8")
    assert parsed(networkmanager.cable(network))["ipv4"]["method"] == "auto"
    assert parsed(networkmanager.wifi(network))["ipv4"]["address1"] == "10.0.0.7/8"


@pytest.mark.parametrize("name", ["hall", "H;\\= \u00fc#", " a "])
def test_any_name_of_a_network_comes_through(name: str) -> None:
    wifi = parsed(networkmanager.wifi(Network(wifi=name, country="DE")))
    numbers = [int(one) for one in wifi["wifi"]["ssid"].split(";") if one]
    assert bytes(numbers).decode() == name
    assert not wifi.has_section("wifi-security")


@pytest.mark.parametrize(
    ("password", "written"),
    [
        ("simple12", "simple12"),
        ("a\\b;c#d=e", "a\\\\b;c#d=e"),
        (" leading", "\\sleading"),
        ("per%cent ", "per%cent "),
    ],
)
def test_a_password_is_written_as_a_keyfile_wants_it(password: str, written: str) -> None:
    text = networkmanager.wifi(Network(wifi="n", country="DE", wifi_password=password))
    assert f"\npsk={written}\n" in text


def test_a_hidden_network_is_looked_for() -> None:
    wifi = parsed(networkmanager.wifi(Network(wifi="n", country="DE", hidden=True)))
    assert wifi["wifi"]["hidden"] == "true"
