"""A procedure in words: conditions as events say them, and the whole as a foreman reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from edge.sop.drawing.sketch import sketch
from edge.sop.explain import explain
from edge.sop.procedure import (
    AllOf,
    AnyOf,
    BodyPose,
    Condition,
    Gesture,
    HandsApart,
    InZone,
    Not,
    Procedure,
    SignalIs,
    Stage,
    Step,
)
from edge.sop.words import limits, names, said, seconds, span, stages
from tests.procedures import procedures, read


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (InZone("bin_left", "right"), "the right hand in the bin_left"),
        (InZone("bin"), "a hand in the bin"),
        (InZone("bin", "both", "leaves"), "both hands leaving the bin"),
        (InZone("bin", "left", "enters"), "the left hand coming into the bin"),
        (
            InZone("bin", within=0.05),
            "a hand near the bin (within 0.05 of the picture's width)",
        ),
        (Not(InZone("bin")), "no hand in the bin"),
        (Not(InZone("bin", "left")), "the left hand not in the bin"),
        (Not(InZone("bin", "both")), "not both hands in the bin"),
        (Gesture("thumb_up", "left"), "the left hand showing 'thumb up'"),
        (Not(Gesture("pinch")), "no hand showing 'pinch'"),
        (BodyPose("squat"), "a body in the pose 'squat'"),
        (HandsApart(most=0.1), "the hands at most 0.1 of the picture's width apart"),
        (HandsApart(0.2), "the hands at least 0.2 of the picture's width apart"),
        (HandsApart(), "two hands"),
        (SignalIs("scanner"), "the signal scanner"),
        (SignalIs("torque", least=2), "the signal torque at 2 or more"),
        (SignalIs("torque", least=1.5, most=2), "the signal torque from 1.5 to 2"),
        (SignalIs("mode", "auto"), "the signal mode being 'auto'"),
        (SignalIs("closed", equals=True), "the signal closed being true"),
        (Not(SignalIs("closed", equals=True)), "the signal closed being false"),
        (
            AllOf((InZone("a"), AnyOf((InZone("b"), Gesture("fist"))))),
            "a hand in the a and (either a hand in the b or a hand showing 'fist')",
        ),
    ],
)
def test_a_condition_is_said_as_what_is_seen(condition: Condition, words: str) -> None:
    assert said(condition) == words


def test_numbers_and_lists_read_well() -> None:
    assert [seconds(value) for value in (0.3, 1.0, 90, 300, 1200, 330)] == [
        *("0.3 s", "1 s", "90 s", "5 min", "20 min", "5.5 min"),
    ]
    assert [span(0, 0), span(2, 0), span(0, 5), span(2, 5)] == [
        *("", "at least 2 s", "at most 5 s", "2 to 5 s"),
    ]
    assert names(["a", "b", "c"]) == "a, b and c"
    two = (Stage(InZone("bin"), 0.3), Stage(SignalIs("done")))
    assert stages(two) == "a hand in the bin for 0.3 s, then the signal done"


def test_the_whole_is_told_in_order(tmp_path: Path) -> None:
    text = "\n".join(explain(read(tmp_path)))
    for line in (
        "fuse-box: assemble a fuse box",
        "A cycle begins with the signal scanner.",
        "It ends when every step that must be done has been.",
        "The takt, from one cycle's end to the next, is 20 s.",
        "1. set a housing into the fixture (housing): the right hand in the bin for 0.3 s, then",
        "2. Then, in any order:",
        "   b. right: the right hand coming into the fuses and staying there 0.2 s. It is",
        "3. Then, one of these:",
        "4. Then: screw: the signal torque at 1.8 or more. It is done 4 times. It takes at most",
        "5. After 'set a housing into the fixture': look: a body in the pose 'stand' for 1 s. It",
        "  - reach-in: a hand in the press and the signal closing being true for 0.2 s, while",
        "(critical)",
        "Zones of the picture: bin, fuses, fixture and press.",
    ):
        assert line in text


def test_every_limit_of_a_step_is_told() -> None:
    limited = Step(
        "a",
        (Stage(InZone("z")), Stage(InZone("y"))),
        more=True,
        done="over",
        least_s=1,
        most_s=2,
        wait_least_s=3,
        wait_most_s=4,
        within_s=5,
    )
    text = " ".join(explain(Procedure("p", (limited,))))
    for words in (
        "It is done once, or more often.",
        "It takes 1 to 2 s.",
        "It begins 3 s after it became possible, or later.",
        "It is late 4 s after it became possible.",
        "It is complete when the last of that is over.",
        "At most 5 s pass between its parts.",
    ):
        assert words in text


def test_a_choice_inside_any_order_is_told_as_such() -> None:
    steps = (Step("a"), Step("b", choice="x"), Step("c", choice="x"), Step("d", after=("a",)))
    lines = [line.rstrip(".") for line in explain(Procedure("p", steps))]
    at = lines.index("1. In any order:")
    assert [line.split(":")[0] for line in lines[at + 1 : at + 6]] == [
        *("   a. a", "   b. One of these", "      - b", "      - c", "2. After 'a'"),
    ]


@settings(max_examples=40)
@given(procedures())
def test_anything_can_be_said_and_every_step_is(procedure: Procedure) -> None:
    text = "\n".join(explain(procedure))
    drawn = "\n".join(sketch(procedure))
    assert all(step.name in text and step.name in drawn for step in procedure.steps)
    assert all(one.name in text for one in procedure.forbidden)


def test_the_sketch_joins_what_follows(tmp_path: Path) -> None:
    assert sketch(read(tmp_path)) == (
        "  o 1 housing  set a housing into the fixture",
        "  |",
        "  o in any order",
        "  |   2 left",
        "  |   3 right  (x2)",
        "  |",
        "  o one of these",
        "  |   4 lid-a",
        "  |   5 lid-b",
        "  |",
        "  o 6 screw  (x4, at most 12 s)",
        "",
        "  o 7 look  (optional)    after 1",
    )


def test_nobody_is_absent_where_no_hand_is_spoken_of() -> None:
    """A body's pose is no hand: the rule counts hands only."""
    signal, pose, zone = SignalIs("torque"), BodyPose("squat"), Not(InZone("bin"))
    for when, told in ((signal, False), (pose, False), (zone, True), (HandsApart(0.2), True)):
        lines = explain(Procedure("p", (Step("a", (Stage(when, 1.0),)),)))
        assert ("Without a hand for 15 s, the operator is absent." in lines) == told


def test_a_limit_says_whether_it_is_of_the_wait_or_of_the_work() -> None:
    step = Step("a", most_s=4, wait_least_s=1, wait_most_s=3.5)
    assert list(limits(step)) == ["at most 4 s", "begun after 1 s", "begun within 3.5 s"]
