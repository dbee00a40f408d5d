"""What a person without a screen gets to know: on the card, and from a real broker."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from edge.__main__ import main
from edge.firstboot import report
from edge.firstboot.device import Device
from edge.firstboot.setup import Outcome
from edge.sinks.mqtt import Mqtt
from edge.wire import Identity
from tests.brokers import Listener, free_port, running, until

GOOD = "site = 'plant'\ndevice = 'bench-17'\n[broker]\nhost = '127.0.0.1'\n"
WHO = Identity("plant", "bench-17", "cam1", "1.0", session="setup")
BAD = Outcome(problems=("edgepose.txt: site: is wrong\n  hint: mend it",), device="bench-17")


@pytest.fixture
def card(tmp_path: Path) -> Path:
    (tmp_path / "card").mkdir()
    zones = tmp_path / "root/usr/share/zoneinfo/Etc"
    zones.mkdir(parents=True)
    (zones / "UTC").touch()
    return tmp_path / "card"


def set_up(card: Path, text: str) -> int:
    (card / "edgepose.txt").write_text(text)
    return main(["firstboot", "--card", str(card), "--root", str(card.parent / "root")])


def status(card: Path) -> str:
    return (card / "edgepose-status.txt").read_text()


def test_the_card_says_that_all_is_good(card: Path) -> None:
    assert set_up(card, GOOD) == 0
    assert "good  the settings of edgepose.txt are in use" in status(card)
    assert "site plant, device bench-17, camera cam1" in status(card)
    assert "SSH is off" in status(card)


def test_the_card_says_what_is_wrong_and_how_to_mend_it(card: Path) -> None:
    assert set_up(card, GOOD.replace("host", "hots")) == 78
    assert "BAD   edgepose.txt has 2 errors; nothing is set up:" in status(card)
    assert "      edgepose.txt: broker.hots: unknown setting\n        hint: " in status(card)


def test_the_card_says_that_the_settings_of_before_hold(card: Path) -> None:
    set_up(card, GOOD)
    assert set_up(card, "device = '") == 78
    assert "has 1 error; the settings of before are still in use:" in status(card)
    assert "device bench-17" in status(card)


def test_the_card_is_written_only_when_something_changed(card: Path) -> None:
    set_up(card, GOOD)
    before = (card / "edgepose-status.txt").stat()
    set_up(card, GOOD)
    after = (card / "edgepose-status.txt").stat()
    assert before.st_mtime_ns == after.st_mtime_ns


def test_a_shorter_status_leaves_nothing_of_the_longer(card: Path) -> None:
    set_up(card, "device = '")
    set_up(card, GOOD)
    assert "BAD" not in status(card)
    assert status(card).endswith("SSH is off\n")


def test_a_card_that_cannot_be_written_stops_nothing(
    card: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (card / "edgepose-status.txt").mkdir()
    assert set_up(card, GOOD) == 0
    assert "edgepose-status.txt could not be written" in capsys.readouterr().out


def test_a_device_that_cannot_be_written_says_so_on_the_card(card: Path) -> None:
    (card.parent / "root/etc").write_text("a file where a folder should be")
    assert set_up(card, GOOD) == 1
    assert "BAD   the settings cannot be put onto the device: " in status(card)


def test_the_outcome_reaches_the_report(tmp_path: Path) -> None:
    device = Device(tmp_path)
    assert report.last(device) is None
    report.keep(device, BAD)
    assert report.last(device) == BAD


def test_the_broker_is_told_and_keeps_it(tmp_path: Path) -> None:
    with running(tmp_path) as broker:
        sink = Mqtt(host="127.0.0.1", port=broker.port)
        report.tell(sink, WHO, report.message(WHO, BAD))
        with Listener(broker) as listener:
            until(lambda: bool(listener.heard))
            (heard,) = listener.heard
        assert heard.topic == "edgepose/plant/bench-17/cam1/setup"
        assert heard.retain
        assert heard.body["problems"] == list(BAD.problems)


def test_the_password_of_the_report_is_that_of_the_file(tmp_path: Path) -> None:
    if shutil.which("mosquitto_passwd") is None:
        pytest.skip("no mosquitto_passwd on this machine")
    words = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", words, "u", "p w"], check=True)
    rules = f"allow_anonymous false\npassword_file {words}"
    with running(tmp_path, rules) as broker:
        table = {"host": "127.0.0.1", "port": broker.port, "tls": False, "ca": "", "user": "u"}
        device = Device(tmp_path / "root")
        for secret, refused in (("p w", False), ("wrong", True)):
            outcome = Outcome(device="d", broker={**table, "password": secret})
            report.keep(device, outcome)
            answer = report._told(report._sink(device, outcome), outcome)
            assert ("refused" in answer) == refused
            assert bool(answer) == refused


def test_a_broker_that_is_away_is_told_with_its_address() -> None:
    port = free_port()
    outcome = Outcome(device="d", broker={})
    answer = report._told(Mqtt(host="127.0.0.1", port=port), outcome)
    assert answer.startswith(f"127.0.0.1:{port}: ")


def test_addresses_are_read_and_gaps_are_passed_over() -> None:
    link = '{"ifname": "eth0", "addr_info": [{"family": "inet", "local": "10.0.2.15"}, {}]}'
    assert report.addresses_in(f"[{{}}, {link}]") == ["eth0 10.0.2.15"]
    assert report.addresses_in("") == []
