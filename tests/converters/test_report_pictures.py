"""Which pictures are shown, and what is drawn into them."""

from __future__ import annotations

import base64
from dataclasses import replace

import cv2
import numpy as np
import pytest

from converters.report.choice import comparisons, difference
from converters.report.drawing import data_uri, panel
from converters.report.machine import machine
from edge.core.skeletons import HAND21
from edge.core.types import Image, Pose
from tests.converters.conversions import picture, sight
from tests.fakes import standing

GREY = 90


def pale(pose: Pose) -> Pose:
    """The same pose, not sure enough to count."""
    return replace(pose, score=pose.score * 0.2)


def hand() -> Pose:
    xy = np.array([(20 * (i % 4) + 40, 40 * (i // 4) + 20) for i in range(21)], np.float32)
    return Pose("hand21", xy, np.full(21, 0.9, np.float32))


def colour(image: Image, x: float, y: float) -> tuple[int, ...]:
    """The pixel of a panel at a point of its 320x240 picture, which it shows doubled."""
    return tuple(image[round(2 * y), round(2 * x)].tolist())


def test_what_differs_is_a_share_of_the_pose() -> None:
    extent = float(np.hypot(*np.ptp(standing().xy, axis=0)))
    assert difference([standing()], [standing()]) == 0.0
    assert difference([standing()], [standing(0.1 * extent)]) == pytest.approx(0.1, abs=1e-3)


def test_somebody_only_one_model_sees_counts_fully_either_way() -> None:
    near, far = standing(), standing(2000.0)
    assert difference([near, far], [near]) == 0.5
    assert difference([near], [near, far]) == 0.5
    assert difference([near], []) == 1.0
    assert difference([], []) == 0.0


def test_one_pose_is_not_the_likeness_of_two() -> None:
    assert difference([standing(), standing(1.0)], [standing()]) > 0.4


def test_nobody_misses_whom_the_other_model_is_unsure_of() -> None:
    assert difference([pale(standing())], []) == 0.0
    assert difference([standing()], [pale(standing())]) == 0.0


def test_the_worst_comes_first_and_the_best_last() -> None:
    sights = [sight(f"{shift}", [standing()], [standing(shift)]) for shift in (3, 0, 9, 1, 7, 5)]
    assert [one.sight.name for one in comparisons(sights)] == ["9", "7", "5", "3", "1", "0"]
    assert [one.sight.name for one in comparisons(sights[:5], 3)] == ["9", "3", "0"]


def test_a_picture_is_shown_as_the_worst_variant_sees_it() -> None:
    views = {("a:int8", "tflite"): (standing(1),), ("b:int8", "openvino"): (standing(9),)}
    (one,) = comparisons([replace(sight("x", [standing()], []), seen=views)])
    assert one.trial == ("b:int8", "openvino")
    assert one.seen is views["b:int8", "openvino"]


def test_pictures_that_show_nobody_are_left_out() -> None:
    sights = [
        sight("empty", [], []),
        sight("unsure", [pale(standing())], []),
        sight("ghost", [], [standing()]),
    ]
    assert [one.sight.name for one in comparisons(sights)] == ["ghost"]


@pytest.mark.parametrize(
    ("size", "shown"),
    [((1920, 1080), (640, 360)), ((300, 600), (320, 640)), ((224, 224), (640, 640))],
)
def test_a_panel_is_640_px_on_its_long_side(size: tuple[int, int], shown: tuple[int, int]) -> None:
    made = panel(picture(*size), [standing()])
    assert made.shape == (shown[1], shown[0], 3)


def test_joints_are_drawn_where_they_are_and_only_sure_ones() -> None:
    body = standing()
    body.score[9] = 0.1  # the left wrist
    image = panel(picture(), [body])
    drawn = [colour(image, x, y) != (GREY,) * 3 for x, y in body.xy.tolist()]
    assert drawn == [joint != 9 for joint in range(17)]


def test_sides_and_fingers_have_colours_of_their_own() -> None:
    body = standing()
    image = panel(picture(), [body])
    left, right = (body.xy[[joint, joint + 2]].mean(axis=0) for joint in (5, 6))
    assert colour(image, *left) != colour(image, *right)
    fingers = panel(picture(), [hand()])
    middles = [hand().xy[[tip - 1, tip]].mean(axis=0) for tip in range(4, len(HAND21), 4)]
    assert len({colour(fingers, *middle) for middle in middles}) == 5


def test_the_picture_itself_is_left_alone() -> None:
    image = picture(640, 480)
    panel(image, [standing()])
    assert (image == GREY).all()


def test_a_picture_travels_inside_its_address() -> None:
    image = np.zeros((48, 64, 3), np.uint8)
    image[..., 0] = 200  # red
    kind, _, content = data_uri(image).partition(",")
    assert kind == "data:image/jpeg;base64"
    back = cv2.imdecode(np.frombuffer(base64.b64decode(content), np.uint8), cv2.IMREAD_COLOR)
    assert back is not None
    assert back.shape == image.shape
    assert back.mean(axis=(0, 1)) == pytest.approx([0, 0, 200], abs=4)  # B, G, R


def test_the_machine_has_a_name_and_cores() -> None:
    name, cores, system = machine().rsplit(", ", 2)
    assert name.strip()
    assert cores.endswith("cores")
    assert system
