"""A process that a camera is read by: what it says, when it is silent, how it ends."""

from __future__ import annotations

import signal
import sys
import threading
import time

import pytest

from edge.errors import SourceError
from edge.sources._child import Child, InterruptedReadError, SilentError

PATIENCE_S = 20.0  # a deadline for a hang, never a measurement


def child(code: str) -> Child:
    """Run a line of Python that knows the file descriptor as `fd`."""
    words = f"import os, signal, sys, time; fd = int(sys.argv[1]); {code}"
    return Child(
        "cam",
        lambda descriptor: [sys.executable, "-c", words, str(descriptor)],
        stop_signal=signal.SIGTERM,
        environment={},
    )


def soon() -> float:
    return time.monotonic() + PATIENCE_S


def test_data_comes_whole_and_ends_where_it_ends() -> None:
    one = child("os.write(fd, b'abc'); time.sleep(0.1); os.write(fd, b'defg'); sys.exit('sorry')")
    assert one.read(5, soon()) == b"abcde"
    assert one.read(5, soon()) == b"fg"
    assert one.last_words() == "sorry"
    assert one.exit_code == 1
    one.close()


def test_talk_neither_blocks_it_nor_counts_as_pictures() -> None:
    one = child("[print('x' * 999, flush=True) for _ in range(999)]; os.write(fd, b'!')")
    assert one.read(1, soon()) == b"!"
    assert len(one.last_words()) <= 8192
    one.close()
    talker = child("[print('still waiting', flush=True) for _ in iter(int, 1)]")
    with pytest.raises(SilentError):
        talker.read(1, time.monotonic() + 1.0)
    talker.close()


def test_a_reader_can_be_told_to_stop_even_before_it_reads() -> None:
    one = child("time.sleep(99)")
    threading.Timer(0.1, one.interrupt).start()
    with pytest.raises(InterruptedReadError):
        one.read(1, soon())
    with pytest.raises(InterruptedReadError):
        one.read(1, soon())
    one.close()
    one.interrupt()  # harmless: nothing is left of it


@pytest.mark.parametrize(
    ("code", "end"),
    [
        ("signal.signal(15, lambda *_: sys.exit(7)); os.write(fd, b'!'); time.sleep(99)", 7),
        ("signal.signal(15, signal.SIG_IGN); os.write(fd, b'!'); time.sleep(99)", -signal.SIGKILL),
        ("os.write(fd, b'!')", 0),
    ],
)
def test_it_is_asked_to_end_and_then_made_to(code: str, end: int) -> None:
    one = child(code)
    assert one.read(1, soon()) == b"!"
    if end == 0:
        one.last_words()
    one.close()
    assert one.exit_code == end


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(SourceError, match="/nowhere cannot be started") as caught:
        Child(
            *("cam", lambda _: ["/nowhere"]),
            stop_signal=signal.SIGTERM,
            environment={},
            hint="get it",
        )
    assert caught.value.hint == "get it"
