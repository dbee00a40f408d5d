"""`edgepose-bench events --peer`: others on the same clips, as a person types it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import main
from edge.recording import Header, Writer
from tests import figure
from tests.benchmarks import bar_person
from tests.figure import STAND
from tests.lives import Act, Life, observations

STANDS = Act(STAND, 0.0, 2.0)
FALLS = Act(figure.RIGHT, 0.8, 3.0, falling=True)
WALKS = Act(STAND, 0.0, 3.0, walk_m_s=1.3)
LABELS = """clip,kind,onset_s,impact_s,duration_s
falls.mp4,fall,2.0,2.8,5.8
walks.mp4,adl,,,36
"""
BARS = """clip,kind,onset_s,impact_s,duration_s
bar.mp4,fall,1.9,2.0,4.0
broken.mp4,adl,,,4.0
"""
NOTHING = 'raise ModuleNotFoundError("No module named \'mediapipe\'", name="mediapipe")'


def record(folder: Path, lives: Mapping[str, Sequence[Act]], model: str) -> None:
    folder.mkdir(parents=True)
    for name, acts in lives.items():
        with Writer(folder / f"{name}.poses.jsonl", Header("s", "d", "c", name, model)) as writer:
            for one in observations(Life(tuple(acts), size=(1280, 960), at=(640.0, 800.0))):
                writer.write(one)


def events(root: Path, *more: str) -> tuple[int, Any]:
    """Judge again; gives the exit code and the figures."""
    words = ["--labels", f"{root}/labels.csv", "--out", f"{root}/out", "--replay"]
    code = main(["events", *words, "--json", f"{root}/events.json", *more])
    return code, json.loads((root / "events.json").read_text())


def clip(figures: Any, name: str) -> Any:
    return next(one for one in figures["clips"] if one["clip"] == name)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Labels, our recordings, and those of a peer: a fall without its end, a walk as a fall."""
    (tmp_path / "labels.csv").write_text(LABELS)
    ours = {"falls.mp4": (STANDS, FALLS), "walks.mp4": (WALKS,)}
    record(tmp_path / "out/recordings", ours, "made-up")
    cut = Act(figure.RIGHT, 0.8, 0.2, falling=True)  # too short for the baseline
    theirs = {"falls.mp4": (STANDS, cut), "walks.mp4": (STANDS, FALLS)}
    record(tmp_path / "out/peers/mediapipe", theirs, "mediapipe 1.2")
    return tmp_path


@pytest.fixture
def bars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Clips, our recordings of them, and a made-up MediaPipe that every Python finds."""
    (tmp_path / "labels.csv").write_text(BARS)
    lives = {"bar.mp4": (STANDS, FALLS), "broken.mp4": (WALKS,)}
    record(tmp_path / "out/recordings", lives, "made-up")
    bar_person.film(tmp_path / "clips/bar.mp4")
    (tmp_path / "clips/broken.mp4").write_bytes(b"\0" * 64)
    monkeypatch.setenv("PYTHONPATH", str(bar_person.mediapipe(tmp_path / "packages")))
    return tmp_path


def test_a_peer_is_judged_by_both_rules_on_its_own_poses(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, figures = events(kept, "--peer", "mediapipe")
    assert code == 0
    assert (figures["found"], figures["false_alarms"]) == (1, 0)
    peer = figures["peers"]["mediapipe"]
    assert peer["about"].startswith("MediaPipe")
    assert (peer["version"], peer["unreadable"]) == ("mediapipe 1.2", [])
    assert set(peer["torso_angle"]) == set(figures["baseline"])
    assert set(peer["fall_rule"]) < set(figures)
    for rule, found in (("torso_angle", 0), ("fall_rule", 1)):
        assert (peer[rule]["found"], peer[rule]["falls"]) == (found, 1)
        assert (peer[rule]["false_alarms"], peer[rule]["everyday_clips"]) == (1, 1)
    fall, walk = clip(figures, "falls.mp4"), clip(figures, "walks.mp4")
    assert fall["peer_alerts"]["mediapipe"]["torso_angle"] == []
    assert len(fall["peer_alerts"]["mediapipe"]["fall_rule"]) == 1
    assert walk["alerts"] == []
    (torso,), (rule_alert,) = walk["peer_alerts"]["mediapipe"].values()
    assert 2.0 < rule_alert < torso < 4.0
    said = capsys.readouterr().out.splitlines()
    rows = [line.split() for line in said if line.startswith(("edgepose ", "mediapipe "))]
    assert [row[:6] for row in rows] == [
        ["edgepose", "fall", "rule", "1", "of", "1"],
        ["mediapipe", "fall", "rule", "1", "of", "1"],
    ]


def test_the_page_shows_a_peer_beside_us_and_in_every_clip(kept: Path) -> None:
    events(kept, "--peer", "mediapipe")
    page = (kept / "out/events.html").read_text()
    assert "Beside others" in page
    assert "MediaPipe Pose (BlazePose full, video mode); mediapipe 1.2." in page
    assert page.count("<span>mediapipe</span>") == 2
    bars = [line for line in page.split("<svg") if 'aria-label="mediapipe in a clip of' in line]
    assert ["baseline" in bar.split("</svg>")[0] for bar in bars] == [False, True]


def test_without_peers_nothing_is_said_of_them(kept: Path) -> None:
    _, figures = events(kept)
    assert figures["peers"] == {}
    assert [one["peer_alerts"] for one in figures["clips"]] == [{}, {}]
    assert "Beside others" not in (kept / "out/events.html").read_text()


def test_a_peer_sees_clips_in_its_own_process_and_fails_alone(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--clips", f"{bars}/clips", "--peer", "mediapipe")
    code, figures = events(bars, *words)
    assert code == 1
    peer = figures["peers"]["mediapipe"]
    assert peer["version"] == "mediapipe 9.9"
    (alert,) = clip(figures, "bar.mp4")["peer_alerts"]["mediapipe"]["torso_angle"]
    assert alert == pytest.approx(bar_person.UPRIGHT_S + 0.5, abs=1.5 / bar_person.FPS)
    assert (peer["torso_angle"]["found"], peer["torso_angle"]["falls"]) == (1, 1)
    (broken,) = peer["unreadable"]
    assert broken["clip"] == "broken.mp4"
    assert clip(figures, "broken.mp4")["peer_alerts"] == {}
    assert "broken.mp4: mediapipe: " in capsys.readouterr().out
    kept = sorted(path.name for path in (bars / "out/peers/mediapipe").glob("*.mp4.*"))
    assert kept == ["bar.mp4.poses.jsonl"]

    (bars / "clips/bar.mp4").unlink()  # what was seen is not seen again
    _, again = events(bars, *words)
    assert clip(again, "bar.mp4") == clip(figures, "bar.mp4")


def test_what_a_python_lacks_is_looked_for_in_this_one(bars: Path) -> None:
    other = bars / "python"
    other.write_text("#!/bin/sh\necho 'mediapipe: needs mediapipe' >&2\nexit 3\n")
    other.chmod(0o755)
    words = ("--clips", f"{bars}/clips", "--peer", "mediapipe", "--peer-python", str(other))
    _, figures = events(bars, *words)
    assert figures["peers"]["mediapipe"]["fall_rule"]["falls"] == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--peer", "mediapip"), "did you mean 'mediapipe'?"),
        (("--peer", "mediapipe"), "mediapipe: has no recordings in"),
        (("--peer", "mediapipe", "--clips", "clips"), "needs mediapipe, which "),
        (("--peer", "mediapipe", "--clips", "clips"), "peers/bin/pip install 'mediapipe"),
        (("--peer", "movenet", "--clips", "clips"), "movenet: needs weights"),
        (("--peer", "mediapipe", "--peer-model", "a.tflite"), "--peer-model: is for none"),
        (("--peer", "mediapipe", "--peer-python", "nowhere"), "--peer-python: nowhere is no"),
    ],
)
def test_a_peer_that_cannot_be_is_told_before_anything_is_judged(
    words: tuple[str, ...],
    told: str,
    bars: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(bars)
    (bars / "packages/mediapipe/__init__.py").write_text(NOTHING)
    code = main(["events", "--labels", "labels.csv", "--out", "out", "--replay", *words])
    said = capsys.readouterr()
    assert code == 1
    assert told in said.err
    assert said.out == ""
    assert not (bars / "out/events").exists()


def test_the_python_of_a_missing_package_is_named(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (bars / "packages/mediapipe/__init__.py").write_text(NOTHING)
    words = ["--labels", f"{bars}/labels.csv", "--out", f"{bars}/out", "--replay"]
    assert main(["events", *words, "--clips", f"{bars}/clips", "--peer", "mediapipe"])
    assert f"which {sys.executable} does not have" in capsys.readouterr().err
