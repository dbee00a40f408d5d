"""A body in plain numbers: how high it reaches over its ground, how tall it is, how it tilts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from edge.core.posture import SEEN, Posture, measure, settle
from edge.core.types import Pose
from tests import figure
from tests.figure import STAND, Shape
from tests.lives import FEET, HEAD, Life, pose_of

HEIGHT = 200.0
LEVEL = Life((), height_px=HEIGHT, pitch=0.0)


def pose(shape: Shape, *, hide: frozenset[int] = frozenset(), yaw: float = 0.0) -> Pose:
    seen = pose_of(replace(LEVEL, first=shape, yaw=yaw), 0.0)
    score = seen.score.copy()
    score[list(hide)] = 0.05
    return replace(seen, score=score)


def settled(shape: Shape, last: Posture | None = None, *, yaw: float = 0.0) -> Posture:
    """The posture of a shape seen once by a camera that knows the person standing."""
    if last is None:
        last = standing(yaw=yaw)
    body = measure(pose(shape, yaw=yaw))
    assert body is not None
    posture = settle(body, last, 0.1)
    assert posture is not None
    return posture


def standing(
    *, yaw: float = 0.0, hide: frozenset[int] = frozenset(), seconds: float = 2.0
) -> Posture:
    body = measure(pose(STAND, yaw=yaw, hide=hide))
    assert body is not None
    posture = settle(body, None, 0.0)
    for _ in range(round(seconds * 10)):
        posture = settle(body, posture, 0.1)
    assert posture is not None
    return posture


@pytest.mark.parametrize(("lean", "counts"), [(0, True), (40, True), (50, False), (90, False)])
def test_who_leans_forward_by_up_to_45_degrees_is_seen_upright(lean: int, *, counts: bool) -> None:
    upright = pose(STAND)
    away = upright.xy - upright.xy[11:13].mean(axis=0)
    turn = np.radians(lean)
    turned = away @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    leaning = replace(upright, xy=(turned + upright.xy[11:13].mean(axis=0)).astype(np.float32))
    body, known = measure(leaning), standing()
    assert body is not None
    posture = settle(body, known, 0.1)
    assert posture is not None
    assert posture.tilt_deg == pytest.approx(lean, abs=2.0)
    assert (posture.shown > known.shown) is counts


@pytest.mark.parametrize("yaw", [0.0, 45.0, 90.0, 180.0])
def test_who_stands_measures_as_textbooks_say(yaw: float) -> None:
    posture = standing(yaw=yaw)
    assert posture.height_px == pytest.approx(HEIGHT, rel=0.1)
    assert posture.stature == pytest.approx(0.94, abs=0.05)
    assert posture.hip == pytest.approx(0.53, abs=0.05)
    assert posture.tilt_deg == pytest.approx(0.0, abs=1.0)
    assert posture.ground == pytest.approx(LEVEL.at[1], abs=0.05 * HEIGHT)
    assert posture.shown == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("shape", "stature"),
    [
        (figure.SIT, 0.71),
        (figure.SQUAT, 0.48),
        (figure.BEND, 0.57),
        (figure.ON_BACK, 0.09),
        (figure.BACKWARD, 0.12),
    ],
)
def test_stature_is_how_high_the_body_reaches(shape: Shape, stature: float) -> None:
    assert settled(shape, yaw=90.0).stature == pytest.approx(stature, abs=0.06)


def test_a_model_that_sees_no_feet_still_knows_the_ground() -> None:
    posture = standing(hide=FEET)
    assert posture.ground == pytest.approx(LEVEL.at[1], abs=0.05 * HEIGHT)
    assert posture.stature == pytest.approx(0.94, abs=0.05)


def test_without_a_head_the_shoulders_are_highest() -> None:
    assert standing(hide=HEAD).stature == pytest.approx(0.82, abs=0.05)


def test_going_down_makes_nobody_shorter() -> None:
    tall = standing(yaw=90.0)
    lying = settled(figure.ON_BACK, tall, yaw=90.0)
    assert lying.height_px == tall.height_px
    assert lying.tilt_deg == pytest.approx(90.0, abs=2.0)


def test_sitting_on_the_floor_looks_upright_and_makes_nobody_shorter() -> None:
    tall = standing()
    on_floor = settled(figure.FLOOR_SIT, tall)
    assert on_floor.height_px == tall.height_px


def test_the_height_is_learned_anew_when_somebody_comes_nearer() -> None:
    posture: Posture | None = standing()
    body = measure(pose_of(replace(LEVEL, height_px=1.3 * HEIGHT), 0.0))
    assert body is not None
    for _ in range(50):
        posture = settle(body, posture, 0.1)
    assert posture is not None
    assert posture.height_px == pytest.approx(1.3 * HEIGHT, rel=0.1)


def test_a_body_of_unsure_keypoints_teaches_nothing() -> None:
    known = standing()
    larger = pose_of(replace(LEVEL, height_px=2 * HEIGHT, at=(320.0, 500.0)), 0.0)
    body = measure(replace(larger, score=np.full(17, SEEN + 0.01, np.float32)))
    assert body is not None
    posture = settle(body, known, 1.0)
    assert posture is not None
    assert (posture.height_px, posture.ground, posture.shown) == (
        known.height_px,
        known.ground,
        known.shown,
    )


def test_what_one_body_shows() -> None:
    body = measure(pose(STAND))
    assert body is not None
    assert body.seen == 17
    assert body.score == pytest.approx(0.85)
    assert body.top == body.box[1]
    assert body.ankle == pytest.approx(LEVEL.at[1] - figure.SOLE * HEIGHT, abs=0.1)
    assert body.shoulder is not None
    assert body.hip is not None
    assert body.ankle is not None
    assert body.shoulder[1] < body.hip[1] < body.ankle
    assert body.height == pytest.approx(HEIGHT, rel=0.02)


def test_one_shoulder_and_one_hip_are_enough_for_a_tilt() -> None:
    body = measure(pose(figure.RIGHT, hide=frozenset((5, 11))))
    assert body is not None
    assert body.tilt_deg is not None
    assert body.tilt_deg > 75.0


def test_a_torso_of_no_length_has_no_tilt() -> None:
    seen = pose(STAND)
    xy = seen.xy.copy()
    xy[11:13] = xy[5:7]
    body = measure(replace(seen, xy=xy))
    assert body is not None
    assert body.tilt_deg is None


@pytest.mark.parametrize(
    "seen", [(), (0, 5, 6), (11, 12, 13, 14, 15, 16)], ids=["nothing", "three", "legs"]
)
def test_too_little_to_say_how_high_a_body_reaches(seen: tuple[int, ...]) -> None:
    assert measure(pose(STAND, hide=frozenset(range(17)) - frozenset(seen))) is None


def test_without_a_bone_there_is_no_height_and_no_posture() -> None:
    body = measure(pose(STAND, hide=frozenset(range(17)) - frozenset((0, 1, 2, 9))))
    assert body is not None
    assert body.height is None
    assert settle(body, None, 0.1) is None
