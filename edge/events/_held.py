"""A name that holds: from what is said of single frames to something that begins and ends.

Single frames are wrong at times, so the name of an instant is what most of the last moment said,
weighed by time. Runs of such names are the same for every rule, however long it wants them held:
a longer hold can only leave events out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from edge.core.settings import setting
from edge.core.types import Json, Order
from edge.errors import ConfigError

_MOST_S = 0.2  # of time that one frame speaks for, however long until the next


@dataclass(frozen=True, slots=True)
class Sight:
    """What one frame said."""

    t: float  # s
    dt: float  # s that it speaks for
    label: str  # "" for none
    score: float


@dataclass(frozen=True, slots=True)
class Held:
    """What is remembered of one hand or one body."""

    sights: tuple[Sight, ...] = ()  # of the last moment
    seen: float | None = None  # s, of the last frame that said anything
    label: str = ""  # what most of the last moment said
    since: float = 0.0  # s, without a break
    on: str = ""  # what has begun
    side: str = ""  # whose it was then: a later doubt about that changes nothing
    score: float = 0.0  # how sure it was then
    begun: float = 0.0  # s
    last: float = 0.0  # s, that it was seen


@dataclass(frozen=True, slots=True)
class Turn:
    """Something begins or ends."""

    phase: str  # "begin" or "end"
    label: str
    side: str
    score: float
    lasted: float | None = None  # s; None at a begin
    reason: str = ""  # of an end: "over", "changed", "gone"

    def detail(self, name: str) -> dict[str, Json]:
        """What an event says of it, its label under a name."""
        detail: dict[str, Json] = {name: self.label, "score": self.score}
        if self.lasted is not None:
            detail |= {"lasted_s": round(self.lasted, 2), "reason": self.reason}
        return detail


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a name must hold, and be away."""

    hold_s: float
    away_s: float
    smooth_s: float


def watch(held: Held, t: float, said: tuple[str, float] | None, timing: Timing) -> Held:
    """Take what one frame says: a label ("" for none) and its score; None where it sees nothing."""
    kept = tuple(sight for sight in held.sights if t - sight.t <= timing.smooth_s)
    seen = held.seen
    if said is not None:
        dt = _MOST_S if seen is None else min(max(t - seen, 1e-3), _MOST_S)
        kept, seen = (*kept, Sight(t, dt, *said)), t
    label = _most(kept)
    since = held.since if label == held.label else t
    last = t if label and label == held.on else held.last
    return replace(held, sights=kept, seen=seen, label=label, since=since, last=last)


def turns(held: Held, t: float, timing: Timing, side: str) -> tuple[Held, tuple[Turn, ...]]:
    """What ends and what begins now, one at a time."""
    said: tuple[Turn, ...] = ()
    new = held.label not in ("", held.on) and t - held.since >= timing.hold_s
    if held.on and (new or t - held.last >= timing.away_s):
        said = ended(held, t, "changed" if new else "over")
        held = replace(held, on="")
    if new:
        score = _certainty(held)
        said = (*said, Turn("begin", held.label, side, score))
        held = replace(held, on=held.label, side=side, score=score, begun=t, last=t)
    return held, said


def follow(
    before: Mapping[int, Held],
    now: Iterable[tuple[int, tuple[str, float] | None, str]],
    t: float,
    timing: Timing,
) -> tuple[dict[int, Held], list[tuple[int, Turn]]]:
    """Everyone by themselves, `now`: number, what a frame says (see `watch`), and side.

    Who is gone ends what they began.
    """
    after: dict[int, Held] = {}
    turned: list[tuple[int, Turn]] = []
    for number, said, side in now:
        held = watch(before.get(number, Held()), t, said, timing)
        after[number], found = turns(held, t, timing, side)
        turned += [(number, turn) for turn in found]
    for number, held in before.items():
        if number not in after:
            turned += [(number, turn) for turn in ended(held, t, "gone")]
    return after, turned


def ended(held: Held, t: float, reason: str) -> tuple[Turn, ...]:
    """The end of what has begun, if anything has."""
    turn = Turn("end", held.on, held.side, held.score, t - held.begun, reason)
    return (turn,) if held.on else ()


def beside(
    before: Mapping[int, Held], said: Iterable[tuple[int, Turn]]
) -> Iterator[tuple[int, Turn, dict[int, str]]]:
    """Each turn with its number, and who else shows the same right then: sides by number.

    Turns of one instant come one after the other, so that of several begins one is the first.
    """
    on = {number: (held.on, held.side) for number, held in before.items() if held.on}
    for number, turn in said:
        on.pop(number, None)
        yield number, turn, {n: side for n, (label, side) in on.items() if label == turn.label}
        if turn.phase == "begin":
            on[number] = (turn.label, turn.side)


def _certainty(held: Held) -> float:
    """How sure the frames of the last moment were of what they say."""
    scores = [sight.score for sight in held.sights if sight.label == held.label]
    return round(sum(scores) / len(scores), 3) if scores else 0.0


def _most(sights: tuple[Sight, ...]) -> str:
    """The label of more than half of the time; "" where there is none."""
    weights: dict[str, float] = {}
    for sight in sights:
        weights[sight.label] = weights.get(sight.label, 0.0) + sight.dt
    whole = sum(weights.values())
    return next((label for label, weight in weights.items() if weight > 0.5 * whole), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What another machine is told when something begins or ends."""

    topic: str = field(metadata={"doc": "any MQTT topic, used as it is"})
    begin: str | None = setting(None, "payload when the first begins; absent: nothing is sent")
    end: str | None = setting(None, "payload when the last ends; absent: nothing is sent")
    retain: bool = setting(default=False, doc="the broker keeps it for those who join later")

    def __post_init__(self) -> None:
        """Refuse what a broker would; raises ConfigError."""
        if not self.topic or any(mark in self.topic for mark in "+#\0"):
            raise ConfigError("topic", "must be an MQTT topic without '+' and '#'")
        if self.begin is None and self.end is None:
            raise ConfigError("begin", "is missing, and so is `end`", "one of both must be sent")

    def orders(self, phase: str) -> Iterator[Order]:
        """What is sent in a phase."""
        payload = {"begin": self.begin, "end": self.end}.get(phase)
        if payload is not None:
            yield Order(self.topic, payload, self.retain)


def spoken(names: Sequence[str], acted: Sequence[str]) -> tuple[str, ...]:
    """Names that a rule speaks of; none where it takes all. Raises ConfigError for idle actions."""
    for name in acted:
        if names and name not in names:
            hint = f"those that count are {', '.join(names)}"
            raise ConfigError("action", f"'{name}' is none of those that count", hint)
    return tuple(dict.fromkeys((*names, *acted)))
