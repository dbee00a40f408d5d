"""JSON lines: the same CloudEvents as on MQTT, one a line, to a file or the standard output.

Only events are written. A file is appended to, so that a restart loses nothing; a line is
complete on the disk's way before `publish` returns.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TextIO

from edge.core.settings import setting
from edge.errors import SinkError
from edge.wire import Identity, Message, encode


@dataclass(frozen=True, slots=True)
class Jsonl:
    """Where the lines go."""

    path: str = setting("-", "a file, or '-' for the standard output")

    def open(self, identity: Identity, state_dir: Path) -> JsonlSink:  # noqa: ARG002 - the sinks' seam
        """Make the sink; nothing is opened yet."""
        return JsonlSink(self.path)


PLUGIN = Jsonl


class JsonlSink:
    """Raises SinkError when the file cannot be opened or written."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._out: TextIO = sys.stdout

    def __enter__(self) -> JsonlSink:
        """Open the file."""
        if self._path != "-":
            try:
                self._out = Path(self._path).open("a", encoding="utf-8")
            except OSError as error:
                raise self._refused(error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file; the standard output stays open."""
        if self._path != "-":
            with suppress(OSError):  # what could not be written was raised by `publish`
                self._out.close()

    def publish(self, message: Message) -> None:
        """Write an event; anything else is not for this sink."""
        if not message.is_event:
            return
        try:
            self._out.write(encode(message.body) + "\n")
            self._out.flush()
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> SinkError:
        return SinkError(self._path, f"events cannot be written here ({error.strerror})")
