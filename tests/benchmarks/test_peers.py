"""Others beside edgepose: what a peer has to be, and what is recorded of one."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import peers
from benchmarks.errors import BenchError
from benchmarks.fps.turn import WARM, Job
from benchmarks.peers import mediapipe, movenet_cropped, record
from benchmarks.peers.clip import Loop
from benchmarks.peers.find import NotInstalled, find, names
from edge.core.skeletons import BODY17
from edge.core.types import Floats, Image
from edge.errors import EdgeposeError
from edge.recording import Reader
from tests.benchmarks import bar_person

MADE_UP = """
import numpy as np
from benchmarks.fps.turn import Job

ABOUT, PACKAGE, WEIGHTS = "one joint on the brightest pixel", "numpy>=1", False

def open(job: Job):
    if job.model:
        __import__(job.model)
    def see(image):
        y, x = np.unravel_index(image[:, :, 0].argmax(), image.shape[:2])
        one = np.full((17, 3), np.nan)
        one[0] = x, y, 1.5
        return [one, np.full((17, 3), 0.2)] if image.any() else []
    return see
"""


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A file more in the folder of peers."""
    (tmp_path / "made_up.py").write_text(MADE_UP)
    monkeypatch.setattr(peers, "__path__", [*peers.__path__, str(tmp_path)])
    yield "made_up"
    sys.modules.pop("benchmarks.peers.made_up", None)
    vars(peers).pop("made_up", None)


def test_there_are_peers() -> None:
    assert {"mediapipe", "movenet"} <= set(names())


@pytest.mark.parametrize("name", names())
def test_a_peer_says_what_it_is_and_needs_nothing_until_it_is_opened(name: str) -> None:
    peer = find(name)
    assert peer.about
    assert peer.distribution
    assert isinstance(peer.weights, bool)
    assert callable(importlib.import_module(f"benchmarks.peers.{name}").open)
    assert peer.distribution.replace("-", "_") not in vars(sys.modules[f"benchmarks.peers.{name}"])


def test_a_mistyped_peer_is_told_its_nearest() -> None:
    with pytest.raises(BenchError, match="unknown peer 'mediapip'") as caught:
        find("mediapip")
    assert caught.value.hint == "did you mean 'mediapipe'?"


def test_what_helps_peers_is_no_peer() -> None:
    assert not {"clip", "find", "record", "_movenet"} & set(names())
    with pytest.raises(BenchError):
        find("record")


def test_a_missing_package_is_named_with_its_python_and_both_ways_out(made_up: str) -> None:
    with pytest.raises(NotInstalled, match="needs not_there, which ") as caught:
        find(made_up).open(Job(made_up, "", model="not_there"))
    assert "--peer-python FILE" in caught.value.hint
    assert "pip install 'numpy>=1'" in caught.value.hint
    assert "--peer-python" in caught.value.hint


def test_a_fault_of_ours_is_not_taken_for_a_missing_package(made_up: str) -> None:
    with pytest.raises(ModuleNotFoundError):
        find(made_up).open(Job(made_up, "", model="edge.not_there"))


def test_a_recording_holds_every_frame_at_its_time(made_up: str, tmp_path: Path) -> None:
    clip, out = bar_person.film(tmp_path / "bar.mp4"), tmp_path / "bar.poses.jsonl"
    assert record.record(Job(made_up, str(clip)), out) == 40
    reader = Reader(out, warn=lambda _: None)
    assert (reader.header.camera, reader.header.session) == ("made_up", "bar")
    assert reader.header.model == f"numpy {np.__version__}"
    seen = list(reader)
    assert [one.t for one in seen] == pytest.approx([i / bar_person.FPS for i in range(40)])
    assert {one.size for one in seen} == {bar_person.SIZE}
    assert {len(one.poses) for one in seen} == {2}
    (x, y), (later, below) = seen[0].poses[0].xy[0], seen[-1].poses[0].xy[0]
    assert 68 <= x <= 92
    assert 8 <= y <= 112
    assert 28 <= later <= 132
    assert 88 <= below <= 112


def test_a_joint_that_a_peer_does_not_place_is_not_seen(made_up: str, tmp_path: Path) -> None:
    out = tmp_path / "bar.poses.jsonl"
    record.record(Job(made_up, str(bar_person.film(tmp_path / "bar.mp4"))), out)
    pose = next(iter(Reader(out, warn=lambda _: None))).poses[0]
    assert pose.score[0] == 1.0  # of the 1.5 that the peer said
    assert not pose.score[1:].any()
    assert np.isfinite(pose.xy).all()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nobody", "a.mp4", "out"), "unknown peer 'nobody'"),
        (("made_up", "gone.mp4", "out"), "gone.mp4"),
        (("made_up", "a.mp4"), "OUT: is missing"),
        (("movenet",), "movenet: needs weights"),
        (("movenet", "--weights", "gone.tflite"), "gone.tflite: is not there"),
        (("movenet", "--weights", __file__), "cannot be loaded"),
    ],
)
def test_the_recorder_says_what_is_wrong_in_a_line(
    words: tuple[str, ...],
    told: str,
    made_up: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert made_up in names()
    assert record.main(list(words)) == EdgeposeError.exit_code
    assert told in capsys.readouterr().err


def test_the_recorder_alone_says_whether_a_peer_can_be_loaded(
    made_up: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert record.main([made_up]) == 0
    assert capsys.readouterr().out == f"numpy {np.__version__}\n"


def test_the_loop_begins_again_at_the_end_of_a_clip(tmp_path: Path) -> None:
    lying: list[bool] = []

    def see(image: Image) -> list[Floats]:
        lying.append(bool(image[100, 40, 0] > 128))
        return [np.full((17, 3), 0.9, np.float32), np.full((17, 3), 0.1, np.float32)]

    loop = Loop(str(bar_person.film(tmp_path / "bar.mp4")), see)
    for _ in range(45):
        loop.step()
    assert lying == [False] * 20 + [True] * 20 + [False] * 5
    turn = loop.turn(0.01)
    assert turn.people == 1.0  # who is sure enough
    assert len(turn.latency_ms) == turn.frames + WARM


def test_the_loop_refuses_what_is_no_video() -> None:
    with pytest.raises(BenchError, match="cannot be opened"):
        Loop(__file__ + ".gone", lambda _: [])


def test_the_landmarks_of_mediapipe_are_the_joints_of_body17() -> None:
    names_of_theirs = (
        "nose left_eye_inner left_eye left_eye_outer right_eye_inner right_eye right_eye_outer "
        "left_ear right_ear mouth_left mouth_right left_shoulder right_shoulder left_elbow "
        "right_elbow left_wrist right_wrist left_pinky right_pinky left_index right_index "
        "left_thumb right_thumb left_hip right_hip left_knee right_knee left_ankle right_ankle "
        "left_heel right_heel left_foot_index right_foot_index"
    )
    theirs = names_of_theirs.split(" ")
    marks = [SimpleNamespace(x=i / 100, y=i / 50, visibility=i / 33) for i in range(33)]
    person = mediapipe.body17(marks, (240, 320))
    order = [theirs.index(joint) for joint in BODY17.joints]
    assert person[:, 0] == pytest.approx([3.2 * i for i in order])
    assert person[:, 1] == pytest.approx([4.8 * i for i in order])
    assert person[:, 2] == pytest.approx([i / 33 for i in order])


def person(*joints: tuple[int, float, float]) -> Floats:
    one = np.zeros((17, 3), np.float32)
    for joint, x, y in joints:
        one[joint] = x, y, 0.9
    return one


PICTURE = np.zeros((240, 320, 3), np.uint8)


def test_the_square_is_around_the_hips_and_holds_who_was_there() -> None:
    seen = person((5, 95, 60), (6, 105, 60), (11, 95, 100), (12, 105, 100), (15, 90, 150))
    part = movenet_cropped.crop(seen, PICTURE)
    assert part.side == pytest.approx(2 * 1.9 * 40)  # the shoulders count more than the ankle
    assert (part.x + part.side / 2, part.y + part.side / 2) == pytest.approx((100, 100))
    seen[15, 1] = 200
    assert movenet_cropped.crop(seen, PICTURE).side == pytest.approx(2 * 1.2 * 100)


@pytest.mark.parametrize(
    "seen",
    [
        person((5, 95, 60), (6, 105, 60)),  # no hips
        person((5, 95, 10), (6, 105, 10), (11, 95, 150), (12, 105, 150)),  # larger than the picture
    ],
)
def test_the_whole_picture_is_looked_at_where_a_square_is_no_help(seen: Floats) -> None:
    part = movenet_cropped.crop(seen, PICTURE)
    assert (part.x, part.y, part.side) == (0.0, -40.0, 320.0)
