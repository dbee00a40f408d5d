"""The capture thread: runs a source, hands over its frames prepared, brings a lost camera back.

A file is handed over frame by frame, decoding while the model works, and then ends. A live
camera overwrites what nobody took. When it is lost, `lost` says why, and it is opened again
after 1, 2, 4 .. 30 s, for as long as it takes; `t` and `seq` go on rising.

The first opening is different: it happens in the caller's thread and its error is raised there.
A camera that was never there is a mistake to show at once, and under systemd a restart.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Generic, TypeVar

from edge.core.types import Frame
from edge.errors import SourceError
from edge.ports import Interruptible, Source
from edge.runtime.mailbox import Mailbox

T = TypeVar("T")

SILENCE_S = 4.5  # without a frame for longer, a camera counts as lost even if its driver hangs
_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 30.0
_STEP_S = 0.001  # least time between frames across a reconnection
_JOIN_S = 0.5  # a read that blocks is left behind, until its own timeout ends it


class Capture(Generic[T]):
    """Take frames with `take()` until `finished`; `lost` says why none come."""

    def __init__(  # noqa: PLR0913 - all but two have a usual value
        self,
        open_source: Callable[[], Source],
        prepare: Callable[[Frame], T],
        *,
        realtime: bool = False,
        every_frame: bool = False,
        clock: Callable[[], float] = time.monotonic,
        first_pause_s: float = _FIRST_PAUSE_S,
    ) -> None:
        self.name = ""  # the source's, once entered
        self.live = False  # the source's, once entered
        self.captured = 0  # frames the source gave, also those dropped since
        self.lost: SourceError | None = None  # why the camera is away, as `take` found out
        self._open_source, self._prepare = open_source, prepare
        self._realtime, self._drops = realtime, realtime and not every_frame
        self._clock = clock
        self._first_pause = self._pause = first_pause_s
        self._zero = 0.0  # s on the clock, where `t` of a live frame begins
        self._heard = 0.0  # s on the clock, when the camera last gave a frame
        self._t = -_STEP_S  # s, of the last frame handed over
        self._loss: SourceError | None = None  # set by the thread, cleared by its next frame
        self._error: BaseException | None = None
        self._stop = threading.Event()
        self._mailbox: Mailbox[T] = Mailbox()
        self._source: Source | None = None
        self._thread = threading.Thread(name="capture")

    def __enter__(self) -> Capture[T]:
        self._zero = self._clock()
        source = self._opened()
        self.name, self.live = source.name, source.live
        self._mailbox = Mailbox(lossless=not (self.live or self._drops))
        self._heard = self._clock()
        self._thread = threading.Thread(target=self._run, args=(source,), name="capture")
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._mailbox.close()
        source: object = self._source
        if isinstance(source, Interruptible):
            source.interrupt()
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)

    @property
    def stuck(self) -> bool:
        """After the end: a read still blocks, and the interpreter would wait for it (4 s, or 8 s).

        Not a daemon thread: Python aborts the process when one comes back from C++ at its end.
        Who has tidied up and cannot wait ends with `os._exit`.
        """
        return self._stop.is_set() and self._thread.is_alive()

    @property
    def dropped(self) -> int:
        """Frames nobody took in time."""
        return self._mailbox.dropped

    @property
    def finished(self) -> bool:
        """The source ended well and its last frame was taken."""
        return self._mailbox.finished and self._error is None

    def take(self, timeout: float = 0.5) -> T | None:
        """Give the next frame, prepared; None if none came in `timeout` s; raises what ended it."""
        frame = self._mailbox.take(timeout)
        if frame is not None:
            self.lost = None
            return frame
        if self._mailbox.finished and self._error is not None:
            raise self._error
        self.lost = self.lost or self._loss or self._silence()
        return None

    def _silence(self) -> SourceError | None:
        silent = self._clock() - self._heard
        if not self.live or silent < SILENCE_S:
            return None
        return SourceError(
            self.name, f"no frame for {silent:.1f} s", "the camera or its driver hangs"
        )

    def _opened(self) -> Source:
        """A source that is entered; known before, so that an opening can be interrupted."""
        self._source = self._open_source()
        return self._source.__enter__()

    def _run(self, source: Source) -> None:
        try:
            current: Source | None = source
            while current is not None:
                self._drain(current)
                current = self._reopen() if self._loss else None
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            self._error = error
        finally:
            self._mailbox.close()

    def _drain(self, source: Source) -> None:
        """Hand over frames until the source ends, is lost, or nobody wants more."""
        before = self.captured
        try:
            for frame in source.frames():
                if not self._hand_over(replace(frame, seq=before + frame.seq)):
                    return
        except SourceError as error:
            if not source.live:
                raise
            self._loss = error
        finally:
            source.__exit__(None, None, None)

    def _hand_over(self, frame: Frame) -> bool:
        """Leave one frame for `take()`; False when nobody wants more."""
        self.captured = frame.seq + 1
        if self.live:
            self._heard = self._clock()
            self._loss = None
            self._pause = self._first_pause
            self._t = max(frame.t - self._zero, self._t + _STEP_S)
            return self._mailbox.put(self._prepare(replace(frame, t=self._t)))
        early = self._zero + frame.t - self._clock() if self._realtime else 0.0
        return not self._stop.wait(max(0.0, early)) and self._mailbox.put(self._prepare(frame))

    def _reopen(self) -> Source | None:
        """Try until the camera is back; None when asked to stop."""
        while not self._stop.wait(self._pause):
            self._pause = min(2 * self._pause, _LONGEST_PAUSE_S)  # until a frame really comes
            try:
                return self._opened()
            except SourceError:
                continue  # still away, which has been told
        return None
