"""The commands as a person types them: words in, words and exit codes out; real model and clip."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from edge import __version__
from edge.__main__ import COMMANDS, main
from edge.config import load
from edge.errors import ConfigError
from edge.events.fall import Fall

MODEL = "posenet-mobilenet-v1-075-353x481-coral"
ROOT = Path(__file__).parent.parent


@pytest.fixture
def coral(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the name of a model whose weights are here."""
    monkeypatch.setenv("EDGEPOSE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert main(["models", "pull", MODEL, "--from", str(shared / "weights/posenet")]) == 0
    return MODEL


@pytest.fixture
def clip(shared: Path) -> str:
    return str(shared / "clips/urfd/fall-01-cam0.mp4")


def events(path: Path) -> list[dict[str, Any]]:
    """What was said, without when it was said."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [{key: value for key, value in line.items() if key != "time"} for line in lines]


def test_without_a_command_it_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    text = capsys.readouterr().out
    assert all(f"  {name} " in text for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main([name, "--help"])
    assert caught.value.code == 0
    assert f"  edgepose {name}" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"edgepose {__version__}\n"


def test_a_mistyped_command_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["reply"])
    assert caught.value.code == 2
    assert "did you mean 'replay'?" in capsys.readouterr().err


def test_help_does_not_wait_for_opencv() -> None:
    code = (
        "import sys; from edge.__main__ import main\n"
        "try: main(['run', '--help'])\n"
        "except SystemExit: print([m for m in ('cv2', 'numpy', 'paho') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("run clip.mp4", 78, "command line: model: is missing"),
        ("run clip.mp4 --model posnet", 78, "posnet: unknown model"),
        (f"run x.mp4 --model {MODEL} --rule fal", 78, "did you mean 'fall'?"),
        ("run none.toml", 78, "none.toml: cannot be read"),
        ("replay none.jsonl", 1, "none.jsonl: cannot be read"),
        ("models pull", 78, "which model?"),
        ("models pull posnet", 78, "unknown model"),
    ],
)
def test_an_error_is_two_lines_and_a_code(
    line: str, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(line.split()) == code
    text = capsys.readouterr().err
    assert said in text
    assert "Traceback" not in text


def test_debug_shows_where_an_error_came_from() -> None:
    with pytest.raises(Exception, match="which model"):
        main(["models", "pull", "--debug"])


def test_a_fall_is_seen_recorded_and_replayed_bit_for_bit(
    coral: str, clip: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live, again, poses = (tmp_path / name for name in ("live.jsonl", "again.jsonl", "p.jsonl"))
    rules = ["--rule", "fall", "--events"]
    assert main(["run", clip, "--model", coral, *rules, str(live), "--poses", str(poses)]) == 0
    assert "160 frames" in capsys.readouterr().err
    assert main(["replay", str(poses), *rules, str(again)]) == 0
    assert events(live) == events(again)
    assert "edgepose.fall.begin" in [event["type"] for event in events(live)]


@pytest.mark.parametrize(
    "words", ["run --save-overlay", "run --poses", "run --events", "record --out"]
)
def test_what_is_watched_is_never_written_over(
    coral: str, clip: str, tmp_path: Path, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own.mp4"
    shutil.copy(clip, own)
    before = own.read_bytes()
    command, flag = words.split()
    assert main([command, str(own), "--model", coral, flag, str(own)]) == 78
    assert "is what is watched, and would be lost" in capsys.readouterr().err
    assert own.read_bytes() == before


def test_record_keeps_what_run_saw_and_prints_no_event(
    coral: str, clip: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "poses.jsonl"
    assert main(["record", clip, "--model", coral, "--out", str(out)]) == 0
    assert "no events" in capsys.readouterr().err
    assert main(["replay", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "fall begin" in printed
    assert "person-1" in printed


def test_check_tries_every_part(coral: str, clip: str, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as nobody:  # bound, but nobody listens
        nobody.bind(("127.0.0.1", 0))
        broker = f"mqtt://127.0.0.1:{nobody.getsockname()[1]}"
        assert main(["check", clip, "--model", coral, "--mqtt", broker]) == 1
    lines = capsys.readouterr().out.splitlines()
    found = {line[7:21].strip(): line[:6].strip() for line in lines if line[:1].strip()}
    assert found["model"] == found["source"] == found["rule"] == found["state"] == "good"
    assert found["sink"] == "BAD"


def test_check_goes_on_after_a_failure(
    coral: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tmp_path / "none.mp4"), "--model", coral]) == 1
    text = capsys.readouterr().out
    assert "BAD    source" in text
    assert "good   model" in text


def test_a_model_that_is_not_here_is_final(
    clip: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGEPOSE_MODELS", str(tmp_path))
    assert main(["check", clip, "--model", MODEL]) == 78
    assert f"edgepose models pull {MODEL}" in capsys.readouterr().out


def test_models_are_listed_and_verified(coral: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list"]) == 0
    listed = capsys.readouterr().out
    assert any(line.startswith(coral) and "pulled" in line for line in listed.splitlines())
    assert main(["models", "verify", coral]) == 0
    assert "good" in capsys.readouterr().out


def test_the_demo_reports_a_fall_over_mqtt(coral: str, clip: str) -> None:
    pytest.importorskip("amqtt", reason="the demo's own broker is not installed")
    if (
        shutil.which("unshare") is None
        or subprocess.run(
            ["unshare", "-rn", "true"],
            check=False,
            capture_output=True,
        ).returncode
    ):
        pytest.skip("no network of its own can be made here (unshare -rn)")
    command = (
        f"ip link set lo up && exec {sys.executable} -m edge demo --clip {clip} --model {coral}"
    )
    done = subprocess.run(
        ["unshare", "-rn", "sh", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert coral in done.stdout
    assert "event/fall" in done.stdout
    assert "A fall was seen and reported over MQTT" in done.stdout


def test_settings_are_a_configuration_to_start_from(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Every printed default, uncommented, is read back without an error."""
    assert main(["settings", "rule.fall"]) == 0
    printed = capsys.readouterr().out
    lines = [line.removeprefix("# ") for line in printed.splitlines()[1:]]
    path = tmp_path / "cam1.toml"
    path.write_text("\n".join(lines))
    rules = load(path, {}, watching=False).rules
    assert rules == (Fall(),)


def test_an_unknown_table_of_settings_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings", "rule.fal"]) == ConfigError.exit_code
    assert "rule.fall" in capsys.readouterr().err
