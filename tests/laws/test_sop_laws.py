"""What holds for every procedure and everybody who does it right, however well they are seen."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from edge.core.track import Scene
from edge.core.types import Event
from edge.events.sop import Sop
from tests.benchwork import CLEAR, PROGRESS, Eyes, events, faults, film, scenes
from tests.faults_drawn import FAULTS, Flawed
from tests.procedures_drawn import Job, executions, jobs

RATES = (5.0, 8.0, 12.5, 15.0, 24.0, 30.0)
SHARP = st.builds(Eyes, fps=st.sampled_from(RATES))
ROUGH = st.builds(
    Eyes, fps=st.sampled_from(RATES[1:]), seed=st.integers(0, 10**6), rough=st.just(value=True)
)


def outline(said: list[Event]) -> list[tuple[str, str]]:
    return [(event.phase, event.subject) for event in said]


def done_right(said: list[Event]) -> None:
    assert faults(said) == [], outline(said)
    (closed,) = (event for event in said if event.phase == "cycle_completed")
    assert closed.detail["score"] == 1.0
    assert closed.detail["missing"] == []


@settings(max_examples=50)
@given(st.data(), SHARP)
def test_what_is_done_right_is_no_fault(data: st.DataObject, eyes: Eyes) -> None:
    job = data.draw(jobs())
    done_right(events(job, data.draw(executions(job)), eyes))


@settings(max_examples=40)
@given(st.data(), ROUGH)
def test_nor_if_hands_tremble_are_lost_and_seen_elsewhere(data: st.DataObject, eyes: Eyes) -> None:
    job = data.draw(jobs())
    done_right(events(job, data.draw(executions(job)), eyes))


@settings(max_examples=20)
@given(st.data(), SHARP)
def test_the_order_that_is_free_changes_nothing(data: st.DataObject, eyes: Eyes) -> None:
    job = data.draw(jobs())
    one, other = data.draw(executions(job)), data.draw(executions(job))
    assume({act.step for act in one} == {act.step for act in other})
    assert Counter(outline(events(job, one, eyes))) == Counter(outline(events(job, other, eyes)))


@st.composite
def done_with(draw: st.DrawFn, fault: str) -> Flawed:
    """With this fault; or right, where the procedure has no room for it."""
    job = draw(jobs())
    acts = draw(executions(job))
    return FAULTS[fault](draw, job, acts) or Flawed("", job, acts, [])


def done_somehow() -> st.SearchStrategy[Flawed]:
    return st.sampled_from(sorted(FAULTS)).flatmap(done_with)


@settings(max_examples=15)
@given(done_somehow(), st.integers(-100_000, 1_000_000))
def test_only_differences_of_time_count(flawed: Flawed, later: int) -> None:
    moved = events(flawed.job, flawed.acts, replace(CLEAR, later=float(later)))
    there = events(flawed.job, flawed.acts)
    assert outline(moved) == outline(there)
    assert all(abs(a.t - later - b.t) < 1e-6 for a, b in zip(moved, there, strict=True))


@settings(max_examples=20)
@given(done_somehow(), st.sampled_from(RATES))
def test_the_frame_rate_changes_only_when_it_is_told(flawed: Flawed, fps: float) -> None:
    """By a frame until something is seen, and by another until it has been seen long enough."""
    slow = sorted(events(flawed.job, flawed.acts, Eyes(fps)), key=_what)
    quick = sorted(events(flawed.job, flawed.acts, Eyes(60.0)), key=_what)
    assert [_what(event)[:2] for event in slow] == [_what(event)[:2] for event in quick]
    for one, other in zip(slow, quick, strict=True):
        assert abs(one.t - other.t) <= 2.0 / fps + 2.0 / 60.0


def _what(event: Event) -> tuple[str, str, float]:
    return event.subject, event.phase, event.t


@settings(max_examples=10)
@given(done_somehow(), st.floats(0.0, 1.0))
def test_the_state_is_all_the_memory_there_is(flawed: Flawed, share: float) -> None:
    seen = scenes(film(flawed.job, flawed.acts))
    cut = round(share * len(seen))
    rule = Sop(flawed.job.procedure)
    state = rule.start()
    said: list[Event] = []
    for scene in seen[:cut]:
        state, more = rule.step(state, scene)
        said += more
    kept = copy.deepcopy(state)
    rest = _follow(flawed.job, state, seen[cut:])
    assert rest == _follow(flawed.job, kept, seen[cut:])
    assert [*said, *rest] == events(flawed.job, flawed.acts)


def _follow(job: Job, state: object, seen: list[Scene]) -> list[Event]:
    rule = Sop(job.procedure)
    said: list[Event] = []
    for scene in seen:
        state, more = rule.step(state, scene)  # type: ignore[arg-type]
        said += more
    return said


@settings(max_examples=25)
@given(done_somehow(), SHARP)
def test_cycles_and_steps_begin_before_they_end_and_all_cycles_end(
    flawed: Flawed, eyes: Eyes
) -> None:
    said = events(flawed.job, flawed.acts, eyes)
    assert [event.t for event in said] == sorted(event.t for event in said)
    running, begun = False, Counter[str]()
    for event in said:
        if event.phase == "cycle_started":
            assert not running
            running = True
        elif event.phase == "step_started":
            begun[event.subject] += 1
        elif event.phase == "step_completed":
            assert begun[event.subject] > 0
        elif event.phase in ("cycle_completed", "cycle_aborted"):
            assert running
            running = False
        assert running or event.phase not in PROGRESS - {"cycle_completed", "cycle_aborted"}
    assert not running
