"""The life of the process: open in order, watch, close in the opposite order.

systemd hears READY after the first frame that went all the way through, and its watchdog is
fed by such frames alone. A lost camera is reported at once and opened again from within, ever
more slowly; if it stays away longer than WatchdogSec, or the model hangs, the watchdog starts
the whole process anew, which also mends what a driver broke. Alarms are on disk by then.

Threads: this one; `capture`, which reads the source; `look`, which infers one frame ahead; the
MQTT sink's own.
"""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, runtime_checkable

from edge.core.track import Scene
from edge.core.types import Event, Json
from edge.errors import SourceError
from edge.ports import Sink
from edge.runtime import health, heat, power
from edge.runtime.ahead import Ahead
from edge.runtime.announce import Announcer
from edge.runtime.assemble import Parts
from edge.runtime.capture import Capture
from edge.runtime.entering import enter, left_behind
from edge.runtime.estimate import Look, Prepared
from edge.runtime.opening import opened, providers
from edge.runtime.signals import Inbox
from edge.runtime.viewers import Instant, Show

_WAIT_S = 0.5  # longest wait for a frame: how soon a stop or a loss is noticed


@runtime_checkable
class Troubled(Protocol):
    """A sink that can say why its messages do not get through."""

    def trouble(self) -> str | None:
        """Why; None when all is well."""
        ...


@runtime_checkable
class Hearing(Protocol):
    """A sink over whose connection other machines are heard."""

    def hear(self, inbox: Inbox) -> None:
        """Put what they say into the inbox; called before the sink is entered."""
        ...

    def unheard(self) -> tuple[str, ...]:
        """Topics that the other side does not let us hear."""
        ...


@dataclass(slots=True)
class Summary:
    """What a run amounted to."""

    frames: int = 0
    seconds: float = 0.0  # of wall clock, from the first frame on
    people: int = 0  # tracks, each once
    hands: int = 0  # most in one frame
    signals: int = 0  # of other machines
    refused: int = 0  # of them, for not being what their table says
    events: Counter[str] = field(default_factory=Counter)  # by "kind.phase"
    trouble: list[str] = field(default_factory=list)  # why messages did not get through
    unheard: list[str] = field(default_factory=list)  # topics we were not let hear
    last_id: int = 0  # of a person who was counted
    stuck: bool = False  # a thread hangs in a camera or a model, and is left behind

    def add(self, scene: Scene, events: tuple[Event, ...], hands: int = 0) -> None:
        """Count one frame."""
        self.frames += 1
        # Numbers only rise: the last one says who was counted, however long it runs.
        new = [track.id for track in scene.tracks if track.id > self.last_id]
        self.people, self.last_id = self.people + len(new), max([self.last_id, *new])
        self.hands = max(self.hands, hands)
        self.signals += len(scene.signals)
        self.end(events)

    def end(self, events: tuple[Event, ...]) -> None:
        """Count events without a frame."""
        self.events.update(f"{event.kind}.{event.phase}" for event in events)


def run(parts: Parts) -> Summary:
    """Watch until the source ends or a signal asks to stop."""
    before = threading.enumerate()
    with ExitStack() as life:
        # Nobody knows of us yet, so until here a signal may simply end us: a model opens for long.
        opened(life, parts.backends, parts.tell)  # a wrong one: nobody is told of us
        stop = life.enter_context(stop_signals())
        ear = next((sink for sink in parts.sinks if isinstance(sink, Hearing)), None)
        if ear and parts.inbox.topics:  # one only, or each message would come twice
            ear.hear(parts.inbox)
        sinks = [life.enter_context(sink) for sink in parts.sinks]
        watch = Watch(parts, sinks)
        capture = life.enter_context(watch.capture(stop))
        shows = [life.enter_context(viewer) for viewer in parts.viewers]
        life.callback(health.notify, "STOPPING=1")
        watch.until(stop, capture, shows)
    watch.summary.stuck = left_behind(before)
    watch.summary.refused = parts.inbox.counts.refused
    watch.summary.unheard.extend(ear.unheard() if ear and parts.inbox.topics else ())
    watch.summary.trouble.extend(
        trouble for sink in sinks if isinstance(sink, Troubled) and (trouble := sink.trouble())
    )
    return watch.summary


@contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """SIGTERM and SIGINT ask for an orderly end; a second one is not caught."""
    stop = threading.Event()
    numbers = (signal.SIGTERM, signal.SIGINT)

    def ask(_number: int, _frame: Any) -> None:
        stop.set()
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Watch:
    """The loop and what it remembers between two frames."""

    def __init__(self, parts: Parts, sinks: Sequence[Sink]) -> None:
        self.summary = Summary()
        self._parts, self._sinks = parts, sinks
        self._announcer = Announcer(parts.identity, sinks, parts.engine.rules)
        self._memory = parts.engine.start()
        self._t = 0.0  # s, of the last frame
        self._lost: SourceError | None = None  # why the camera is away, as it was reported
        self._began = self._reported = time.monotonic()  # s
        self._meter = health.Meter(self._began)

    @contextmanager
    def capture(self, stop: threading.Event) -> Iterator[Capture[Prepared]]:
        """Open the source, unless asked to stop first; that it cannot be opened is reported."""
        parts = self._parts
        self._announcer.begin()
        self._announcer.facts(parts.engine.facts(self._memory))
        opened, prepare, every = parts.source.open, parts.estimator.prepare, parts.every_frame
        capture = Capture(opened, prepare, realtime=parts.realtime, every_frame=every)
        self._began = time.monotonic()
        health.notify("STATUS=waiting for the first picture")
        with ExitStack() as life:
            try:
                enter(life, capture, stop)
            except SourceError as error:
                self._report(capture, error)
                raise
            yield capture

    def until(
        self, stop: threading.Event, capture: Capture[Prepared], shows: Sequence[Show]
    ) -> None:
        """Take frame after frame; at the end, end whatever was begun."""
        first = time.monotonic()
        with Ahead(capture, self._parts.estimator.look, _WAIT_S) as ahead:
            while not stop.is_set() and not ahead.finished:
                ready = ahead.take()
                if capture.lost is not self._lost:
                    self._report(capture)
                if ready is not None:
                    instant = self._process(ready.look)
                    for show in shows:
                        show(instant)
                    # A file waits for us, so its frames are as old as the work on them.
                    live = self._began + ready.look.frame.t
                    begun = live if capture.live else ready.taken
                    self._meter.frame(time.monotonic() - begun)
                    health.notify("WATCHDOG=1" if self.summary.frames > 1 else "READY=1")
                due = time.monotonic() - self._reported >= self._parts.publish.health_s
                if due or (ready is not None and self.summary.frames == 1):
                    self._report(capture)
            ended = ahead.finished
        if ended:
            # Only then has everybody left; who lies there when we are stopped still does.
            self._memory, events = self._parts.engine.end(self._memory, self._t)
            self._announcer.events(events)
            self._announcer.facts(self._parts.engine.facts(self._memory))
            self.summary.end(events)
        self.summary.seconds = time.monotonic() - first

    def _process(self, look: Look) -> Instant:
        seen = self._parts.estimator.observe(look, self._memory)
        if signals := self._parts.inbox.take(seen.t):
            seen = replace(seen, signals=signals)
        self._memory, scene, events = self._parts.engine.step(self._memory, seen)
        self._announcer.events(events)
        facts = self._parts.engine.facts(self._memory)
        self._announcer.facts(facts)
        if self._parts.publish.poses:
            self._announcer.poses(seen)
        self._t = look.frame.t
        instant = Instant(look.frame, seen, scene, events, facts)
        self.summary.add(scene, events, len(instant.hands))
        return instant

    def _report(self, capture: Capture[Prepared], unopened: SourceError | None = None) -> None:
        """Say how things go, and why the camera is away if it is."""
        now = time.monotonic()
        lost = self._lost = unopened or capture.lost
        recent = self._meter.report(now)
        looked = self._parts.estimator.stats
        self._reported = now
        words = f"camera lost: {lost.problem}" if lost else f"{recent.fps:.1f} pictures a second"
        troubles = (sink.trouble() for sink in self._sinks if isinstance(sink, Troubled))
        health.notify("STATUS=" + "; ".join([words, *filter(None, troubles)]))
        self._announcer.health(
            {
                "camera": "lost" if lost else "ok",
                "reason": lost.problem if lost else None,
                "fps": round(recent.fps, 1),
                "latency_p50_ms": recent.latency_p50_ms,
                "latency_p95_ms": recent.latency_p95_ms,
                "frames": self.summary.frames,
                "drops": capture.dropped,
                "looks": looked.looks,
                "looks_found": looked.found,
                "looks_s": round(looked.seconds, 3),
                "temperature_c": heat.temperature_c(),
                "throttled": _listed(heat.throttled()),
                "memory_mb": health.memory_mb(),
                **power.health(),
                **providers(self._parts.backends),
                **self._parts.inbox.health(),
            }
        )


def _listed(words: tuple[str, ...] | None) -> Json:
    return None if words is None else list(words)
