"""The capture thread on stand-in sources; their gates make every order of events certain."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from edge.core.types import Frame
from edge.errors import SourceError
from edge.runtime.capture import SILENCE_S, Capture
from tests.fakes import FakeSource, frame


def frames(count: int, start: float = 0.0) -> list[Frame]:
    return [Frame(frame(n).image, start + n / 10.0, n) for n in range(count)]


def same(one: Frame) -> Frame:
    return one


def everything(capture: Capture[Frame]) -> list[Frame]:
    taken = []
    while not capture.finished:
        one = capture.take(5.0)
        if one is not None:
            taken.append(one)
    return taken


def taken_and_told(capture: Capture[Frame], wait_s: float = 0.02) -> tuple[list[Frame], list[str]]:
    """Every frame, and what a caller tells who looks at `lost` after each attempt."""
    taken, told = [], [""]
    while not capture.finished:
        one = capture.take(wait_s)
        if one is not None:
            taken.append(one)
        if reason(capture) != told[-1]:
            told.append(reason(capture))
    return taken, told[1:]


def reason(capture: Capture[Frame]) -> str:
    return capture.lost.problem if capture.lost else ""


class Clock:
    """Moves only when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Cameras:
    """Gives one source after the other; None is a camera that cannot be opened."""

    def __init__(self, *sources: FakeSource | None) -> None:
        self._sources: Iterator[FakeSource | None] = iter(sources)
        self.openings = 0

    def __call__(self) -> FakeSource:
        self.openings += 1
        source = next(self._sources)
        if source is None:
            raise SourceError("cam", "cannot be opened")
        return source


def test_a_file_loses_no_frame_and_keeps_its_own_times() -> None:
    source = FakeSource(frames(50))
    with Capture(lambda: source, same) as capture:
        taken = everything(capture)
    assert [one.seq for one in taken] == list(range(50))
    assert [one.t for one in taken] == [n / 10.0 for n in range(50)]
    assert (capture.captured, capture.dropped) == (50, 0)
    assert (source.entered, source.left) == (1, 1)


def test_a_file_that_fails_half_way_says_so_after_its_frames() -> None:
    with Capture(lambda: FakeSource(frames(3), lost=True), same) as capture:
        assert [capture.take(5.0) is not None for _ in range(3)] == [True] * 3
        with pytest.raises(SourceError, match="no frame"):
            everything(capture)
        assert not capture.finished


def test_a_bug_in_a_source_reaches_the_caller() -> None:
    def broken() -> None:
        raise ZeroDivisionError

    capture = Capture(lambda: FakeSource(frames(1), pause=broken), same)
    with capture, pytest.raises(ZeroDivisionError):
        everything(capture)


def test_the_first_opening_fails_where_it_was_asked_for() -> None:
    cameras = Cameras(None)
    with pytest.raises(SourceError, match="cannot be opened"), Capture(cameras, same):
        pytest.fail("entered without a camera")
    assert cameras.openings == 1


def test_a_live_camera_drops_what_nobody_took() -> None:
    done = threading.Event()
    source = FakeSource(frames(20), live=True)
    source.__exit__ = lambda *_: done.set()  # type: ignore[method-assign]
    with Capture(lambda: source, same) as capture:
        assert done.wait(5)
        taken = everything(capture)
    assert [one.seq for one in taken] == [19]
    assert (capture.captured, capture.dropped) == (20, 19)


def test_a_lost_camera_is_told_once_and_comes_back() -> None:
    now = Clock()
    first = FakeSource(frames(3, start=1000.0), live=True, lost=True)
    second = FakeSource(frames(3, start=1000.0), live=True)  # a clock that did not go on
    cameras = Cameras(first, None, None, second)
    with Capture(cameras, same, clock=now, first_pause_s=0.05) as capture:
        taken, told = taken_and_told(capture)
    assert told == ["no frame for 5 s", ""]
    assert cameras.openings == 4
    assert (first.left, second.left) == (1, 1)
    assert taken[-1].seq == 5  # three before, three after
    assert all(a.t < b.t for a, b in pairwise(taken))


def test_pauses_between_attempts_double_up_to_half_a_minute() -> None:
    pauses: list[float] = []

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            pauses.append(timeout or 0.0)
            return len(pauses) == 8

    # A camera that opens but gives nothing is still lost: the pauses go on growing.
    cameras = Cameras(*(FakeSource([], live=True, lost=True) for _ in range(8)))
    capture = Capture(cameras, same)
    capture._stop = Stop()
    with capture:
        everything(capture)
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]


def test_a_driver_that_hangs_is_noticed() -> None:
    gate, reading = threading.Event(), threading.Event()
    now = Clock()

    def hang() -> None:
        reading.set()
        gate.wait(5)

    source = FakeSource(frames(1, start=1000.0), live=True, pause=hang)
    with Capture(lambda: source, same, clock=now) as capture:
        assert reading.wait(5)
        assert capture.take(0) is None
        assert reason(capture) == ""
        now.now += SILENCE_S
        assert capture.take(0) is None
        assert reason(capture) == "no frame for 4.5 s"
        first = capture.lost
        assert capture.take(0) is None
        assert capture.lost is first, "one loss, however often it is asked for"
        gate.set()
        assert len(everything(capture)) == 1
        assert reason(capture) == ""


def test_the_end_does_not_wait_for_a_read_that_blocks() -> None:
    gate = threading.Event()

    def block() -> None:
        gate.wait(30)

    with Capture(lambda: FakeSource(frames(1), live=True, pause=block), same) as capture:
        assert capture.take(0) is None
    assert capture.stuck
    gate.set()
    capture._thread.join(5)
    assert not capture.stuck


def test_realtime_keeps_the_times_of_a_file_and_drops_like_a_camera() -> None:
    waits: list[float] = []
    now = Clock()

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0.0)
            now.now += timeout or 0.0
            return False

    capture = Capture(lambda: FakeSource(frames(5)), same, realtime=True, clock=now)
    capture._stop = Stop()
    with capture:
        taken = everything(capture)
    assert waits == pytest.approx([0.0, 0.1, 0.1, 0.1, 0.1])
    assert taken[-1].t == 0.4
    assert len(taken) + capture.dropped == 5


def test_every_frame_comes_however_long_it_takes() -> None:
    class Slow(Clock):
        def __call__(self) -> float:
            self.now += 0.3  # each look at it: later than any frame is due
            return self.now

    capture = Capture(
        lambda: FakeSource(frames(20)), same, realtime=True, every_frame=True, clock=Slow()
    )
    with capture:
        time.sleep(0.05)  # for one who drops, they would all be gone
        taken = everything(capture)
    assert [frame.seq for frame in taken] == list(range(20))
    assert capture.dropped == 0


def test_leaving_early_closes_the_source() -> None:
    source = FakeSource(frames(1000))
    with Capture(lambda: source, same) as capture:
        assert capture.take(5) is not None
    assert source.left == 1
    assert not capture.stuck
