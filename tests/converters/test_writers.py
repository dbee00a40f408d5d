"""What every writer promises: equal bytes for equal input, nothing said, nothing sent."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from converters.errors import ConvertError
from converters.target import Target, variants
from tests.converters.tiny_network import job, network, pictures

ROOT = Path(__file__).parents[2]
CHILD = """
import hashlib, sys
from converters.target import Target
from tests.converters.tiny_network import job, network
for words in sys.argv[1:]:
    files = Target.of(words).write(network(), job(Target.of(words).variant)).files
    print(words, *(hashlib.sha256(content).hexdigest() for content in files.values()))
"""
CALIBRATED = [words for words in variants() if "int8" in words]


def child(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Write targets in a process of their own."""
    return subprocess.run(
        [*words, sys.executable, "-c", CHILD, *variants()],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_two_processes_write_the_same_bytes_whatever_the_order_of_their_sets() -> None:
    one, other = (child(PYTHONHASHSEED=seed) for seed in "12")
    assert one.returncode == 0, one.stderr
    assert one.stdout.count("\n") == len(variants())
    assert one.stdout == other.stdout


@pytest.mark.parametrize("words", variants())
def test_twice_in_one_process_gives_the_same_bytes_and_no_words(
    words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    target = Target.of(words)
    one, other = (target.write(network(), job(target.variant)) for _ in range(2))
    assert one.files == other.files
    assert one.format == target.format
    assert one.backends
    assert one.made_with
    said = capfd.readouterr()
    assert said.out == ""
    assert [line for line in said.err.splitlines() if "INFO: " not in line] == []


PLACES = (str(ROOT).encode(), b"/home", b"site-packages", tempfile.gettempdir().encode())


@pytest.mark.parametrize("words", variants())
def test_no_file_says_where_it_was_made(words: str) -> None:
    target = Target.of(words)
    for content in target.write(network(), job(target.variant)).files.values():
        told = [place for place in PLACES if place in content]
        assert told == []


@pytest.mark.parametrize("words", CALIBRATED)
def test_a_picture_of_another_size_is_refused(words: str) -> None:
    target = Target.of(words)
    wrong = [*pictures(2), np.zeros((5, 5, 3), np.uint8)]
    with pytest.raises(ConvertError, match=r"a picture is \(5, 5, 3\), the model takes \(16, 24"):
        target.write(network(), job(target.variant, pictures=wrong))


def test_no_library_opens_a_socket_or_leaves_a_trace_at_home(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed (apt install strace)")
    home, log = tmp_path / "home", tmp_path / "strace"
    home.mkdir()
    watch = (strace, "-f", "-qq", "-e", "trace=socket,connect", "-o", str(log))
    done = child(*watch, HOME=str(home), XDG_CONFIG_HOME=str(home), CI="")
    if "PTRACE" in done.stderr:
        pytest.skip(f"strace may not look here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    assert [line for line in log.read_text().splitlines() if "AF_INET" in line] == []
    assert list(home.rglob("*")) == []
