"""What the check says of a procedure is what the rule does with it, and what it leaves alone works.

A right run is done with each; the check says "always too short", "every right run is broken off".
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from edge.sop.checking.check import check
from edge.sop.procedure import (
    AllOf,
    Condition,
    CycleRules,
    HandsApart,
    InZone,
    Procedure,
    SignalIs,
    Stage,
    Step,
)
from tests.sop_stage import during, hands, procedure, signal, signals

A = Step("a", (Stage(InZone("a"), 0.5),))
B = Step("b", (Stage(InZone("b"), 0.5),), after=("a",))
C = Step("c", (Stage(InZone("c"), 0.5),), after=("b",))
RIGHT = (("rest", 5.0), ("a", 4.0), ("rest", 1.0), ("b", 1.0), ("rest", 1.0), ("c", 1.0))


def told(job: Procedure, key: str) -> str:
    """How bad the check finds a key; empty if it says nothing of it."""
    return next((one.severity for one in check(job) if one.key == key), "")


@pytest.mark.parametrize(
    ("first", "key", "phase"),
    [
        (replace(A, least_s=3.0), "step[1].least_s", "step_too_short"),
        (replace(A, wait_least_s=3.0), "step[1].wait_least_s", "step_too_short"),
    ],
)
def test_what_is_always_too_short_is_so_in_a_right_run(first: Step, key: str, phase: str) -> None:
    job = procedure(first, B, C)
    assert told(job, key) == "error"
    assert hands(job, *RIGHT).wrong == [(phase, "a")]
    over = procedure(replace(A, least_s=3.0, done="over"), B, C)
    assert not told(over, "step[1].least_s")
    assert hands(over, *RIGHT, ("rest", 1.0)).wrong == []


@pytest.mark.parametrize(("place", "hold_s", "bad"), [("b", 0.3, True), ("b", 3.0, False)])
def test_an_abort_that_a_step_shows_breaks_every_run_off(
    place: str, hold_s: float, *, bad: bool
) -> None:
    job = procedure(A, B, C, abort=Stage(InZone(place), hold_s))
    assert (told(job, "cycle.abort") == "error") == bad
    phases = [phase for phase, _ in hands(job, *RIGHT).outline]
    assert ("cycle_aborted" in phases) == bad


@pytest.mark.parametrize(
    ("when", "hold_s"),
    [
        (SignalIs("scan"), 1.0),
        (AllOf((SignalIs("scan"), SignalIs("torque"))), 0.0),
    ],
)
def test_a_moment_neither_lasts_nor_meets_another(when: Condition, hold_s: float) -> None:
    bad = Step("p", (Stage(when, hold_s),), after=("x",))
    job = procedure(signal("x"), bad, signal("y", "p"))
    assert told(job, "step[2].when") == "error"
    came = [*during("x", 0, 1), (2, "scan", 1), (2, "torque", 1), (2.5, "scan", 1)]
    seen = signals(job, [*came, (3.2, "scan", 1), (3.2, "torque", 2)], 20)
    assert ("step_completed", "p") not in seen.outline
    # Once it need not last, or the other says what it is about, it can be.
    value = AllOf((SignalIs("scan"), SignalIs("torque", least=1)))
    good = replace(bad, stages=(Stage(value if isinstance(when, AllOf) else when),))
    job = procedure(signal("x"), good, signal("y", "p"))
    assert not told(job, "step[2].when")
    seen = signals(job, [*came, (3.2, "scan", 1), (3.2, "torque", 2)], 20)
    assert ("step_completed", "p") in seen.outline


def test_hands_cannot_be_far_and_near() -> None:
    both = AllOf((HandsApart(least=0.5), HandsApart(most=0.2)))
    job = Procedure("p", (Step("a", (Stage(both, 1.0),)),), cycle=CycleRules())
    assert told(job, "step[1].when") == "error"
    some = AllOf((HandsApart(least=0.2), HandsApart(most=0.5)))
    assert check(Procedure("p", (Step("a", (Stage(some, 1.0),)),))) == ()


def test_another_serial_closes_a_cycle_without_a_start() -> None:
    job = procedure(signal("x"), signal("y", "x"), serial="scanner")
    assert told(job, "cycle.serial") == "warning"
    first = [(0.0, "scanner", "one"), *during("x", 1, 2)]
    seen = signals(job, [*first, (5.0, "scanner", "two"), *during("x", 6, 7), *during("y", 8, 9)])
    done = seen.of("cycle_completed")
    assert [one.detail["serial"] for one in done] == ["one", "two"]
    assert seen.wrong == [("step_skipped", "y")]
