"""The doctor on services, permissions and secrets, as systemd and the files say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edge import config
from edge.doctor import credentials, holders, patient, permissions, service
from edge.sinks.mqtt import Mqtt
from edge.sources.v4l2 import V4l2Settings
from tests.brokers import until
from tests.doctored import bad_one, grades, held, machine, only

NOW = 5000.0  # s since the machine was started
RUNNING = {
    "LoadState": "loaded",
    "ActiveState": "active",
    "SubState": "running",
    "UnitFileState": "enabled",
    "NRestarts": "0",
    "Result": "success",
    "ExecMainStatus": "0",
    "MainPID": "812",
    "ActiveEnterTimestampMonotonic": "1400000000",
    "WatchdogTimestampMonotonic": "4999900000",
    "Environment": 'EDGEPOSE_MODELS=/var/lib/edgepose-models "NOTE=a b"',
    "SupplementaryGroups": "video",
    "DynamicUser": "yes",
}
STOPPED = {"MainPID": "0", "SubState": "dead", "WatchdogTimestampMonotonic": "0"}
AGAIN = {**STOPPED, "ActiveState": "activating", "SubState": "auto-restart"}


def told(root: Path, **changes: str) -> service.Service:
    """What is made of these answers of systemd."""
    shown = "".join(f"{key}={value}\n" for key, value in {**RUNNING, **changes}.items())
    one = machine(root, {"/run/systemd/system/x": ""}, {"systemctl": shown})
    seen = service.read(one, "cam1", NOW)
    assert seen is not None
    return seen


def test_a_service_that_runs_and_sees(tmp_path: Path) -> None:
    seen = told(tmp_path)
    assert seen.sees
    assert seen.environment == {"EDGEPOSE_MODELS": "/var/lib/edgepose-models", "NOTE": "a b"}
    assert (seen.groups, seen.own_user) == (("video",), True)
    found = only(service.judge(seen, "cam1"))
    assert (found.grade, found.facts["last_frame_s"]) == ("good", 0.1)
    assert found.says == "edgepose@cam1 has run for 60 minutes, its last frame 0.1 s ago"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"WatchdogTimestampMonotonic": "4975000000"}, "no frame for 25 s"),
        ({**STOPPED, "ActiveState": "failed", "ExecMainStatus": "78"}, "configuration or model"),
        ({**STOPPED, "ActiveState": "failed", "Result": "oom-kill"}, "needed more memory"),
        ({**AGAIN, "Result": "watchdog"}, "again and again: no frame"),
        ({**AGAIN, "Result": "exit-code", "ExecMainStatus": "1"}, "exit code 1"),
    ],
)
def test_a_service_that_does_not_work_is_bad(
    changes: dict[str, str], words: str, tmp_path: Path
) -> None:
    assert words in bad_one(service.judge(told(tmp_path, **changes), "cam1")).says


@pytest.mark.parametrize(
    ("changes", "mend"),
    [
        ({**STOPPED, "LoadState": "not-found", "ActiveState": "inactive"}, "install the package"),
        ({**STOPPED, "ActiveState": "inactive"}, "sudo systemctl enable --now edgepose@cam1"),
        ({"ActiveState": "activating", "SubState": "start"}, "journalctl --unit edgepose@cam1"),
        ({"NRestarts": "3"}, "journalctl --unit edgepose@cam1"),
        ({"UnitFileState": "disabled"}, "sudo systemctl enable edgepose@cam1"),
    ],
)
def test_a_service_to_look_at(changes: dict[str, str], mend: str, tmp_path: Path) -> None:
    found = only(service.judge(told(tmp_path, **changes), "cam1"))
    assert found.grade == "look"
    assert mend in found.mend


def test_where_no_service_can_be(tmp_path: Path) -> None:
    assert service.read(machine(tmp_path), "cam1") is None
    assert grades(service.judge(None, "cam1")) == ["not here"]
    assert service.instance_of(Path("/etc/edgepose/hall.toml")) == "hall"
    assert service.instance_of(tmp_path / "hall.toml") == ""


def test_who_holds_a_camera_is_found_while_they_do(tmp_path: Path) -> None:
    device = tmp_path / "video0"
    device.touch()
    one = machine(Path("/"))
    assert holders.holders(one, [str(device)]) == ()
    with held(device) as pid:
        (holder,) = holders.holders(one, [str(device)])
        assert holder.pid == pid
        assert holder.command.startswith("python")
        assert holders.holders(one, [str(device)], but=pid) == ()
    until(lambda: holders.holders(one, [str(device)]) == ())


def test_a_holder_has_the_name_of_its_service(tmp_path: Path) -> None:
    group = "0::/system.slice/system-edgepose.slice/edgepose@cam1.service\n"
    pi = machine(tmp_path, {"/proc/812/comm": "edgepose", "/proc/812/cgroup": group})
    (tmp_path / "proc/812/fd").mkdir()
    (tmp_path / "proc/812/fd/7").symlink_to("/dev/video0")
    (holder,) = holders.holders(pi, ["/dev/video0"])
    assert str(holder) == "edgepose@cam1.service (process 812)"


def test_device_files_of_a_camera(tmp_path: Path) -> None:
    from edge.sources.gstreamer import GstreamerSettings  # noqa: PLC0415 - one of several kinds

    pi = machine(tmp_path, {"/dev/video0": "", "/dev/video10": "", "/dev/media1": ""})
    assert holders.device_files(pi, V4l2Settings("/dev/video2")) == ("/dev/video2",)
    named = GstreamerSettings("v4l2src device=/dev/video3 ! jpegdec")
    assert holders.device_files(pi, named) == ("/dev/video3",)
    assert holders.device_files(pi, None) == ()


def entry(mode: int, group: str = "video") -> permissions.Entry:
    return permissions.Entry("/dev/video0", mode, group)


def may(
    *devices: permissions.Entry, config: int = 0o644, root: bool = True, own: bool = True
) -> permissions.Permissions:
    file = permissions.Entry("/etc/edgepose/cam1.toml", config, "root")
    return permissions.Permissions(root, own, ("video",), file, devices)


def test_permissions_as_they_should_be() -> None:
    found = only(permissions.judge(may(entry(0o660))))
    assert (found.grade, found.says) == ("good", "the service may open /dev/video0")


@pytest.mark.parametrize(
    ("seen", "mend"),
    [
        (may(config=0o600), "sudo chmod 644 /etc/edgepose/cam1.toml"),
        (may(entry(0o660, "plugdev")), "SupplementaryGroups=plugdev"),
        (may(entry(0o600)), "udev"),
        (may(entry(0o660, "plugdev"), root=False, own=False), "usermod -aG plugdev"),
    ],
)
def test_a_permission_that_is_missing_is_bad(seen: permissions.Permissions, mend: str) -> None:
    assert mend in bad_one(permissions.judge(seen)).mend


def test_root_may_open_everything_itself_and_others_are_told_to_become_it() -> None:
    assert grades(permissions.judge(may(entry(0o600), own=False))) == ["good"]
    assert grades(permissions.judge(may(entry(0o660), root=False))) == ["look"]


def test_permissions_of_real_files(tmp_path: Path) -> None:
    config_file = tmp_path / "cam1.toml"
    config_file.write_text("")
    config_file.chmod(0o640)
    seen = permissions.read(config_file, [str(tmp_path / "gone")], service=True, groups=["video"])
    assert (seen.config and seen.config.mode, seen.devices) == (0o640, ())
    assert bad_one(permissions.judge(seen))
    assert permissions.read(config_file, (), service=False).root == (os.geteuid() == 0)


def test_a_password_that_is_missing_or_for_all_to_read(tmp_path: Path) -> None:
    sink = Mqtt(username="cam1")
    bare = machine(tmp_path)
    missing = bad_one(tuple(credentials.wrong(sink, bare, "cam1")))
    assert "/etc/credstore/edgepose.cam1.mqtt-password" in missing.mend
    kept = machine(tmp_path, {"/etc/credstore/edgepose.cam1.mqtt-password": "secret\n"})
    place = kept.at("/etc/credstore/edgepose.cam1.mqtt-password")
    for mode, grade in ((0o644, ["look"]), (0o600, [])):
        place.chmod(mode)
        assert grades(tuple(credentials.wrong(sink, kept, "cam1"))) == grade
    assert credentials.as_the_service(sink, kept, "cam1").password_file == str(place)
    assert grades(tuple(credentials.wrong(Mqtt(), kept, "cam1"))) == []


def test_what_the_running_service_was_handed_comes_first(tmp_path: Path) -> None:
    handed = "/run/credentials/edgepose@cam1.service/mqtt-password"
    stored = "/etc/credstore/edgepose.cam1.mqtt-password"
    one = machine(tmp_path, {handed: "new", stored: "old"})
    ready = credentials.as_the_service(Mqtt(username="cam1"), one, "cam1")
    assert ready.password_file == str(one.at(handed))


def test_a_patient_is_read_as_its_service_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hall.toml"
    path.write_text('[source]\nuri = "x.mp4"\n[[model]]\nname = "edgepose-body-257"\n')
    monkeypatch.setattr(service, "FOLDER", tmp_path)
    shown = "LoadState=loaded\nEnvironment=EDGEPOSE_MODELS=/m\n"
    one = machine(tmp_path, {"/run/systemd/system/x": ""}, {"systemctl": shown})
    seen = patient.read(path, one)
    assert seen.config is not None
    assert seen.config.state_dir == Path("/var/lib/edgepose/hall/cam1")
    assert seen.environment["EDGEPOSE_MODELS"] == "/m"
    assert "STATE_DIRECTORY" not in os.environ
    assert config.load(path, {}).state_dir != seen.config.state_dir
