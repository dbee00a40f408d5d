"""What other machines are told of gestures: from the first hand to the last."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edge.core.types import Order
from edge.errors import ConfigError
from edge.events.gesture import Gesture, GestureAction
from tests.test_gesture import scenes, told


def test_what_other_machines_are_told() -> None:
    rule = Gesture(
        action=(
            GestureAction(gesture="fist", topic="lamp/set", begin="ON", end="OFF", retain=True),
            GestureAction(gesture="fist", topic="left", begin="x", hand="left"),
            GestureAction(gesture="open", topic="other", end="y"),
        )
    )
    said = told(scenes(["fist"] * 15 + ["open"] * 15), rule)
    assert [order for one in said for order in rule.orders(one)] == [
        Order("lamp/set", "ON", retain=True),
        Order("lamp/set", "OFF", retain=True),
        Order("other", "y"),
    ]
    assert rule.labels == {"hand21": ("fist", "open")}
    assert rule.orders(replace(said[0], kind="pose")) == ()


def test_an_action_begins_with_the_first_hand_and_ends_with_the_last() -> None:
    rule = Gesture(
        action=(
            GestureAction(gesture="fist", topic="any", begin="ON", end="OFF"),
            GestureAction(gesture="fist", topic="right", begin="ON", end="OFF", hand="right"),
            GestureAction(gesture="fist", topic="left", begin="ON", end="OFF", hand="left"),
        )
    )
    right = scenes(["fist"] * 16 + ["open"] * 32)
    left = [
        replace(one, hands=tuple(replace(hand, side="left") for hand in one.hands))
        for one in scenes([""] * 8 + ["fist"] * 24 + ["open"] * 16, number=2)
    ]
    both = [
        replace(one, hands=one.hands + other.hands) for one, other in zip(right, left, strict=True)
    ]
    said = [one for one in told(both, rule) if one.detail["gesture"] == "fist"]
    assert [(one.subject, one.phase, one.detail["also"]) for one in said] == [
        ("hand-1", "begin", []),
        ("hand-2", "begin", ["right"]),
        ("hand-1", "end", ["left"]),
        ("hand-2", "end", []),
    ]
    orders = [(order.topic, order.payload) for one in said for order in rule.orders(one)]
    assert orders == [
        *(("any", "ON"), ("right", "ON")),
        ("left", "ON"),
        ("right", "OFF"),
        *(("any", "OFF"), ("left", "OFF")),
    ]


def test_of_hands_that_begin_and_end_together_one_is_first_and_one_is_last() -> None:
    rule = Gesture(action=(GestureAction(gesture="fist", topic="t", begin="ON", end="OFF"),))
    both = [
        replace(one, hands=one.hands + other.hands)
        for one, other in zip(scenes(["fist"] * 20), scenes(["fist"] * 20, number=2), strict=True)
    ]
    said = told(both, rule)
    assert [one.phase for one in said] == ["begin", "begin", "end", "end"]
    assert [order.payload for one in said for order in rule.orders(one)] == ["ON", "OFF"]


@pytest.mark.parametrize("topic", ["", "a/+", "#", "a\0b"])
def test_no_topic_that_a_broker_refuses(topic: str) -> None:
    with pytest.raises(ConfigError):
        GestureAction(gesture="fist", topic=topic, begin="x")


def test_no_action_that_could_never_be_taken() -> None:
    act = GestureAction(gesture="fist", topic="t", begin="x")
    with pytest.raises(ConfigError, match="none of those that count") as caught:
        Gesture(gestures=("open", "point"), action=(act,))
    assert caught.value.hint == "those that count are open, point"
    with pytest.raises(ConfigError, match="so is `end`"):
        GestureAction(gesture="fist", topic="t")
