"""Models against marked pictures: AP and PCK of hand-worked cases, and files that are none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from converters.errors import ConvertError
from converters.parity import accuracy, truth
from converters.parity.tolerances import BodyTolerances, HandTolerances, PalmTolerances
from converters.parity.truth import Mark, Truth
from converters.pictures import Picture
from edge.core.types import Pose
from tests.converters.parities import figures, moved
from tests.fakes import standing
from tests.hand_figure import hand, palm_of

HALL = Picture("hall.jpg", np.zeros((480, 640, 3), np.uint8))
YARD = Picture("yard.jpg", np.zeros((480, 640, 3), np.uint8))


def mark(pose: Pose, known: int = 1000, *, crowd: bool = False) -> Mark:
    """Somebody marked just where a pose is, up to the first so many keypoints."""
    (x0, y0), (x1, y1) = pose.xy.min(axis=0).tolist(), pose.xy.max(axis=0).tolist()
    box = (x0, y0, x1 - x0, y1 - y0)
    return Mark(pose.xy, np.arange(len(pose.xy)) < known, box, box[2] * box[3], crowd)


def bodies(*marks: Mark) -> Truth:
    return Truth("body17", (marks,))


def sure(pose: Pose, score: float) -> Pose:
    return replace(pose, score=np.full_like(pose.score, score))


def annotation(pose: Pose, image: int = 1, **more: Any) -> dict[str, Any]:
    marked = mark(pose)
    keypoints = np.column_stack([marked.xy, np.full(len(marked.xy), 2)]).ravel().tolist()
    facts = {"image_id": image, "keypoints": keypoints, "bbox": marked.box, "area": marked.area}
    return {**facts, **more}


def read(path: Path, picture: Picture, skeleton: str = "body17") -> Mark:
    """The only one who is marked in a picture."""
    (marks,) = truth.read(path, [picture], skeleton).marks
    assert marks is not None
    (one,) = marks
    return one


def written(folder: Path, **changes: Any) -> Path:
    """A COCO file with somebody in the hall."""
    content = {
        "images": [{"id": 1, "file_name": "hall.jpg", "width": 640, "height": 480}],
        "annotations": [annotation(standing())],
        **changes,
    }
    path = folder / "truth.json"
    path.write_text(json.dumps(content))
    return path


def test_ap_of_hand_worked_cases() -> None:
    here, there = standing(), standing(300)
    both = bodies(mark(here), mark(there))
    assert accuracy.average_precision(both, [[here, there]]) == pytest.approx(1.0)
    assert accuracy.average_precision(both, [[]]) == 0.0
    # One of two: a precision of 1 at recalls 0, 0.01 .. 0.5, which are 51 of 101.
    assert accuracy.average_precision(both, [[here]]) == pytest.approx(51 / 101)
    # A surer pose where nobody is: a precision of 1/2 at every recall.
    wrong = sure(there, 0.95)
    assert accuracy.average_precision(bodies(mark(here)), [[here, wrong]]) == pytest.approx(0.5)
    # A less sure one comes after all recalls.
    wrong = sure(there, 0.1)
    assert accuracy.average_precision(bodies(mark(here)), [[here, wrong]]) == pytest.approx(1.0)


def test_ap_looks_only_at_pictures_the_truth_knows_and_not_at_crowds() -> None:
    here, there = standing(), standing(300)
    known = Truth("body17", ((mark(here), mark(there, crowd=True)), None))
    assert accuracy.average_precision(known, [[here], [sure(there, 0.95)]]) == pytest.approx(1.0)


def test_ap_of_nobody_is_not_known_and_does_not_pass() -> None:
    nobody = truth.Truth("body17", ((),))
    assert np.isnan(accuracy.average_precision(nobody, [[standing()]]))
    rows = accuracy.compare(nobody, [[standing()]], [[standing()]], BodyTolerances())
    assert [row.key for row in rows if not row.passed] == ["ap_loss"]


def test_ap_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    accuracy.average_precision(bodies(mark(standing())), [[standing()]])
    assert capfd.readouterr() == ("", "")


def test_pck_of_bodies_is_in_long_sides_of_the_box() -> None:
    pose = standing()  # 189 px high
    near, far = moved(pose, by=(0.19 * 189, 0)), moved(pose, by=(0.21 * 189, 0))
    assert accuracy.pck(bodies(mark(pose)), [[near]]) == 1.0
    assert accuracy.pck(bodies(mark(pose)), [[far]]) == 0.0
    halves = replace(near, xy=np.concatenate([near.xy[:8], far.xy[8:]]))
    assert accuracy.pck(bodies(mark(pose)), [[halves]]) == pytest.approx(8 / 17)
    assert accuracy.pck(bodies(mark(pose, known=8)), [[halves]]) == 1.0


def test_pck_counts_who_is_missed_and_pairs_each_with_the_nearest() -> None:
    here, there = standing(), standing(300)
    both = bodies(mark(here), mark(there))
    assert accuracy.pck(both, [[there]]) == 0.5
    assert accuracy.pck(both, [[there, here, here]]) == 1.0
    assert accuracy.pck(bodies(mark(here), mark(there, crowd=True)), [[here]]) == 1.0


def test_pck_of_hands_and_palms_is_in_palm_lengths() -> None:
    seen = hand(palm_px=50)
    for skeleton, pose in (("hand21", seen), ("palm9", palm_of(seen))):
        points = pose.xy if skeleton == "hand21" else pose.xy[:7]
        marked = Truth(skeleton, ((replace(mark(seen), xy=points, known=points[:, 0] > 0),),))
        assert accuracy.pck(marked, [[moved(pose, by=(9.5, 0))]]) == 1.0
        assert accuracy.pck(marked, [[moved(pose, by=(10.5, 0))]]) == 0.0
    # Without its wrist a palm has no length.
    wristless = replace(mark(seen), known=np.arange(21) > 0)
    assert np.isnan(accuracy.pck(Truth("hand21", ((wristless,),)), [[seen]]))


def test_the_rows_of_bodies_judge_the_loss_of_ap() -> None:
    pose = standing()
    rows = accuracy.compare(bodies(mark(pose)), [[pose]], [[]], BodyTolerances())
    expected = {"ap_float": 1.0, "ap_quantized": 0.0, "ap_loss": 1.0}
    expected |= {"pck_float": 1.0, "pck_quantized": 0.0}
    assert figures(rows) == pytest.approx(expected)
    assert [row.key for row in rows if not row.passed] == ["ap_loss"]
    assert all(r.passed for r in accuracy.compare(bodies(mark(pose)), [[]], [[]], BodyTolerances()))


def test_the_rows_of_hands_judge_the_loss_of_pck() -> None:
    known = Truth("hand21", ((mark(hand()),),))
    for tolerances in (HandTolerances(), PalmTolerances()):
        rows = accuracy.compare(known, [[hand()]], [[]], tolerances)
        assert figures(rows) == {"pck_float": 1.0, "pck_quantized": 0.0, "pck_loss": 1.0}
        assert [row.key for row in rows if not row.passed] == ["pck_loss"]


def test_a_file_is_read_for_the_pictures_it_names(tmp_path: Path) -> None:
    found = truth.read(written(tmp_path), [YARD, HALL], "body17")
    assert found.marks[0] is None
    (one,) = found.marks[1] or ()
    assert one.xy == pytest.approx(standing().xy)
    assert one.known.all()
    assert not one.crowd
    assert accuracy.average_precision(found, [[], [standing()]]) == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["hall.jpg", "val/hall.jpg", "cam/val/hall.jpg"])
def test_folders_in_front_of_a_name_must_agree_where_both_have_them(
    tmp_path: Path, name: str
) -> None:
    path = written(tmp_path, images=[{"id": 1, "file_name": "val/hall.jpg"}])
    assert truth.read(path, [replace(HALL, name=name)], "body17").marks[0]
    with pytest.raises(ConvertError, match="names none of the 1 pictures"):
        truth.read(path, [replace(HALL, name="train/hall.jpg")], "body17")


def test_marks_are_scaled_to_a_picture_that_was_made_smaller(tmp_path: Path) -> None:
    small = Picture("hall.jpg", np.zeros((240, 320, 3), np.uint8))
    one = read(written(tmp_path), small)
    assert one.xy == pytest.approx(standing().xy / 2)
    assert one.area == pytest.approx(mark(standing()).area / 4)
    assert one.box == pytest.approx([side / 2 for side in mark(standing()).box])


def test_keypoints_may_be_flat_or_nested_and_unmarked(tmp_path: Path) -> None:
    keypoints = np.reshape(annotation(standing())["keypoints"], (17, 3))
    keypoints[3] = 0
    path = written(tmp_path, annotations=[annotation(standing(), keypoints=keypoints.tolist())])
    one = read(path, HALL)
    assert np.flatnonzero(~one.known).tolist() == [3]


def test_a_palm_is_marked_by_its_hand(tmp_path: Path) -> None:
    path = written(tmp_path, annotations=[annotation(hand())])
    one = read(path, HALL, "palm9")
    assert one.xy == pytest.approx(palm_of(hand()).xy[:7])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"images": None}, "is no COCO file"),
        ({"annotations": [annotation(hand())]}, "21 keypoints, where body17 has 17"),
        ({"annotations": [annotation(standing(), keypoints=[1, 2])]}, "is no COCO file"),
        ({"annotations": [annotation(standing(), keypoints=[0] * 51)]}, "has no keypoints"),
        ({"annotations": [{"image_id": 1, "bbox": [0, 0, 9, 9]}]}, "has no keypoints"),
        ({"annotations": []}, "has no keypoints"),
        ({"annotations": [annotation(standing(), area=-7)]}, "an area of -7 px"),
        ({"annotations": [annotation(standing(), area=float("inf"))]}, "an area of inf px"),
        (
            {"images": [{"id": 1, "file_name": "hall.jpg", "width": 0, "height": 0}]},
            "is no COCO file",
        ),
        ({"images": []}, "names none of the 1 pictures"),
        (
            {"images": [{"id": 1, "file_name": "hall.jpg", "width": 480, "height": 640}]},
            "not 480 x 640 px",
        ),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path: Path, changes: dict[str, Any], problem: str) -> None:
    path = written(tmp_path, **changes)
    with pytest.raises(ConvertError, match=problem) as error:
        truth.read(path, [HALL], "body17")
    assert error.value.where == str(path)
    assert error.value.hint


@pytest.mark.parametrize("content", [b"no json", b"\xff\xfe\x00", b"[1, 2]", b"{}", 9999 * b"["])
def test_a_file_that_is_something_else_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "truth.json"
    path.write_bytes(content)
    with pytest.raises(ConvertError, match=r"is no COCO file of keypoints|nested too deeply"):
        truth.read(path, [HALL], "body17")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConvertError, match="cannot be read"):
        truth.read(tmp_path / "missing.json", [HALL], "body17")
