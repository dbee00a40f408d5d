"""Somebody is there; nobody is there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edge.core.engine import Engine
from edge.core.track import Tracker
from edge.core.types import Event, Observation
from edge.events.presence import Present
from tests.figure import STAND
from tests.lives import Act, Life, observations, together

RULE = Present()
FRAME = 0.1
VISIT = Life(
    (Act(STAND, 0.0, RULE.hold_s + 2.0),),
    at=(625.0, 400.0),  # at the border, where people leave
    fps=1 / FRAME,
    gone_s=30.0,
)


def told(seen: list[Observation], *, end: bool = False) -> list[tuple[str, str, float]]:
    """Phase, subject and time of everything told."""
    core = Engine(Tracker(), (RULE,))
    memory = core.start()
    said: list[Event] = []
    for one in seen:
        memory, _, events = core.step(memory, one)
        said += events
    said += core.finish(memory, seen[-1].t) if end else ()
    assert {event.kind for event in said} <= {"presence"}
    return [(event.phase, event.subject, event.t) for event in said]


def test_who_stays_is_there_and_who_leaves_is_gone() -> None:
    (begin, end) = told(observations(VISIT))
    assert begin[:2] == ("begin", "camera")
    assert begin[2] == pytest.approx(RULE.hold_s, abs=FRAME)
    assert end[:2] == ("end", "camera")
    left = min(RULE.away_s, Tracker().forget_s)
    assert end[2] == pytest.approx(VISIT.long_s + left, abs=2 * FRAME)


def test_who_only_passes_is_not_told() -> None:
    passing = replace(VISIT, acts=(Act(STAND, 0.0, RULE.hold_s - 2 * FRAME),))
    assert told(observations(passing), end=True) == []


def test_a_short_gap_is_nothing() -> None:
    visit = replace(VISIT, acts=(Act(STAND, 0.0, 12.0),), at=(320.0, 400.0), gone_s=0.0)
    gap = replace(visit, blind=(3.0, 3.0 + RULE.away_s - 2 * FRAME))
    assert [phase for phase, _, _ in told(observations(gap))] == ["begin"]


def test_two_people_are_one_presence_until_the_second_leaves() -> None:
    long = replace(VISIT, acts=(Act(STAND, 0.0, 20.0),), at=(300.0, 400.0), gone_s=40.0)
    (_, end) = told(together(long, VISIT))
    assert end[2] > 20.0


def test_who_lies_unseen_as_a_change_is_still_there() -> None:
    hidden = replace(VISIT, acts=(Act(STAND, 0.0, 30.0),), at=(320.0, 400.0), gone_s=0.0)
    lost = observations(replace(hidden, blind=(5.0, 99.0)))
    shows = observations(replace(hidden, blind=(5.0, 99.0), changes=True))
    assert [phase for phase, _, _ in told(lost)] == ["begin", "end"]
    assert [phase for phase, _, _ in told(shows)] == ["begin"]


def test_the_end_of_the_source_ends_the_presence() -> None:
    visit = replace(VISIT, gone_s=0.0)
    assert told(observations(visit), end=True)[-1] == ("end", "camera", observations(visit)[-1].t)


def test_who_comes_back_is_told_again() -> None:
    first = observations(VISIT)
    again = [replace(one, t=one.t + first[-1].t + FRAME) for one in first]
    assert [phase for phase, _, _ in told([*first, *again])] == ["begin", "end"] * 2
