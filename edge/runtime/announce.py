"""What one process tells its sinks: events, what is so right now, and how it is doing.

States follow events: somebody is down from the first begin of a fall or of lying to the last
end. Facts are what rules say themselves, such as where in a procedure an operator is. Both are
published when they change and at the start, because a broker may still hold what an earlier process
said before it was killed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from edge.core.types import Event, Fact, Json, Observation
from edge.ports import Acting, Rule, Sink
from edge.runtime.health import clock_synchronised
from edge.wire import (
    Identity,
    Message,
    event_message,
    health_message,
    order_message,
    state_message,
)
from edge.wire_poses import poses_message

_STATES = {"person_down": ("fall", "lying"), "present": ("presence",)}  # state -> kinds of event


class Announcer:
    """Turns events into messages, stamps the wall clock once, and gives them to every sink."""

    def __init__(  # noqa: PLR0913 - the last three only differ in replays and tests
        self,
        identity: Identity,
        sinks: Sequence[Sink],
        rules: Sequence[Rule[Any]],
        wall: Callable[[], float] = time.time,
        synced: Callable[[], bool | None] = clock_synchronised,
        *,
        orders: bool = True,  # False: a recording must not switch lights on
    ) -> None:
        self._identity = identity
        self._sinks = sinks
        self._wall = wall
        self._synced = synced
        self._acting = [rule for rule in rules if orders and isinstance(rule, Acting)]
        self._facts: dict[str, Fact] = {}  # as they were published last
        told = {kind for rule in rules for kind in rule.kinds}
        # Subjects by state; a state that no rule here finds out is not claimed to be off.
        self._open: dict[str, set[str]] = {
            state: set() for state, kinds in _STATES.items() if told.intersection(kinds)
        }

    def begin(self) -> None:
        """Nobody is down and nobody is there, until seen otherwise."""
        for state in self._open:
            self._state(state, on=False)

    def events(self, events: Sequence[Event]) -> None:
        """Publish each event, then every state it changed."""
        for event in events:
            wall, synced = self._wall(), self._synced()
            message = event_message(self._identity, event, wall_time=wall, clock_synced=synced)
            self._give(message)
            self._follow(event)
            for rule in self._acting:
                for order in rule.orders(event):
                    self._give(order_message(order))

    def facts(self, facts: Sequence[Fact]) -> None:
        """Publish those that are not what they were."""
        for fact in facts:
            before = self._facts.get(fact.name)
            if before is fact:
                continue
            self._facts[fact.name] = fact
            if before is None or (before.on, before.detail) != (fact.on, fact.detail):
                self._state(fact.name, on=fact.on, detail=fact.detail)

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
                self._state(state, on=not before)

    def _state(self, name: str, *, on: bool, detail: Mapping[str, Json] | None = None) -> None:
        message = state_message(
            self._identity,
            name,
            on=on,
            wall_time=self._wall(),
            clock_synced=self._synced(),
            detail=detail,
        )
        self._give(message)

    def _give(self, message: Message) -> None:
        for sink in self._sinks:
            sink.publish(message)
