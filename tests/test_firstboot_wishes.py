"""The owner's file: what is accepted, and each mistake told with its key, without secrets."""

from __future__ import annotations

import base64

import pytest

from edge.errors import EdgeposeError, Problems
from edge.firstboot.reading import KEPT, tables_of, text_of, with_kept, without_secrets
from edge.firstboot.wishes import Wishes, wishes_of

KIND = b"ssh-ed25519"
KEY = base64.b64encode(len(KIND).to_bytes(4, "big") + KIND + bytes(36)).decode()
LEAST = "device = 'bench-17'\n[broker]\nhost = '192.168.1.10'\n"


def read(text: str) -> Wishes:
    return wishes_of(tables_of(text))


def told(text: str) -> str:
    """What an owner is told of a wrong file."""
    with pytest.raises(EdgeposeError) as caught:
        read(text)
    return str(caught.value)


def test_little_is_enough() -> None:
    wishes = read(LEAST)
    assert (wishes.site, wishes.device, wishes.camera.name) == ("home", "bench-17", "cam1")
    assert wishes.network.wifi == ""
    assert wishes.ssh_key == ""


@pytest.mark.parametrize(
    ("line", "key", "hint"),
    [
        ("device = 'a b'\n[broker]\nhost = 'x'", "device", "letters, digits"),
        ("[broker]\nhost = 'x'", "device: is missing", "name"),
        ("device = 'a'", "broker: is missing", "write [broker]"),
        ("device = 'a'\n[broker]\nhost = ''", "broker.host", "no mqtt://"),
        ("device = 'a'\n[broker]\nhost = 'mqtt://x'", "broker.host", "no mqtt://"),
        ("device = 'a'\n[broker]\nhost = 'x'\npassword = 'p'", "broker.user", "user name"),
        ("device = 'a'\n[broker]\nhost = 'x'\nca = 'ca.pem'", "broker.tls", ""),
        ("device = 'a'\n[broker]\nhost = 'x'\ntls = true\nca = '../ca'", "broker.ca", ""),
        ("device = 'a'\n[broker]\nhost = 'x'\nprot = 1", "broker.prot", "port"),
        ("device = 'a'\n[broker]\nhost = 'x'\nport = '1883'", "broker.port", "without quotes"),
        ("site = 'a/b'\n" + LEAST, "site", ""),
        ("time_zone = '../etc'\n" + LEAST, "time_zone", "Europe/Berlin"),
        ("ssh_key = 'ssh-ed25519 AAAA me'\n" + LEAST, "ssh_key", ".pub"),
        (f"ssh_key = 'ssh-rsa {KEY}'\n" + LEAST, "ssh_key", ".pub"),
        (LEAST + "[network]\nwifi = 'plant'", "network.country", "two capital letters"),
        (LEAST + "[network]\ncountry = 'DE'", "network.wifi", "need it"),
        (
            LEAST + "[network]\nwifi = 'p'\ncountry = 'DE'\nwifi_password = 'short'",
            "network.wifi_password",
            "",
        ),
        (LEAST + "[network]\naddress = '192.168.1.17'", "network.address", "/24"),
        (LEAST + "[network]\naddress = 'x/24'", "network.address", "/24"),
        (LEAST + "[network]\ngateway = '192.168.1.1'", "network.address", "need it"),
        (
            LEAST + "[network]\naddress = '192.168.1.17/24'\ngateway = '192.168.2.1'",
            "network.gateway",
            "192.168.1.0/24",
        ),
        (
            LEAST + "[network]\naddress = '192.168.1.17/24'\ndns = ['dns.local']",
            "network.dns",
            "192.168.1.1",
        ),
        (LEAST + "[network]\ntime_server = 'a b'", "network.time_server", ""),
        (LEAST + "[camera]\nname = 'a/b'", "camera.name", ""),
        (LEAST + "[camera]\nuri = 'rtsp://u:p@host/x'", "camera.uri", "keys of their own"),
        (LEAST + "[camera]\nuser = 'u'", "camera.user", "rtsp"),
        (LEAST + "[camera]\nuri = 'rtsp://h/x'\npassword = 'p'", "camera.user", "user name"),
        (LEAST + "[camera]\nprocedures = ['cam1.toml']", "camera.procedures", "another name"),
        (LEAST + "[camera]\nprocedures = ['../job.toml']", "camera.procedures", ""),
        (LEAST + "[camera]\nrules = 'fall'", "camera.rules", ""),
        (LEAST + 'user = "u"\npassword = "a\\b"', "broker.password", "single quotes"),
        (LEAST + "[cam]\nname = 'a'", "cam", "camera"),
    ],
)
def test_each_mistake_is_told_with_its_key(line: str, key: str, hint: str) -> None:
    words = told(line)
    assert words.startswith("edgepose.txt: ")
    assert key in words
    assert hint in words


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(Problems) as caught:
        read("site = 'a/b'\n[broker]\nport = 1\n[camera]\nname = '/'")
    keys = " ".join(error.where for error in caught.value.errors)
    assert {"broker.host", "camera.name"} <= set(keys.split())


def test_no_secret_is_repeated() -> None:
    secret = "sEcr3t!"  # noqa: S105 - a test's
    for text in (
        LEAST + f"[network]\nwifi = 'p'\ncountry = 'DE'\nwifi_password = '{secret}'",
        LEAST + f"password = '{secret}'",
        LEAST + f"password = '{secret}",
        LEAST + f"[camera]\nuri = 'rtsp://u:{secret}@host/x'",
    ):
        assert secret not in told(text)


def test_settings_do_not_show_their_secrets() -> None:
    assert "sEcr3t" not in repr(read(LEAST + "user = 'u'\npassword = 'sEcr3t'"))


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("device = \u201cbench\u201d", "curly"),
        ('password = "a\\q"', "single quotes"),
        ("device = bench", "in quotes"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(line: str, hint: str) -> None:
    words = told(f"site = 'x'\n{line}\n")
    assert "line 2" in words
    assert hint in words


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_editor_will_do(coding: str) -> None:
    text = LEAST.replace("\n", "\r\n")
    assert read(text_of(text.encode(coding))) == read(LEAST)


def test_a_picture_is_no_settings() -> None:
    with pytest.raises(EdgeposeError, match="not a plain text"):
        text_of(b"\x89PNG\r\n\x1a\n\x00")


def test_passwords_are_blanked_and_all_else_stays() -> None:
    text = (
        "device = 'a'  # mine\r\n"
        "[network]\r\nwifi='n'\r\ncountry='DE'\r\n"
        'wifi_password = "se\\"cret99"  # of the hall\r\n'
        "[broker]\r\nhost='x'\r\nuser='u'\r\n"
        "  password='it is # a secret'\r\n# password = 'old'\r\n"
    )
    blanked = without_secrets(text)
    assert 'se"cret99' in tables_of(text)["network"].values()
    assert "secret" not in blanked.replace("# a secret", "")
    assert blanked.count(f"'{KEPT}'") == 2
    assert blanked.startswith("device = 'a'  # mine\r\n")
    assert "  # of the hall\r\n" in blanked
    assert "# password = 'old'\r\n" in blanked
    assert without_secrets(blanked) == blanked


@pytest.mark.parametrize(
    "text", ["broker = {host='x', user='u', password='hid'}", "[broker]\npassword = '''hid'''"]
)
def test_a_password_that_cannot_be_blanked_is_refused(text: str) -> None:
    with pytest.raises(EdgeposeError, match="cannot be blanked") as caught:
        without_secrets(text)
    assert "hid" not in str(caught.value)


def test_a_blanked_password_is_the_kept_one() -> None:
    tables = tables_of(LEAST + f"user = 'u'\npassword = '{KEPT}'")
    assert "p" in with_kept(tables, {"broker": {"password": "p"}})["broker"].values()


def test_a_blanked_password_on_another_device_is_missed() -> None:
    tables = tables_of(LEAST + f"user = 'u'\npassword = '{KEPT}'")
    with pytest.raises(Problems, match=r"broker\.password: is not kept on this device"):
        with_kept(tables, {})
