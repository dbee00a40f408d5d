"""Cycle after cycle without a start or an end, and what goes on while time runs out."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from edge.core.hand import Hand
from edge.core.track import Scene
from edge.core.types import Event, Signal
from edge.events.sop import Sop
from edge.sop.procedure import Forbidden, InZone, Procedure, SignalIs, Stage, Step
from tests.sop_stage import PLACES, Told, carry, hands, procedure, signal, signals, told

ABC = (signal("a"), signal("b", "a"), signal("c", "b"))


def done(job: Procedure, letters: str) -> Told:
    """Steps, one after the other, 2 s each; a blank is a pause."""
    spans = [(name, 2.0 * n, 2.0 * n + 1) for n, name in enumerate(letters) if name != " "]
    return signals(job, told(*spans), closed=2.0 * len(letters))


@pytest.mark.parametrize(
    ("letters", "wrong"),
    [
        ("abc abc", []),
        ("abc ab abc abc", [("step_skipped", "c", 2)]),
        ("abc ac abc abc", [("step_skipped", "b", 2)]),
        ("abc acb abc", [("step_out_of_order", "c", 2)]),
        ("abc bac abc", [("step_out_of_order", "b", 2)]),
        ("abc aabc abc", [("step_repeated", "a", 2)]),
        ("abc abac abc", [("step_repeated", "a", 2)]),
        # Whether a was forgotten, or came too late, nobody can say; one cycle is wrong, not all.
        ("abc bc abc abc abc", [("step_out_of_order", "b", 2)]),
    ],
)
def test_one_flawed_cycle_spoils_no_other(letters: str, wrong: list[tuple[str, str, int]]) -> None:
    said = done(procedure(*ABC), letters)
    found = [
        (event.phase, event.subject.partition("/")[2], event.detail["cycle"])
        for event in said.events
        if event.detail["severity"] != "info"
    ]
    assert found == wrong
    scores = [event.detail["score"] == 1.0 for event in said.of("cycle_completed")]
    assert scores.count(False) == (1 if wrong else 0)


def test_who_begins_the_next_cycle_early_ends_the_last_one_where_it_was_left() -> None:
    said = done(procedure(*ABC), "abc ab abc")
    first, left, last = said.of("cycle_completed")
    assert [one.detail["duration_s"] for one in (first, left, last)] == [5.0, 3.0, 5.0]
    assert said.of("cycle_started")[2].detail["cycle"] == last.detail["cycle"]
    assert last.detail["takt_s"] == 8.0


def test_the_step_done_last_may_be_one_done_again() -> None:
    job = procedure(signal("a", more=True), signal("b", "a"), end=Stage(SignalIs("out")))
    said = signals(job, [*told(("a", 0, 1), ("b", 2, 3), ("a", 4, 5)), (6.0, "out", 1)])
    assert said.one("cycle_completed").detail["score"] == 1.0
    job = procedure(signal("a"), signal("b", "a"), signal("c"), end=Stage(SignalIs("out")))
    came = [*told(("a", 0, 1), ("c", 1.5, 1.8), ("b", 2, 3), ("c", 4, 5)), (6.0, "out", 1)]
    again = signals(job, [*came, *told(("b", 7, 8))])
    assert again.wrong == [("step_repeated", "c")], "b begins the next cycle, a comes too late"
    assert len(again.of("cycle_started")) == 2


def test_a_step_under_way_is_neither_skipped_nor_given_up() -> None:
    job = procedure(*ABC, skipped_s=3.0, give_up_s=10.0)
    slow = [*told(("a", 0, 1), ("c", 2, 3), ("b", 4, 30)), *((float(t), "c", 0) for t in (9, 20))]
    said = signals(job, sorted(slow, key=lambda one: one[0]))
    assert said.wrong == [("step_out_of_order", "c")]


def test_a_bin_that_two_steps_share_makes_one_of_them_begin() -> None:
    one = Step("one", carry("one", "a").stages, most_s=5.0)
    other = Step("other", (one.stages[0], Stage(InZone("c", "right"), 1.0)), most_s=5.0)
    take = (("a", 1.0), ("rest", 0.5))
    way = (("rest", 1.0), *take, ("fix", 2.0), ("rest", 4.0), *take, ("c", 2.0), ("rest", 3.0))
    said = hands(procedure(one, other), *way)
    assert said.wrong == []
    assert len(said.of("step_completed")) == 2


def test_between_two_starts_what_told_of_a_step_is_free_again_once_the_hand_has_left() -> None:
    steps = tuple(Step(name, (Stage(InZone(name), 0.5),)) for name in ("a", "b"))
    job = procedure(steps[0], steps[1], start=Stage(InZone("fix"), 0.3))
    right = (("fix", 0.5), ("rest", 0.5), ("a", 1.0), ("rest", 0.5), ("b", 1.0))
    # The hand is back in b before the second start, and b is what it does first.
    again = (("rest", 2.0), ("fix", 0.5), ("b", 1.0), ("rest", 0.5), ("a", 1.0), ("rest", 0.5))
    said = hands(job, *right, *again)
    assert said.wrong == []
    assert len(said.of("cycle_completed")) == 2
    assert [event.detail["step"] for event in said.of("step_completed")] == ["a", "b", "b", "a"]


def test_the_last_step_in_several_parts_is_not_repeated_by_its_first_part() -> None:
    parts = (Stage(SignalIs("p")), Stage(SignalIs("q")))
    job = procedure(signal("x"), Step("y", parts, after=("x",)))
    came = [*told(("x", 0, 1)), (2.0, "p", 1), (3.0, "q", 1), (5.0, "p", 1), (6.0, "q", 1)]
    said = signals(job, came)
    assert [(event.phase, event.t) for event in said.of("step_repeated")] == [("step_repeated", 6)]


def at(job: Procedure, scenes: Iterable[tuple[str, bool, tuple[Signal, ...]]]) -> list[Event]:
    """A hand at a place, whether the camera stands still, and what comes, at 20 a second."""
    rule = Sop(job)
    state, said = rule.start(), list[Event]()
    for seq, (place, steady, came) in enumerate(scenes):
        t, (x, y) = seq / 20, PLACES[place]
        hand = Hand(1, "right", (640 * x, 480 * y), 30.0, None, 0.0, t, 0.9)
        scene = Scene(t, seq, (640, 480), (), steady, hands=(hand,), signals=came)
        state, more = rule.step(state, scene)
        said += more
    return said


def test_a_step_that_only_shares_its_bin_is_not_being_done() -> None:
    bell = Forbidden("bell", SignalIs("bell"), 0.0, during=("put",))
    take = Step("take", (Stage(InZone("a"), 0.3),))
    put = Step("put", (Stage(InZone("a"), 0.3), Stage(InZone("b"), 0.3)), after=("take",))
    job = procedure(take, put, forbidden=(bell,))
    rung = [("a", True, (Signal("bell", 1, seq / 20),) if seq == 4 else ()) for seq in range(12)]
    assert [event.phase for event in at(job, rung)] == [
        "cycle_started",
        "step_started",
        "step_completed",
    ]


def test_while_the_camera_moves_nobody_can_say_that_the_operator_is_absent() -> None:
    job = procedure(carry("a", "a"), carry("b", "b", ("a",)), absent_s=2.0)
    moved = [("a", seq < 40, ()) for seq in range(200)]
    assert [event.phase for event in at(job, moved)] == ["cycle_started", "step_started"]


def test_the_end_of_a_cycle_says_what_people_want_to_know() -> None:
    job = procedure(*ABC, end=Stage(SignalIs("out")), takt_s=9.0)
    said = signals(
        job,
        [
            *told(("a", 0, 1), ("b", 2, 3), ("c", 4, 5)),
            (5.04, "out", 1),
            *told(("a", 10, 11)),
            (15.0, "out", 1),
        ],
    )
    right, wrong = (event.detail["sentence"] for event in said.of("cycle_completed"))
    assert right == "Cycle 1 is complete after 5 s (score 1)"
    assert wrong == (
        "Cycle 2 is over after 5 s: 'b' and 'c' are missing"
        " (score 0.333, 10 s from the last one's end, takt 9 s)"
    )
    left = signals(procedure(*ABC, give_up_s=5.0), [*told(("a", 0, 1)), (9.0, "c", False)])
    sentence = "Cycle 1 is broken off after 1 s: nobody went on with it"
    assert left.one("cycle_aborted").detail["sentence"] == sentence
