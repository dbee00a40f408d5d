"""The life of the process, with fakes at its four seams."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from edge.config import Publish
from edge.core.engine import Engine
from edge.core.track import Tracker
from edge.core.types import Event, Frame, Pose
from edge.errors import ModelError, SourceError
from edge.recording import Header, Reader
from edge.runtime import daemon
from edge.runtime.assemble import Parts
from edge.runtime.viewers import recorded
from edge.wire import Identity
from tests.brokers import until, validate
from tests.fakes import FakeBackend, FakeEstimator, FakeSource, FallsAt, ListSink, frame, standing

WHO = Identity("site", "device", "cam", "0.1.0", "session")
HEADER = Header("site", "device", "cam", "session", "model")


class Opens:
    """A source's settings: each `open` gives the next source."""

    def __init__(self, *sources: FakeSource) -> None:
        self._sources = list(sources)

    def open(self) -> FakeSource:
        return self._sources.pop(0)


def parts(*sources: FakeSource, sink: ListSink, **changes: Any) -> Parts:
    """A process that sees a fall in 640x480."""
    given: dict[str, Any] = {
        "identity": WHO,
        "backends": (FakeBackend(),),
        "sinks": (sink,),
        "source": Opens(*sources),
        "realtime": False,
        "publish": Publish(),
        "viewers": (),
        "estimator": FakeEstimator(lambda _: (standing(),)),
        "engine": Engine(Tracker(), (FallsAt(3.0),)),
    }
    return Parts(**{**given, **changes})


def film(seconds: float, fps: float = 10.0) -> list[Frame]:
    return [frame(seq, fps, (640, 480)) for seq in range(round(seconds * fps))]


def end_when_back(sink: ListSink) -> Callable[[], None]:
    """A camera's first picture waits until its loss was told; its second, until its return."""
    awaited = ["ok", "lost"]

    def pause() -> None:
        news = awaited.pop()
        until(lambda: sink.about("health")[-1]["camera"] == news)
        if not awaited:
            os.kill(os.getpid(), signal.SIGTERM)

    return pause


@contextmanager
def systemd(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Callable[..., list[str]]]:
    """Listen as systemd does; gives what was said so far."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(folder / "notify"))
        heard.settimeout(0.0)
        monkeypatch.setenv("NOTIFY_SOCKET", str(folder / "notify"))

        def said(*, status: bool = False) -> list[str]:
            words = []
            while True:
                try:
                    words.append(heard.recv(1000).decode())
                except BlockingIOError:
                    return [word for word in words if word.startswith("STATUS=") is status]

        yield said


def test_a_fall_in_a_file_is_reported_once_and_ended() -> None:
    sink, source = ListSink(), FakeSource(film(8.0))
    given = parts(source, sink=sink)
    summary = daemon.run(given)
    assert summary.frames == 80
    assert summary.events["fall.begin"] == summary.events["fall.end"] == 1
    assert [down["on"] for down in sink.about("person_down")] == [False, True, False]
    for part in (sink, source, *cast("list[FakeBackend]", given.backends)):
        assert (part.entered, part.left) == (1, 1)


def test_every_message_is_as_its_schema_says() -> None:
    sink = ListSink()
    chatty = Publish(poses=True, health_s=0.0)  # a report after every frame
    daemon.run(parts(FakeSource(film(8.0)), sink=sink, publish=chatty))
    assert len(sink.about("poses")) == 80
    assert len(sink.about("health")) >= 80
    assert sink.about("health")[-1]["frames"] == 80
    for message in sink.messages:
        validate(message.topic, dict(message.body))


def test_systemd_hears_ready_after_the_first_frame_and_life_from_each(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with systemd(monkeypatch, tmp_path) as said:
        heard: list[str] = []

        def listen(_: Frame) -> tuple[Pose, ...]:
            heard.extend([*said(), "frame"])
            return ()

        given = parts(FakeSource(film(0.3)), sink=ListSink(), estimator=FakeEstimator(listen))
        daemon.run(given)
        frames = ["frame", "READY=1", "frame", "WATCHDOG=1", "frame", "WATCHDOG=1"]
        assert heard + said() == [*frames, "STOPPING=1"]


def test_a_model_that_never_answers_is_never_ready(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def stuck(_: Frame) -> tuple[Pose, ...]:
        raise RuntimeError

    given = parts(FakeSource(film(1)), sink=ListSink(), estimator=FakeEstimator(stuck))
    with systemd(monkeypatch, tmp_path) as said:
        with pytest.raises(RuntimeError):
            daemon.run(given)
        assert said() == ["STOPPING=1"]


def test_a_lost_camera_is_reported_and_comes_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sink = ListSink()
    stop = FakeSource(film(0.2), live=True, pause=end_when_back(sink))
    with systemd(monkeypatch, tmp_path) as said:
        daemon.run(parts(FakeSource(film(0.1), live=True, lost=True), stop, sink=sink))
        heard = said()
    cameras = [(health["camera"], health["reason"]) for health in sink.about("health")]
    assert cameras[:3] == [("ok", None), ("lost", "no frame for 5 s"), ("ok", None)]
    assert heard.count("READY=1") == 1
    assert len(heard) <= 4, "the watchdog was fed without frames"


def test_a_camera_that_was_never_there_is_reported_and_raised() -> None:
    class Nothing(Opens):
        def open(self) -> FakeSource:
            raise SourceError("/dev/video0", "no such camera")

    sink = ListSink()
    with pytest.raises(SourceError, match="no such camera"):
        daemon.run(parts(sink=sink, source=Nothing()))
    assert [health["camera"] for health in sink.about("health")] == ["lost"]
    assert sink.left == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_in_order(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    sink = ListSink()
    given = 0

    def ask() -> None:
        nonlocal given
        given += 1
        if given == 60:
            os.kill(os.getpid(), number)

    summary = daemon.run(parts(FakeSource(film(900.0), pause=ask), sink=sink))
    assert summary.frames < 9000
    assert summary.events == {"fall.begin": 1}, "who lies there when we are stopped still does"
    assert sink.about("person_down")[-1]["on"] is True
    assert signal.getsignal(number) is before


def test_what_was_opened_is_closed_when_a_later_part_fails(tmp_path: Path) -> None:
    sink = ListSink()

    nowhere = recorded(tmp_path / "none" / "poses.jsonl", HEADER)
    given = parts(FakeSource(film(1.0)), sink=sink, viewers=(nowhere,))
    with pytest.raises(SourceError, match="cannot be written"):
        daemon.run(given)
    (backend,) = cast("list[FakeBackend]", given.backends)
    assert sink.left == backend.left == 1


def test_models_are_opened_in_order_and_all_closed_when_one_cannot_be() -> None:
    class Wrong(FakeBackend):
        def __enter__(self) -> Any:
            raise ModelError("hand.tflite", "is damaged")

    sink, good, never = ListSink(), FakeBackend(), FakeBackend()
    given = parts(FakeSource(film(1.0)), sink=sink, backends=(good, Wrong(), never))
    with pytest.raises(ModelError, match="damaged"):
        daemon.run(given)
    assert (good.entered, good.left) == (1, 1)
    assert never.entered == sink.entered == 0


def test_a_recording_replays_to_the_same_events(tmp_path: Path) -> None:
    sink, path = ListSink(), tmp_path / "poses.jsonl"
    given = parts(FakeSource(film(8.0)), sink=sink, viewers=(recorded(path, HEADER),))
    daemon.run(given)
    engine, memory = given.engine, given.engine.start()
    events: list[Event] = []
    for seen in Reader(path, pytest.fail):
        memory, _, said = engine.step(memory, seen)
        events += said
    live = [(body["type"], body["data"]["t"]) for body in sink.about("event")]
    assert live[: len(events)] == [(f"edgepose.{e.kind}.{e.phase}", e.t) for e in events]
    assert events


def test_what_did_not_get_through_is_in_the_summary() -> None:
    sink = ListSink(trouble="localhost:1: Connection refused")
    summary = daemon.run(parts(FakeSource(film(0.1)), sink=sink))
    assert summary.trouble == ["localhost:1: Connection refused"]
