"""The gesture rule: what a hand shows begins once it has held, and ends once it is away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.core.engine import Engine
from edge.core.hand import Hand
from edge.core.track import Scene, Tracker
from edge.core.types import Event, Observation
from edge.events.gesture import Gesture
from tests.hand_figure import hand

STEP = 0.125  # s, exact in binary, so that a shift of time rounds nothing
RULE = Gesture()
UNSEEN = None
LABELS = ("", "fist", "open", "point")


def shown(name: str | None, t: float, number: int = 1, score: float = 0.9) -> Hand:
    """One hand that shows something, or is remembered where it was."""
    pose = None if name is UNSEEN else replace(hand(), label=name, label_score=score)
    seen = t if pose else t - STEP
    return Hand(number, "right", (1.0, 1.0), 40.0, pose, 0.0, seen, 0.9, name or "", score)


def scenes(names: Sequence[str | None], number: int = 1, score: float = 0.9) -> list[Scene]:
    return [
        Scene(t, i, (640, 480), (), hands=(shown(name, t, number, score),))
        for i, name in enumerate(names)
        for t in (round(i * STEP, 3),)
    ]


def told(seen: list[Scene], rule: Gesture = RULE, *, finish: bool = True) -> list[Event]:
    state, said = rule.start(), list[Event]()
    last = seen[-1].t
    for scene in [*seen, *([Scene(last, -1, (0, 0), ())] if finish else [])]:
        state, events = rule.step(state, scene)
        said += events
    return said


def words(said: list[Event]) -> list[tuple[str, object, object]]:
    return [(one.phase, one.detail["gesture"], one.detail.get("reason")) for one in said]


def frames(seconds: float) -> int:
    return round(seconds / STEP)


def test_a_gesture_that_holds_begins_and_ends_when_it_is_over() -> None:
    said = told(scenes(["fist"] * 20 + [""] * 20))
    assert words(said) == [("begin", "fist", None), ("end", "fist", "over")]
    begin, end = said
    assert begin.t == pytest.approx(RULE.hold_s, abs=STEP)
    assert end.t == pytest.approx(20 * STEP + RULE.away_s, abs=RULE.smooth_s)
    assert begin.subject == end.subject == "hand-1"
    assert begin.detail["sentence"] == "The right hand shows 'fist'."
    assert begin.detail["score"] == pytest.approx(0.9)
    assert end.detail["lasted_s"] == pytest.approx(end.t - begin.t, abs=0.01)


def test_a_gesture_in_passing_is_not_told() -> None:
    short = frames(RULE.hold_s) - 1
    assert told(scenes([""] * 5 + ["fist"] * short + [""] * 5)) == []


def test_single_wrong_frames_change_nothing() -> None:
    names: list[str | None] = ["fist"] * 40
    for wrong in (3, 12, 21, 33):
        names[wrong] = "open"
    assert words(told(scenes(names))) == [("begin", "fist", None), ("end", "fist", "gone")]


def test_a_hand_that_is_lost_for_a_moment_keeps_its_gesture() -> None:
    gap = frames(RULE.away_s) - 2
    said = told(scenes(["fist"] * 10 + [UNSEEN] * gap + ["fist"] * 10))
    assert words(said) == [("begin", "fist", None), ("end", "fist", "gone")]
    lost = told(scenes(["fist"] * 10 + [UNSEEN] * 20), finish=False)
    assert words(lost)[-1] == ("end", "fist", "over")


def test_from_one_gesture_to_the_next() -> None:
    said = told(scenes(["fist"] * 15 + ["open"] * 15))
    assert words(said) == [
        ("begin", "fist", None),
        ("end", "fist", "changed"),
        ("begin", "open", None),
        ("end", "open", "gone"),
    ]
    assert said[1].t == said[2].t


def test_only_what_is_asked_for_and_sure_enough() -> None:
    both = scenes(["fist"] * 15 + ["open"] * 15)
    assert {name for _, name, _ in words(told(both, Gesture(gestures=("open",))))} == {"open"}
    assert told(both, Gesture(hand="left")) == []
    assert told(scenes(["fist"] * 20, score=0.4)) == []
    assert told(scenes(["fist"] * 20, score=0.4), Gesture(score=0.3))


def test_two_hands_are_two() -> None:
    both = [
        replace(one, hands=one.hands + other.hands)
        for one, other in zip(scenes(["fist"] * 20), scenes(["open"] * 20, number=2), strict=True)
    ]
    assert {(e.subject, e.detail["gesture"]) for e in told(both)} == {
        ("hand-1", "fist"),
        ("hand-2", "open"),
    }


def test_through_the_engine_with_poses_as_a_labeller_leaves_them() -> None:
    pose = replace(hand(), label="fist", label_score=0.9)
    core = Engine(Tracker(), (RULE,))
    memory, said = core.start(), list[Event]()
    for i in range(15):
        seen = Observation(i * STEP, i, (640, 480), (pose,))
        memory, _, events = core.step(memory, seen)
        said += events
    said += core.finish(memory, 1.5)
    assert words(said) == [("begin", "fist", None), ("end", "fist", "gone")]


RUNS = st.lists(
    st.tuples(st.sampled_from((*LABELS, UNSEEN)), st.integers(1, 14)), min_size=1, max_size=14
).map(lambda runs: [name for name, many in runs for _ in range(many)])


@settings(max_examples=150)
@given(RUNS, st.floats(0.0, 1.5), st.floats(0.0, 1.5))
def test_law_begins_and_ends_alternate_and_all_end(
    names: list[str | None], hold: float, away: float
) -> None:
    said = told(scenes(names), Gesture(hold_s=hold, away_s=away))
    assert [one.phase for one in said] == ["begin", "end"] * (len(said) // 2)
    for begin, end in zip(said[::2], said[1::2], strict=True):
        assert begin.detail["gesture"] == end.detail["gesture"]
    assert all(one.t <= other.t for one, other in pairwise(said))


@settings(max_examples=200)
@given(RUNS, st.floats(0.0, 1.5), st.floats(0.0, 1.5), st.floats(0.0, 1.5))
def test_law_a_longer_hold_never_adds_events(
    names: list[str | None], one: float, other: float, away: float
) -> None:
    short, long = (
        Counter(
            (e.phase, e.detail["gesture"])
            for e in told(scenes(names), Gesture(hold_s=h, away_s=away))
        )
        for h in sorted((one, other))
    )
    assert long <= short


@settings(max_examples=50)
@given(RUNS, st.integers(-1000, 100_000))
def test_law_only_differences_of_time_count(names: list[str | None], later: int) -> None:
    seen = scenes(names)
    moved = [
        replace(
            scene,
            t=scene.t + later,
            hands=tuple(replace(one, seen=one.seen + later) for one in scene.hands),
        )
        for scene in seen
    ]
    assert words(told(moved)) == words(told(seen))


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(
            st.sampled_from((0.0, 1e-9, 0.1, 40.0)),
            st.lists(
                st.tuples(
                    st.integers(0, 3),
                    st.sampled_from(("", "fist", "no such thing")),
                    st.floats(allow_nan=True, allow_infinity=True),
                ),
                max_size=3,
                unique_by=lambda one: one[0],
            ),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_law_junk_never_raises_and_what_begins_ends(
    steps: list[tuple[float, list[tuple[int, str, float]]]],
) -> None:
    t, seen = 0.0, []
    for dt, hands in steps:
        t += dt
        found = tuple(shown(name, t, number, score) for number, name, score in hands)
        seen.append(Scene(t, 0, (1, 1), (), hands=found))
    going: set[str] = set()
    for one in told(seen, Gesture(hold_s=0.0, score=0.0)):
        assert (one.subject in going) is (one.phase == "end")
        going ^= {one.subject}
    assert not going
