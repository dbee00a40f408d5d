"""Which states a broker still holds of earlier processes, in a file beside the outbox.

A process that is killed leaves its states retained. Most are told again at the next start; one of a
procedure that is no longer configured is not, and would say for good that a cycle is running.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from edge.wire import Message


class Stated:
    """Remembers topics; a file that cannot be read or written is as good as none."""

    def __init__(self, path: Path, prefix: str) -> None:
        self._path = path
        self._prefix = prefix  # of all states' topics
        self._told: set[str] = set()
        self._left = self._read()  # told by earlier processes, and not by this one yet

    def heed(self, message: Message) -> tuple[str, ...]:
        """Note a state; with the first message that passes, give the topics nobody states now.

        Every state is told at the start; others that are retained describe the camera meanwhile.
        """
        if message.topic.startswith(self._prefix):
            if message.topic not in self._told:
                self._told.add(message.topic)
                self._write(self._told | self._left)
            self._left.discard(message.topic)
        if message.retain:
            return ()
        vanished, self._left = tuple(sorted(self._left)), set()
        return vanished

    def settle(self) -> None:
        """The broker has heard it all: what has vanished need not be remembered."""
        if not self._left:
            self._write(self._told)

    def _read(self) -> set[str]:
        try:
            listed = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return set()
        topics = listed if isinstance(listed, list) else []
        return {one for one in topics if isinstance(one, str) and self._ours(one)}

    def _ours(self, topic: str) -> bool:
        return (
            topic.startswith(self._prefix) and topic.isprintable() and not {"+", "#"} & set(topic)
        )

    def _write(self, topics: set[str]) -> None:
        fresh = self._path.with_suffix(".new")
        with suppress(OSError):
            fresh.write_text(json.dumps(sorted(topics)), "utf-8")
            fresh.replace(self._path)
