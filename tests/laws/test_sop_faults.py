"""Each fault somebody makes is told exactly once, by its own event, with the right step."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tests.benchwork import PROGRESS, Eyes, events, faults
from tests.faults_drawn import FAULTS, Flawed
from tests.laws.test_sop_laws import ROUGH, SHARP, done_with

EVERYTHING = PROGRESS | {
    "step_out_of_order",
    "step_late",
    "step_skipped",
    "step_repeated",
    "step_too_short",
    "step_too_long",
    "repeat_missing",
    "forbidden",
    "cycle_too_short",
    "cycle_too_long",
    "operator_absent",
}
FEW_FIT = settings(max_examples=12, suppress_health_check=[HealthCheck.filter_too_much])


def told(fault: str, data: st.DataObject, eyes: Eyes) -> None:
    flawed = data.draw(done_with(fault))
    assume(flawed.fault)
    said = events(flawed.job, flawed.acts, eyes)
    assert faults(said) == flawed.expected, [
        (event.t, event.phase, event.subject) for event in said
    ]
    for event in said:
        if event.phase not in PROGRESS:
            assert str(event.detail["sentence"])
            assert event.detail["severity"] in ("warning", "error", "critical")
    (closed,) = (event for event in said if event.phase in ("cycle_completed", "cycle_aborted"))
    assert float(str(closed.detail["score"])) < 1.0


@pytest.mark.parametrize("fault", FAULTS)
@FEW_FIT
@given(data=st.data(), eyes=SHARP)
def test_a_fault_is_told_by_its_own_event_alone(
    fault: str, data: st.DataObject, eyes: Eyes
) -> None:
    told(fault, data, eyes)


@settings(FEW_FIT, max_examples=40)
@given(st.sampled_from(sorted(FAULTS)), st.data(), ROUGH)
def test_also_where_hands_tremble_are_lost_and_seen_elsewhere(
    fault: str, data: st.DataObject, eyes: Eyes
) -> None:
    told(fault, data, eyes)


def test_the_jobs_reach_everything_that_can_be_told() -> None:
    """Without this, no other law here says anything."""
    reached: set[str] = set()
    made: Counter[str] = Counter()
    for fault in FAULTS:

        @settings(max_examples=15, derandomize=True, database=None, phases=[Phase.generate])
        @given(done_with(fault))
        def look(flawed: Flawed) -> None:
            reached.update(event.phase for event in events(flawed.job, flawed.acts, Eyes(8.0)))
            made[flawed.fault] += 1

        look()
    assert reached == EVERYTHING
    assert min(made[fault] for fault in FAULTS) > 0
