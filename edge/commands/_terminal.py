"""What a person at a terminal sees: an event as a sentence, a line of progress, a last line."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from edge.runtime.daemon import Summary, Troubled
from edge.runtime.signals import Inbox
from edge.runtime.viewers import Instant, Show
from edge.wire import Message

_REDRAW_S = 0.2
_KNOWN = frozenset({"t", "camera", "clock_synced"})  # said elsewhere in the line, or not news


class TerminalSink:
    """Prints each event as one line, where nobody asked for JSON."""

    def __enter__(self) -> TerminalSink:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def publish(self, message: Message) -> None:
        """Print an event; what merely is so, is not news."""
        if message.is_event:
            clear()
            data = message.body["data"]
            t = data["t"] if isinstance(data, dict) else None
            print(f"{t:8.1f} s  {sentence(message.body)}", flush=True)


def sentence(body: Mapping[str, Any]) -> str:
    """One event for people: `fall begin         person-3  stage descent, confidence 0.90`.

    An event that explains itself is believed: `sop step completed  fuse-box/lid  ...`.
    """
    words = body["type"].removeprefix("edgepose.").replace("_", " ").replace(".", " ")
    if isinstance(said := body["data"].get("sentence"), str):
        serial = body["data"].get("serial")
        serial = "" if serial is None else f" ({serial})"
        return _harmless(f"{words:18} {body['subject']}  {said}{serial}")
    detail = ", ".join(
        f"{key} {_short(value)}" for key, value in body["data"].items() if key not in _KNOWN
    )
    return _harmless(f"{words:18} {body['subject']}  {detail}".rstrip())


def _harmless(line: str) -> str:
    """Spell out what no letter is: a code from a machine must not steer the terminal."""
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in line
    )


def _short(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def clear() -> None:
    """Take the line of progress away."""
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


@contextmanager
def progress() -> Iterator[Show]:
    """Redraw one line on a terminal as frames go by; nothing where stderr is a file."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    began = last = time.monotonic()
    frames = 0

    def show(instant: Instant) -> None:
        nonlocal last, frames
        frames += 1
        now = time.monotonic()
        if now - last < _REDRAW_S:
            return
        last = now
        line = f"{instant.frame.t:8.1f} s  {frames} frames, {frames / (now - began):.1f} a second"
        seen = _count(len(instant.scene.tracks), len(instant.hands))
        print(f"\r{line}, {seen}\x1b[K", end="", file=sys.stderr, flush=True)

    yield show
    clear()


def _count(people: int, hands: int) -> str:
    """Say who is seen; hands only where there are some."""
    words = f"{people} {'person' if people == 1 else 'people'}"
    return f"{words}, {hands} {'hand' if hands == 1 else 'hands'}" if hands else words


@contextmanager
def voice(sink: Troubled) -> Iterator[Show]:
    """Say when messages no longer get through, why, and when they do again."""
    before: str | None = None

    def show(_: Instant) -> None:
        nonlocal before
        now = sink.trouble()
        if now == before:
            return
        before = now
        clear()
        words = f"{now}; alarms wait on disk" if now else "the broker is back, alarms are delivered"
        print(words, file=sys.stderr, flush=True)

    yield show


@contextmanager
def refusals(inbox: Inbox) -> Iterator[Show]:
    """Say of each signal once why what came for it cannot be used."""

    def show(_: Instant | None) -> None:
        for line in inbox.complaints():
            clear()
            print(line, file=sys.stderr, flush=True)

    yield show
    show(None)


def say(summary: Summary) -> None:
    """Say in one line what a run amounted to, and what went wrong, if anything did."""
    fps = summary.frames / summary.seconds if summary.seconds > 0 else 0.0
    events = ", ".join(f"{count} {name}" for name, count in sorted(summary.events.items()))
    frames = f"{summary.frames} {'frame' if summary.frames == 1 else 'frames'}"
    seen = _count(summary.people, summary.hands)
    for count, what in ((summary.signals, ""), (summary.refused, " refused")):
        if count:
            seen += f", {count} {'signal' if count == 1 else 'signals'}{what}"
    print(
        f"{frames} in {summary.seconds:.1f} s ({fps:.1f} a second), {seen}, "
        f"{events or 'no events'}",
        file=sys.stderr,
    )
    for trouble in summary.trouble:
        print(f"not delivered yet: {trouble}", file=sys.stderr)
    for topic in summary.unheard:
        print(f"not heard: the broker does not let us hear {topic}", file=sys.stderr)
