"""`edgepose-bench fps` on a small real model: the daemon and the interpreter take turns."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("matplotlib")

from benchmarks.__main__ import main
from benchmarks.fps import reference
from benchmarks.fps.stages import STAGES

QUICK = ("--rounds", "2", "--turn", "0.2", "--no-tools")


def bench(*words: str | Path) -> int:
    return main(["fps", *map(str, words)])


def told(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text())
    return content


@pytest.fixture
def clip(dots: Path) -> tuple[str, ...]:
    return ("--model", str(dots / "model"), "--source", str(dots / "film.avi"))


def test_every_variant_is_measured_end_to_end_and_bare(
    clip: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench(*clip, *QUICK, "--json", tmp_path / "a.json", "--plot", tmp_path / "a.svg") == 0
    figures = told(tmp_path / "a.json")
    assert {run["target"] for run in figures["runs"]} == {"tflite:float32", "tflite:int8"}
    for run in (figures, *figures["runs"]):  # the fastest is repeated at the top
        assert run["end_to_end"]["fps"] > 0
        assert run["bare"]["fps"] > 0
        low, high = run["overhead_ratio_range"]
        assert 0 < low <= run["overhead_ratio"] <= high
        assert set(run["stages"]) == set(STAGES)
        for spent in (*run["stages"].values(), run["end_to_end"]["latency_ms"]):
            assert 0 <= spent["p50"] <= spent["p95"] <= spent["p99"]
        assert run["end_to_end"]["people_in_frame"] > 0.5
        assert run["memory"]["peak_mb"] >= run["memory"]["steady_mb"] > 10
        assert 0 < run["cold_start_s"] < 60
        assert len(run["sha256"]) == 64
    fastest = max(run["end_to_end"]["fps"] for run in figures["runs"])
    assert figures["end_to_end"]["fps"] == fastest
    assert figures["source"] == {
        "name": "film.avi", "kind": "video", "size": "256x128", "realtime": False,
    }  # fmt: skip
    assert figures["board"]["cores"] >= 1
    assert figures["command"][:2] == ["edgepose-bench", "fps"] or figures["command"]
    assert "<svg" in (tmp_path / "a.svg").read_text()
    assert "ratio" in capsys.readouterr().out


def test_two_cameras_share_the_machine(clip: tuple[str, ...], tmp_path: Path) -> None:
    words = ("--precision", "int8", "--cameras", "2", "--json", tmp_path / "a.json")
    assert bench(*clip, *QUICK, *words) == 0
    figures = told(tmp_path / "a.json")
    assert figures["cameras"] == 2
    assert len(figures["runs"]) == 1


def test_a_board_of_a_kind_that_was_measured_before_is_compared_with_it(
    clip: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    monkeypatch.setattr(reference, "worthy", lambda _, today: today)  # whatever else runs here
    words = (*clip, *QUICK, "--precision", "int8")
    assert bench(*words, "--save-reference") == 0
    assert "no reference for this board" in capsys.readouterr().out
    (file,) = tmp_path.glob("*.csv")
    rows = list(csv.DictReader(file.open()))
    assert [row["target"] for row in rows] == ["tflite:int8"]
    for fps, words_said in (("0.01", "faster than"), ("1e9", "SLOWER")):
        rows[0]["fps"] = fps
        reference.save(file, rows)
        assert bench(*words) == 0
        assert words_said in capsys.readouterr().out


def test_a_poor_measurement_becomes_no_reference(
    clip: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    assert bench(*clip, *QUICK, "--save-reference", "--json", tmp_path / "a.json") == 1
    assert "2 rounds are too few" in capsys.readouterr().err
    assert list(tmp_path.glob("*.csv")) == []
    assert told(tmp_path / "a.json")["runs"], "the figures themselves are kept"


def test_a_file_that_cannot_be_written_is_told_before_anything_is_measured(
    clip: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench(*clip, "--json", tmp_path) == 1
    said = capsys.readouterr()
    assert "cannot be written" in said.err
    assert "taking turns" not in said.out


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_nothing_is_left_running_when_it_is_stopped(
    clip: tuple[str, ...], number: signal.Signals
) -> None:
    words = [sys.executable, "-m", "benchmarks", "fps", *clip, "--soak", "5", "--turn", "0.2"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as bench_process:
        assert bench_process.stdout is not None
        while "0.00" not in bench_process.stdout.readline():  # the first row: it works
            assert bench_process.poll() is None
        workers = [int(pid) for pid in children(bench_process.pid)]
        assert workers
        bench_process.send_signal(number)
        bench_process.communicate(timeout=30)
    assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_a_long_run_tells_whether_speed_is_kept(
    clip: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--soak", "0.02", "--turn", "0.2", "--json", tmp_path / "a.json")
    assert bench(*clip, *words, "--plot", tmp_path / "a.svg") == 0
    soak = told(tmp_path / "a.json")["soak"]
    assert len(soak["series"]) >= 2
    assert all(moment["fps"] > 0 for moment in soak["series"])
    assert soak["verdict"] in {"steady", "slows"}
    assert "<svg" in (tmp_path / "a.svg").read_text()
    assert soak["verdict"] in capsys.readouterr().out


def test_without_a_clip_one_is_drawn(dots: Path, tmp_path: Path) -> None:
    words = ("--model", dots / "model", "--precision", "int8", "--json", tmp_path / "a.json")
    assert bench(*words, "--rounds", "1", "--turn", "0.1", "--no-tools") == 0
    source = told(tmp_path / "a.json")["source"]
    assert (source["kind"], source["size"]) == ("made-up clip", "640x480")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rounds", "0"), "--rounds: 0 is too little"),
        (("--turn", "nan"), "--turn: nan is too little"),
        (("--threads", "0"), "--threads: 0 is too little"),
        (("--precision", "int7"), "no weights end in 'int7'"),
        (("--peer", "mediapip"), "unknown peer 'mediapip'\n  hint: did you mean 'mediapipe'"),
        (("--source", "nowhere.mp4"), "no such file"),
    ],
)
def test_what_cannot_be_measured_is_named(
    dots: Path, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench("--model", dots / "model", *words) != 0
    assert said in capsys.readouterr().err


def test_weights_that_are_gone_are_named_by_the_worker_that_misses_them(
    dots: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for file in (dots / "model").iterdir():
        if file.suffix in {".toml", ".tflite"} and "int8" not in file.name:
            (folder / file.name).write_bytes(file.read_bytes())
    words = ("--model", folder, "--source", dots / "film.avi", *QUICK)
    assert bench(*words, "--json", tmp_path / "a.json") == 1
    good, bad = told(tmp_path / "a.json")["runs"]
    assert good["end_to_end"]["fps"] > 0
    assert "are not here" in bad["error"]
    assert "are not here" in capsys.readouterr().out
