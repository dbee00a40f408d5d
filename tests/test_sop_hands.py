"""Steps told by a hand at a bench: what it takes, and what does not count."""

from __future__ import annotations

import pytest

from edge.sop.procedure import InZone, Stage, Step
from tests.sop_stage import carry, hands, procedure

REST = ("rest", 0.5)
TWO = procedure(carry("one", "a"), carry("two", "b", ("one",)))
ONE_DONE = (("a", 0.5), REST, ("fix", 1.2), REST)
TWO_DONE = (("b", 0.5), REST, ("fix", 1.2), REST)


def test_taking_and_placing_one_part_and_another() -> None:
    said = hands(TWO, REST, *ONE_DONE, *TWO_DONE)
    assert said.outline == [
        ("cycle_started", ""),
        ("step_started", "one"),
        ("step_completed", "one"),
        ("step_started", "two"),
        ("step_completed", "two"),
        ("cycle_completed", ""),
    ]
    seen = said.of("step_completed")[0].detail["evidence"]
    assert isinstance(seen, list)
    assert [(one["what"], one["sure"]) for one in seen if isinstance(one, dict)] == [
        ("the right hand in the a", 0.9),
        ("the right hand in the fix", 0.9),
    ]


def test_a_hand_on_its_way_across_zones_does_nothing() -> None:
    said = hands(TWO, REST, *[("a", 0.15), ("b", 0.15), ("fix", 0.3), ("c", 0.15), REST] * 5)
    assert said.events == []


def test_a_part_of_a_step_is_forgotten_quietly() -> None:
    said = hands(TWO, REST, *ONE_DONE, ("b", 0.5), ("rest", 12.0), closed=False)
    assert said.wrong == []
    assert said.fact.detail["doing"] == []
    assert said.fact.detail["expected"] == ["two"]


def test_what_told_of_one_step_does_not_tell_of_the_next() -> None:
    """The hand came past both bins, and is in the fixture once."""
    job = procedure(carry("one", "a"), carry("two", "b"))
    said = hands(job, REST, ("b", 0.5), REST, ("a", 0.5), REST, ("fix", 6.0), closed=False)
    assert [one for one in said.outline if one[0] == "step_completed"] == [
        ("step_completed", "one")
    ], "the bin it came from last"


def test_not_even_of_one_that_has_waited_longer_for_it() -> None:
    job = procedure(Step("hold", (Stage(InZone("fix"), 2.0),)), carry("one", "a"))
    said = hands(job, REST, ("a", 0.5), REST, ("fix", 6.0), closed=False)
    assert [one for one in said.outline if one[0] == "step_completed"] == [
        ("step_completed", "one")
    ]


def test_a_step_begun_anew_began_the_second_time() -> None:
    said = hands(TWO, REST, ("a", 0.5), ("rest", 3.0), ("a", 0.5), REST, ("fix", 1.2))
    done = said.one("step_completed").detail
    assert done["began"] == pytest.approx(4.0, abs=0.06)


def test_staying_is_not_doing_it_again_but_coming_back_is() -> None:
    first = Step("a", (Stage(InZone("a"), 0.5),))
    job = procedure(first, Step("b", (Stage(InZone("b"), 0.5),), after=("a",)))
    assert hands(job, REST, ("a", 9.0), REST, ("b", 1.0)).wrong == []
    blinking = hands(job, REST, ("a", 1.0), *[("lost", 0.5), ("a", 0.5)] * 5, REST, ("b", 1.0))
    assert blinking.wrong == []
    again = hands(job, REST, ("a", 1.0), REST, ("a", 1.2), REST, ("b", 1.0))
    assert again.wrong == [("step_repeated", "a")]


def test_a_lost_hand_resets_nothing() -> None:
    seen = (("fix", 0.6), ("lost", 1.5), ("fix", 0.6))
    said = hands(TWO, REST, ("a", 0.5), REST, *seen, REST, closed=False)
    assert ("step_completed", "one") in said.outline
    away = (("fix", 0.6), ("rest", 1.5), ("fix", 0.6))
    assert ("step_completed", "one") not in hands(TWO, REST, ("a", 0.5), REST, *away).outline


def test_what_was_seen_of_a_hand_lost_for_too_long_counts_no_more() -> None:
    said = hands(TWO, REST, ("a", 0.2), ("lost", 12.0), ("a", 0.15), closed=False)
    assert said.events == []


@pytest.mark.parametrize(("stay", "done"), [(1.2, False), (1.7, True)])
def test_a_surprise_takes_longer(*, stay: float, done: bool) -> None:
    said = hands(TWO, REST, ("b", 0.5), REST, ("fix", stay), REST, closed=False)
    assert (("step_completed", "two") in said.outline) is done


def test_no_surprise_while_an_expected_step_explains_it() -> None:
    long = Step("long", (Stage(InZone("a"), 5.0),))
    short = Step("short", (Stage(InZone("a"), 1.0),), after=("long",))
    said = hands(procedure(long, short), REST, ("a", 5.2), REST, ("a", 1.2), REST)
    assert said.wrong == []
    assert [one for one in said.outline if one[0] == "step_completed"] == [
        ("step_completed", "long"),
        ("step_completed", "short"),
    ]


def test_over_is_when_the_hand_has_left_for_a_while() -> None:
    wash = Step("wash", (Stage(InZone("a"), 0.5),), done="over", least_s=4.0, most_s=6.0)
    job = procedure(wash, carry("two", "b", ("wash",)))
    fits = hands(job, REST, ("a", 2.0), ("rest", 0.2), ("a", 3.0), REST, *TWO_DONE)
    assert fits.wrong == []
    took = fits.of("step_completed")[0].detail["duration_s"]
    assert took == pytest.approx(5.15, abs=0.06), "until the hand was seen there last"
    assert hands(job, REST, ("a", 3.0), REST, *TWO_DONE).wrong == [("step_too_short", "wash")]
    slow = hands(job, REST, ("a", 9.0), REST, *TWO_DONE)
    assert slow.wrong == [("step_too_long", "wash")]
    assert slow.one("step_too_long").t == pytest.approx(0.5 + 6.0, abs=0.11)


def test_too_long_is_told_once_however_many_parts_are_left() -> None:
    way = tuple(Stage(InZone(zone), 0.3) for zone in ("a", "b", "fix"))
    job = procedure(Step("one", way, most_s=3.0), carry("two", "c", ("one",)))
    said = hands(job, REST, ("a", 1.0), ("rest", 3.0), ("b", 1.0), ("rest", 2.0), ("fix", 1.0))
    assert said.wrong[0] == ("step_too_long", "one")
    assert len(said.of("step_too_long")) == 1


def test_the_other_hand_does_not_count() -> None:
    assert hands(TWO, REST, *ONE_DONE, *TWO_DONE, side="left").events == []


def test_the_fact_says_what_is_being_done_and_what_comes_next() -> None:
    said = hands(TWO, REST, *ONE_DONE, ("b", 0.5), closed=False)
    assert said.fact.on
    assert said.fact.name == "sop-job"
    about = said.fact.detail
    assert (about["cycle"], about["step"]) == (1, "two")
    assert (about["done"], about["expected"], about["missing"]) == (["one"], ["two"], [])
