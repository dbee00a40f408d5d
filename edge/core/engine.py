"""One instant: track, then every rule. A pure fold: a recording replays to the same events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from edge.core.track import Scene, Tracker, Tracks
from edge.core.types import Event, Observation, Polygon
from edge.ports import Rule


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """Everything the engine knows between two frames."""

    tracks: Tracks
    rules: tuple[Any, ...]  # one state a rule, in the rules' order


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """The tracker and the rules of one camera."""

    tracker: Tracker
    rules: tuple[Rule[Any], ...]
    zones: Mapping[str, Polygon] = field(default_factory=dict)  # shares of width and height

    def start(self) -> Memory:
        """Memory before the first frame."""
        return Memory(self.tracker.start(), tuple(rule.start() for rule in self.rules))

    def step(self, memory: Memory, seen: Observation) -> tuple[Memory, Scene, tuple[Event, ...]]:
        """One instant in; the scene as understood and what is worth saying out."""
        tracks, scene = self.tracker.step(memory.tracks, seen)
        scene = replace(scene, zones=self.zones)
        states, events = self._rules(memory, scene)
        return Memory(tracks, states), scene, events

    def finish(self, memory: Memory, t: float) -> tuple[Event, ...]:
        """Everybody leaves: what was begun is ended."""
        _, events = self._rules(memory, Scene(t, -1, (0, 0), ()))
        return events

    def _rules(self, memory: Memory, scene: Scene) -> tuple[tuple[Any, ...], tuple[Event, ...]]:
        steps = [
            rule.step(state, scene) for rule, state in zip(self.rules, memory.rules, strict=True)
        ]
        events = tuple(event for _, found in steps for event in found)
        return tuple(state for state, _ in steps), events
