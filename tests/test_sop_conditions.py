"""What a condition says of one scene: so, not so, or nobody can see."""

from __future__ import annotations

import numpy as np
import pytest

from edge.core.hand import Hand
from edge.core.track import Scene, Track
from edge.core.types import Pose, Side, Signal, Value
from edge.sop.procedure import (
    AllOf,
    AnyOf,
    BodyPose,
    Condition,
    Gesture,
    HandsApart,
    InZone,
    Not,
    SignalIs,
)
from edge.sop.watching.conditions import marks, sure
from edge.sop.watching.view import View, crossed, hands, poses
from edge.sop.watching.zones import area, areas

SIZE = (200, 100)
ZONES = {
    "left-half": ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)),
    "l": ((0.6, 0.0), (0.7, 0.0), (0.7, 0.8), (1.0, 0.8), (1.0, 1.0), (0.6, 1.0)),
}
IN, OUT = (40.0, 50.0), (180.0, 20.0)


def hand(  # noqa: PLR0913 - all that a hand may differ in
    side: Side = "right",
    xy: tuple[float, float] = IN,
    *,
    lost: bool = False,
    label: str = "",
    number: int = 1,
    score: float = 0.8,
    pose: Pose | None = None,
) -> Hand:
    return Hand(number, side, xy, 9.0, pose, 0.0, 0.5 if lost else 1.0, score, label, 0.7)


def body(label: str) -> Track:
    pose = Pose("body17", np.zeros((17, 2), np.float32), np.ones(17, np.float32), label=label)
    return Track(1, pose, None, (0, 0, 1, 1), 0.0, 1.0, 1.0, 1.0, None, edge=False)


def view(
    *some: Hand,
    tracks: tuple[Track, ...] = (),
    values: dict[str, Value] | None = None,
    came: Signal | None = None,
) -> View:
    scene = Scene(1.0, 0, SIZE, tracks, hands=some)
    tall = SIZE[1] / SIZE[0]
    ready = areas(ZONES, {})
    return View(1.0, hands(scene), poses(scene), tall, ready, values or {}, came)


@pytest.mark.parametrize(
    ("which", "seen", "expected"),
    [
        ("right", (hand(),), 0.8),
        ("right", (hand(xy=OUT),), 0.0),
        ("right", (hand("left"),), None),
        ("right", (hand(lost=True),), None),
        ("right", (), None),
        ("right", (hand(""),), None),
        ("any", (hand(""),), 0.8),
        ("any", (hand("left", OUT), hand(lost=True)), None),
        ("any", (hand("left", IN), hand(lost=True)), 0.8),
        ("any", (hand("left", OUT), hand("right", OUT)), 0.0),
        ("both", (hand("left"), hand("right", score=0.6)), 0.6),
        ("both", (hand("left"), hand("right", OUT)), 0.0),
        ("both", (hand("left", OUT), hand("right", lost=True)), 0.0),
        ("both", (hand("left"), hand("right", lost=True)), None),
    ],
)
def test_a_hand_in_a_zone(which: str, seen: tuple[Hand, ...], expected: float | None) -> None:
    assert sure(InZone("left-half", which), view(*seen)) == expected  # type: ignore[arg-type]


def test_a_zone_that_nobody_drew_holds_no_hand() -> None:
    assert sure(InZone("nowhere"), view(hand())) == 0.0


@pytest.mark.parametrize("xy", [(float("nan"), 1.0), (float("inf"), 1.0), (1e300, 1.0)])
def test_a_hand_that_is_nowhere_is_lost(xy: tuple[float, float]) -> None:
    assert sure(InZone("left-half"), view(hand(xy=xy))) is None


def test_while_the_camera_moves_nobody_knows_where_a_hand_is() -> None:
    scene = Scene(1.0, 0, SIZE, (), steady=False, hands=(hand(),))
    assert all(one.lost for one in hands(scene))


def test_a_concave_zone_is_not_its_box() -> None:
    shape = area(ZONES["l"])
    assert shape.holds(0.65, 0.1)
    assert shape.holds(0.9, 0.9)
    assert not shape.holds(0.9, 0.1)


def test_near_is_measured_in_widths_in_both_directions() -> None:
    shape = area(((0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)))
    tall = 0.5  # the picture is twice as wide as it is high: 0.1 of the height is 0.05 of the width
    assert shape.near(0.5, 0.31, 0.05, tall)
    assert not shape.near(0.5, 0.29, 0.05, tall)
    assert shape.near(0.649, 0.5, 0.05, tall)
    assert not shape.near(0.651, 0.5, 0.05, tall)
    assert shape.near(0.5, 0.5, 0.05, tall)


def test_the_distance_of_hands_is_in_widths() -> None:
    two = view(hand("left", (100.0, 50.0)), hand("right", (100.0, 70.0)))  # 0.1 of 200 px
    assert sure(HandsApart(most=0.101), two)
    assert sure(HandsApart(most=0.099), two) == 0.0
    assert sure(HandsApart(least=0.099), two)
    assert sure(HandsApart(), view(hand())) is None
    assert sure(HandsApart(), view(hand(), hand("left", lost=True))) is None


def test_a_gesture_is_unknown_where_only_an_arm_shows_the_hand() -> None:
    pinch = Gesture("pinch", "right")
    shown = Pose("hand21", np.zeros((21, 2), np.float32), np.ones(21, np.float32))
    assert sure(pinch, view(hand(label="pinch"))) == 0.7
    assert sure(pinch, view(hand(label="fist"))) == 0.0
    assert sure(pinch, view(hand())) is None
    assert sure(pinch, view(hand(pose=shown))) == 0.0
    assert sure(pinch, view(hand("left", label="pinch"))) is None


def test_a_pose_is_anybodys() -> None:
    assert sure(BodyPose("squat"), view(tracks=(body("stand"), body("squat"))))
    assert sure(BodyPose("squat"), view(tracks=(body("stand"),))) == 0.0
    assert sure(BodyPose("squat"), view()) is None


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        (SignalIs("s", equals=True), True, 1.0),
        (SignalIs("s", equals=True), 1, 1.0),
        (SignalIs("s", equals=False), 0.0, 1.0),
        (SignalIs("s", equals=False), 1, 0.0),
        (SignalIs("s", equals=True), 2, 0.0),
        (SignalIs("s", equals=True), "1", 0.0),
        (SignalIs("s", equals=1), True, 0.0),
        (SignalIs("s", equals=1), 1.0, 1.0),
        (SignalIs("s", equals="1"), 1, 0.0),
        (SignalIs("s", least=2), 2, 1.0),
        (SignalIs("s", least=2), 1.9, 0.0),
        (SignalIs("s", least=2, most=3), 3.1, 0.0),
        (SignalIs("s", least=0), True, 0.0),
        (SignalIs("s", least=0), "5", 0.0),
        (SignalIs("s", least=0), float("nan"), 0.0),
    ],
)
def test_what_a_signal_says(condition: SignalIs, value: Value, expected: float) -> None:
    assert sure(condition, view(values={"s": value})) == expected
    assert sure(condition, view()) is None


def test_without_bounds_it_counts_only_when_it_comes() -> None:
    assert sure(SignalIs("s"), view(values={"s": 1})) == 0.0
    assert sure(SignalIs("s"), view(values={"s": 1}, came=Signal("s", 1, 1.0))) == 1.0
    assert sure(SignalIs("s"), view(came=Signal("other", 1, 1.0))) == 0.0


YES, NO, DUNNO = SignalIs("yes", equals=1), SignalIs("no", equals=1), SignalIs("dunno", equals=1)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (AllOf((YES, YES)), 1.0),
        (AllOf((YES, NO)), 0.0),
        (AllOf((NO, DUNNO)), 0.0),
        (AllOf((YES, DUNNO)), None),
        (AnyOf((YES, DUNNO)), 1.0),
        (AnyOf((NO, DUNNO)), None),
        (AnyOf((NO, NO)), 0.0),
        (Not(NO), 1.0),
        (Not(YES), 0.0),
        (Not(DUNNO), None),
        (Not(AllOf((YES, NO))), 1.0),
    ],
)
def test_unknown_is_neither(condition: Condition, expected: float | None) -> None:
    assert sure(condition, view(values={"yes": 1, "no": 0})) == expected


def test_two_conditions_are_told_by_the_same_hand_in_the_same_zone() -> None:
    scene = view(hand("left", IN, number=1), hand("right", IN, number=2))
    left, right, either = (
        marks(InZone("left-half", which), scene) for which in ("left", "right", "any")
    )
    assert sure(InZone("left-half", "left"), scene)
    assert left & either
    assert right & either
    assert not marks(InZone("l"), scene)


def cross(*way: tuple[float, Hand | None]) -> list[tuple[float | None, float | None]]:
    """For each instant: how sure it is that a hand enters, and leaves."""
    seen: list[tuple[float | None, float | None]] = []
    now = view()
    for t, one in way:
        scene = Scene(t, 0, SIZE, (), hands=(one,) if one else ())
        now = View(t, hands(scene), (), 0.5, now.areas, {}, crossings=now.crossings, moment=1.0)
        now.crossings = crossed(now, [("right", "left-half", 0.0)])
        seen.append(
            (
                sure(InZone("left-half", "right", "enters"), now),
                sure(InZone("left-half", "right", "leaves"), now),
            )
        )
    return seen


def at(t: float, xy: tuple[float, float]) -> tuple[float, Hand]:
    return t, Hand(round(t), "right", xy, 9.0, None, 0.0, t, 0.8)


def test_coming_in_counts_for_a_moment_and_as_long_as_the_hand_stays() -> None:
    way = [at(0, OUT), at(1, IN), at(1.5, IN), at(2.5, IN), at(3, OUT), at(5, OUT)]
    assert cross(*way) == [(0, 0), (0.8, 0), (0.8, 0), (0, 0), (0, 0.8), (0, 0)]


def test_a_hand_first_seen_in_a_zone_has_not_come_into_it() -> None:
    assert cross(at(0, IN), at(1, IN)) == [(0, 0), (0, 0)]


def test_a_hand_lost_outside_and_found_inside_has_come_in() -> None:
    assert cross(at(0, OUT), (1, None), at(2, IN)) == [(0, 0), (None, None), (0.8, 0)]


def test_a_hand_lost_inside_and_found_there_has_not_even_under_another_number() -> None:
    assert cross(at(0, OUT), at(1, IN), (2, None), at(4, IN))[-1] == (0, 0)
