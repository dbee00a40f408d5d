"""Hands keep their number and their side, whatever one look says."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.core.hand import Hand
from edge.core.handtrack import HandTracker
from edge.core.track import Tracker
from edge.core.types import Observation, Pose, Side
from tests.fakes import standing
from tests.hand_figure import hand
from tests.laws.test_junk import recordings

PALM = 40.0  # px; about 0.09 m
METRE = PALM / 0.09  # px

Script = Callable[[float], tuple[Pose, ...]]


def watched(
    script: Script, seconds: float, fps: float = 15.0, tracker: HandTracker | None = None
) -> Iterator[tuple[float, tuple[Hand, ...]]]:
    """The hands of each frame of a script, which says what the models see at a time."""
    people, hands = Tracker(), tracker or HandTracker()
    tracks, held = people.start(), hands.start()
    for seq in range(round(seconds * fps) + 1):
        t = seq / fps
        seen = Observation(t, seq, (1280, 960), script(t))
        tracks, scene = people.step(tracks, seen)
        held, now = hands.step(held, seen, scene.tracks)
        yield t, now


def at(x: float, y: float, side: Side = "right", palm: float = PALM) -> Pose:
    """A hand whose palm's middle is at px."""
    return hand((x, y + 0.5 * palm), palm, side=side)


def known(hands: tuple[Hand, ...], t: float) -> dict[int, Side]:
    """Those seen now, their sides by number."""
    return {one.id: one.side for one in hands if one.seen == t}


@pytest.mark.parametrize("fps", [5.0, 10.0, 30.0])
@pytest.mark.parametrize("speed", [0.4, 1.0, 2.0])  # m/s
@pytest.mark.parametrize("apart", [0.0, 0.05])  # m, between the lines they move on
def test_hands_of_different_sides_cross_and_stay_who_they_are(
    fps: float, speed: float, apart: float
) -> None:
    way = 0.8 * METRE
    noise = np.random.default_rng(1)

    def script(t: float) -> tuple[Pose, ...]:
        share = (1 - math.cos(math.pi * min(max(t - 1.0, 0.0) * speed / 0.8, 1.0))) / 2
        dx, dy = noise.normal(0.0, 2.0, 2)
        left = at(300 + share * way + dx, 400.0 + dy, "left")
        right = at(300 + (1 - share) * way - dx, 400.0 + apart * METRE, "right")
        return (left, right) if int(t * fps) % 2 else (right, left)

    ids: dict[Side, set[int]] = {"left": set(), "right": set()}
    for t, hands in watched(script, 1.0 + 0.8 / speed + 1.0, fps):
        assert len(hands) == 2
        for number, side in known(hands, t).items():
            ids[side].add(number)
    assert [len(numbers) for numbers in ids.values()] == [1, 1]


@pytest.mark.parametrize("fps", [5.0, 30.0])
def test_a_fast_hand_is_one_hand(fps: float) -> None:
    """To and fro over 0.6 m, at up to 2.4 m/s."""

    def script(t: float) -> tuple[Pose, ...]:
        return (at(600 + 0.3 * METRE * math.sin(8.0 * t), 400.0),)

    assert {one.id for _, hands in watched(script, 5.0, fps) for one in hands} == {1}


def test_a_hidden_hand_is_remembered_for_a_while_and_known_again() -> None:
    def script(t: float) -> tuple[Pose, ...]:
        hidden = 1.0 < t < 2.0 or 3.0 < t < 5.9
        return () if hidden else (replace(at(500.0, 400.0), label="pinch", label_score=0.7),)

    frames = list(watched(script, 7.0))
    for t, hands in frames:
        if t <= 5.0:
            (one,) = hands
            assert one.id == 1
            assert (one.label, one.label_score) == ("pinch", 0.7)
            assert one.xy == pytest.approx((500.0, 400.0), abs=PALM / 2)
            assert (one.seen == t) == bool(script(t))
        else:
            assert [one.id for one in hands] == ([] if t < 5.9 else [2])


@pytest.mark.parametrize("fps", [5.0, 30.0])
@pytest.mark.parametrize("seed", range(5))
def test_many_looks_decide_on_the_side(fps: float, seed: int) -> None:
    """Three looks of ten are wrong, the first one, too."""
    chance = np.random.default_rng(seed)
    wrong: dict[Side, Side] = {"left": "right", "right": "left"}

    def said(side: Side, t: float) -> Side:
        return wrong[side] if t == 0.0 or chance.random() < 0.3 else side

    def script(t: float) -> tuple[Pose, ...]:
        return at(300.0, 400.0, said("left", t)), at(700.0, 400.0, said("right", t))

    for t, hands in watched(script, 10.0, fps):
        if t >= 2.0:
            assert [one.side for one in hands] == ["left", "right"]


def test_one_person_has_a_left_and_a_right_hand() -> None:
    def script(t: float) -> tuple[Pose, ...]:
        doubtful: Side = "right" if round(15 * t) % 2 else "left"
        return at(300.0, 400.0, "right"), at(700.0, 400.0, doubtful)

    for t, hands in watched(script, 3.0):
        if t > 0.0:
            assert {one.id: one.side for one in hands} == {1: "right", 2: "left"}


def arms(wrists: tuple[float, float] = (0.9, 0.9)) -> Pose:
    """Somebody standing, 600 px tall, the left wrist at (434, 404)."""
    body = standing()
    score = body.score.copy()
    score[[9, 10]] = wrists
    return replace(body, xy=(3.0 * body.xy + (50.0, 50.0)).astype(np.float32), score=score)


def test_arms_show_the_hands_that_no_hand_model_sees() -> None:
    *_, (t, hands) = watched(lambda _: (arms(),), 1.0)
    assert known(hands, t) == {1: "left", 2: "right"}
    left, right = hands
    assert left.pose is None
    assert left.xy[1] > 404 + 10, "beyond the wrist, along the forearm"
    assert left.xy[0] == pytest.approx(434, abs=10)
    assert right.xy[0] == pytest.approx(266, abs=10)
    assert 600 * 0.04 < left.palm < 600 * 0.08
    *_, (_, none) = watched(lambda _: (arms((0.1, 0.1)),), 1.0)
    assert none == ()
    *_, (_, off) = watched(lambda _: (arms(),), 1.0, tracker=HandTracker(arms=False))
    assert off == ()


def test_a_hand_that_its_model_loses_goes_on_at_the_end_of_the_arm() -> None:
    def script(t: float) -> tuple[Pose, ...]:
        seen = replace(hand((434.0, 404.0), 36.0, 180.0, "left"), label="fist", label_score=0.9)
        return (arms(), seen) if t < 1.0 or t > 2.0 else (arms(),)

    for t, hands in watched(script, 3.0):
        assert sorted(known(hands, t).values()) == ["left", "right"], "no hand is there twice"
        (left,) = (one for one in hands if one.side == "left")
        assert left.id == 1
        assert (left.pose is None) == (1.0 <= t <= 2.0)
        assert left.label == ("" if left.pose is None else "fist")


def test_a_hand_that_its_model_finds_far_from_a_wrong_wrist_is_the_arms() -> None:
    def script(t: float) -> tuple[Pose, ...]:
        return (arms(), hand((360.0, 430.0), 36.0, 180.0, "left")) if t > 1.0 else (arms(),)

    for t, hands in watched(script, 2.0, 60.0):
        assert known(hands, t) == {1: "left", 2: "right"}


def test_the_same_hand_seen_twice_is_one() -> None:
    twice = at(500.0, 400.0), at(505.0, 404.0)
    assert all(len(hands) == 1 for _, hands in watched(lambda _: twice, 2.0))


PATHS = st.lists(
    st.tuples(st.floats(200.0, 1000.0), st.floats(200.0, 800.0)), min_size=2, max_size=5
)


def along(path: list[tuple[float, float]], t: float) -> tuple[float, float]:
    """From each corner to the next in a second."""
    place = min(t, len(path) - 1.001)
    (x0, y0), (x1, y1) = path[int(place)], path[int(place) + 1]
    share = place % 1.0
    return x0 + share * (x1 - x0), y0 + share * (y1 - y0)


def outline(frames: list[tuple[float, tuple[Hand, ...]]], shift: float = 0.0) -> list[object]:
    return [
        [(one.id, one.side, one.xy, round(one.seen - shift, 6)) for one in hands]
        for _, hands in frames
    ]


@settings(max_examples=30)
@given(PATHS, PATHS, st.randoms(use_true_random=False))
def test_the_order_of_hands_in_a_frame_does_not_count(
    one: list[tuple[float, float]], two: list[tuple[float, float]], chance: object
) -> None:
    def script(t: float) -> tuple[Pose, ...]:
        return at(*along(one, t), "left"), at(*along(two, t), "right")

    def mixed(t: float) -> tuple[Pose, ...]:
        first, second = script(t)
        return (second, first) if t > 0.0 and chance.random() < 0.5 else (first, second)  # type: ignore[attr-defined]

    assert outline(list(watched(script, 3.0))) == outline(list(watched(mixed, 3.0)))


@settings(max_examples=20)
@given(PATHS, st.integers(-10_000, 100_000))
def test_only_differences_of_time_count(path: list[tuple[float, float]], later: int) -> None:
    tracker = HandTracker()

    def told(shift: int) -> list[object]:
        held, frames = tracker.start(), []
        for seq in range(40):
            t = shift + seq / 8  # exact in a float
            seen = Observation(t, seq, (1280, 960), (at(*along(path, seq / 8)),))
            held, hands = tracker.step(held, seen, ())
            frames.append((t, hands))
        return outline(frames, shift)

    assert told(later) == told(0)


@settings(max_examples=60)
@given(recordings())
def test_junk_never_raises_and_is_forgotten(seen: list[Observation]) -> None:
    people, tracker = Tracker(), HandTracker()
    tracks, held = people.start(), tracker.start()
    for one in seen:
        tracks, scene = people.step(tracks, one)
        held, hands = tracker.step(held, one, scene.tracks)
        numbers = [hand.id for hand in hands]
        assert len(numbers) == len(set(numbers)) <= 40
        assert all(one.t - hand.seen <= tracker.hidden_s for hand in hands)
        assert all(math.isfinite(hand.xy[0] + hand.xy[1]) and hand.palm > 0 for hand in hands)
    _, hands = tracker.step(held, Observation(seen[-1].t + 60.0, 99, (640, 480), ()), ())
    assert hands == ()


def test_a_hand_nowhere_is_none() -> None:
    seen = [replace(hand(), xy=np.full((21, 2), bad, np.float32)) for bad in (np.nan, np.inf)]
    assert all(hands == () for _, hands in watched(lambda _: tuple(seen), 0.5))
