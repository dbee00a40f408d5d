"""A camera is opened, and left, without waiting for it: it may hang for seconds, in C++.

No signal is heard in there, so it is opened in a thread of its own while the main one listens.
Who is asked to stop leaves such a thread behind, as it does one that reads or infers and hangs.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from contextlib import ExitStack
from typing import TypeVar

from edge.runtime.capture import Capture

T = TypeVar("T")

_LISTEN_S = 0.1  # how soon a stop is noticed


def enter(life: ExitStack, capture: Capture[T], stop: threading.Event) -> None:
    """Open a capture, unless asked to stop first; raises what its opening raises."""
    failed: list[BaseException] = []

    def attempt() -> None:
        try:
            capture.__enter__()
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            failed.append(error)
            return
        if stop.is_set():
            capture.__exit__(None, None, None)

    opening = threading.Thread(target=attempt, name="open")
    opening.start()
    while opening.is_alive() and not stop.is_set():
        opening.join(_LISTEN_S)
    if failed:
        raise failed[0]
    life.push(capture)


def left_behind(before: Collection[threading.Thread]) -> bool:
    """Whether the interpreter, at its end, would wait for a thread that was not there before."""
    return any(not thread.daemon for thread in threading.enumerate() if thread not in before)
