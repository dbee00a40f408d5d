"""Other people's COCO files: names, sizes and marks as they come, and what cannot be used."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

pytest.importorskip("pycocotools")

from benchmarks.accuracy.marked import Marked, read
from edge.errors import EdgeposeError
from tests.fakes import standing
from tests.hand_figure import hand

SIZE = (240, 320)  # height, width px
STANDING = np.column_stack([standing().xy, np.full(17, 2)])
HAND = np.column_stack([hand((160, 200), 60).xy, np.ones(21)])
TIPS_FIRST = HAND[[0, *(4 * finger + joint for finger in range(5) for joint in (4, 3, 2, 1))]]


def annotation(image: Any = 1, keypoints: Any = STANDING, **more: Any) -> dict[str, Any]:
    flat = np.ravel(keypoints).tolist()
    return {"id": 7, "image_id": image, "keypoints": flat, "bbox": [70, 10, 60, 200], **more}


def named(*names: str) -> list[dict[str, Any]]:
    return [
        {"id": number, "file_name": name, "width": SIZE[1], "height": SIZE[0]}
        for number, name in enumerate(names, start=1)
    ]


def coco(folder: Path, images: Sequence[Any], annotations: Sequence[Any]) -> Path:
    path = folder / "marks.json"
    path.write_text(json.dumps({"images": images, "annotations": annotations}))
    return path


def person(image: Any = 1, **more: Any) -> dict[str, Any]:
    return annotation(image, **{"area": 9000, **more})


def drawn(folder: Path, *names: str, size: tuple[int, int] = SIZE) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / name), np.zeros((*size, 3), np.uint8))
    return folder


def silent(_done: int, _total: int) -> None:
    """Show no progress."""


def marked(
    path: Path, images: Path, most: int | None = None, *, tips_first: bool = False
) -> Marked:
    return read(path, images, most, silent, tips_first=tips_first)


@pytest.mark.parametrize(
    ("said", "lies"),
    [
        ("1.png", "1.png"),
        ("val/1.png", "val/1.png"),
        ("val/1.png", "1.png"),
        ("1.png", "deep/er/1.png"),
        ("/data/coco/val/1.png", "val/1.png"),
        ("val\\1.png", "val/1.png"),
    ],
)
def test_a_picture_is_found_in_and_below_the_folder(tmp_path: Path, said: str, lies: str) -> None:
    images = drawn(tmp_path / "images", lies)
    found = marked(coco(tmp_path, named(said), [person(), person()]), images)
    assert [shown.file for shown in found.pictures] == [images / lies]
    assert found.skeleton == "body17"
    assert len(found.pictures[0].marks) == 2
    assert found.notes() == ()


def test_pictures_that_cannot_be_used_are_left_out_by_reason_and_named(tmp_path: Path) -> None:
    images = drawn(tmp_path / "images", "good.png", "train/away.png")
    drawn(images, "square.png", size=(200, 200))
    (images / "bad.png").write_bytes(b"no picture")
    names = ("gone.png", "good.png", "bad.png", "square.png", "val/away.png")
    found = marked(coco(tmp_path, named(*names), [person(2)]), images)
    assert [shown.file.name for shown in found.pictures] == ["good.png"]
    assert found.left_out == {
        "missing": ("gone.png", "val/away.png"),
        "unreadable": ("bad.png",),
        "other_size": ("square.png",),
    }
    assert "2 pictures that are not in the folder, the first: gone.png" in found.notes()[0]


def test_marks_stay_in_px_of_the_file_where_pictures_were_made_smaller(tmp_path: Path) -> None:
    images = drawn(tmp_path / "images", "1.png", size=(120, 160))
    (shown,) = marked(coco(tmp_path, named("1.png"), [person()]), images).pictures
    assert shown.scale == 0.5
    assert shown.marks[0].xy == pytest.approx(standing().xy)
    assert shown.marks[0].area == 9000


def test_so_many_pictures_are_taken_from_all_over_the_file(tmp_path: Path) -> None:
    names = [f"{number:02}.png" for number in range(40)]
    images = drawn(tmp_path / "images", *names)
    path = coco(tmp_path, named(*names), [person(i) for i in range(1, 41)])
    chosen = [int(shown.file.stem) for shown in marked(path, images, 4).pictures]
    assert len(chosen) == 4
    assert [number // 10 for number in chosen] == [0, 1, 2, 3]


def test_crowds_and_people_without_keypoints_are_kept_and_told(tmp_path: Path) -> None:
    images = drawn(tmp_path / "images", "1.png")
    unmarked = person(keypoints=np.zeros(51))
    found = marked(coco(tmp_path, named("1.png"), [person(), person(iscrowd=1), unmarked]), images)
    assert [mark.crowd for mark in found.pictures[0].marks] == [False, True, False]
    assert found.notes() == ("not measured: 2 (crowds, or people without keypoints)",)


def test_hands_need_no_area_and_fingers_may_begin_at_their_tips(tmp_path: Path) -> None:
    images = drawn(tmp_path / "images", "1.png")
    known = marked(coco(tmp_path, named("1.png"), [annotation(keypoints=HAND)]), images)
    assert known.skeleton == "hand21"
    assert known.notes() == ()
    path = coco(tmp_path, named("1.png"), [annotation(keypoints=TIPS_FIRST)])
    assert "--tips-first" in marked(path, images).notes()[0]
    turned = marked(path, images, tips_first=True)
    assert turned.notes() == ()
    assert turned.pictures[0].marks[0].xy == pytest.approx(HAND[:, :2])


def test_a_hand_without_a_wrist_is_told_to_be_left_out(tmp_path: Path) -> None:
    images = drawn(tmp_path / "images", "1.png")
    wristless = HAND.copy()
    wristless[0] = 0
    hands = [annotation(keypoints=HAND), annotation(keypoints=wristless)]
    (note,) = marked(coco(tmp_path, named("1.png"), hands), images).notes()
    assert note.startswith("not measured: 1 (crowds, or hands without a marked wrist")


@pytest.mark.parametrize(
    ("names", "annotations", "problem"),
    [
        (["2.png"], [person()], "none of the 1 pictures that it names"),
        (["1.png"], [], "has annotations with no keypoints"),
        (["1.png"], [person(), annotation(keypoints=HAND)], "with 17 or 21 keypoints"),
        (["1.png"], [person(keypoints=np.ones(42))], "marks 14 keypoints, not 17"),
        (["1.png"], [person(keypoints=np.zeros(51))], "has no keypoints in the pictures"),
        (["1.png"], [annotation()], "annotation 7 of image 1: lacks 'area'"),
        (["1.png"], [person(area=0)], "annotation 7 of image 1: an area of 0 px"),
        (["1.png"], [person(bbox=None)], "annotation 7 of image 1"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_a_hint(
    tmp_path: Path, names: list[str], annotations: list[Any], problem: str
) -> None:
    images = drawn(tmp_path / "images", "1.png")
    path = coco(tmp_path, named(*names), annotations)
    with pytest.raises(EdgeposeError, match=problem) as error:
        marked(path, images)
    assert error.value.where == str(path)
    assert error.value.hint


def test_a_name_that_fits_two_pictures_is_told(tmp_path: Path) -> None:
    images = drawn(tmp_path / "images", "a/1.png", "b/1.png")
    with pytest.raises(EdgeposeError, match=r"may be 1.png: a/1.png, b/1.png"):
        marked(coco(tmp_path, named("1.png"), [person()]), images)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(EdgeposeError, match="is no folder"):
        marked(coco(tmp_path, named("1.png"), [person()]), tmp_path / "nowhere")
