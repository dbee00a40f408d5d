"""The doctor goes to a real broker, and says at which step it was turned away."""

from __future__ import annotations

import shutil
import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from edge.doctor import broker as step
from edge.doctor import broker_visit
from edge.doctor.broker import Visit
from edge.doctor.finding import Finding
from edge.sinks.mqtt import Mqtt
from tests.brokers import Broker, Listener, certificates, running, until
from tests.cameras import WHO, to
from tests.doctored import bad_one, grades, only

TOPIC = "edgepose/site/device/cam/doctor"


def passwords(folder: Path, acl: str = "") -> str:
    """Lines for a broker that knows user cam1 with password secret, and what cam1 may do."""
    folder.mkdir(exist_ok=True)
    (folder / "passwords").write_text("cam1:secret\n")
    lines = f"allow_anonymous false\npassword_file {folder / 'passwords'}\n"
    if acl:
        (folder / "acl").write_text(f"user cam1\n{acl}\n")
        lines += f"acl_file {folder / 'acl'}\n"
    _hashed(folder / "passwords")
    return lines


def _hashed(path: Path) -> None:

    tool = shutil.which("mosquitto_passwd")
    if tool is None:
        pytest.skip("no mosquitto_passwd on this machine")
    subprocess.run([tool, "-U", str(path)], check=True, capture_output=True)
    path.chmod(0o600)


def known(tmp_path: Path, word: str = "secret") -> dict[str, str]:
    (tmp_path / "word").write_text(word)
    return {"username": "cam1", "password_file": str(tmp_path / "word")}


def judged(sink: Mqtt, topics: tuple[str, ...] = (), **more: bool) -> tuple[Finding, ...]:
    return step.judge(broker_visit.visit(sink, WHO, topics, **more))


def test_a_message_goes_there_and_back_and_nothing_is_kept(broker: Broker) -> None:
    with Listener(broker) as listener:
        found = only(judged(to(broker)))
        assert found.grade == "good"
        assert "there and back" in found.says
        until(lambda: [one.topic for one in listener.heard] == [TOPIC])
        assert not listener.heard[0].retain
    with Listener(broker) as late:
        assert only(judged(to(broker))).grade == "good"
        until(lambda: bool(late.heard))
        assert len(late.heard) == 1  # only the one sent since


def test_nobody_there(tmp_path: Path) -> None:
    del tmp_path
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        sink = Mqtt(host="127.0.0.1", port=nobody.getsockname()[1])
        found = bad_one(judged(sink))
    assert "cannot be reached (Connection refused)" in found.says
    assert found.facts["step"] == "connect"


def test_an_unknown_name() -> None:
    found = bad_one(judged(Mqtt(host="no-such-broker.invalid")))
    assert "nobody knows the name 'no-such-broker.invalid'" in found.says
    local = step.judge(Visit(address="broker.local:1883", reached="name"))
    assert "libnss-mdns" in bad_one(local).mend


def test_a_wrong_password_a_missing_one_and_a_missing_name(tmp_path: Path) -> None:
    with running(tmp_path, passwords(tmp_path / "x")) as one:
        wrong = bad_one(judged(to(one, **known(tmp_path, "guess"))))
        assert "does not let us in" in wrong.says
        assert "'cam1'" in wrong.mend
        assert "password of this user" in bad_one(judged(to(one, username="cam1"))).mend
        assert "username" in bad_one(judged(to(one))).mend
        assert only(judged(to(one, **known(tmp_path)))).grade == "good"
        assert "guess" not in str(wrong.plain())


def test_one_who_may_not_publish_is_told_so(tmp_path: Path) -> None:
    rights = passwords(tmp_path / "x", "topic read edgepose/#\ntopic write other/#")
    with running(tmp_path, rights) as one:
        found = bad_one(judged(to(one, **known(tmp_path))))
    assert "does not let us publish below edgepose/site/device/cam" in found.says
    assert "edgepose/site/device/cam/#" in found.mend


def test_one_who_may_only_publish_is_to_be_looked_at(tmp_path: Path) -> None:
    rights = passwords(tmp_path / "x", "topic write edgepose/#")
    with running(tmp_path, rights) as one:
        found = only(judged(to(one, **known(tmp_path))))
    assert found.grade == "look"
    assert "mosquitto_sub" in found.mend


def test_encryption(tmp_path: Path) -> None:
    ca, cert, key = certificates(tmp_path, "good")
    other, *_ = certificates(tmp_path, "other")
    with running(tmp_path, f"certfile {cert}\nkeyfile {key}\n") as one:
        trusted = judged(to(one, tls=True, ca_file=str(ca)))
        assert grades(trusted) == ["look"]  # two days are left of this certificate
        assert "its certificate ends in" in trusted[0].says
        stranger = bad_one(judged(to(one, tls=True, ca_file=str(other))))
        assert "not trusted" in stranger.says
        assert "ca_file" in stranger.mend
        late = bad_one(judged(to(one, tls=True, ca_file=str(other)), clock_wrong=True))
        assert "clock" in late.mend
        plain = bad_one(judged(to(one)))  # without encryption, where it is wanted
        assert "tls = true" in plain.mend


def test_a_port_without_encryption(broker: Broker, tmp_path: Path) -> None:
    ca, *_ = certificates(tmp_path, "good")
    found = bad_one(judged(to(broker, tls=True, ca_file=str(ca))))
    assert "no encrypted connection" in found.says
    assert "8883" in found.mend


def test_signals_are_subscribed_to(broker: Broker) -> None:
    assert only(judged(to(broker), ("line1/scanner",))).grade == "good"
    deaf = Visit(address="b:1883", reached="done", unheard=("line1/scanner",), round_trip_ms=3.0)

    assert "line1/scanner" in bad_one(step.judge(deaf)).says


def test_a_broker_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker_visit, "_PATIENCE_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        found = bad_one(judged(Mqtt(host="127.0.0.1", port=deaf.getsockname()[1])))
    assert "no answer" in found.says


def test_a_slow_way_is_looked_at() -> None:
    slow = Visit(address="b:1883", reached="done", round_trip_ms=2400.0)

    assert grades(step.judge(slow)) == ["look"]
    assert grades(step.judge(replace(slow, round_trip_ms=4.0))) == ["good"]
