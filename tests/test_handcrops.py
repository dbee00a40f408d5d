"""The squares that hands are looked at in: upright, around the hand, alike wherever it is."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.core.geometry import Crop
from edge.core.types import Pose
from edge.runtime.handcrops import from_arms, from_landmarks, from_palm, further, palm_length, wider
from tests.fakes import standing
from tests.hand_figure import hand, palm_of

WAYS: dict[str, Callable[[Pose], Crop]] = {
    "palm": lambda seen: from_palm(palm_of(seen)),
    "landmarks": from_landmarks,
}


def inside(crop: Crop, pose: Pose) -> Pose:
    """The pose as shares of the crop's side, from its middle."""
    sin, cos = math.sin(crop.angle), math.cos(crop.angle)
    xy = (pose.xy - (crop.x, crop.y)) @ np.array(((cos, -sin), (sin, cos))) / crop.side
    return Pose(pose.skeleton, xy.astype(np.float32), pose.score)


@pytest.mark.parametrize("way", WAYS)
def test_an_open_hand_is_upright_and_wholly_inside(way: str) -> None:
    seen = hand(deg=130.0)
    shares = inside(WAYS[way](seen), seen).xy
    assert np.abs(shares).max() < 0.5
    assert np.ptp(shares, axis=0).max() > 0.5, "it fills the square"
    assert shares[9, 1] < shares[0, 1], "fingers up"
    assert abs(shares[9, 0] - shares[0, 0]) < 0.03


@given(
    way=st.sampled_from(sorted(WAYS)),
    x=st.floats(-500, 1500),
    y=st.floats(-500, 1500),
    palm_px=st.floats(10, 400),
)
def test_a_hand_elsewhere_and_of_another_size_looks_the_same(
    way: str, x: float, y: float, palm_px: float
) -> None:
    first, other = hand(), hand((x, y), palm_px)
    expected = inside(WAYS[way](first), first).xy
    assert inside(WAYS[way](other), other).xy == pytest.approx(expected, abs=0.01)


@given(st.floats(-180, 180))
def test_a_turned_hand_looks_the_same_by_its_landmarks(deg: float) -> None:
    first, other = hand(), hand(deg=deg)
    expected = inside(from_landmarks(first), first).xy
    assert inside(from_landmarks(other), other).xy == pytest.approx(expected, abs=0.01)


def test_fingers_that_bend_do_not_move_the_square() -> None:
    fist = hand()
    fist.xy[[7, 8, 11, 12, 15, 16, 19, 20]] = fist.xy[9]
    assert from_landmarks(fist) == from_landmarks(hand())


def arm(elbow: tuple[float, float], wrist: tuple[float, float]) -> Pose:
    """Somebody of about 200 px with only the left arm in sight, and the head."""
    body = standing()
    body.xy[7], body.xy[9] = elbow, wrist
    body.score[[8, 10]] = 0.0
    return body


def test_a_hand_is_beyond_the_wrist_in_the_direction_of_the_forearm() -> None:
    ((crop, side),) = from_arms(arm((200, 100), (260, 100)))
    assert side == "left"
    assert math.degrees(crop.angle) == pytest.approx(90)
    length = 60 * 0.108 / 0.146
    assert (crop.x, crop.y) == pytest.approx((260 + length / 2, 100), abs=0.1)
    seen = hand((260.0, 100.0), length / 2.05, 90.0)
    assert np.abs(inside(crop, seen).xy).max() < 0.5


def test_a_forearm_towards_the_camera_does_not_make_the_hand_small() -> None:
    ((along, _),) = from_arms(arm((126, 85), (128, 118)))
    ((towards, _),) = from_arms(arm((126, 113), (128, 118)))
    assert towards.side > 0.6 * along.side


def test_both_hands_have_their_side_and_an_unseen_arm_has_no_hand() -> None:
    body = standing()
    assert {side: crop.x > 100 for crop, side in from_arms(body)} == {"left": True, "right": False}
    body.score[7] = 0.1
    assert [side for _, side in from_arms(body)] == ["right"]
    body.score[10] = 0.1
    assert list(from_arms(body)) == []


def test_further_out_the_square_is_larger_and_still_holds_the_wrist() -> None:
    ((crop, _),) = from_arms(arm((200, 100), (260, 100)))
    out = further(crop)
    assert out.x > crop.x
    assert (out.y, out.angle) == pytest.approx((crop.y, crop.angle))
    assert out.x - out.side / 2 < 260 < crop.x + crop.side / 2 < out.x + out.side / 2


def test_a_wider_square_holds_the_first_one_mostly_and_more_of_the_wrist() -> None:
    ((crop, _),) = from_arms(arm((200, 100), (260, 100)))
    more = wider(crop)
    assert more.side > crop.side
    assert more.x - more.side / 2 < crop.x - crop.side / 2 < crop.x + crop.side / 2
    assert crop.x + crop.side / 2 < more.x + more.side / 2
    assert (more.y, more.angle) == pytest.approx((crop.y, crop.angle))


def test_a_palm_is_as_long_as_from_the_wrist_to_the_middle_knuckle() -> None:
    assert palm_length(hand(palm_px=33.0, deg=12.0)) == pytest.approx(33.0, rel=1e-5)
