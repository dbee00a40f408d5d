"""A conversion that is stopped, or for which there is no room: nothing of it is left."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.converters import dot_people

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0  # a deadline for a hang, never a measurement


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Give the command that converts dot people, but for its --out and --to."""
    folder = tmp_path_factory.mktemp("originals")
    words = [sys.executable, "-m", "converters", "posenet", "--input", dot_people.INPUT]
    words += ["--from", str(dot_people.original(folder / "net"))]
    return [*words, "--calibrate", str(dot_people.pictures(folder / "pictures", range(24)))]


@contextmanager
def mounted(place: Path, options: str) -> Iterator[Path]:
    """Give a real disk in memory, or skip where nobody may mount one."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", options, "none", str(place)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root may mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("size", ["16k", "64k", "200k"])
def test_a_full_disk_is_told_in_two_lines_and_given_back_empty(
    command: list[str], tmp_path: Path, size: str
) -> None:
    with mounted(tmp_path / "disk", f"size={size}") as disk:
        words = [*command, "--to", "tflite:int8", "--out", str(disk / "models/dots")]
        ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
        assert ended.returncode == 1
        first, second = ended.stderr.splitlines()
        assert first.endswith("No space left on device")
        assert second == "  hint: free some space, or choose another --out"
        assert not list(disk.iterdir())


def test_a_place_that_cannot_be_written_is_told_in_two_lines(
    command: list[str], tmp_path: Path
) -> None:
    with mounted(tmp_path / "disk", "ro") as disk:
        words = [*command, "--to", "tflite:int8", "--out", str(disk / "dots")]
        ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    first, second = ended.stderr.splitlines()
    assert first.startswith(f"--out {disk}/dots: nothing can be written in {disk}")
    assert second == "  hint: choose another --out"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("last", ["load pictures", "look with float32", "write tflite:int8"])
def test_a_conversion_stopped_after_any_stage_leaves_nothing(
    command: list[str], tmp_path: Path, number: signal.Signals, last: str
) -> None:
    targets = ["--to", "tflite:int8", "--to", "openvino:int8"]  # the last one takes a while
    words = [*command, *targets, "--out", str(tmp_path / "models/dots")]
    # Whoever runs the tests in the background made them, and all they start, deaf to Ctrl-C.
    words = ["env", "--default-signal=INT", *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        while line := process.stdout.readline():
            if line.startswith(last):
                break
        process.send_signal(number)
        _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert errors == "stopped; nothing unfinished was left\n"
    assert not list(tmp_path.iterdir())
