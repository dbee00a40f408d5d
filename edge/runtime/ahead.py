"""The look-ahead thread: the next frame's inference runs while the last one is thought about.

Inference is most of the work and needs no interpreter lock; reading poses, tracks, rules and
messages need little else. Side by side they cost what the longer of the two does. One frame waits
to be taken while the next is looked at, not more; waiting for the place to be free before looking
would cost a twelfth of the frames. What is seen does not change, only when: `observe` gets the
same looks in the same order.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from edge.runtime.capture import Capture
from edge.runtime.estimate import Look, Prepared
from edge.runtime.mailbox import Mailbox

_JOIN_S = 0.5  # a model that hangs is left behind
# How long a thread keeps the interpreter from others that want it. Python's usual 5 ms are as long
# as an inference: the model would stand still while poses are read.
_TURN_S = 0.0001


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A frame that was looked at."""

    look: Look
    taken: float  # s on the monotonic clock, when the frame left the source's hands


class Ahead:
    """Takes frames from a capture and looks at them; `take()` until `finished`."""

    def __init__(
        self, capture: Capture[Prepared], look: Callable[[Prepared], Look], wait_s: float
    ) -> None:
        self._capture = capture
        self._look = look
        self._wait = wait_s
        self._error: BaseException | None = None
        self._stop = threading.Event()
        self._mailbox: Mailbox[Ready] = Mailbox(lossless=True)
        self._thread = threading.Thread(target=self._run, name="look")

    def __enter__(self) -> Ahead:
        self._turn_before = sys.getswitchinterval()
        sys.setswitchinterval(_TURN_S)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        sys.setswitchinterval(self._turn_before)
        self._stop.set()
        self._mailbox.close()
        self._thread.join(_JOIN_S)

    @property
    def finished(self) -> bool:
        """The source ended well and its last frame was taken."""
        return self._mailbox.finished and self._error is None

    def take(self) -> Ready | None:
        """Give the next frame, None if none came for a while; raises what ended source or model."""
        ready = self._mailbox.take(self._wait)
        if ready is None and self._mailbox.finished and self._error is not None:
            raise self._error
        return ready

    def _run(self) -> None:
        try:
            while not (self._stop.is_set() or self._capture.finished):
                prepared = self._capture.take(self._wait)
                taken = time.monotonic()
                if prepared is not None:
                    self._mailbox.put(Ready(self._look(prepared), taken))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            self._error = error
        finally:
            self._mailbox.close()
