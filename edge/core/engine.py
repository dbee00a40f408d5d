"""One instant: track, then every rule. A pure fold: a recording replays to the same events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from edge.core.hand import Hand
from edge.core.handtrack import HandMemories, HandTracker
from edge.core.track import Scene, Tracker, Tracks, nobody
from edge.core.types import Event, Fact, Observation, Polygon
from edge.ports import Rule, Stating, judges_hands


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """Everything the engine knows between two frames."""

    tracks: Tracks
    rules: tuple[Any, ...]  # one state a rule, in the rules' order
    hands: HandMemories = field(default_factory=HandMemories)


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """The trackers and the rules of one camera."""

    tracker: Tracker
    rules: tuple[Rule[Any], ...]
    zones: Mapping[str, Polygon] = field(default_factory=dict)  # shares of width and height
    hand_tracker: HandTracker = field(default_factory=HandTracker)
    follows_hands: bool = field(init=False)  # also where only arms show them
    _stating: tuple[tuple[int, Stating], ...] = field(init=False, repr=False)  # by place

    def __post_init__(self) -> None:
        """Find out once who states something: asking costs more than the answers."""
        found = tuple((i, rule) for i, rule in enumerate(self.rules) if isinstance(rule, Stating))
        object.__setattr__(self, "_stating", found)
        # Without rules the scene itself is wanted, with everything in it.
        follows = not self.rules or any(map(judges_hands, self.rules))
        object.__setattr__(self, "follows_hands", follows)

    def start(self) -> Memory:
        """Memory before the first frame."""
        states = tuple(rule.start() for rule in self.rules)
        return Memory(self.tracker.start(), states, self.hand_tracker.start())

    def step(self, memory: Memory, seen: Observation) -> tuple[Memory, Scene, tuple[Event, ...]]:
        """One instant in; the scene as understood and what is worth saying out."""
        tracks, scene = self.tracker.step(memory.tracks, seen)
        held = memory.hands
        hands: tuple[Hand, ...] = ()
        shown = bool(held.memories) or any(pose.skeleton == "hand21" for pose in seen.poses)
        if shown or self.follows_hands:
            held, hands = self.hand_tracker.step(held, seen, scene.tracks)
        scene = replace(scene, zones=self.zones, hands=hands, signals=seen.signals)
        states, events = self._rules(memory, scene)
        return Memory(tracks, states, held), scene, events

    def facts(self, memory: Memory) -> tuple[Fact, ...]:
        """What is so now, as the rules have it."""
        return tuple(
            fact for place, rule in self._stating for fact in rule.facts(memory.rules[place])
        )

    def finish(self, memory: Memory, t: float) -> tuple[Event, ...]:
        """Everybody leaves: what was begun is ended."""
        return self.end(memory, t)[1]

    def end(self, memory: Memory, t: float) -> tuple[Memory, tuple[Event, ...]]:
        """Everybody leaves; also what is remembered then, which says what is so."""
        states, events = self._rules(memory, nobody(t))
        return replace(memory, rules=states), events

    def _rules(self, memory: Memory, scene: Scene) -> tuple[tuple[Any, ...], tuple[Event, ...]]:
        steps = [
            rule.step(state, scene) for rule, state in zip(self.rules, memory.rules, strict=True)
        ]
        events = tuple(event for _, found in steps for event in found)
        return tuple(state for state, _ in steps), events
