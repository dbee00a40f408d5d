"""A scanner begins a cycle: from a real broker through the daemon and back, and in a replay."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from edge.config import Publish
from edge.config_signals import SignalTopic
from edge.core.engine import Engine
from edge.core.track import Tracker
from edge.events.sop import Sop
from edge.recording import Header, Reader
from edge.runtime import daemon
from edge.runtime.announce import Announcer
from edge.runtime.assemble import Parts
from edge.runtime.signals import Inbox
from edge.runtime.viewers import recorded
from edge.wire import Identity
from tests.brokers import Broker, Listener, until
from tests.cameras import to
from tests.fakes import FakeBackend, FakeEstimator, FakeSource, ListSink, frame
from tests.machines import Machine, machine
from tests.signalled import JOB
from tests.test_daemon import Opens

WHO = Identity("site", "device", "cam", "0.1.0", "session")
HEADER = Header("site", "device", "cam", "session", "model")
SIGNALS = [
    SignalTopic("scan", "line1/scanner", "code", text=True),
    *(SignalTopic(name, f"line1/plc/{name}", "") for name in ("take", "place", "screw", "lid")),
    SignalTopic("out", "line1/out", ""),
    SignalTopic("hello", "line1/hello", ""),
]
SHIFT = (
    ("line1/scanner", '{"code": "0815"}'),
    *(("line1/plc/take", "true"), ("line1/plc/take", "false")),
    *(("line1/plc/place", "true"), ("line1/plc/place", "false")),
    *(("line1/plc/screw", "true"), ("line1/plc/screw", "false")) * 2,
    *(("line1/plc/lid", "true"), ("line1/plc/lid", "false")),
    ("line1/out", "true"),
)


class Line:
    """Says one thing after the other, one every 15 frames, and waits until the camera has it."""

    def __init__(self, other: Machine, inbox: Inbox) -> None:
        self._other = other
        self._inbox = inbox
        self._frames = 0
        self._left = list(SHIFT)

    def before_a_frame(self) -> None:
        if self._frames == 0:
            until(self._heard_hello)  # the subscription follows the connection
            self._other.says("line1/scanner", '{"cod": "0815"}')
            until(lambda: self._inbox.counts.refused > 0)
        elif self._frames % 15 == 0 and self._left:
            known = self._inbox.counts.heard
            self._other.says(*self._left.pop(0))
            until(lambda: self._inbox.counts.heard > known)
        self._frames += 1

    def _heard_hello(self) -> bool:
        self._other.says("line1/hello", "hello")
        time.sleep(0.01)
        return self._inbox.counts.heard > 0


def shift(broker: Broker, folder: Path) -> tuple[daemon.Summary, Listener, ListSink]:
    """Watch a shift over a broker, and record it."""
    inbox, beside = Inbox(SIGNALS), ListSink()
    with machine(broker) as other, Listener(broker, topic=f"{WHO.root}/#") as listener:
        film = [frame(seq, 10.0, (640, 480)) for seq in range(15 * len(SHIFT) + 30)]
        summary = daemon.run(
            Parts(
                identity=WHO,
                backends=(FakeBackend(),),
                sinks=(to(broker, discovery=False).open(WHO, folder), beside),
                source=Opens(FakeSource(film, pause=Line(other, inbox).before_a_frame)),
                realtime=False,
                publish=Publish(health_s=0.0),
                viewers=(recorded(folder / "poses.jsonl", HEADER),),
                estimator=FakeEstimator(lambda _: ()),  # type: ignore[arg-type]
                engine=Engine(Tracker(), (Sop(JOB),)),
                inbox=inbox,
            )
        )
        until(lambda: (listener.last(WHO.status_topic) or {}).get("state") == "offline")
    return summary, listener, beside


def test_a_shift_over_a_broker_and_its_recording_again(broker: Broker, tmp_path: Path) -> None:
    summary, listener, beside = shift(broker, tmp_path)
    said = [one["type"].removeprefix("edgepose.sop.") for one in listener.events()]
    steps = ("step_started", "step_completed") * 5
    assert said == ["cycle_started", *steps, "cycle_completed"]
    last = listener.events()[-1]["data"]
    assert (last["serial"], last["score"], last["missing"]) == ("0815", 1.0, [])
    assert summary.signals > len(SHIFT)  # and greetings
    assert summary.refused == 1
    assert all(health["signals_refused"] <= 1 for health in beside.about("health"))
    facts = beside.about("sop-job")
    assert [facts[0]["on"], facts[-1]["on"]] == [False, False]
    assert listener.last(WHO.state_topic("sop-job"))["on"] is False
    assert {fact["step"] for fact in facts} == {None, "take", "place", "screw", "lid"}

    again = ListSink()
    with again:
        replay(tmp_path / "poses.jsonl", again)
    assert timeless(again.about("event")) == timeless(beside.about("event"))
    assert timeless(again.about("sop-job")) == timeless(facts)


def timeless(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the wall clock, the one thing that a replay has anew."""
    return [{key: value for key, value in body.items() if key != "time"} for body in bodies]


def replay(path: Path, sink: ListSink) -> None:
    """What `edgepose replay` does."""
    engine = Engine(Tracker(), (Sop(JOB),))
    memory, t = engine.start(), 0.0
    announcer = Announcer(WHO, [sink], engine.rules, orders=False)
    announcer.facts(engine.facts(memory))
    for seen in Reader(path, pytest.fail):
        memory, _, events = engine.step(memory, seen)
        announcer.events(events)
        announcer.facts(engine.facts(memory))
        t = seen.t
    memory, events = engine.end(memory, t)
    announcer.events(events)
    announcer.facts(engine.facts(memory))
