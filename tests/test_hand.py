"""The hand decoder: what is a hand, which one, and where."""

from __future__ import annotations

import numpy as np
import pytest

from edge.core.types import Floats
from edge.decode.hand import Hand

SIZE = (224, 224)


def heads(presence: float, handedness: float) -> dict[str, Floats]:
    return {
        "landmarks": np.arange(63, dtype=np.float32)[None],
        "presence": np.array([[presence]], np.float32),
        "handedness": np.array([[handedness]], np.float32),
        "world": np.arange(63, dtype=np.float32)[None] * np.float32(0.001),
    }


def test_joints_are_x_and_y_in_the_input_and_metres_have_depth() -> None:
    (hand,) = Hand()(heads(0.75, 1.0), SIZE)
    assert hand.skeleton == "hand21"
    assert hand.xy[[0, 1, 20]].tolist() == [[0, 1], [3, 4], [60, 61]]
    assert hand.world is not None
    assert hand.world.shape == (21, 3)
    assert hand.world[1] == pytest.approx([0.003, 0.004, 0.005])
    assert hand.score.tolist() == [0.75] * 21
    assert {hand.xy.dtype, hand.score.dtype, hand.world.dtype} == {np.dtype(np.float32)}


def test_presence_decides_whether_there_is_a_hand() -> None:
    assert Hand()(heads(0.49, 1.0), SIZE) == ()
    assert len(Hand()(heads(0.5, 1.0), SIZE)) == 1
    assert Hand(min_presence=0.9)(heads(0.8, 1.0), SIZE) == ()


@pytest.mark.parametrize(("handedness", "side"), [(0.99, "right"), (0.01, "left")])
def test_a_high_handedness_is_a_right_hand_in_a_picture_that_is_not_mirrored(
    handedness: float, side: str
) -> None:
    (hand,) = Hand()(heads(0.9, handedness), SIZE)
    assert hand.side == side


@pytest.mark.parametrize(
    ("handedness", "least", "side"),
    [(0.5, 0.5, ""), (0.7, 0.8, ""), (0.3, 0.8, ""), (0.1, 0.8, "left"), (1.0, 1.0, "")],
)
def test_a_side_that_is_not_sure_enough_is_not_told(
    handedness: float, least: float, side: str
) -> None:
    (hand,) = Hand(min_side=least)(heads(0.9, handedness), SIZE)
    assert hand.side == side


@pytest.mark.parametrize("name", ["landmarks", "presence", "handedness", "world"])
def test_a_missing_or_misshapen_head_is_noticed_also_where_no_hand_is(name: str) -> None:
    wrong = heads(0.0, 0.0)
    wrong[name] = np.zeros((1, 62), np.float32)
    with pytest.raises(ValueError, match=r"reshape|size 1"):
        Hand()(wrong, SIZE)
    del wrong[name]
    with pytest.raises(KeyError, match=name):
        Hand()(wrong, SIZE)


@pytest.mark.parametrize("name", ["landmarks", "presence", "handedness", "world"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_none_are_no_hand(name: str, value: float) -> None:
    broken = heads(0.9, 1.0)
    broken[name][0, -1] = value
    for hand in Hand()(broken, SIZE):  # an infinite probability is a large one
        assert name in ("presence", "handedness")
        assert np.isfinite(hand.xy).all()
