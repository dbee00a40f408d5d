"""Somebody is there, or nobody is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from edge.core.settings import setting
from edge.core.track import Scene
from edge.core.types import Event


@dataclass(frozen=True, slots=True)
class Presence:
    """State of the rule: since when people were seen, last seen, and whether that was told."""

    since: float | None = None  # s, seen without a longer gap
    seen: float | None = None  # s
    told: bool = False


@dataclass(frozen=True, slots=True)
class Present:
    """Publishes `presence` begin when somebody stays, and end when nobody has been seen a while."""

    kinds: ClassVar[tuple[str, ...]] = ("presence",)
    skeleton: ClassVar[str] = "body17"

    hold_s: float = setting(1.0, "seen for this long: somebody is there", unit="s", low=0)
    away_s: float = setting(5.0, "unseen for this long: nobody is there", unit="s", low=0)

    def start(self) -> Presence:
        """Nobody."""
        return Presence()

    def step(self, state: Presence, scene: Scene) -> tuple[Presence, tuple[Event, ...]]:
        """A person lost inside the picture, or lying unseen, is still there: see `Track.there`."""
        there = max((track.there for track in scene.tracks), default=None)
        if there is not None and (state.seen is None or there > state.seen):
            since = there if state.since is None else state.since
            state = replace(state, seen=there, since=since)
        if state.seen is None or state.since is None:
            return state, ()
        if not scene.tracks or scene.t - state.seen >= self.away_s:
            gone = (Event("presence", "end", "camera", scene.t, {}),) if state.told else ()
            return Presence(), gone
        if not state.told and state.seen - state.since >= self.hold_s:
            people = sum(track.pose is not None for track in scene.tracks)
            return replace(state, told=True), (
                Event("presence", "begin", "camera", scene.t, {"people": people}),
            )
        return state, ()


PLUGIN = Present
