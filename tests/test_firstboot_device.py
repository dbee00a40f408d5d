"""A device set up from a card, on a root file system of its own: the files, and what is kept."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from edge import config
from edge.firstboot.device import Device
from edge.firstboot.reading import KEPT, tables_of
from edge.firstboot.setup import Outcome, set_up
from tests.brokers import certificates

KIND = b"ssh-ed25519"
KEY = base64.b64encode(len(KIND).to_bytes(4, "big") + KIND + bytes(36)).decode()
GOOD = """
site = 'plant'
device = 'bench-17'
[broker]
host = '192.168.1.10'
user = 'u'
password = 'sEcr3t'
"""
CABLE = "/etc/NetworkManager/system-connections/edgepose-cable.nmconnection"
WIFI = "/etc/NetworkManager/system-connections/edgepose-wifi.nmconnection"


class Bench:
    """A card and a device beside each other."""

    def __init__(self, folder: Path) -> None:
        self.card = folder / "card"
        self.card.mkdir()
        self.device = Device(folder / "root")
        for zone in ("Europe/Berlin", "Etc/UTC"):
            place = self.device.path(f"/usr/share/zoneinfo/{zone}")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()

    def start(self, text: str | None = None) -> Outcome:
        """Switch on, with a new text on the card or the one that is there."""
        if text is not None:
            (self.card / "edgepose.txt").write_text(text, "utf-8")
        return set_up(self.device, self.card)

    def text(self, name: str) -> str:
        return self.device.path(name).read_text("utf-8")

    def mode(self, name: str) -> int:
        return self.device.path(name).stat().st_mode & 0o777


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_the_camera_is_configured(bench: Bench) -> None:
    outcome = bench.start(GOOD + "port = 1884\n[camera]\nuri = '/dev/video2'\nname = 'door'\n")
    assert outcome.problems == ()
    made = config.load(bench.device.path("/etc/edgepose/door.toml"), {})
    assert (made.names.site, made.names.device, made.names.camera) == ("plant", "bench-17", "door")
    assert made.source.device == "/dev/video2"
    assert [(sink.host, sink.port, sink.username) for sink in made.sinks] == [
        ("192.168.1.10", 1884, "u")
    ]


def test_the_device_is_named_and_has_its_time(bench: Bench) -> None:
    hosts = bench.device.path("/etc/hosts")
    hosts.parent.mkdir(parents=True)
    hosts.write_text("127.0.0.1 localhost\n127.0.1.1 before\n")
    bench.start("time_zone = 'Europe/Berlin'\n" + GOOD)
    assert bench.text("/etc/hostname") == "bench-17\n"
    assert bench.text("/etc/hosts") == "127.0.0.1 localhost\n127.0.1.1 bench-17\n"
    link = bench.device.path("/etc/localtime")
    assert str(link.readlink()) == "/usr/share/zoneinfo/Europe/Berlin"


def test_the_password_moves_to_the_device(bench: Bench) -> None:
    bench.start(GOOD)
    assert bench.text("/etc/credstore/edgepose.cam1.mqtt-password") == "sEcr3t"
    assert bench.mode("/etc/credstore/edgepose.cam1.mqtt-password") == 0o600
    assert "sEcr3t" not in (bench.card / "edgepose.txt").read_text()
    assert "sEcr3t" not in bench.text("/etc/edgepose/cam1.toml")
    assert KEPT in (bench.card / "edgepose.txt").read_text()
    assert {path.stat().st_mode & 0o077 for path in bench.device.state.iterdir()} == {0}


def test_a_second_start_finds_the_password_again(bench: Bench) -> None:
    bench.start(GOOD)
    bench.device.path("/etc/credstore/edgepose.cam1.mqtt-password").unlink()  # a root that forgets
    assert bench.start().problems == ()
    assert bench.text("/etc/credstore/edgepose.cam1.mqtt-password") == "sEcr3t"


def test_a_wrong_file_changes_nothing(bench: Bench) -> None:
    wrong = GOOD.replace("192.168.1.10", "")
    outcome = bench.start(wrong)
    assert not outcome.in_use
    assert not bench.device.path("/etc/edgepose").exists()
    assert (bench.card / "edgepose.txt").read_text() == wrong


def test_after_a_wrong_file_the_settings_of_before_hold(bench: Bench) -> None:
    bench.start(GOOD)
    shutil.rmtree(bench.device.path("/etc"))
    outcome = bench.start(GOOD.replace("plant", "a/b"))
    assert outcome.in_use
    assert "site" in outcome.problems[0]
    assert 'site = "plant"' in bench.text("/etc/edgepose/cam1.toml")
    assert bench.text("/etc/credstore/edgepose.cam1.mqtt-password") == "sEcr3t"


@pytest.mark.parametrize("content", [None, b"", b"\x00\xff\x00", b"a" * 2_000_000])
def test_a_card_without_a_file_keeps_a_device_running(bench: Bench, content: bytes | None) -> None:
    bench.start(GOOD)
    file = bench.card / "edgepose.txt"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    outcome = bench.start()
    assert outcome.in_use
    assert outcome.problems


def test_a_file_under_a_wrong_name_is_named(bench: Bench) -> None:
    (bench.card / "Edgepose.txt.txt").write_text(GOOD)
    assert "Edgepose.txt.txt: rename it" in bench.start().problems[0]


def test_a_wrong_file_still_says_which_broker_to_tell(bench: Bench) -> None:
    outcome = bench.start(GOOD.replace("bench-17", "bench 17"))
    assert not outcome.in_use
    assert outcome.broker["host"] == "192.168.1.10"
    assert outcome.site == "plant"


def test_damaged_memory_is_as_none(bench: Bench) -> None:
    bench.start(GOOD)
    (bench.device.state / "kept.json").write_text('{"tables": {')
    assert "is not kept on this device" in bench.start().problems[0]


def test_what_is_no_longer_wanted_goes(bench: Bench) -> None:
    bench.start(GOOD + "[network]\nwifi = 'hall'\ncountry = 'DE'\nwifi_password = 'sEcr3t99'\n")
    assert bench.mode(WIFI) == 0o600
    assert "ieee80211_regdom=DE" in bench.text("/etc/modprobe.d/edgepose-radio.conf")
    bench.start(GOOD)
    assert not bench.device.path(WIFI).exists()
    assert not bench.device.path("/etc/modprobe.d/edgepose-radio.conf").exists()
    assert "method=auto" in bench.text(CABLE)


def test_a_camera_configured_by_hand_is_left_alone(bench: Bench) -> None:
    bench.start(GOOD)
    mine = bench.device.path("/etc/edgepose/cam1.toml")
    mine.write_text("# mine\n")
    outcome = bench.start(GOOD)
    assert outcome.notes == ("/etc/edgepose/cam1.toml is yours and was left alone",)
    assert mine.read_text() == "# mine\n"


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ("[camera]\nuri = 'foo://x'", "camera.uri"),
        ("[camera]\nmodel = 'edgepose-body'", "camera.model"),
        ("[camera]\nmodel = 'posenet-mobilenet-v1-100'", "camera.model"),
        ("[camera]\nrules = ['fal']", "camera.rules"),
        ("[camera]\nprocedures = ['job.toml']", "camera.procedures"),
        ("tls = true\nca = 'ca.pem'", "broker.ca"),
    ],
)
def test_what_only_the_device_can_know_is_told_by_key(bench: Bench, more: str, key: str) -> None:
    (bench.card / "ca.pem").write_text("no certificate")
    (problem,) = bench.start(GOOD + more).problems
    assert problem.startswith(f"edgepose.txt: {key}: ")


def test_an_unknown_time_zone_is_told(bench: Bench) -> None:
    (problem,) = bench.start("time_zone = 'Europe/Berlim'\n" + GOOD).problems
    assert problem.startswith("edgepose.txt: time_zone: ")


def test_an_error_in_a_procedure_names_its_file(bench: Bench) -> None:
    (bench.card / "job.toml").write_text("[[step]]\nname = 'a'\nno = 1\n")
    outcome = bench.start(GOOD + "[camera]\nprocedures = ['job.toml']\n")
    assert all("job.toml" in problem for problem in outcome.problems)
    assert outcome.problems


def test_a_certificate_beside_the_file_is_used(bench: Bench, tmp_path: Path) -> None:
    authority, _, _ = certificates(tmp_path, "broker")
    shutil.copy(authority, bench.card / "ca.pem")
    assert bench.start(GOOD + "tls = true\nca = 'ca.pem'\n").problems == ()
    assert bench.text("/etc/edgepose/broker-ca.pem") == authority.read_text()
    assert 'ca_file = "/etc/edgepose/broker-ca.pem"' in bench.text("/etc/edgepose/cam1.toml")


def test_the_password_of_a_network_camera_goes_into_its_address(bench: Bench) -> None:
    network = "[camera]\nuri = 'rtsp://h:554/x'\nuser = 'a@b'\npassword = 'p:/?'\n"
    bench.start(GOOD + network)
    made = tables_of(bench.text("/etc/edgepose/cam1.toml"))
    assert made["source"]["uri"] == "rtsp://a%40b:p%3A%2F%3F@h:554/x"
    assert "p:/?" not in (bench.card / "edgepose.txt").read_text()


def test_ssh_is_off_without_a_key_and_on_with_one(bench: Bench) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("no ssh-keygen on this machine")
    assert not bench.start(GOOD).ssh
    assert not bench.device.path("/etc/ssh/sshd_config.d/edgepose.conf").exists()
    assert bench.start(f"ssh_key = 'ssh-ed25519 {KEY} me'\n" + GOOD).ssh
    rules = bench.text("/etc/ssh/sshd_config.d/edgepose.conf")
    assert "PasswordAuthentication no" in rules
    host_key = bench.device.state / "ssh_host_ed25519_key"
    before = host_key.read_bytes()
    bench.start()
    assert host_key.read_bytes() == before
    subprocess.run(["ssh-keygen", "-l", "-f", host_key], check=True, capture_output=True)
    assert not bench.start(GOOD).ssh
    assert not bench.device.path("/etc/ssh/edgepose_keys").exists()


def test_what_is_kept_reads_back(bench: Bench) -> None:
    bench.start(GOOD)
    kept = bench.device.kept()
    assert kept is not None
    assert kept.tables["broker"]["password"] == "sEcr3t"  # noqa: S105 - a test's
    assert json.loads((bench.device.state / "kept.json").read_text())["tables"] == kept.tables
