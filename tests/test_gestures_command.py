"""A gesture is taught by showing it, and the folder that comes out is a model like any other."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.__main__ import main
from edge.config import ModelChoice
from edge.core.types import Observation, Pose
from edge.recording import Header, Writer
from edge.runtime.assemble import predictor
from edge.runtime.labels import Labeller
from tests.hand_figure import hand

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

pytest.importorskip("ai_edge_litert")
LITTLE = "little"  # index to ring finger in the palm, the little finger out: nobody taught that
FRAMES = 40


def little(seed: int, noise: float = 0.02) -> Pose:
    """A hand whose little finger alone is stretched, somewhat differently each time."""
    rng = np.random.default_rng(seed)
    pose = hand(palm_px=float(rng.uniform(50, 90)), deg=float(rng.uniform(-20, 20)))
    xy = pose.xy.copy()
    for base in (5, 9, 13):
        knuckle, wrist = xy[base], xy[0]
        inward = wrist - knuckle
        xy[base + 1] = knuckle + 0.15 * inward
        xy[base + 2] = knuckle + 0.40 * inward
        xy[base + 3] = knuckle + 0.30 * inward
    xy[2:5] = xy[5] + (xy[13] - xy[5]) * np.array(((0.2,), (0.5,), (0.8,)), np.float32)
    size = float(np.linalg.norm(xy[9] - xy[0]))
    xy += rng.normal(0, noise * size, xy.shape).astype(np.float32)
    return replace(pose, xy=xy.astype(np.float32))


def record(path: Path, poses: Iterator[Pose | None]) -> str:
    with Writer(path, Header("site", "device", "cam", "session", "model")) as writer:
        for i, pose in enumerate(poses):
            writer.write(Observation(i / 10, i, (640, 480), () if pose is None else (pose,)))
    return str(path)


@pytest.fixture
def clips(tmp_path: Path) -> list[str]:
    return [
        record(tmp_path / f"{n}.jsonl", (little(100 * n + i) for i in range(FRAMES)))
        for n in range(3)
    ]


@pytest.fixture
def opened(tmp_path: Path) -> str:
    return record(tmp_path / "open.jsonl", (hand(deg=float(i)) for i in range(FRAMES)))


@pytest.fixture
def taught(tmp_path: Path, clips: list[str], opened: str) -> Path:
    out = tmp_path / "mine"
    words = ["gestures", "teach", LITTLE, *clips[:2], "--unlike", opened, "--out", str(out)]
    assert main(words) == 0
    return out


def labels(folder: Path, poses: list[Pose]) -> list[str]:
    one = predictor(ModelChoice(name=str(folder)))
    with one.backend:
        return [pose.label for pose in Labeller([one]).named(poses)]


def test_what_is_taught_is_named_by_the_runtime_and_nothing_else_changes(taught: Path) -> None:
    others = [little(9000 + i) for i in range(FRAMES)]
    assert labels(taught, others).count(LITTLE) >= 0.9 * FRAMES
    assert LITTLE not in labels(Path("edgepose-gesture-21"), others)
    assert set(labels(taught, [hand(deg=float(i)) for i in range(20)])) == {"open"}


def test_it_says_what_it_learned_and_what_comes_near(
    tmp_path: Path, clips: list[str], opened: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine"
    words = ["gestures", "teach", LITTLE, *clips[:2], "--unlike", opened, "--out", str(out)]
    assert main(words) == 0
    said = capsys.readouterr()
    assert f"{LITTLE}: learned from {2 * FRAMES} frames" in said.out
    assert "clips left out in turn" in said.out
    assert "nearest to it, in radii" in said.out
    assert f"0% of what shows something else would be called {LITTLE}" in said.out
    assert f"{FRAMES} frames, {FRAMES} used" in said.err
    assert str(out) in said.out


def test_the_folder_is_a_model_like_any_other(
    taught: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "verify", str(taught)]) == 0
    assert main(["gestures", "list", str(taught)]) == 0
    assert f"{LITTLE}: taught from {2 * FRAMES} frames" in capsys.readouterr().out
    facts = tomllib.loads((taught / "manifest.toml").read_text())
    assert facts["name"] == "mine"
    assert facts["title"].endswith(f"; taught: {LITTLE}")
    assert [one["name"] for one in facts["decoder"]["taught"]] == [LITTLE]
    assert f"## Taught: {LITTLE}" in (taught / "CARD.md").read_text()


def test_a_second_class_joins_the_first(taught: Path, tmp_path: Path) -> None:
    def turned(i: int) -> Pose:
        pose = little(500 + i)
        pair = pose.xy.copy()
        pair[5:9] = hand(palm_px=60).xy[5:9] - hand(palm_px=60).xy[0] + pair[0]
        return replace(pose, xy=pair)

    clip = record(tmp_path / "more.jsonl", (turned(i) for i in range(FRAMES)))
    words = ["gestures", "teach", "other", clip, "--classifier", str(taught), "--out", str(taught)]
    assert main(words) == 0
    facts = tomllib.loads((taught / "manifest.toml").read_text())
    assert [one["name"] for one in facts["decoder"]["taught"]] == [LITTLE, "other"]
    assert facts["title"].endswith(f"; taught: {LITTLE}, other")
    assert labels(taught, [little(7000 + i) for i in range(20)]).count(LITTLE) >= 16


def test_test_tells_shares(
    taught: Path, clips: list[str], opened: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["gestures", "test", str(taught), clips[2], opened]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{clips[2]}: {LITTLE} ")
    assert second == f"{opened}: open 100% of {FRAMES} frames"


def test_one_clip_is_said_to_be_little(
    tmp_path: Path, clips: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["gestures", "teach", LITTLE, clips[0], "--out", str(tmp_path / "one")]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "parts of the clip left out in turn" in said
    assert "one clip says little" in said


def test_a_name_that_is_known_is_refused(
    taught: Path, tmp_path: Path, clips: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "more")]
    assert main(["gestures", "teach", "fist", clips[0], *out]) == 78
    assert "fist: is what 'edgepose-gesture-21' knows already" in capsys.readouterr().err
    own = ["--classifier", str(taught), *out]
    assert main(["gestures", "teach", LITTLE, clips[0], *own]) == 78
    assert f"{LITTLE}: is what 'mine' knows already" in capsys.readouterr().err
    assert not (tmp_path / "more").exists()


def test_what_is_too_weak_is_said_to_be_and_is_no_success(
    tmp_path: Path, opened: str, clips: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "weak"
    words = ["gestures", "teach", "either", opened, clips[0], "--out", str(out)]
    assert main(words) == 1
    said = capsys.readouterr().out
    assert "either is too weak to be relied on" in said
    assert "name it in a configuration" not in said


@pytest.mark.parametrize(
    ("many", "word"),
    [(0, "no hand was seen"), (10, "was seen in 10 frames, and 20 are needed")],
)
def test_too_little_to_learn_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], many: int, word: str
) -> None:
    poses = [little(i) if i < many else None for i in range(FRAMES)]
    clip = record(tmp_path / "few.jsonl", iter(poses))
    out = tmp_path / "out"
    assert main(["gestures", "teach", LITTLE, clip, "--out", str(out)]) == 78
    assert word in capsys.readouterr().err
    assert not out.exists()


def test_nothing_is_written_over(
    tmp_path: Path, clips: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file.txt").write_text("mine")
    words = ["gestures", "teach", LITTLE, *clips, "--out", str(tmp_path)]
    assert main(words) == 78
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (["teach", "No Name", "x.jsonl", "--out", "out"], "is no name for a class"),
        (["teach", "none", "x.jsonl", "--out", "out"], "is no name for a class"),
        (["list", "edgepose-body-257"], "is no classifier"),
        (["test", "edgepose-body-257", "x.jsonl"], "is no classifier"),
        (["test", "edgepose-gesture-21", "x.jsonl"], "x.jsonl"),
    ],
)
def test_clear_errors(
    words: list[str],
    word: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: Any,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["gestures", *words]) != 0
    assert word in capsys.readouterr().err


def test_a_clip_is_watched_with_models(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clip = str(Path(__file__).parents[1] / "models" / "demo" / "bench.mp4")
    small = tmp_path / "part.mp4"
    _cut(clip, small)
    words = ["--body", "--model", "edgepose-body-257", "--out", str(tmp_path / "out")]
    assert main(["gestures", "teach", "at_bench", str(small), *words]) == 0
    assert "at_bench: learned from" in capsys.readouterr().out


def _cut(clip: str, out: Path, many: int = 60) -> None:
    """The first frames of a clip."""
    import cv2  # noqa: PLC0415 - only here

    film = cv2.VideoCapture(clip)
    size = (int(film.get(cv2.CAP_PROP_FRAME_WIDTH)), int(film.get(cv2.CAP_PROP_FRAME_HEIGHT)))
    writer = cv2.VideoWriter(str(out), cv2.VideoWriter.fourcc(*"mp4v"), 15, size)
    for _ in range(many):
        ok, image = film.read()
        assert ok
        writer.write(image)
    writer.release()
