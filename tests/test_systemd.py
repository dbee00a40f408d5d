"""The units are accepted by systemd; the camera's is confined, and agrees with the daemon.

What they do under a real systemd is shown by `make prove-systemd`.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest

from edge import config
from edge.errors import ConfigError, ModelError, SinkError, SourceError
from edge.runtime import ahead, capture, daemon
from edge.sinks import _drain, mqtt

FOLDER = Path(__file__).parent.parent / "systemd"
UNIT = FOLDER / "edgepose@.service"
ANALYZE = shutil.which("systemd-analyze")
UNITS = sorted(FOLDER.rglob("*.service"))
MOST_EXPOSURE = 2.0
BLOCK = re.compile(r"^    \[Service\]\n(?:    .+\n)+", re.MULTILINE)

needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


def settings(key: str) -> list[str]:
    """Give the values of one key of the unit, in order."""
    return [
        line.partition("=")[2]
        for line in UNIT.read_text().splitlines()
        if line.startswith(f"{key}=")
    ]


def runnable(unit: str) -> str:
    """Give the text of a unit with programs that exist on this machine."""
    return re.sub(r"^(Exec\w+=).+", rf"\1{shutil.which('true')}", unit, flags=re.MULTILINE)


def analyze(
    folder: Path, verb: str, *options: str, unit: Path = UNIT, extra: str = ""
) -> tuple[int, str]:
    """Run systemd-analyze on a copy of a unit, changed by a drop-in."""
    copy = folder / unit.name
    copy.write_text(runnable(unit.read_text()))
    if extra:
        changes = folder / f"{unit.name}.d"
        changes.mkdir()
        (changes / "extra.conf").write_text(extra)
    done = subprocess.run(
        [str(ANALYZE), "--no-pager", verb, *options, str(copy)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def drop_ins() -> list[str]:
    """Give what the pages tell people to write into a drop-in, and the drop-ins we ship."""
    pages = [textwrap.dedent(block) for block in BLOCK.findall((FOLDER / "README.md").read_text())]
    return pages + [file.read_text() for file in sorted(FOLDER.glob("*/*.conf"))]


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_accepts_every_line(tmp_path: Path, unit: Path) -> None:
    assert analyze(tmp_path, "verify", "--recursive-errors=yes", unit=unit) == (0, "")


@needs_systemd
@pytest.mark.parametrize("change", drop_ins())
def test_systemd_accepts_every_drop_in(tmp_path: Path, change: str) -> None:
    assert analyze(tmp_path, "verify", "--recursive-errors=yes", extra=change) == (0, "")


def test_the_units_and_drop_ins_of_a_jetson_are_found() -> None:
    assert FOLDER / "jetson" / "edgepose-clocks.service" in UNITS
    assert (FOLDER / "jetson" / "10-jetson.conf").read_text() in drop_ins()


def test_the_drop_ins_of_the_page_are_found() -> None:
    assert sum("IPAddressDeny=" in change for change in drop_ins()) == 1


@needs_systemd
def test_a_misspelt_key_would_be_found(tmp_path: Path) -> None:
    code, text = analyze(tmp_path, "verify", "--recursive-errors=yes", extra="[Service]\nUmaks=1\n")
    assert code != 0
    assert "Umaks" in text


@needs_systemd
def test_exposure_is_low(tmp_path: Path) -> None:
    limit = f"--threshold={MOST_EXPOSURE * 10:.0f}"
    code, text = analyze(tmp_path, "security", "--offline=true", limit)
    assert code == 0, text


@needs_systemd
def test_exposure_is_really_measured(tmp_path: Path) -> None:
    code, text = analyze(tmp_path, "security", "--offline=true", "--json=short")
    assert code == 0
    open_doors = {check["name"] for check in json.loads(text) if check["exposure"]}
    assert "PrivateDevices=" in open_doors
    assert "NoNewPrivileges=" not in open_doors


def test_only_errors_that_a_restart_cannot_mend_stop_the_service() -> None:
    (status,) = settings("RestartPreventExitStatus")
    assert {ConfigError.exit_code, ModelError.exit_code} == {int(status)}
    assert int(status) not in {SourceError.exit_code, SinkError.exit_code}
    assert settings("Restart") == ["on-failure"]


def test_it_is_never_given_up() -> None:
    assert settings("StartLimitIntervalSec") == ["0"]


def test_systemd_waits_longer_for_the_end_than_the_end_takes() -> None:
    # What may be waited for one after the other, all hanging: a frame, a look, a read, the broker.
    waits = (daemon._WAIT_S, ahead._JOIN_S, capture._JOIN_S, mqtt._FLUSH_S, 2 * _drain._FAREWELL_S)
    longest = sum(waits)
    assert longest < 5.0, "the promise"
    assert longest < int(settings("TimeoutStopSec")[0])


def test_a_silent_camera_is_told_before_the_watchdog_acts() -> None:
    assert int(settings("WatchdogSec")[0]) > capture.SILENCE_S


def test_nothing_phones_home() -> None:
    assert "ORT_DISABLE_TELEMETRY=1" in settings("Environment")


def test_the_example_is_a_valid_configuration(tmp_path: Path) -> None:
    copy = tmp_path / "cam1.toml"
    shutil.copy(FOLDER / "cam1.toml.example", copy)
    assert config.load(copy, {})
