"""What a person sees of a conversion: its stages, a bar for long ones, and where it failed."""

from __future__ import annotations

import errno
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from converters.errors import ConvertError
from edge.errors import EdgeposeError, Problems

Bar = Callable[[int, int], None]  # done, in all
_REDRAW_S = 0.1
_WIDTH = 30


class Progress:
    """Tells on standard output, which leaves the other to errors; bars only where one looks."""

    def __init__(self) -> None:
        self._stream = sys.stdout
        self._last = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[Bar]:
        """Run one stage; whatever goes wrong in it becomes an error that names the stage."""
        began = time.monotonic()
        if self._alive:
            self._draw(f"{name} ...")
        try:
            yield lambda done, total: self._bar(name, done, total)
        except Exception as error:
            raise _explained(name, error) from error
        finally:
            self._clear()
        self.say(f"{name:32} {time.monotonic() - began:5.1f} s")

    def say(self, line: str) -> None:
        """Write one line that stays."""
        print(line, file=self._stream, flush=True)

    @property
    def _alive(self) -> bool:
        return self._stream is not None and self._stream.isatty()  # None: started without one

    def _bar(self, name: str, done: int, total: int) -> None:
        now = time.monotonic()
        if not self._alive or (now - self._last < _REDRAW_S and done < total):
            return
        self._last = now
        full = int(_WIDTH * done / max(total, 1))
        self._draw(f"{name:32} [{'#' * full:{_WIDTH}}] {done} of {total}")

    def _draw(self, line: str) -> None:
        print(f"\r{line}\x1b[K", end="", file=self._stream, flush=True)

    def _clear(self) -> None:
        if self._alive:
            self._draw("")


def _explained(stage: str, error: Exception) -> EdgeposeError:
    """Any error as a person can read it: the stage first, then the place."""
    if isinstance(error, Problems):
        return Problems([_explained(stage, one) for one in error.errors])
    if isinstance(error, EdgeposeError):
        return type(error)(f"{stage}: {error.where}", error.problem, error.hint)
    if isinstance(error, OSError):
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        hint = "free some space, or choose another --out" if full else "may it be read and written?"
        where = f"{stage}: {error.filename}" if error.filename else stage
        return ConvertError(where, error.strerror or str(error), hint)
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return ConvertError(stage, f"{type(error).__name__}: {reason}", "see it all with --debug")
