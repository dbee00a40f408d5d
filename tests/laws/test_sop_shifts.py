"""Several cycles in a row, one of them with a fault: only that one is told to be wrong."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from edge.core.types import Event
from tests.benchwork import PROGRESS, Eyes, faults, shift
from tests.faults_drawn import FAULTS, Flawed
from tests.laws.test_sop_laws import RATES, outline
from tests.procedures_drawn import Act, executions, jobs

FLAWED = 2  # the second cycle, of four
# Not those whose limit, with which they are drawn, makes every cycle wrong.
EVERYWHERE = ("quick", "hasty", "short_cycle")
GATED = [fault for fault in FAULTS if fault not in EVERYWHERE]
# Without a start and an end, who leaves something out and goes on may as well have begun the next
# cycle too early; these are certain.
OPEN = ["repeat", "slow", "late", "reach", "absent"]
ROOM = settings(max_examples=8, suppress_health_check=[HealthCheck.filter_too_much])


SHARP = st.builds(Eyes, fps=st.sampled_from(RATES))


@st.composite
def shifts(draw: st.DrawFn, fault: str, *, gated: bool) -> tuple[list[Act], Flawed]:
    """A right way of doing a procedure, and the same with a fault, where there is room for it."""
    job = draw(jobs().filter(lambda one: bool(one.procedure.cycle.start) == gated))
    right = draw(executions(job))
    return right, FAULTS[fault](draw, job, right) or Flawed("", job, right, [])


def four(fault: str, data: st.DataObject, eyes: Eyes, *, gated: bool) -> list[Event]:
    """Right, with the fault, right, right: the events, of which only the second cycle is wrong."""
    right, flawed = data.draw(shifts(fault, gated=gated))
    assume(flawed.fault)
    said = shift(flawed.job, right, flawed.acts, right, right, eyes=eyes)
    assert faults(said) == flawed.expected, outline(said)
    closed = [event for event in said if event.phase == "cycle_completed"]
    assert [event.detail["cycle"] for event in closed] == [1, 2, 3, 4]
    for event in closed:
        assert (event.detail["score"] == 1.0) == (event.detail["cycle"] != FLAWED), outline(said)
    return said


@pytest.mark.parametrize("fault", GATED)
@ROOM
@given(data=st.data(), eyes=SHARP)
def test_with_a_start_and_an_end_only_the_flawed_cycle_is_wrong(
    fault: str, data: st.DataObject, eyes: Eyes
) -> None:
    said = four(fault, data, eyes, gated=True)
    for event in said:
        cycle = int(str(event.detail["cycle"]))
        assert event.detail["serial"] == f"unit-{6 + cycle}", "its own, whenever it is said"
    assert all(event.detail["cycle"] == FLAWED for event in said if event.phase not in PROGRESS)


@pytest.mark.parametrize("fault", OPEN)
@ROOM
@given(data=st.data(), eyes=SHARP)
def test_without_them_what_leaves_nothing_out_is_told_of_its_cycle_alone(
    fault: str, data: st.DataObject, eyes: Eyes
) -> None:
    four(fault, data, eyes, gated=False)
