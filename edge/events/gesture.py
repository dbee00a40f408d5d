"""A hand makes a gesture, for long enough to mean it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from edge.core.hand import Hand
from edge.core.settings import setting
from edge.core.track import Scene
from edge.core.types import Event, Json, Order
from edge.events._held import Action, Held, Timing, Turn, beside, follow, spoken

_SIDES = ("any", "left", "right")


@dataclass(frozen=True, slots=True, kw_only=True)
class GestureAction(Action):
    """What another machine is told when a gesture begins or ends."""

    gesture: str = field(metadata={"doc": "which gesture"})
    hand: Literal["any", "left", "right"] = setting("any", "whose", choices=_SIDES)


@dataclass(frozen=True, slots=True)
class Gesture:
    """Publishes `gesture` begin and end: what a hand shows, once it has held."""

    kinds: ClassVar[tuple[str, ...]] = ("gesture",)
    skeleton: ClassVar[str] = "hand21"

    gestures: tuple[str, ...] = setting((), "only these; none named: all that are known")
    hand: Literal["any", "left", "right"] = setting("any", "whose hand counts", choices=_SIDES)
    score: float = setting(0.5, "least that the classifier must be sure", low=0, high=1)
    hold_s: float = setting(0.5, "made for this long: it begins", unit="s", low=0)
    away_s: float = setting(0.7, "not made for this long: it ends", unit="s", low=0)
    smooth_s: float = setting(0.3, "what most of this time says counts", unit="s", low=0.01)
    action: tuple[GestureAction, ...] = setting(
        (), '{ gesture = "fist", topic = "lamp/set", begin = "ON", end = "OFF" }, ...: MQTT to send'
    )

    def __post_init__(self) -> None:
        """Refuse an action that could never be taken; raises ConfigError."""
        spoken(self.gestures, [one.gesture for one in self.action])

    @property
    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """The names it speaks of."""
        return {"hand21": spoken(self.gestures, [one.gesture for one in self.action])}

    @property
    def judges_hands(self) -> bool:
        """Whether it judges hands: always."""
        return True

    def start(self) -> Mapping[int, Held]:
        """No hand known."""
        return {}

    def step(
        self, state: Mapping[int, Held], scene: Scene
    ) -> tuple[Mapping[int, Held], tuple[Event, ...]]:
        """Every hand by itself; a hand that is gone ends what it began."""
        timing = Timing(self.hold_s, self.away_s, self.smooth_s)
        now = ((hand.id, self._said(hand, scene.t), hand.side) for hand in scene.hands)
        hands, turned = follow(state, now, scene.t, timing)
        told = (_event(number, turn, also, scene.t) for number, turn, also in beside(state, turned))
        return hands, tuple(told)

    def orders(self, event: Event) -> tuple[Order, ...]:
        """What other machines are told when the first hand begins and the last one ends."""
        name, side = (event.detail.get(key) for key in ("gesture", "side"))
        also = event.detail.get("also")
        sides = also if isinstance(also, list) else []
        return tuple(
            order
            for one in self.action
            if event.kind == "gesture" and one.gesture == name and one.hand in ("any", side)
            if not any(one.hand in ("any", other) for other in sides)
            for order in one.orders(event.phase)
        )

    def _said(self, hand: Hand, t: float) -> tuple[str, float] | None:
        """What this frame says of a hand's gesture; None where no hand model sees it."""
        if hand.pose is None or hand.seen < t:
            return None
        counts = self.hand in ("any", hand.side) and hand.label_score >= self.score
        wanted = not self.gestures or hand.label in self.gestures
        return (hand.label, hand.label_score) if counts and wanted else ("", 0.0)


def _event(number: int, turn: Turn, also: Mapping[int, str], t: float) -> Event:
    whose = f"The {turn.side} hand" if turn.side else "A hand"
    verb = "shows" if turn.phase == "begin" else "no longer shows"
    detail: dict[str, Json] = {
        "hand": number,
        "side": turn.side,
        **turn.detail("gesture"),
        "also": list(also.values()),
        "sentence": f"{whose} {verb} '{turn.label}'.",
    }
    return Event("gesture", turn.phase, f"hand-{number}", t, detail)


PLUGIN = Gesture
