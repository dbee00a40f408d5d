"""A body takes a pose, for long enough to mean it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from edge.core.settings import setting
from edge.core.track import Scene, Track
from edge.core.types import Event, Json, Order
from edge.events._held import Action, Held, Timing, Turn, beside, follow, spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class PoseAction(Action):
    """What another machine is told when a pose begins or ends."""

    pose: str = field(metadata={"doc": "which pose"})


@dataclass(frozen=True, slots=True)
class PoseHeld:
    """Publishes `pose` begin and end: how somebody stands, sits or holds the arms."""

    kinds: ClassVar[tuple[str, ...]] = ("pose",)
    skeleton: ClassVar[str] = "body17"

    poses: tuple[str, ...] = setting((), "only these; none named: all that are known")
    score: float = setting(0.5, "least that the classifier must be sure", low=0, high=1)
    hold_s: float = setting(0.7, "taken for this long: it begins", unit="s", low=0)
    away_s: float = setting(1.0, "not taken for this long: it ends", unit="s", low=0)
    smooth_s: float = setting(0.4, "what most of this time says counts", unit="s", low=0.01)
    action: tuple[PoseAction, ...] = setting(
        (), '{ pose = "t", topic = "lamp/set", begin = "ON", end = "OFF" }, ...: MQTT to send'
    )

    def __post_init__(self) -> None:
        """Refuse an action that could never be taken; raises ConfigError."""
        spoken(self.poses, [one.pose for one in self.action])

    @property
    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """The names it speaks of."""
        return {"body17": spoken(self.poses, [one.pose for one in self.action])}

    def start(self) -> Mapping[int, Held]:
        """Nobody known."""
        return {}

    def step(
        self, state: Mapping[int, Held], scene: Scene
    ) -> tuple[Mapping[int, Held], tuple[Event, ...]]:
        """Every person by themselves; who is gone ends what they began."""
        timing = Timing(self.hold_s, self.away_s, self.smooth_s)
        now = ((track.id, self._said(track), "") for track in scene.tracks)
        people, turned = follow(state, now, scene.t, timing)
        told = (_event(number, turn, also, scene.t) for number, turn, also in beside(state, turned))
        return people, tuple(told)

    def orders(self, event: Event) -> tuple[Order, ...]:
        """What other machines are told when the first person begins and the last one ends."""
        return tuple(
            order
            for one in self.action
            if event.kind == "pose" and one.pose == event.detail.get("pose")
            if not event.detail.get("also")
            for order in one.orders(event.phase)
        )

    def _said(self, track: Track) -> tuple[str, float] | None:
        """What this frame says of a person's pose; None where no model sees them."""
        pose = track.pose
        if pose is None or pose.glimpse:
            return None
        counts = pose.label_score >= self.score and (not self.poses or pose.label in self.poses)
        return (pose.label, pose.label_score) if counts else ("", 0.0)


def _event(number: int, turn: Turn, also: Iterable[int], t: float) -> Event:
    verb = "holds" if turn.phase == "begin" else "no longer holds"
    detail: dict[str, Json] = {
        "track": number,
        **turn.detail("pose"),
        "also": list(also),
        "sentence": f"Person {number} {verb} the pose '{turn.label}'.",
    }
    return Event("pose", turn.phase, f"person-{number}", t, detail)


PLUGIN = PoseHeld
