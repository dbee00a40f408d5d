"""A hand-over of one item between two threads: the newest wins, or none is lost."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """One slot. A live camera overwrites what nobody took; a file waits until it is taken."""

    def __init__(self, *, lossless: bool = False) -> None:
        self.dropped = 0  # items overwritten before anybody took them
        self._lossless = lossless
        self._slot: list[T] = []  # empty or one item, so that None can be an item
        self._closed = False
        self._changed = threading.Condition()

    def put(self, item: T) -> bool:
        """Leave an item; lossless waits for a free slot. False: closed, nobody will take it."""
        with self._changed:
            if self._lossless:
                self._changed.wait_for(lambda: self._closed or not self._slot)
            if self._closed:
                return False
            self.dropped += len(self._slot)
            self._slot[:] = [item]
            self._changed.notify_all()
            return True

    def take(self, timeout: float | None = None) -> T | None:
        """Wait for the next item, at most `timeout` s; None when none came or none will."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._slot, timeout)
            if not self._slot:
                return None
            self._changed.notify_all()
            return self._slot.pop()

    def close(self) -> None:
        """Nothing more comes; what lies in the slot can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def finished(self) -> bool:
        """Closed and emptied."""
        with self._changed:
            return self._closed and not self._slot
