"""What a procedure says on the wire, from the real rule: valid, and shed in the right order."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from edge.core.engine import Engine
from edge.core.track import Tracker
from edge.core.types import Event, Fact, Observation, Signal
from edge.events.sop import Sop
from edge.wire import Identity, encode, event_message, is_alarm, state_message
from tests.brokers import validate
from tests.signalled import JOB

WHO = Identity("plant", "pi", "cam1", "0.1.0", "session")
PHASES = {
    *("step_started", "step_completed", "step_out_of_order", "step_late", "step_skipped"),
    *("step_repeated", "step_too_short", "step_too_long", "repeat_missing", "forbidden"),
    *("cycle_started", "cycle_completed", "cycle_aborted", "cycle_too_short", "cycle_too_long"),
}


def play(*script: tuple[float, str, object]) -> tuple[list[Event], list[Fact]]:
    """What is said of signals that come at a time, at 10 frames a second."""
    engine = Engine(Tracker(), (Sop(JOB),))
    memory = engine.start()
    events: list[Event] = []
    facts = list(engine.facts(memory))
    t = 0.0
    for frame in range(round(10 * script[-1][0]) + 10):
        t = frame / 10
        now = tuple(Signal(n, v, t) for at, n, v in script if round(10 * at) == frame)  # type: ignore[arg-type]
        seen = Observation(t, frame, (640, 480), (), signals=now)
        memory, _, said = engine.step(memory, seen)
        events += said
        facts += engine.facts(memory)
    return events, facts


def doing(name: str, begin: float, end: float) -> tuple[tuple[float, str, object], ...]:
    return (begin, name, True), (end, name, False)


RIGHT = (
    (1.0, "scan", "SN-7"),
    *doing("take", 2, 4), *doing("place", 5, 6), *doing("screw", 7, 8), *doing("screw", 9, 10),
    *doing("lid", 11, 12), (13.0, "out", True),
)  # fmt: skip
WRONG = (
    (1.0, "scan", "SN-8"),
    *doing("take", 2, 2.5), *doing("screw", 8, 9), *doing("place", 10, 11), *doing("take", 12, 18),
    *doing("press", 19, 20), (40.0, "out", True),
    (50.0, "scan", 4711), *doing("take", 51, 57), (58.0, "stop", True),
    (60.0, "scan", "SN-9"), *doing("take", 60.2, 61.5), (61.8, "out", True),
)  # fmt: skip


@pytest.mark.parametrize("script", [RIGHT, WRONG])
def test_every_message_is_as_its_schema_says(script: tuple[tuple[float, str, object], ...]) -> None:
    events, facts = play(*script)
    for event in events:
        message = event_message(WHO, event, wall_time=0.0, clock_synced=True)
        assert message.body["dataschema"] == "urn:edgepose:sop:1"
        validate(message.topic, json.loads(encode(message.body)))
    for fact in facts:
        message = state_message(
            WHO, fact.name, on=fact.on, wall_time=0.0, clock_synced=None, detail=fact.detail
        )
        assert message.topic == "edgepose/plant/pi/cam1/state/sop-job"
        validate(message.topic, json.loads(encode(message.body)))


def test_the_scripts_reach_all_that_signals_can_say() -> None:
    """Without this, the schemas are not proven."""
    said = {event.phase for script in (RIGHT, WRONG) for event in play(*script)[0]}
    assert said == PHASES


def test_a_right_cycle_is_all_course_and_what_is_wrong_is_an_alarm() -> None:
    right, _ = play(*RIGHT)
    assert right
    assert not any(map(is_alarm, right))
    for event in play(*WRONG)[0]:
        assert is_alarm(event) == (event.detail["severity"] != "info"), event


def test_the_number_of_the_work_order_is_on_every_event_of_its_cycle() -> None:
    events, facts = play(*RIGHT)
    assert {event.detail["serial"] for event in events} == {"SN-7"}
    assert any(fact.detail["serial"] == "SN-7" for fact in facts)


def test_a_message_of_a_phase_nobody_knows_is_refused() -> None:
    event = replace(play(*RIGHT)[0][0], phase="step_begun")
    message = event_message(WHO, event, wall_time=0.0, clock_synced=True)
    with pytest.raises(Exception, match="step_begun"):
        validate(message.topic, dict(message.body))


def test_the_same_twice_in_one_picture_is_told_under_two_ids() -> None:
    hasty = ((7.0, "screw", True), (7.0, "screw", False)) * 2
    events, _ = play(*RIGHT[:5], *hasty, *RIGHT[-3:])
    twice = [event for event in events if "turn" in event.detail]
    assert {event.phase for event in twice} == {"step_started", "step_completed"}
    said = [event_message(WHO, event, wall_time=0.0, clock_synced=True) for event in events]
    assert len({str(message.body["id"]) for message in said}) == len(said)
    for message in said:
        validate(message.topic, json.loads(encode(message.body)))
