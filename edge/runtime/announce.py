"""What one process tells its sinks: events, what is so right now, and how it is doing.

States follow events: somebody is down from the first begin of a fall or of lying to the last
end. They are published when they change and at the start, because a broker may still hold
what an earlier process said before it was killed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from edge.core.types import Event, Json, Observation
from edge.ports import Rule, Sink
from edge.runtime.health import clock_synchronised
from edge.wire import (
    Identity,
    Message,
    event_message,
    health_message,
    poses_message,
    state_message,
)

_STATES = {"person_down": ("fall", "lying"), "present": ("presence",)}  # state -> kinds of event


class Announcer:
    """Turns events into messages, stamps the wall clock once, and gives them to every sink."""

    def __init__(
        self,
        identity: Identity,
        sinks: Sequence[Sink],
        rules: Sequence[Rule[Any]],
        wall: Callable[[], float] = time.time,
        synced: Callable[[], bool | None] = clock_synchronised,
    ) -> None:
        self._identity = identity
        self._sinks = sinks
        self._wall = wall
        self._synced = synced
        told = {kind for rule in rules for kind in rule.kinds}
        # Subjects by state; a state that no rule here finds out is not claimed to be off.
        self._open: dict[str, set[str]] = {
            state: set() for state, kinds in _STATES.items() if told.intersection(kinds)
        }

    def begin(self) -> None:
        """Nobody is down and nobody is there, until seen otherwise."""
        for state in self._open:
            self._state(state)

    def events(self, events: Sequence[Event]) -> None:
        """Publish each event, then every state it changed."""
        for event in events:
            wall, synced = self._wall(), self._synced()
            message = event_message(self._identity, event, wall_time=wall, clock_synced=synced)
            self._give(message)
            self._follow(event)

    def health(self, values: Mapping[str, Json]) -> None:
        """Publish how the process is doing."""
        wall, synced = self._wall(), self._synced()
        message = health_message(self._identity, values, wall_time=wall, clock_synced=synced)
        self._give(message)

    def poses(self, seen: Observation) -> None:
        """Publish one frame's keypoints."""
        self._give(poses_message(self._identity, seen))

    def _follow(self, event: Event) -> None:
        for state, subjects in self._open.items():
            if event.kind not in _STATES[state] or event.phase not in ("begin", "end"):
                continue
            subject = f"{event.kind} {event.subject}"
            before = bool(subjects)
            (subjects.add if event.phase == "begin" else subjects.discard)(subject)
            if bool(subjects) != before:
                self._state(state)

    def _state(self, state: str) -> None:
        message = state_message(
            self._identity,
            state,
            on=bool(self._open[state]),
            wall_time=self._wall(),
            clock_synced=self._synced(),
        )
        self._give(message)

    def _give(self, message: Message) -> None:
        for sink in self._sinks:
            sink.publish(message)
