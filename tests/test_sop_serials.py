"""Whose serial number an event carries, and what tells one message from the next."""

from __future__ import annotations

import pytest

from edge.core.track import Scene
from edge.core.types import Event, Signal, Value
from edge.events.sop import Sop
from edge.sop.procedure import AnyOf, SignalIs, Stage, Step
from edge.wire import Identity, event_id
from tests.sop_stage import procedure, signal, signals, told

ABC = (signal("a"), signal("b", "a"), signal("c", "b"))
WHO = Identity("plant", "pi", "cam1", "0.1.0", "session")


def run(at: float, letters: str) -> list[tuple[float, str, Value]]:
    """Steps, one after the other."""
    return told(*((name, at + 2 * n, at + 2 * n + 1) for n, name in enumerate(letters)))


def serials(said: list[Event]) -> dict[object, set[object]]:
    """Cycle -> every serial number that its events carry."""
    found: dict[object, set[object]] = {}
    for event in said:
        found.setdefault(event.detail["cycle"], set()).add(event.detail["serial"])
    return found


def test_without_a_start_another_number_is_the_next_unit() -> None:
    job = procedure(*ABC, serial="scan")
    said = signals(
        job,
        [(0, "scan", "A"), *run(1, "ab"), (9, "scan", "B"), *run(10, "abc"), *run(20, "abc")],
    )
    assert said.wrong == [("step_skipped", "c")]
    assert said.one("step_skipped").t == 9.0
    assert [event.detail["reason"] for event in said.of("cycle_completed")] == [
        "next",
        "done",
        "done",
    ]
    assert serials(said.events) == {1: {"A"}, 2: {"B"}, 3: {None}}, "the third was never scanned"


def test_the_same_number_again_is_the_same_unit() -> None:
    job = procedure(*ABC, serial="scan")
    said = signals(job, [(0, "scan", "A"), *run(1, "ab"), (6, "scan", "A"), *run(7, "c")])
    assert said.wrong == []
    assert serials(said.events) == {1: {"A"}}


def test_a_cycle_that_begins_before_its_scan_does_not_carry_the_last_ones_number() -> None:
    job = procedure(*ABC, serial="scan")
    late = [*run(10, "a"), (12, "scan", "B"), *run(13, "bc")]
    said = signals(job, [(0, "scan", "A"), *run(1, "abc"), *late])
    assert said.wrong == []
    assert serials(said.events) == {1: {"A"}, 2: {None, "B"}}
    assert said.of("cycle_completed")[1].detail["serial"] == "B"


def test_with_a_start_a_number_said_early_waits_for_the_next_cycle() -> None:
    job = procedure(*ABC, start=Stage(SignalIs("begin")), serial="scan")
    first: list[tuple[float, str, Value]]
    first = [(0, "scan", "A"), (0.5, "begin", 1), *run(1, "ab"), (5.5, "scan", "B"), *run(6, "c")]
    said = signals(job, [*first, (10, "begin", 1), *run(11, "abc")])
    assert said.wrong == []
    assert serials(said.events) == {1: {"A"}, 2: {"B"}}


def test_a_scan_that_starts_a_cycle_is_not_the_number_of_the_one_before() -> None:
    start = Stage(AnyOf((SignalIs("tray"), SignalIs("scan"))))
    job = procedure(*ABC, start=start, serial="scan")
    said = signals(job, [(0, "tray", 1), *run(1, "a"), (5, "scan", "B"), *run(6, "abc")])
    assert serials(said.events) == {1: {None}, 2: {"B"}}


def test_the_number_that_waits_is_known_to_those_who_join() -> None:
    job = procedure(*ABC, serial="scan")
    assert signals(job, [(0, "scan", "A")]).fact.detail["serial"] == "A"
    assert signals(job, [(0, "scan", "A"), *run(1, "abc")]).fact.detail["serial"] is None


WEIGHED = Step("weigh", (Stage(SignalIs("kg", least=5)),), after=("a",))


@pytest.mark.parametrize("then", ["b", ""])
def test_a_weight_said_every_second_is_weighed_once(then: str) -> None:
    job = procedure(signal("a"), WEIGHED, *([signal("b", "weigh")] if then else []))
    every = [(2.0 + s, "kg", 6.0) for s in range(8)]
    said = signals(job, [*run(0, "a"), *every, *(run(11, "b") if then else [])])
    assert said.wrong == []
    twice = [*every[:3], (5.5, "kg", 0.0), (6.5, "kg", 6.0)]
    said = signals(job, [*run(0, "a"), *twice, *(run(11, "b") if then else [])])
    assert said.wrong == [("step_repeated", "weigh")], "it was taken off and put on again"


def test_a_number_of_each_unit_counts_in_each_cycle() -> None:
    job = procedure(signal("a"), WEIGHED)
    said = signals(job, [*run(0, "a"), (3, "kg", 6.0), *run(5, "a"), (8, "kg", 6.0)])
    assert said.wrong == []
    assert len(said.of("cycle_completed")) == 2


def test_one_said_again_as_a_number_is_nothing_new_where_true_is_waited_for() -> None:
    press = Step("press", (Stage(SignalIs("down", equals=True)),), times=2)
    codes = Step("code", (Stage(SignalIs("id", equals=1)),), times=2)
    came = [(float(t), name, v) for t, v in enumerate((1, 1, 0, 1)) for name in ("down", "id")]
    said = signals(procedure(press, codes, signal("b", "press")), came)
    times = [(event.detail["step"], event.t) for event in said.of("step_completed")]
    assert times == [("press", 0.0), ("code", 0.0), ("code", 1.0), ("press", 3.0)]


def test_the_same_again_in_one_picture_has_an_id_of_its_own() -> None:
    screw = Step("screw", (Stage(SignalIs("torque")),), times=3)
    rule = Sop(procedure(screw, signal("z", "screw")))
    came = (Signal("torque", 1, 1.0),) * 3
    _, said = rule.step(rule.start(), Scene(1.0, 0, (640, 480), (), signals=came))
    assert [event.detail.get("turn") for event in said if event.phase == "step_completed"] == [
        None,
        1,
        2,
    ]
    assert len({event_id(WHO, event) for event in said}) == len(said)


def test_a_work_order_is_the_number_of_every_cycle_until_the_next_one() -> None:
    job = procedure(*ABC, serial="scan", serial_lasts=True)
    said = signals(
        job,
        [(0, "scan", "A"), *run(1, "abc"), *run(10, "abc"), (19, "scan", "B"), *run(20, "abc")],
    )
    assert said.wrong == []
    assert serials(said.events) == {1: {"A"}, 2: {"A"}, 3: {"B"}}
