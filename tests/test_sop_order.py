"""Who is blamed for a wrong order, and who was left out."""

from __future__ import annotations

import pytest

from edge.sop.procedure import SignalIs, Stage, Step
from tests.sop_stage import carry, hands, procedure, signal, signals, told

ABCD = procedure(signal("a"), signal("b", "a"), signal("c", "b"), signal("d", "c"))


def test_the_early_step_is_blamed_and_told_what_it_should_have_waited_for() -> None:
    said = signals(ABCD, told(("b", 0, 1), ("a", 2, 3), ("c", 4, 5), ("d", 6, 7)))
    assert said.wrong == [("step_out_of_order", "b")]
    event = said.one("step_out_of_order")
    assert event.t == 3.0, "as soon as it is certain: a was not skipped"
    assert event.detail["waited_for"] == event.detail["late"] == ["a"]
    assert event.detail["sentence"] == "'b' was done before 'a', which should have come first"
    assert (event.detail["began"], event.detail["ended"]) == (0, 1)
    assert said.of("step_completed")[0].detail["ahead_of"] == ["a"]
    assert said.one("cycle_completed").detail["score"] == 0.75


def test_one_event_where_a_step_came_much_too_early() -> None:
    said = signals(ABCD, told(("d", 0, 1), ("a", 2, 3), ("b", 4, 5), ("c", 6, 7)))
    assert said.wrong == [("step_out_of_order", "d")]
    event = said.one("step_out_of_order")
    assert event.detail["waited_for"] == ["a", "b", "c"]
    assert event.detail["sentence"] == (
        "'d' was done before 'a', which should have come first; 'b' and 'c' are still missing"
    ), "b and c may never come: then they are skipped"


def test_one_event_where_a_step_came_much_too_late_names_all_that_ran_ahead() -> None:
    said = signals(ABCD, told(("b", 0, 1), ("c", 2, 3), ("a", 4, 5), ("d", 6, 7)))
    assert said.wrong == [("step_out_of_order", "b")]
    assert said.one("step_out_of_order").detail["early"] == ["b", "c"]
    assert "'b' (and 'c') was done before 'a'" in str(
        said.one("step_out_of_order").detail["sentence"]
    )


def test_one_event_where_two_steps_ran_ahead_of_the_same_two() -> None:
    said = signals(ABCD, told(("c", 0, 1), ("d", 2, 3), ("a", 4, 5), ("b", 6, 7)))
    assert said.wrong == [("step_out_of_order", "c")]
    assert said.one("step_out_of_order").detail["waited_for"] == ["a", "b"]


def test_two_faults_are_two_events() -> None:
    said = signals(ABCD, told(("b", 0, 1), ("a", 2, 3), ("d", 4, 5), ("c", 6, 7)))
    assert said.wrong == [("step_out_of_order", "b"), ("step_out_of_order", "d")]


def test_who_ran_ahead_of_a_step_that_never_comes_did_nothing_wrong() -> None:
    said = signals(ABCD, told(("a", 0, 1), ("c", 2, 3), ("d", 4, 5)), closed=9.0)
    assert said.wrong == [("step_skipped", "b")]
    assert said.one("step_skipped").detail["sentence"] == "'b' was not done"
    closed = said.one("cycle_completed")
    assert (closed.detail["missing"], closed.detail["score"]) == (["b"], 0.75)


def test_a_step_passed_over_is_missing_until_it_comes() -> None:
    said = signals(ABCD, told(("a", 0, 1), ("c", 2, 3)))
    assert said.wrong == []
    assert said.fact.detail["missing"] == ["b"]
    assert said.fact.detail["expected"] == ["b", "d"]


def test_it_is_called_skipped_after_a_while_where_that_is_set_and_once_only() -> None:
    job = procedure(*ABCD.steps, skipped_s=5.0)
    spans = told(("a", 0, 1), ("c", 2, 3), ("d", 9, 10))
    said = signals(job, spans, closed=30.0)
    assert said.outline.count(("step_skipped", "b")) == 1
    assert said.one("step_skipped").t == 9.0
    assert said.of("cycle_completed")[0].t == 10.0, "nothing more is to be waited for"


@pytest.mark.parametrize(
    "spans",
    [
        pytest.param([("a", 0, 5), ("b", 1, 3)], id="a had begun before b"),
        pytest.param([("b", 0, 9), ("a", 1, 3)], id="b outlasts a"),
        pytest.param([("b", 0, 4), ("a", 2, 6)], id="done together"),
    ],
)
def test_steps_that_overlap_are_in_no_order(spans: list[tuple[str, float, float]]) -> None:
    said = signals(procedure(signal("a"), signal("b", "a")), told(*spans))
    assert said.wrong == []
    assert said.outline[-1] == ("cycle_completed", "")


def test_a_short_overlap_is_an_order() -> None:
    said = signals(procedure(signal("a"), signal("b", "a")), told(("b", 0, 4), ("a", 3.5, 8)))
    assert said.wrong == [("step_out_of_order", "b")]


def test_what_may_be_left_out_holds_nobody_up_but_does_not_come_after() -> None:
    job = procedure(
        signal("a"), signal("o", "a", optional=True), signal("b", "o"), signal("c", "b")
    )
    without = signals(job, told(("a", 0, 1), ("b", 2, 3), ("c", 4, 5)))
    assert without.wrong == []
    assert without.of("step_completed")[1].detail["ahead_of"] == []
    after = signals(job, told(("a", 0, 1), ("b", 2, 3), ("o", 4, 5), ("c", 6, 7)))
    assert after.wrong == [("step_out_of_order", "b")]


def test_of_a_choice_one_is_done_and_a_second_one_is_too_many() -> None:
    job = procedure(
        signal("x", choice="xy"), signal("y", choice="xy"), signal("b", "x", "y"), signal("c", "b")
    )
    assert signals(job, told(("y", 0, 1), ("b", 2, 3), ("c", 4, 5))).wrong == []
    both = signals(job, told(("y", 0, 1), ("x", 2, 3), ("b", 4, 5), ("c", 6, 7)))
    assert both.wrong == [("step_repeated", "x")]
    assert both.one("step_repeated").detail["sentence"] == "'x' was done although 'y' had been"
    none = signals(job, told(("b", 4, 5), ("c", 6, 7)), closed=8)
    assert none.wrong == [("step_skipped", "x")]
    assert none.one("step_skipped").detail["sentence"] == "None of 'x' and 'y' was done"
    late = signals(job, told(("b", 0, 1), ("y", 2, 3), ("c", 4, 5)))
    assert late.one("step_out_of_order").detail["waited_for"] == ["y"]


def test_a_step_done_again_and_one_not_done_often_enough() -> None:
    screws = Step("screw", (Stage(SignalIs("torque", least=2)),), times=3)
    job = procedure(screws, signal("b", "screw"), signal("c", "b"))
    turns = [(float(t), "torque", 2.5) for t in range(4)]
    rest = told(("b", 10, 11), ("c", 12, 13))
    assert signals(job, [*turns[:3], *rest]).wrong == []
    assert signals(job, [*turns[:4], *rest]).wrong == [("step_repeated", "screw")]
    weak = [(0.5, "torque", 1.0), *turns[1:3]]
    few = signals(job, [*weak, *rest], closed=20.0)
    assert few.wrong == [("repeat_missing", "screw")]
    assert few.one("repeat_missing").detail["sentence"] == "'screw' was done 2 of 3 times"
    assert ": 'screw' was done 2 of 3 times (" in str(few.events[-1].detail["sentence"])


def test_a_message_counts_for_one_step() -> None:
    turn = (Stage(SignalIs("torque", least=2)),)
    job = procedure(*(Step(f"t{n}", turn, after=(f"t{n - 1}",) if n else ()) for n in range(3)))
    said = signals(job, [(float(t), "torque", 2.5) for t in range(3)])
    assert said.wrong == []
    assert [event.t for event in said.of("step_completed")] == [0.0, 1.0, 2.0]


def test_after_a_slip_the_next_step_is_no_surprise() -> None:
    job = procedure(carry("a", "a"), carry("b", "b", ("a",)), carry("c", "c", ("b",)))
    slip = (("b", 0.5), ("rest", 0.5), ("fix", 1.8), ("rest", 0.5))
    plain = (("c", 0.5), ("rest", 0.5), ("fix", 1.1), ("rest", 0.5))
    said = hands(job, ("rest", 0.5), *slip, *plain)
    assert said.wrong == [("step_skipped", "a")]
    assert ("step_completed", "c") in said.outline
