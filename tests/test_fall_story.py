"""How a fall goes on: lost from sight on the way down, confirmed, long, recovered, gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edge.core.track import Tracker
from edge.core.types import Event
from tests import figure
from tests.figure import STAND
from tests.lives import Act, Life, observations, together
from tests.test_fall import (
    FALL,
    FALLS,
    GETS_UP,
    RATES,
    RULE,
    SIDEWAYS,
    STANDS,
    STAYS_S,
    outline,
    said,
)


def begins_when_blind(life: Life) -> list[tuple[float, Event]]:
    """Every alert, and when the model last saw the person, whenever it goes blind for good."""
    seen, falls = observations(life), life.acts[-1]
    found = []
    for percent in range(60, 131, 2):
        start = STANDS.long_s + percent / 100 * falls.move_s
        lost = [one if one.t < start else replace(one, poses=()) for one in seen]
        begins = [e for e in said(lost) if (e.kind, e.phase) == ("fall", "begin")]
        assert len(begins) <= 1
        found += [(max(one.t for one in lost if one.poses), begin) for begin in begins]
    return found


@pytest.mark.parametrize("fps", [15.0, 30.0])
@pytest.mark.parametrize("name", FALLS)
def test_a_model_that_goes_blind_as_the_body_lands_makes_a_fall_lost(name: str, fps: float) -> None:
    yaw, lies = FALLS[name]
    falls = Act(lies, 0.8, STAYS_S, falling=True)
    begins = begins_when_blind(replace(FALL, acts=(STANDS, falls), yaw=yaw, fps=fps))
    assert {begin.detail["stage"] for _, begin in begins} == {"lost", "descent"}
    for last, begin in begins:
        if begin.detail["stage"] == "lost":
            assert begin.t - last == pytest.approx(RULE.lost_s, abs=1.5 / fps)
            assert float(str(begin.detail["confidence"])) < 0.5


def test_who_is_lost_at_the_border_has_left() -> None:
    """They fell out of the picture, as far as anybody can say."""
    begins = begins_when_blind(replace(FALL, at=(120.0, 800.0), fps=30.0))
    assert {begin.detail["stage"] for _, begin in begins} <= {"descent"}


@pytest.mark.parametrize("fps", RATES)
def test_a_change_low_down_makes_a_fall_of_a_loss(fps: float) -> None:
    """The model goes blind half way down; what is on the floor then differs from the floor."""
    half_way = STANDS.long_s + 0.75 * SIDEWAYS.move_s
    life = replace(FALL, fps=fps, blind=(half_way, 99.0))
    begin, confirmed = said(observations(replace(life, changes=True)))
    assert (begin.kind, begin.phase, begin.detail["stage"]) == ("fall", "begin", "descent")
    assert begin.t <= STANDS.long_s + SIDEWAYS.move_s + 0.5
    assert (confirmed.kind, confirmed.phase) == ("fall", "confirmed")


def test_a_glimpse_low_down_makes_a_fall_of_a_loss() -> None:
    half_way = STANDS.long_s + 0.75 * SIDEWAYS.move_s
    seen = observations(FALL)
    glimpsed = [
        replace(one, poses=tuple(replace(p, glimpse=True) for p in one.poses if one.seq % 2))
        if one.t >= half_way
        else one
        for one in seen
    ]
    assert outline(said(glimpsed)) == ["fall begin", "fall confirmed"]


def test_who_vanishes_while_standing_has_not_fallen() -> None:
    assert said(observations(replace(FALL, acts=(STANDS,), gone_s=30.0))) == []


def test_who_sinks_behind_a_table_and_is_seen_no_more_has_not_fallen() -> None:
    sits = replace(FALL, acts=(STANDS, Act(figure.SIT, 1.0, 20.0)), blind=(2.7, 99.0))
    assert said(observations(sits)) == []


def test_getting_up_ends_a_fall_and_another_fall_begins_anew() -> None:
    events = said(observations(replace(FALL, acts=(STANDS, SIDEWAYS, GETS_UP) * 2)))
    assert outline(events) == ["fall begin", "fall confirmed", "fall end"] * 2
    assert [e.detail["reason"] for e in events if e.phase == "end"] == ["recovered"] * 2
    assert {event.subject for event in events} == {"person-1"}


def test_getting_up_at_once_is_a_fall_that_was_never_confirmed() -> None:
    quick = replace(SIDEWAYS, hold_s=0.5 * RULE.hold_s)
    events = said(observations(replace(FALL, acts=(STANDS, quick, replace(GETS_UP, move_s=0.6)))))
    assert outline(events) == ["fall begin", "fall end"]


def test_lying_long_is_told_once() -> None:
    long = replace(SIDEWAYS, hold_s=RULE.long_lie_s + 20.0)
    events = said(observations(replace(FALL, acts=(STANDS, long), fps=5.0)))
    assert outline(events) == ["fall begin", "fall confirmed", "fall long_lie"]
    assert events[2].t - events[0].t == pytest.approx(RULE.long_lie_s, abs=0.2)


def test_a_fallen_person_who_is_never_seen_again_is_gone_at_last() -> None:
    seen = observations(replace(FALL, gone_s=Tracker().hidden_s + 1.0))
    events = said(seen)
    assert outline(events) == ["fall begin", "fall confirmed", "fall long_lie", "fall end"]
    assert events[3].detail["reason"] == "gone"


def test_a_bystander_changes_nothing() -> None:
    beside = Life((Act(STAND, 0.0, 10.0),), at=(250.0, 800.0), size=FALL.size)
    alone, both = said(observations(FALL)), said(together(FALL, beside))
    assert [(e.kind, e.phase, e.t) for e in both] == [(e.kind, e.phase, e.t) for e in alone]


def test_two_who_fall_apart_are_two_falls() -> None:
    other = replace(FALL, at=(250.0, 800.0))
    events = said(together(FALL, other))
    assert {e.subject for e in events if e.phase == "begin"} == {"person-1", "person-2"}


def test_a_camera_that_is_moved_makes_nobody_fall() -> None:
    seen = observations(FALL)
    assert [event.kind for event in said(seen)] == ["fall", "fall"]
    moved = [replace(one, steady=one.seq % 3 != 0) for one in seen]
    assert "fall" not in [event.kind for event in said(moved)]
