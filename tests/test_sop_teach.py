"""`edgepose sop teach`: recordings in, a commented procedure file and a picture out."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.__main__ import main
from edge.core.types import Observation, Pose
from edge.procedure_file import read_procedure
from edge.recording import Header, Writer
from models.recipes.commands.judge import true_hands
from tests.bench_cuts import bench

ROOT = Path(__file__).parent.parent
TO = "21.3"  # s, when the job is done


def recording(path: Path, seen: Sequence[Observation]) -> Path:
    with Writer(path, Header("home", "here", "cam", "one", "true")) as writer:
        for observation in seen:
            writer.write(observation)
    return path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    return recording(folder / "demo.jsonl", list(true_hands(bench())))


def teach(*words: object) -> int:
    return main(["sop", "teach", *map(str, words)])


def test_a_recording_becomes_a_file_that_is_good_and_a_picture(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, picture = tmp_path / "job.toml", tmp_path / "job.png"
    words = ("--title", "a job", "--to", TO, "--picture", picture)
    assert teach(demo, "--out", out, *words) == 0
    procedure = read_procedure(out)
    assert (procedure.name, procedure.title, len(procedure.steps)) == ("job", "a job", 5)
    assert "1 recording of 1 cycle" in out.read_text()
    assert cv2.imread(str(picture)) is not None
    assert "step_5" in capsys.readouterr().out
    assert main(["sop", "check", str(out)]) == 0


def test_two_recordings_are_two_cycles(demo: Path, tmp_path: Path) -> None:
    out = tmp_path / "job.toml"
    assert teach(demo, demo, "--out", out, "--to", TO) == 0
    assert "2 recordings of 2 cycles" in out.read_text()


def test_a_file_that_is_there_is_kept_unless_forced(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "job.toml"
    out.write_text("mine")
    assert teach(demo, "--out", out) == 78
    assert out.read_text() == "mine"
    assert "--force" in capsys.readouterr().err
    assert teach(demo, "--out", out, "--to", TO, "--force") == 0
    assert out.read_text() != "mine"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "a job.toml"), "no name for a procedure"),
        (("--out", "job.toml", "--cycles", "-1"), "--cycles"),
        (("--out", "job.toml", "--from", "900"), "shows no hand"),
        (("--out", "nowhere/job.toml", "--to", TO), "cannot be written"),
    ],
)
def test_what_cannot_be_is_said(
    demo: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    said: str,
) -> None:
    name = tmp_path / words[1]
    assert teach(demo, words[0], name, *words[2:]) == 78
    assert said in capsys.readouterr().err
    assert list(tmp_path.rglob("*.toml")) == []


def test_recordings_of_two_cameras_do_not_go_together(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hand = next(seen.poses[0] for seen in true_hands(bench()) if seen.poses)
    other = recording(tmp_path / "other.jsonl", [Observation(0.0, 0, (320, 240), (hand,))])
    assert teach(demo, other, "--out", tmp_path / "job.toml") == 78
    assert "320x240" in capsys.readouterr().err


def test_hands_that_only_wander_teach_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hand = next(seen.poses[0] for seen in true_hands(bench()) if seen.poses)
    seen = []
    for number in range(90):
        t = number / 15
        move = np.array((200 * math.sin(3 * t), 150 * math.cos(2.3 * t)), np.float32)
        pose = Pose("hand21", hand.xy + move, hand.score, "left")
        seen.append(Observation(t, number, (640, 480), (pose,)))
    out = tmp_path / "job.toml"
    assert teach(recording(tmp_path / "wander.jsonl", seen), "--out", out) == 1
    assert "nothing learned" in capsys.readouterr().err
    assert not out.exists()


def test_a_draft_is_tried_on_its_own_lesson(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that fits is told what comes next; of one that does not, what does not fit."""
    out = tmp_path / "job.toml"
    assert teach(demo, "--out", out, "--to", TO) == 0
    said = capsys.readouterr().err
    assert "does not fit" not in said
    for command in ("sop draw", "sop check", "replay"):
        assert f"  edgepose {command} " in said
    packing = ROOT / "docs" / "packing" / "packing.poses.jsonl"
    assert teach(packing, "--out", out, "--force") == 0
    said = capsys.readouterr().err
    assert "packing.poses.jsonl, 10.6 s: step_late step_2" in said
    assert "--from and --to" in said


def test_cycles_that_are_left_out_are_told(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert teach(demo, "--out", tmp_path / "job.toml", "--to", TO, "--cycles", 3) == 0
    said = capsys.readouterr().err
    assert "2 of 3 cycles left out, being unlike the others" in said
    assert "cycles that it finds: 1 of 3" in said


def test_a_procedure_is_no_recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert teach(tmp_path / "a.toml", "--out", tmp_path / "job.toml") == 78
    assert "is neither a recording nor a clip" in capsys.readouterr().err


def test_what_was_seen_once_is_said_so(demo: Path, tmp_path: Path) -> None:
    out = tmp_path / "job.toml"
    assert teach(demo, "--out", out, "--to", TO) == 0
    text = out.read_text()
    assert "# The right hand stayed here once.\nzone_1 = " in text
    assert re.search(r"# Seen once, at [0-9.]+ s; [0-9.]+ s\.\n", text)
    assert 'title = "take from zone_1 to zone_2"' in text
