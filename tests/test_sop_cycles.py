"""How a cycle begins, ends and is broken off, and what time alone brings."""

from __future__ import annotations

import pytest

from edge.core.track import Scene
from edge.core.types import Value
from edge.events.sop import Sop
from edge.sop.procedure import BodyPose, Forbidden, Gesture, InZone, SignalIs, Stage, Step
from tests.sop_stage import carry, hands, procedure, signal, signals, told

AB = (signal("a"), signal("b", "a"))
RUN = told(("a", 1, 2), ("b", 3, 4))


def shifted(by: float) -> list[tuple[float, str, Value]]:
    return [(t + by, name, value) for t, name, value in RUN]


def test_without_a_start_the_first_step_begins_it_and_the_last_ends_it() -> None:
    said = signals(procedure(*AB), [*RUN, *shifted(10)])
    assert said.outline[:2] == [("cycle_started", ""), ("step_started", "a")]
    first, second = said.of("cycle_completed")
    assert (first.t, second.t) == (4, 14)
    assert (first.detail["duration_s"], first.detail["takt_s"]) == (3, None)
    assert (second.detail["takt_s"], second.detail["cycle"]) == (10, 2)
    assert first.detail["durations_s"] == {"a": 1, "b": 1}
    assert not said.fact.on


def test_with_a_start_nothing_before_it_counts() -> None:
    job = procedure(*AB, start=Stage(SignalIs("scan")))
    assert signals(job, RUN).events == []
    said = signals(job, [(0.0, "scan", "X1"), *RUN])
    assert said.outline[0] == ("cycle_started", "")
    assert said.wrong == []


def test_a_second_start_before_anything_was_done_is_the_same_cycle() -> None:
    job = procedure(*AB, start=Stage(SignalIs("scan")), serial="scan")
    said = signals(job, [(0.0, "scan", "X1"), (0.5, "scan", "X2"), *RUN])
    assert len(said.of("cycle_started")) == 1
    assert said.one("cycle_completed").detail["serial"] == "X2"


def test_the_next_start_closes_what_was_not_finished() -> None:
    job = procedure(*AB, start=Stage(SignalIs("scan")), serial="scan")
    said = signals(job, [(0.0, "scan", "X1"), *RUN[:2], (9.0, "scan", "X2"), *shifted(10)])
    assert said.wrong == [("step_skipped", "b")]
    assert [event.detail["reason"] for event in said.of("cycle_completed")] == ["next", "done"]
    assert said.of("cycle_started")[1].t == 9.0
    assert said.one("step_skipped").detail["serial"] == "X1"
    assert [event.detail["serial"] for event in said.of("cycle_completed")] == ["X1", "X2"]


def test_every_event_carries_the_serial() -> None:
    job = procedure(*AB, start=Stage(SignalIs("scan")), serial="scan")
    said = signals(job, [(0.0, "scan", "X1"), *RUN])
    assert {event.detail["serial"] for event in said.events} == {"X1"}


def test_an_end_is_waited_for_and_what_is_missing_then_is_skipped() -> None:
    job = procedure(*AB, end=Stage(SignalIs("out", equals=True)))
    waiting = signals(job, RUN)
    assert not waiting.of("cycle_completed")
    assert waiting.fact.on
    assert waiting.fact.detail["done"] == ["a", "b"]
    early = signals(job, [*RUN[:2], (9.0, "out", True)])
    assert early.wrong == [("step_skipped", "b")]
    assert early.one("cycle_completed").t == 9.0


def test_an_abort_breaks_it_off_without_calling_the_rest_skipped() -> None:
    job = procedure(*AB, abort=Stage(SignalIs("stop", equals=True)))
    said = signals(job, [*RUN[:2], (9.0, "stop", True)])
    assert said.wrong == [("cycle_aborted", "")]
    assert said.one("cycle_aborted").detail["missing"] == ["b"]
    assert not said.fact.on


def test_it_is_given_up_when_nobody_goes_on() -> None:
    job = procedure(*AB, give_up_s=60.0)
    said = signals(job, [*RUN[:2], (61.9, "b", False), (62.1, "b", False)])
    assert said.wrong == [("cycle_aborted", "")]
    assert said.one("cycle_aborted").detail["reason"] == "given_up"


def test_the_end_of_a_file_ends_it_and_says_how_far_it_was() -> None:
    cut = signals(procedure(*AB), RUN[:2], closed=9.0)
    assert cut.wrong == [("step_skipped", "b"), ("cycle_aborted", "")]
    end = signals(procedure(*AB), told(("b", 1, 2)), closed=9.0)
    assert end.wrong == [("step_skipped", "a")]
    assert end.one("cycle_completed").detail["reason"] == "over"


def test_the_first_step_after_the_last_one_begins_the_next_cycle() -> None:
    job = procedure(signal("a"), signal("b", "a"), signal("c", "b"))
    lacking = told(("a", 0, 1), ("c", 2, 3), ("a", 10, 11), ("b", 12, 13), ("c", 14, 15))
    said = signals(job, lacking)
    assert said.wrong == [("step_skipped", "b")]
    first, second = said.of("cycle_completed")
    assert (first.t, first.detail["duration_s"], second.detail["score"]) == (10, 3, 1.0)


def test_one_message_may_end_a_step_and_begin_the_next_cycle() -> None:
    steps = tuple(
        Step(name, (Stage(SignalIs("work", equals=name)),), after=after, done="over", more=more)
        for name, after, more in (("a", (), True), ("b", ("a",), False))
    )
    works = [(float(t), "work", name) for t, name in enumerate("ababab")]
    said = signals(procedure(*steps), works)
    assert said.wrong == []
    assert [event.t for event in said.of("cycle_completed")] == [2.0, 4.0]
    assert [event.t for event in said.of("cycle_started")] == [0.0, 2.0, 4.0]


def test_the_last_step_done_again_begins_no_cycle() -> None:
    said = signals(procedure(*AB), [*RUN, *told(("b", 6, 7)), *shifted(10)])
    assert said.wrong == [("step_repeated", "b")]
    assert said.one("step_repeated").detail["cycle"] == 1
    assert len(said.of("cycle_completed")) == 2


@pytest.mark.parametrize(
    ("limits", "phase", "t"),
    [
        ({"most_s": 0.5}, "step_too_long", 2),
        ({"least_s": 1.5}, "step_too_short", 2),
        ({"wait_least_s": 0.5}, "step_too_short", 2),
    ],
)
def test_the_limits_of_a_step(limits: dict[str, float], phase: str, t: float) -> None:
    job = procedure(signal("a", **limits), AB[1])
    said = signals(job, RUN)
    assert said.wrong == [(phase, "a")]
    assert said.one(phase).t == t
    assert said.one("cycle_completed").detail["score"] == 0.75


def test_too_long_and_late_are_told_while_it_is_still_going_on() -> None:
    job = procedure(signal("a", most_s=5.0), signal("b", "a", wait_most_s=10.0))
    ticks: list[tuple[float, str, Value]] = [(t, "b", False) for t in (6.5, 20.0, 30.5, 31.0)]
    steps = told(("a", 1, 20.1), ("b", 40, 41))
    said = signals(job, sorted([*ticks, *steps], key=lambda one: one[0]))
    assert [(event.phase, event.t) for event in said.events if "late" in event.phase] == [
        ("step_late", 30.5)
    ]
    assert said.one("step_too_long").t == 6.5
    assert len(said.wrong) == 2


def test_late_is_no_one_who_has_been_passed_over_or_waits_for_one_who_was() -> None:
    job = procedure(
        signal("a"), signal("b", "a", wait_most_s=9.0), signal("c", "b"), signal("d", "c"),
        signal("e", "d", wait_most_s=9.0),
    )  # fmt: skip
    steps = told(("a", 0, 1), ("c", 2, 3), ("d", 4, 5), ("b", 20, 21), ("e", 25, 26))
    ticks: list[tuple[float, str, Value]] = [(t, "e", False) for t in (15.0, 19.0, 24.0)]
    said = signals(job, sorted([*steps, *ticks], key=lambda one: one[0]))
    assert said.wrong == [("step_out_of_order", "c")]


def test_a_signal_that_says_the_same_again_says_nothing_new() -> None:
    press = Step("press", (Stage(SignalIs("down", equals=True)),), times=2)
    job = procedure(press, signal("b", "press"))
    twice = [(1.0, "down", True), (2.0, "down", True), (3.0, "down", False), (4.0, "down", True)]
    said = signals(job, twice)
    assert [event.t for event in said.of("step_completed")] == [1.0, 4.0]


def test_a_start_that_must_last_opens_once() -> None:
    job = procedure(*AB, start=Stage(SignalIs("run", equals=True), 1.0), give_up_s=5.0)
    ticks = [(t / 2, "b", False) for t in range(1, 40)]
    said = signals(job, [(0.0, "run", True), *ticks])
    assert [event.t for event in said.of("cycle_started")] == [1.0]


def test_the_limits_of_a_cycle() -> None:
    assert signals(procedure(*AB, most_s=2.5), RUN).wrong == [("cycle_too_long", "")]
    assert signals(procedure(*AB, least_s=9.0), RUN).wrong == [("cycle_too_short", "")]


def test_what_is_forbidden_is_told_once_and_the_fact_says_when_it_is_over() -> None:
    press = Forbidden("press", InZone("c"), 0.2, "a hand in the press", "critical")
    job = procedure(carry("a", "a"), carry("b", "b", ("a",)), forbidden=(press,))
    work = (("a", 0.5), ("rest", 0.5), ("fix", 1.2), ("rest", 0.5))
    passing = hands(job, *work, ("c", 0.15), ("rest", 1.0), closed=False)
    assert passing.wrong == []
    said = hands(job, *work, ("c", 3.0), closed=False)
    event = said.one("forbidden")
    assert (event.detail["severity"], event.detail["forbidden"]) == ("critical", "press")
    assert event.detail["sentence"] == "Forbidden: a hand in the press"
    assert said.fact.detail["forbidden"] == ["press"]
    after = hands(job, *work, ("c", 3.0), ("rest", 1.0))
    assert after.wrong[0] == ("forbidden", "press")
    assert after.one("cycle_aborted").detail["score"] == 0.0
    assert after.fact.detail["forbidden"] == []


def test_forbidden_only_while_a_step_is_done() -> None:
    job = procedure(
        *AB, forbidden=(Forbidden("door", SignalIs("door", equals=True), 0.0, during=("b",)),)
    )
    assert signals(job, [*RUN[:2], *told(("door", 2.2, 2.4)), *RUN[2:]]).wrong == []
    open_ = [*RUN[:3], *told(("door", 3.2, 3.4)), RUN[3]]
    assert signals(job, open_).wrong == [("forbidden", "door")]


def test_the_operator_is_absent_once_until_a_hand_is_seen() -> None:
    job = procedure(carry("a", "a"), carry("b", "b", ("a",)), absent_s=2.0)
    work = (("a", 0.5), ("rest", 0.5), ("fix", 1.2), ("rest", 0.5))
    said = hands(job, *work, ("lost", 9.0), ("rest", 0.5), ("lost", 3.0), closed=False)
    assert said.wrong == [("operator_absent", "")] * 2
    nobody = hands(job, ("rest", 0.5), ("lost", 9.0), closed=False)
    assert nobody.wrong == [], "nobody has to be there between two cycles"


def test_a_rule_says_which_labels_it_speaks_of() -> None:
    steps = (
        Step("a", (Stage(Gesture("pinch")), Stage(BodyPose("squat")), Stage(Gesture("fist")))),
    )
    assert Sop(procedure(*steps)).labels == {"hand21": ("pinch", "fist"), "body17": ("squat",)}
    assert Sop(procedure(*AB)).labels == {}
    assert not Sop(procedure(*AB)).judges_hands


def test_a_procedure_of_nothing_says_nothing() -> None:
    rule = Sop(procedure(Step("a"), Step("a"), signal("c", "nobody", "c")))
    state = rule.start()
    for t in (0.0, float("nan"), -1.0, 5.0):
        state, said = rule.step(state, Scene(t, 0, (640, 480), ()))
        assert said == ()
    assert [fact.name for fact in rule.facts(state)] == ["sop-job"]
