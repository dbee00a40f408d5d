"""A process that is asked to stop does not wait for a camera; systemd is told what it does."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from edge.errors import SourceError
from edge.runtime import daemon
from tests.brokers import until
from tests.fakes import FakeSource, ListSink
from tests.test_daemon import Opens, end_when_back, film, parts, systemd


def test_systemctl_status_says_how_it_goes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sink = ListSink(trouble="localhost:1: Connection refused")
    stop = FakeSource(film(0.2), live=True, pause=end_when_back(sink))
    with systemd(monkeypatch, tmp_path) as said:
        daemon.run(parts(FakeSource(film(0.1), live=True, lost=True), stop, sink=sink))
        first, good, lost, *_ = said(status=True)
    assert first == "STATUS=waiting for the first picture"
    assert good.endswith(" pictures a second; localhost:1: Connection refused")
    assert lost == "STATUS=camera lost: no frame for 5 s; localhost:1: Connection refused"


def test_a_stop_does_not_wait_for_a_camera_that_hangs_while_it_is_opened() -> None:
    class Hangs(Opens):
        def open(self) -> FakeSource:
            os.kill(os.getpid(), signal.SIGTERM)
            awake.wait()
            raise SourceError("/dev/video0", "no such camera")

    awake = threading.Event()
    summary = daemon.run(parts(sink=ListSink(), source=Hangs()))
    assert summary.frames == 0
    assert summary.stuck, "Python would wait for the thread that opens"
    awake.set()


def test_a_camera_that_opens_after_the_stop_is_closed_again() -> None:
    class Slow(Opens):
        def open(self) -> FakeSource:
            os.kill(os.getpid(), signal.SIGTERM)
            awake.wait()
            return super().open()

    awake = threading.Event()
    source = FakeSource(film(900.0), live=True)
    assert daemon.run(parts(sink=ListSink(), source=Slow(source))).stuck
    awake.set()
    until(lambda: source.left == 1)


def test_who_has_left_nothing_behind_is_not_stuck() -> None:
    assert not daemon.run(parts(FakeSource(film(0.3)), sink=ListSink())).stuck
