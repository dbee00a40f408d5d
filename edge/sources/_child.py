"""A camera read by another process, over a pipe: whatever hangs there can be ended.

Drivers and their libraries sometimes block for ever, or crash. In a process of their own they
cannot keep ours from noticing, from telling why, and from stopping in time.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TypeVar

from edge.errors import SourceError

T = TypeVar("T")

_TEXT_KEPT = 8192  # bytes of what it last said
_PIPE_BYTES = 1 << 20  # of frames under way; each refill costs a change of processes
_STOP_S = 1.0  # for an orderly end, and again for the kernel to take its devices away


class SilentError(Exception):
    """No data came in time."""


class InterruptedReadError(SourceError):
    """Nobody wants more of it."""


class Child:
    """A process that writes data to the file descriptor it is given, and text to its output."""

    def __init__(
        self,
        name: str,
        command: Callable[[int], Sequence[str]],
        *,
        stop_signal: signal.Signals,
        environment: Mapping[str, str],
        hint: str = "",
    ) -> None:
        """Start it; raises SourceError, with the hint, when there is no such program."""
        self._name, self._stop_signal = name, stop_signal
        self._said = b""
        self._closing, self._closed = threading.RLock(), False
        self._data, theirs = os.pipe()
        self._text, speech = os.pipe()
        self._awake, self._waker = os.pipe()
        words = command(theirs)
        try:
            self._process = subprocess.Popen(  # noqa: S603 - a program of ours or of the user's
                words,
                stdin=subprocess.DEVNULL,
                stdout=speech,
                stderr=speech,
                pass_fds=(theirs,),
                env=dict(environment),
                start_new_session=True,  # a Ctrl-C is for us: we stop it in order
            )
        except OSError as error:
            self._close_ends()
            problem = f"{words[0]} cannot be started ({error.strerror})"
            raise SourceError(name, problem, hint) from error
        finally:
            os.close(theirs)
            os.close(speech)
        with contextlib.suppress(OSError):  # more than this user may have
            fcntl.fcntl(self._data, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        os.set_blocking(self._text, False)
        self._selector = selectors.DefaultSelector()
        for end in (self._data, self._text, self._awake):
            self._selector.register(end, selectors.EVENT_READ)

    def read(self, count: int, deadline: float) -> bytearray:
        """Give so many bytes, fewer only where the data ends.

        Raises SilentError when they have not come by `deadline` (s, monotonic clock), and
        InterruptedReadError once `interrupt` was called.
        """
        data = bytearray(count)
        view, have = memoryview(data), 0
        while have < count:
            ready = self._ready(deadline)
            if self._awake in ready:
                raise InterruptedReadError(self._name, "was told to stop")
            if self._text in ready:
                self._listen()
            if self._data not in ready:
                if time.monotonic() >= deadline:  # whatever it says meanwhile
                    raise SilentError
            else:
                got = os.readv(self._data, [view[have:]])
                if got == 0:
                    return bytearray(view[:have])
                have += got
        return data

    def interrupt(self) -> None:
        """Let a `read` in another thread, or the next one, end at once."""
        with self._closing:  # or the number might be another file's by now
            if not self._closed:
                os.write(self._waker, b"!")

    def last_words(self) -> str:
        """What it said at its end; waits for that end, though not for long."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_S)
        self._listen()
        return self._said.decode(errors="replace").strip()

    @property
    def exit_code(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""
        return self._process.poll()

    def close(self) -> None:
        """End the process, orderly if it can be; never takes longer than two seconds."""
        self._selector.close()
        self._close_ends()
        for number in (self._stop_signal, signal.SIGKILL):
            if self._process.poll() is not None:
                break
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_S)

    def _close_ends(self) -> None:
        with self._closing:
            self._closed = True
        for end in (self._data, self._text, self._awake, self._waker):
            os.close(end)

    def _ready(self, deadline: float) -> set[int]:
        events = self._selector.select(max(0.0, deadline - time.monotonic()))
        if not events:
            raise SilentError
        return {key.fd for key, _ in events}

    def _listen(self) -> None:
        """Keep the end of what it says; reading the rest keeps it from blocking."""
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self._text, _TEXT_KEPT):
                self._said = (self._said + chunk)[-_TEXT_KEPT:]
            with contextlib.suppress(KeyError):  # its end, also seen before
                self._selector.unregister(self._text)


class ChildSource:
    """What every source that is another process has: a name, the process, and its orderly end."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._child: Child | None = None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None

    def interrupt(self) -> None:
        """Let `__enter__` or `frames()` end soon, from another thread."""
        if (child := self._child) is not None:
            child.interrupt()

    def _keep(self, child: Child, first: Callable[[Child], T]) -> T:
        """Take a process over, and give what `first` reads of it; where that raises, end it."""
        self._child = child
        try:
            return first(child)
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def _reader(self) -> Child:
        if self._child is None:
            raise SourceError(self.name, "is not open", "enter the source before reading it")
        return self._child
