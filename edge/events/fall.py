"""A fall: upright or sitting, a rapid descent, low, still down.

The number that decides is the stature: how high the body reaches above its own ground, as a share
of the person's standing height (0.94 standing, 0.75 sitting, 0.6 bent, 0.5 squatting, 0.3 or less
lying). It needs no particular limb, works from any side, and works for a body that only shows as
a change of the picture. A fall makes it drop far, fast, from upright, and it stays down.

    up --rapid descent, down or unseen--> begin --still down--> confirmed --> long_lie;  --up--> end
    lying from the start, or laid down slowly: `lying`, never `fall`
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from edge.core.geometry import inside, middle
from edge.core.settings import setting
from edge.core.track import Scene, Track
from edge.core.types import Event, Json
from edge.events._descent import Alert, Descent, Sample, descent, lasts, recent, since, smooth


@dataclass(frozen=True, slots=True)
class Person:
    """What the rule remembers of one track."""

    samples: tuple[Sample, ...] = ()  # the last seconds, oldest first
    down_since: float | None = None  # s
    floor_since: float | None = None  # s
    flat_since: float | None = None  # s
    up_since: float | None = None  # s
    fell: float | None = None  # s, the alert
    at: tuple[float, float] = (0.0, 0.0)  # px, where the body was then
    lying: float | None = None  # s, found lying or laid down
    confirmed: bool = False
    long_lie: bool = False
    echo: bool = False  # the same body as another fallen track: told once


@dataclass(frozen=True, slots=True)
class Fall:
    """Publishes `fall` begin, confirmed, long_lie, end; and `lying` begin, end."""

    kinds: ClassVar[tuple[str, ...]] = ("fall", "lying")
    skeleton: ClassVar[str] = "body17"

    body_m: float = setting(1.7, "standing height of a person", unit="m", low=0.5, high=2.5)
    down: float = setting(0.5, "reaching no higher is down", unit="heights", low=0, high=1)
    floor: float = setting(0.4, "reaching no higher is no squat", unit="heights", low=0, high=1)
    sinking: float = setting(0.57, "reaching no higher when lost", unit="heights", low=0, high=1)
    flat: float = setting(0.33, "reaching no higher is lying", unit="heights", low=0, high=1)
    up: float = setting(0.6, "reaching higher is up", unit="heights", low=0, high=1)
    sitting: float = setting(0.8, "reaching no higher is sitting", unit="heights", low=0, high=1)
    standing: float = setting(0.92, "reaching higher is standing", unit="heights", low=0, high=1)
    upright_deg: float = setting(
        60.0, "more torso tilt is not upright", unit="deg", low=0, high=180
    )
    bent_hip: float = setting(0.38, "hips this high are not down", unit="heights", low=0, high=1)
    drop_m: float = setting(0.55, "least height lost in a fall", unit="m", low=0)
    drop_s: float = setting(1.5, "longest time from upright to down", unit="s", low=0.1)
    sure: float = setting(0.35, "least keypoint score to count as upright", low=0, high=1)
    vague: float = setting(0.25, "an unsure sight is no lower", unit="heights", low=0, high=1)
    stand_s: float = setting(0.15, "least time seen upright before", unit="s", low=0)
    before_s: float = setting(3.0, "how far back the upright height is taken", unit="s", low=0.1)
    start_s: float = setting(0.6, "the fastest part begins this soon after", unit="s", low=0)
    speed: float = setting(1.3, "least speed from standing", unit="m/s", low=0)
    speed_sitting: float = setting(0.75, "least speed from sitting", unit="m/s", low=0)
    speed_s: float = setting(0.5, "the speed is that of the fastest part", unit="s", low=0.05)
    settle_s: float = setting(0.1, "on the floor before the alert", unit="s", low=0)
    lost_s: float = setting(0.5, "unseen after a descent before the alert", unit="s", low=0)
    hold_s: float = setting(2.0, "down after the alert: confirmed", unit="s", low=0)
    echo_s: float = setting(10.0, "a second alert so soon and so near is the same", unit="s", low=0)
    long_lie_s: float = setting(60.0, "down after the alert: long lie", unit="s", low=0)
    recover_s: float = setting(1.0, "up again: recovered", unit="s", low=0)
    lying_s: float = setting(3.0, "lying without a fall", unit="s", low=0)
    lying_zones: tuple[str, ...] = setting((), "zones where lying is expected: beds, mats")

    def start(self) -> Mapping[int, Person]:
        """Nobody known."""
        return {}

    def step(
        self, state: Mapping[int, Person], scene: Scene
    ) -> tuple[Mapping[int, Person], tuple[Event, ...]]:
        """Every person by themselves; whoever leaves the scene ends what they began."""
        people: dict[int, Person] = {}
        events: list[Event] = []
        for track in scene.tracks:
            person = state.get(track.id, Person())
            if not scene.steady:
                person = replace(person, samples=())  # a picture that moves makes everybody fall
            person = self._watch(person, track, scene.t)
            others = [*(p for i, p in state.items() if i > track.id), *people.values()]
            people[track.id], said = self._judge(person, track, scene, others)
            events += said
        for number, person in state.items():
            if number not in people:
                events += _leave(number, person, scene.t, "gone")
        return people, tuple(events)

    def _watch(self, person: Person, track: Track, t: float) -> Person:
        """Add what this frame shows of the body's height, by a model or as a change."""
        posture = track.posture
        if posture is None:
            return person
        upright = hips_up = False
        if track.pose is not None:
            raw = posture.stature
            hips_up = posture.hip is not None and posture.hip >= self.bent_hip
            straight = posture.tilt_deg is None or posture.tilt_deg <= self.upright_deg
            known = posture.shown >= self.stand_s
            upright = straight and known and track.score >= self.sure
        else:
            # A change can show that somebody is down, not that somebody is up: a curtain may move.
            raw = posture.reach(track.change.box[1]) if track.change else math.inf
            if raw > self.down:
                return person
        if track.pose is None or track.score < self.sure:
            raw = max(raw, self.vague)
        kept = recent(person.samples, t - self.before_s)
        stature = smooth(kept, t, raw)
        up = upright and stature >= self.up
        down = stature <= self.down and not hips_up
        return replace(
            person,
            samples=(*kept, Sample(t, raw, stature, up, down)),
            up_since=since(person.up_since, t, holds=up),
            down_since=since(person.down_since, t, holds=down),
            floor_since=since(person.floor_since, t, holds=down and stature <= self.floor),
            flat_since=since(person.flat_since, t, holds=down and stature <= self.flat),
        )

    def _judge(
        self, person: Person, track: Track, scene: Scene, others: Sequence[Person]
    ) -> tuple[Person, list[Event]]:
        t = scene.t
        if person.fell is not None:
            return self._down(person, person.fell, track, t)
        if person.lying is not None:
            if lasts(person.up_since, t, self.recover_s):
                return replace(person, lying=None), _leave(track.id, person, t, "recovered")
        elif not self._expected(track, scene):
            alert = self._alert(person, track, t)
            if alert is not None:
                return self._fell(person, track, alert, others)
            if person.samples and lasts(person.flat_since, person.samples[-1].t, self.lying_s):
                return replace(person, lying=t), [_event("lying", "begin", track.id, t)]
        return person, []

    def _alert(self, person: Person, track: Track, t: float) -> Alert | None:
        """The stage of a fall that has just become certain enough, and the descent behind it."""
        if not person.samples or person.samples[-1].upright:
            return None
        way = descent(person.samples, drop_s=self.drop_s, start_s=self.start_s, part_s=self.speed_s)
        if way is None or way.drop * self.body_m < self.drop_m or self._excess(way) < 1.0:
            return None
        seen = person.samples[-1].t
        # Counted to the last sight, so that one wrong glimpse never makes a fall.
        if lasts(person.floor_since, seen, self.settle_s):
            return Alert(t, "descent", way)
        unseen = t - seen
        # Seen well below upright twice: one wrong glimpse is no descent.
        sunk = all(sample.stature <= self.sinking for sample in person.samples[-2:])
        if unseen >= self.lost_s and sunk and not track.edge:
            return Alert(t, "lost", way)
        return None

    def _excess(self, way: Descent) -> float:
        """How many times faster than it must be: who sits has less far to fall."""
        share = (way.above - self.sitting) / max(self.standing - self.sitting, 1e-6)
        share = min(max(share, 0.0), 1.0)
        least = self.speed_sitting + share * (self.speed - self.speed_sitting)
        return way.speed * self.body_m / least

    def _fell(
        self, person: Person, track: Track, alert: Alert, others: Sequence[Person]
    ) -> tuple[Person, list[Event]]:
        t, way = alert.t, alert.way
        at = middle(track.box)
        reach = track.posture.height_px if track.posture else 0.0
        # A model that errs on a lying body may see two: whoever fell here just now is the same.
        echo = any(
            other.fell is not None
            and t - other.fell < self.echo_s
            and math.dist(other.at, at) < reach
            for other in others
        )
        fallen = replace(person, fell=t, at=at, echo=echo)
        if echo:
            return fallen, []
        sure = min(0.95, 0.6 + 0.35 * (self._excess(way) - 1.0))
        detail: dict[str, Json] = {
            "stage": alert.stage,
            "confidence": 0.4 if alert.stage == "lost" else round(sure, 2),
            "drop_m": round(way.drop * self.body_m, 2),
            "speed_m_s": round(way.speed * self.body_m, 2),
        }
        return fallen, [_event("fall", "begin", track.id, t, detail)]

    def _down(
        self, person: Person, fell: float, track: Track, t: float
    ) -> tuple[Person, list[Event]]:
        if lasts(person.up_since, t, self.recover_s):
            again = Person(samples=person.samples, up_since=person.up_since)
            return again, _leave(track.id, person, t, "recovered")
        if person.echo:
            return person, []
        events: list[Event] = []
        # Counted to the last sight: who was only lost is confirmed by being found there.
        seen = person.samples[-1].t if person.samples else fell
        held = lasts(person.down_since, seen, self.hold_s) and lasts(fell, seen, self.hold_s)
        if held and not person.confirmed:
            person = replace(person, confirmed=True)
            detail: dict[str, Json] = {"stage": "confirmed", "confidence": 0.95}
            events.append(_event("fall", "confirmed", track.id, t, detail))
        if lasts(fell, t, self.long_lie_s) and not person.long_lie:
            person = replace(person, long_lie=True)
            events.append(_event("fall", "long_lie", track.id, t, {"down_s": round(t - fell, 1)}))
        return person, events

    def _expected(self, track: Track, scene: Scene) -> bool:
        """The body is where lying is nothing to report."""
        x, y = middle(track.box)
        x, y = x / max(scene.size[0], 1), y / max(scene.size[1], 1)
        zones = (scene.zones[name] for name in self.lying_zones if name in scene.zones)
        return any(inside(x, y, zone) for zone in zones)


def _event(
    kind: str, phase: str, number: int, t: float, detail: Mapping[str, Json] | None = None
) -> Event:
    return Event(kind, phase, f"person-{number}", t, {"track": number, **(detail or {})})


def _leave(number: int, person: Person, t: float, reason: str) -> list[Event]:
    """End what was begun for a person."""
    if person.fell is not None and not person.echo:
        return [_event("fall", "end", number, t, {"reason": reason})]
    if person.lying is not None:
        return [_event("lying", "end", number, t, {"reason": reason})]
    return []


PLUGIN = Fall
