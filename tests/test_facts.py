"""What is so right now: said at the start and when it changes, kept, shown by Home Assistant."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from edge.core.engine import Engine
from edge.core.track import Scene, Tracker
from edge.core.types import Event, Fact, Json, Observation, Order, Signal
from edge.discovery import discovery_message
from edge.events.sop import Sop
from edge.ports import Stating
from edge.runtime.announce import Announcer
from edge.wire import Identity
from tests.brokers import Broker, Listener, until, validate
from tests.cameras import to
from tests.fakes import FallsAt, ListSink
from tests.signalled import JOB

WHO = Identity("site", "device", "cam", "0.1.0", "session")


def fact(name: str = "sop-job", *, on: bool = False, **detail: Json) -> Fact:
    return Fact(name, on, detail)


def announcer(sink: ListSink, *rules: Any, **options: Any) -> Announcer:
    return Announcer(WHO, [sink], rules, lambda: 0.0, lambda: True, **options)


def told(sink: ListSink) -> list[tuple[str, object, object]]:
    return [
        (one.topic.split("/")[-1], one.body["on"], one.body.get("step")) for one in sink.messages
    ]


def test_a_fact_is_published_retained_at_first_and_when_it_changes() -> None:
    sink = ListSink()
    with sink:
        speaker = announcer(sink)
        same = fact(step="lid")
        for facts in (
            [fact(step=None)],
            [fact(step=None)],  # made anew, and the same
            [same, fact("sop-other")],
            [same, fact("sop-other")],
            [fact(on=True, step="lid")],
        ):
            speaker.facts(facts)
    assert told(sink) == [
        ("sop-job", False, None),
        ("sop-job", False, "lid"),
        ("sop-other", False, None),
        ("sop-job", True, "lid"),
    ]
    assert all(one.retain and one.qos == 1 and not one.is_event for one in sink.messages)


class Lights:
    """A rule that has a lamp switched when somebody falls."""

    kinds: ClassVar[tuple[str, ...]] = ()
    skeleton: ClassVar[str] = ""

    def start(self) -> None:
        return None

    def step(self, state: None, scene: Scene) -> tuple[None, tuple[Event, ...]]:
        assert scene
        return state, ()

    def orders(self, event: Event) -> tuple[Order, ...]:
        return (Order("lamp/set", "ON"),) if event.kind == "fall" else ()


def test_orders_follow_the_event_and_a_replay_gives_none() -> None:
    events = [
        Event("presence", "begin", "camera", 0.0, {}),
        Event("fall", "long_lie", "p", 1.0, {}),
    ]
    for orders in (True, False):
        with ListSink() as sink:
            announcer(sink, Lights(), orders=orders).events(events)
        topics = [one.topic.removeprefix(WHO.root) for one in sink.messages]
        assert topics == ["/event/presence", "/event/fall", *["lamp/set"] * orders]


def test_an_engine_asks_only_rules_that_state_something() -> None:
    engine = Engine(Tracker(), (FallsAt(1.0), Sop(JOB)))
    assert [isinstance(rule, Stating) for rule in engine.rules] == [False, True]
    memory = engine.start()
    (first,) = engine.facts(memory)
    assert (first.name, first.on, first.detail["procedure"]) == ("sop-job", False, "job")

    def after(t: float, name: str, value: object) -> Fact:
        nonlocal memory
        signal = Signal(name, value, t)  # type: ignore[arg-type]
        seen = Observation(t, round(10 * t), (640, 480), (), signals=(signal,))
        memory, _, _ = engine.step(memory, seen)
        (now,) = engine.facts(memory)
        return now

    running = after(1.0, "scan", "SN-1")
    assert (running.on, running.detail["serial"]) == (True, "SN-1")
    assert running.detail["expected"] == ["take"]
    assert after(2.0, "take", True).detail["step"] == "take"  # noqa: FBT003 - what was said
    memory, _ = engine.end(memory, 3.0)
    (over,) = engine.facts(memory)
    assert over.on is False


def components(message: Mapping[str, Any]) -> dict[str, Any]:
    return {key: part["platform"] for key, part in message["components"].items()}


def test_home_assistant_is_shown_where_in_the_procedure_one_is() -> None:
    message = discovery_message(WHO, "homeassistant", {"sop-job": "a job"})
    validate(message.topic, dict(message.body))
    parts: Any = message.body["components"]
    assert components(message.body).items() >= {
        ("sop", "event"),
        ("sop-job", "binary_sensor"),
        ("step-of-sop-job", "sensor"),
    }
    assert parts["sop-job"]["state_topic"] == parts["step-of-sop-job"]["json_attributes_topic"]
    assert parts["sop-job"]["state_topic"] == WHO.state_topic("sop-job")
    assert parts["sop"]["state_topic"] == WHO.event_topic("sop")
    assert not any(key.startswith("sop") for key in components(discovery_message(WHO).body))


def test_no_two_procedures_share_a_part_in_home_assistant() -> None:
    names = ("x", "x-step", "x_step", "a-b", "a_b", "a--b", "step-of-sop-x", "A-b")
    procedures = {f"sop-{name}": name for name in names}
    message = discovery_message(WHO, "homeassistant", procedures)
    validate(message.topic, dict(message.body))
    parts: Any = message.body["components"]
    assert len(parts) == len(discovery_message(WHO).body["components"]) + 1 + 2 * len(names)  # type: ignore[arg-type]
    for kind in ("binary_sensor", "sensor"):
        topics = {part["state_topic"] for part in parts.values() if part["platform"] == kind}
        assert topics >= {WHO.state_topic(name) for name in procedures}
    assert len({part["unique_id"] for part in parts.values()}) == len(parts)


def test_a_broker_keeps_the_fact_and_hears_of_the_procedure_once_it_is_told(
    broker: Broker, tmp_path: Path
) -> None:
    with to(broker).open(WHO, tmp_path) as sink:
        speaker = Announcer(WHO, [sink], [])
        place: dict[str, Json] = {"procedure": "job", "title": "a job", "cycle": 1, "step": "lid"}
        place |= {"done": [], "expected": ["lid"], "missing": []}
        speaker.facts([Fact("sop-job", False, {**place, "step": None})])  # noqa: FBT003
        until(lambda: sink.trouble() is None)
        speaker.facts([Fact("sop-job", True, place)])  # noqa: FBT003
    with Listener(broker) as late:
        until(lambda: late.last(WHO.state_topic("sop-job")) is not None)
        until(lambda: late.last(WHO.status_topic) is not None)
        assert late.last(WHO.state_topic("sop-job"))["step"] == "lid"
        assert all(one.retain for one in late.heard)
        (found,) = (one.body for one in late.heard if one.topic.startswith("homeassistant/"))
        assert "step-of-sop-job" in components(found)
