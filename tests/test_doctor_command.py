"""`edgepose doctor` as a person types it, and the round that goes on whatever happens."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edge.__main__ import main
from edge.commands import doctor
from edge.doctor import patient, service
from edge.doctor import round as rounds
from edge.doctor.finding import Finding, bad, good, look
from edge.doctor.machine import Machine
from edge.errors import ConfigError, SourceError
from tests.brokers import Broker
from tests.doctored import bad_one, held, machine, only

CLIP = Path(__file__).parent.parent / "models" / "demo" / "bench.mp4"
MACHINE = ["versions", "power", "heat", "memory", "disk", "clock", "network"]
CAMERA = [
    *("configuration", "service", "permissions", "camera", "model", "outbox", "broker"),
]
SERVICE = service.Service(
    name="edgepose@cam1",
    loaded=True,
    active="active",
    sub="running",
    enabled=True,
    restarts=0,
    result="success",
    status=0,
    pid=1,
    since_s=60.0,
    frame_s=0.2,
)


def written(folder: Path, uri: object = CLIP, port: int = 1, extra: str = "") -> Path:
    path = folder / "cam1.toml"
    path.write_text(
        f'[source]\nuri = "{uri}"\n[[model]]\nname = "edgepose-body-257"\n'
        f'[state]\ndir = "{folder / "state"}"\n'
        f'[[sink]]\nkind = "mqtt"\nhost = "127.0.0.1"\nport = {port}\n{extra}'
    )
    return path


def reported(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    code = main(["doctor", "--json", *words])
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, report


def test_a_camera_that_works(
    broker: Broker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    code, report = reported(capsys, str(written(folder, port=broker.port)))
    found = {one["check"]: one for one in report["checks"]}
    assert list(found) == [*MACHINE, *CAMERA]
    for name in ("configuration", "camera", "model", "outbox", "broker"):
        assert found[name]["grade"] == "good", found[name]
        assert found[name]["camera"] == "cam1"
    assert (code == 0) == (report["grade"] != "bad")
    # Nothing was left behind: no picture, no state.
    assert [path.name for path in folder.iterdir()] == ["cam1.toml"]


def test_what_is_bad_is_told_with_what_to_type_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", str(written(tmp_path, tmp_path / "none.mp4"))]) == 1
    lines = capsys.readouterr().out.splitlines()
    firsts = {line[7:28].split()[0]: line[:6].strip() for line in lines if line[:1].strip(" 1")}
    assert (firsts["camera"], firsts["model"], firsts["broker"]) == ("BAD", "good", "BAD")
    where = next(n for n, line in enumerate(lines) if line.startswith("BAD    broker"))
    assert lines[where + 1].strip().startswith("-> ")
    assert lines[-1].startswith("2 bad")


def test_a_wrong_configuration_is_78_and_the_machine_is_looked_at_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cam1.toml"
    path.write_text("[sorce]\n")
    code, report = reported(capsys, str(path))
    found = {one["check"]: one for one in report["checks"]}
    assert list(found) == [*MACHINE, "configuration", "service"]
    assert found["configuration"]["grade"] == "bad"
    says = [one["says"] for one in found["configuration"]["findings"]]
    assert any("sorce: unknown table" in one for one in says)
    assert code == ConfigError.exit_code


def test_the_exit_code() -> None:
    final = Finding("bad", "x", "y", final=True)
    assert doctor.exit_code([good("x"), look("x", "y")]) == 0
    assert doctor.exit_code([good("x"), bad("x", "y"), final]) == 1
    assert doctor.exit_code([good("x"), final]) == 78


def test_one_check_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = reported(capsys, str(written(tmp_path)), "--only", "camera")
    assert [one["check"] for one in report["checks"]] == ["camera"]
    assert code == 0
    assert main(["doctor", str(tmp_path / "cam1.toml"), "--only", "camra"]) == 78
    assert "did you mean 'camera'?" in capsys.readouterr().err


def test_nothing_is_configured_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "FOLDER", tmp_path)
    _, report = reported(capsys)
    last = report["checks"][-1]
    assert (last["check"], last["grade"]) == ("configuration", "look")
    assert "cam1.toml.example" in last["findings"][0]["mend"]


def test_without_arguments_every_configuration_of_the_device(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "FOLDER", tmp_path)
    for name in ("hall", "yard"):
        written(tmp_path).rename(tmp_path / f"{name}.toml")
    _, report = reported(capsys, "--only", "configuration")
    assert [one["camera"] for one in report["checks"]] == ["hall", "yard"]


def test_a_broken_installation_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "edge.doctor.round", None)
    monkeypatch.delattr("edge.doctor.round", raising=False)
    assert main(["doctor"]) == 1
    assert "versions" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "words"), [(SourceError("cam", "gone"), "cam: gone"), (KeyError("x"), "KeyError")]
)
def test_a_check_that_fails_is_a_finding(error: Exception, words: str) -> None:
    def fails() -> list[Finding]:
        raise error

    result = rounds.examine(rounds.Check("heat", "", fails))
    assert result.grade == "bad"
    assert words in only(result.findings).says


def test_what_only_root_may_see_is_no_illness() -> None:
    def hidden() -> list[Finding]:
        raise PermissionError(13, "Permission denied", "/var/lib/private")

    found = only(rounds.examine(rounds.Check("outbox", "cam1", hidden)).findings)
    assert (found.grade, found.mend) == ("look", "sudo edgepose doctor")
    assert "/var/lib/private" in found.says


def test_a_check_that_hangs_is_left_behind() -> None:
    done = threading.Event()

    def hangs() -> list[Finding]:
        done.wait(60)
        return []

    result = rounds.examine(rounds.Check("disk", "", hangs, limit_s=0.1))
    assert "no answer" in bad_one(result.findings).says
    assert list(rounds.stuck()) == ["doctor disk"]
    done.set()


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[Path]:
    """Give a device file that another process has open."""
    device = tmp_path / "video7"
    device.touch()
    with held(device):
        yield device


def camera_of(one: patient.Patient, of: Machine) -> rounds.Result:
    (check,) = rounds.only(list(rounds.checks(of, [one])), "camera")
    return rounds.examine(check)


def test_who_has_a_camera_that_cannot_be_opened_is_named(holder: Path, tmp_path: Path) -> None:
    path = written(tmp_path, f"v4l2:{holder}")
    found = bad_one(camera_of(patient.read(path, Machine()), Machine()).findings)
    assert f"{holder}: cannot be opened; python" in found.says
    assert "has it open" in found.says
    assert "sudo kill" in found.mend


def test_a_camera_that_our_service_sees_with_is_not_opened(tmp_path: Path) -> None:
    path = written(tmp_path, "v4l2:/dev/video77")  # which is not there, and would fail
    one = patient.read(path, machine(tmp_path))
    seeing = replace(one, service=SERVICE)
    found = only(camera_of(seeing, Machine()).findings)
    assert found.grade == "good"
    assert "in use by edgepose@cam1" in found.says
    blind = replace(one, service=replace(SERVICE, frame_s=20.0))
    assert "no such camera" in bad_one(camera_of(blind, Machine()).findings).says


def test_without_a_broker_nobody_is_told(tmp_path: Path) -> None:
    path = tmp_path / "cam1.toml"
    path.write_text(f'[source]\nuri = "{CLIP}"\n[[model]]\nname = "edgepose-body-257"\n')
    one = patient.read(path, Machine())
    (check,) = rounds.only(list(rounds.checks(Machine(), [one])), "broker")
    assert "nobody is told" in only(rounds.examine(check).findings).says


def test_hosts_that_must_be_reached(tmp_path: Path) -> None:
    path = written(tmp_path, "rtsp://u:pw@10.0.0.7:554/live")
    assert patient.read(path, Machine()).hosts == ("127.0.0.1", "10.0.0.7")
