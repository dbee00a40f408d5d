"""One frame is looked at ahead: side by side, in order, and with its errors."""

from __future__ import annotations

import sys
import threading

import pytest

from edge.errors import BackendError
from edge.runtime.ahead import Ahead
from edge.runtime.capture import Capture
from edge.runtime.estimate import Look, Prepared
from tests.fakes import FakeSource, frame


def capture(count: int) -> Capture[Prepared]:
    source = FakeSource([frame(seq) for seq in range(count)])
    return Capture(lambda: source, lambda one: Prepared(one, None))


def look(prepared: Prepared) -> Look:
    return Look(prepared.frame, None)


def sequence(ahead: Ahead) -> list[int]:
    taken = []
    while not ahead.finished:
        ready = ahead.take()
        if ready is not None:
            taken.append(ready.look.frame.seq)
    return taken


def test_every_frame_comes_once_and_in_order() -> None:
    with capture(50) as frames, Ahead(frames, look, 5.0) as ahead:
        assert sequence(ahead) == list(range(50))


def test_the_next_frame_is_looked_at_while_one_is_thought_about() -> None:
    second = threading.Event()

    def looking(prepared: Prepared) -> Look:
        if prepared.frame.seq == 1:
            second.set()
        return look(prepared)

    with capture(2) as frames, Ahead(frames, looking, 5.0) as ahead:
        first = ahead.take()
        assert first is not None
        assert second.wait(5), "the second look waits for more than the first"


def test_one_frame_waits_while_the_next_is_looked_at_and_no_more() -> None:
    looked: list[int] = []
    third = threading.Event()

    def looking(prepared: Prepared) -> Look:
        looked.append(prepared.frame.seq)
        if prepared.frame.seq == 2:
            third.set()
        return look(prepared)

    with capture(9) as frames, Ahead(frames, looking, 5.0) as ahead:
        assert ahead.take() is not None
        assert third.wait(5)  # the second waits to be taken, the third is being looked at
        assert not threading.Event().wait(0.05)
        assert looked == [0, 1, 2]


def test_a_model_that_fails_fails_where_its_frame_is_taken() -> None:
    def failing(prepared: Prepared) -> Look:
        if prepared.frame.seq == 1:
            raise BackendError("infer", "no more")
        return look(prepared)

    with capture(9) as frames, Ahead(frames, failing, 5.0) as ahead:
        assert ahead.take() is not None
        with pytest.raises(BackendError, match="no more"):
            sequence(ahead)
        assert not ahead.finished


def test_threads_change_turns_more_often_only_meanwhile() -> None:
    before = sys.getswitchinterval()
    with capture(1) as frames, Ahead(frames, look, 5.0) as ahead:
        assert sys.getswitchinterval() < before
        assert sequence(ahead) == [0]
    assert sys.getswitchinterval() == before
