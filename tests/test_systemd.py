"""The unit is accepted by systemd, is confined, and agrees with the daemon."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from edge import config
from edge.errors import ConfigError, ModelError, SinkError, SourceError

FOLDER = Path(__file__).parent.parent / "systemd"
UNIT = FOLDER / "edgepose@.service"
ANALYZE = shutil.which("systemd-analyze")
MOST_EXPOSURE = 2.0

needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


def settings(key: str) -> list[str]:
    """Give the values of one key of the unit, in order."""
    return [
        line.partition("=")[2]
        for line in UNIT.read_text().splitlines()
        if line.startswith(f"{key}=")
    ]


def analyze(folder: Path, verb: str, *options: str, extra: str = "") -> tuple[int, str]:
    """Run systemd-analyze on a copy of the unit whose program exists on this machine."""
    copy = folder / UNIT.name
    copy.write_text(
        UNIT.read_text().replace(settings("ExecStart")[0], shutil.which("true") or "") + extra
    )
    done = subprocess.run(
        [str(ANALYZE), "--no-pager", verb, *options, str(copy)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@needs_systemd
def test_systemd_accepts_every_line(tmp_path: Path) -> None:
    assert analyze(tmp_path, "verify", "--recursive-errors=yes") == (0, "")


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


def test_nothing_phones_home() -> None:
    assert "ORT_DISABLE_TELEMETRY=1" in settings("Environment")


def test_the_example_is_a_valid_configuration(tmp_path: Path) -> None:
    copy = tmp_path / "cam1.toml"
    shutil.copy(FOLDER / "cam1.toml.example", copy)
    assert config.load(copy, {})
