"""MQTT's door: certificates, passwords and addresses."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.errors import ConfigError, SinkError
from edge.sinks.mqtt import PLUGIN, Mqtt
from edge.wire import Identity
from tests.brokers import Broker, Listener, certificates, running, until
from tests.cameras import WHO, alarm, stored, to

SECRET = "correct horse battery"  # noqa: S105 - of this test only


def test_a_wrong_authority_is_refused_and_mending_it_delivers(tmp_path: Path) -> None:
    ca, cert, key = certificates(tmp_path, "right")
    wrong, *_ = certificates(tmp_path, "wrong")
    trusted = tmp_path / "trusted.pem"
    shutil.copy(wrong, trusted)
    extra = f"cafile {ca}\ncertfile {cert}\nkeyfile {key}"
    with running(tmp_path, extra) as broker, Listener(broker, ca=ca) as listener:
        settings = to(broker, tls=True, ca_file=str(trusted))
        with pytest.raises(SinkError, match="not trusted"):
            settings.probe(WHO)
        with settings.open(WHO, tmp_path) as sink:
            sink.publish(alarm(1.0))
            until(lambda: "not trusted" in (sink.trouble() or ""))
            assert len(sink._outbox) == 1
            assert listener.heard == []
            shutil.copy(ca, trusted)
            settings.probe(WHO)
            until(lambda: len(listener.events()) == 1)
    assert stored(tmp_path) == 0


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    ca, cert, key = certificates(tmp_path, "right")
    extra = f"cafile {ca}\ncertfile {cert}\nkeyfile {key}"
    with running(tmp_path, extra) as broker:
        settings = Mqtt(host="127.0.0.2", port=broker.port, tls=True, ca_file=str(ca))
        assert settings.door(WHO).tls is not None
        Mqtt(host="localhost", port=broker.port, tls=True, ca_file=str(ca)).probe(WHO)
        with pytest.raises(SinkError):
            settings.probe(WHO)


def test_a_client_certificate_opens_the_door(tmp_path: Path) -> None:
    ca, cert, key = certificates(tmp_path, "right")
    extra = f"cafile {ca}\ncertfile {cert}\nkeyfile {key}\nrequire_certificate true"
    with running(tmp_path, extra) as broker:
        bare = to(broker, tls=True, ca_file=str(ca))
        with pytest.raises(SinkError):
            bare.probe(WHO)
        to(broker, tls=True, ca_file=str(ca), cert_file=str(cert), key_file=str(key)).probe(WHO)


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Broker]:
    if shutil.which("mosquitto_passwd") is None:
        pytest.skip("no mosquitto_passwd on this machine")
    users = tmp_path / "users"
    subprocess.run(["mosquitto_passwd", "-c", "-b", str(users), "cam", SECRET], check=True)
    with running(tmp_path, f"allow_anonymous false\npassword_file {users}") as one:
        yield one


def test_a_wrong_password_is_said_and_never_shown(
    locked: Broker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    file = tmp_path / "password"
    file.write_text("wrong " + SECRET)
    settings = to(locked, username="cam", password_file=str(file))
    with pytest.raises(SinkError) as refused:
        settings.probe(WHO)
    with settings.open(WHO, tmp_path) as sink:
        sink.publish(alarm(1.0))
        until(lambda: "efused" in (sink.trouble() or ""))
        said = [str(sink.trouble()), str(refused.value), repr(sink), repr(settings), caplog.text]
        said.append(repr(settings.door(WHO)))
        assert not any(SECRET in text for text in said)
        file.write_text(SECRET + "\n")  # mended while running
        with Listener(locked, username="cam", password=SECRET) as listener:
            until(lambda: len(listener.events()) == 1)


def test_the_password_may_come_from_systemd(
    locked: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mqtt-password").write_text(SECRET)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    to(locked, username="cam").probe(WHO)


@pytest.mark.parametrize(
    ("url", "settings"),
    [
        ("mqtt://broker", Mqtt(host="broker")),
        ("mqtt://cam%40a@broker:2883/", Mqtt(host="broker", port=2883, username="cam@a")),
        ("mqtts://[::1]", Mqtt(host="::1", tls=True)),
    ],
)
def test_a_url_is_settings(url: str, settings: Mqtt) -> None:
    assert PLUGIN.from_url(url) == settings


@pytest.mark.parametrize(
    "url",
    [
        "broker",
        "http://b",
        "mqtt://",
        "mqtt://b:x",
        "mqtt://b:99999",
        "mqtt://b/topic",
        "mqtt://[::1",
        "mqtt://b?x=1",
    ],
)
def test_a_wrong_url_is_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        Mqtt.from_url(url)


def test_a_password_in_a_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigError) as caught:
        Mqtt.from_url(f"mqtt://cam:{SECRET}@broker")
    assert SECRET not in str(caught.value)
    with pytest.raises(ConfigError) as caught:
        Mqtt.from_url(f"mqtt://cam:{SECRET}@broker:port")
    assert SECRET not in str(caught.value)


def test_ports_follow_encryption() -> None:
    assert Mqtt(host="b").address == "b:1883"
    assert Mqtt(host="b", tls=True).address == "b:8883"
    assert Mqtt(host="b", tls=True, port=1).address == "b:1"


@pytest.mark.parametrize("setting", ["password_file", "ca_file", "cert_file"])
def test_a_missing_file_is_named_before_anything_runs(setting: str, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    settings = Mqtt(tls=True, **{setting: missing})  # type: ignore[arg-type]
    with pytest.raises(ConfigError) as caught:
        settings.open(WHO, tmp_path)
    assert missing in caught.value.where


def test_the_client_id_is_the_cameras_own_and_fits_any_broker(tmp_path: Path) -> None:
    twin = Identity("site", "device", "cam2", "0.1.0", "session")
    ids = {Mqtt().door(who).client_id for who in (WHO, WHO, twin)}
    assert len(ids) == 2
    assert {len(one) for one in ids} == {23}
    assert Mqtt(client_id="mine").door(WHO).client_id == "mine"
    assert not list(tmp_path.iterdir())
