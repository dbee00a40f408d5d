"""A fall: upright or sitting, a rapid descent, low, still down.

The number that decides is the stature: how high the body reaches above its own ground, as a share
of the person's standing height (0.94 standing, 0.75 sitting, 0.6 bent, 0.5 squatting, 0.3 or less
lying). It needs no particular limb, works from any side, and works for a body that only shows as
a change of the picture. A fall makes it drop far, fast, from upright, and it stays down.

    up --rapid descent, down--> fallen (begin) --still down--> confirmed --> long_lie
    up --rapid descent, unseen--> fallen (begin, stage lost)      any of them --up--> end
    lying from the start, or laid down slowly: `lying`, never `fall`
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from edge.core.geometry import inside
from edge.core.settings import setting
from edge.core.track import Scene, Track
from edge.core.types import Event, Json
from edge.events._descent import Descent, Sample, descent, smooth


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

    body_m: float = setting(1.7, "standing height of a person", unit="m", low=0.5, high=2.5)
    down: float = setting(0.45, "reaching no higher is down", unit="heights", low=0, high=1)
    floor: float = setting(0.38, "reaching no higher is no squat", unit="heights", low=0, high=1)
    flat: float = setting(0.33, "reaching no higher is lying", unit="heights", low=0, high=1)
    up: float = setting(0.6, "reaching higher is up", unit="heights", low=0, high=1)
    standing: float = setting(0.85, "reaching higher is standing", unit="heights", low=0, high=1)
    upright_deg: float = setting(
        60.0, "more torso tilt is not upright", unit="deg", low=0, high=180
    )
    bent_hip: float = setting(0.38, "hips this high are not down", unit="heights", low=0, high=1)
    drop_m: float = setting(0.45, "least height lost in a fall", unit="m", low=0)
    drop_s: float = setting(1.5, "longest time from upright to down", unit="s", low=0.1)
    sure: float = setting(0.35, "least keypoint score to count as upright", low=0, high=1)
    vague: float = setting(0.25, "an unsure sight is no lower", unit="heights", low=0, high=1)
    stand_s: float = setting(0.15, "least time seen upright before", unit="s", low=0)
    before_s: float = setting(3.0, "how far back the upright height is taken", unit="s", low=0.1)
    start_s: float = setting(0.6, "the fastest part begins this soon after", unit="s", low=0)
    speed: float = setting(1.45, "least speed from standing", unit="m/s", low=0)
    speed_sitting: float = setting(0.85, "least speed from sitting", unit="m/s", low=0)
    speed_s: float = setting(0.3, "the speed is that of the fastest part", unit="s", low=0.05)
    settle_s: float = setting(0.15, "on the floor before the alert", unit="s", low=0)
    squat_s: float = setting(1.5, "down but off the floor before the alert", unit="s", low=0)
    lost_s: float = setting(0.5, "unseen after a descent before the alert", unit="s", low=0)
    hold_s: float = setting(2.0, "down after the alert: confirmed", unit="s", low=0)
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
            person = self._watch(state.get(track.id, Person()), track, scene.t)
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
        elif track.change is not None:
            raw = (posture.ground - track.change.box[1]) / posture.height_px
        else:
            return person
        if track.pose is None or track.score < self.sure:
            raw = max(raw, self.vague)
        kept = tuple(s for s in person.samples if s.t >= t - self.before_s)
        stature = smooth(kept, t, raw)
        up = upright and stature >= self.up
        down = stature <= self.down and not hips_up
        return replace(
            person,
            samples=(*kept, Sample(t, raw, stature, up, down)),
            up_since=_since(person.up_since, up, t),
            down_since=_since(person.down_since, down, t),
            floor_since=_since(person.floor_since, down and stature <= self.floor, t),
            flat_since=_since(person.flat_since, down and stature <= self.flat, t),
        )

    def _judge(
        self, person: Person, track: Track, scene: Scene, others: list[Person]
    ) -> tuple[Person, list[Event]]:
        if person.fell is not None:
            return self._fallen(person, track, scene.t)
        if person.lying is not None:
            if not _lasts(person.up_since, scene.t, self.recover_s):
                return person, []
            return replace(person, lying=None), _leave(track.id, person, scene.t, "up")
        if self._expected(track, scene):
            return person, []
        stage, way = self._alert(person, track, scene.t)
        if way is not None:
            return self._fell(person, track, scene.t, others, stage, way)
        if _lasts(person.flat_since, scene.t, self.lying_s):
            lain = replace(person, lying=scene.t)
            return lain, [_event("lying", "begin", track, scene.t, {})]
        return person, []

    def _alert(self, person: Person, track: Track, t: float) -> tuple[str, Descent | None]:
        """The stage of a fall that has just become certain enough, and the descent behind it."""
        if not person.samples or person.samples[-1].upright:
            return "", None
        way = descent(
            person.samples,
            drop_s=self.drop_s,
            start_s=self.start_s,
            part_s=self.speed_s,
        )
        if way is None or way.drop * self.body_m < self.drop_m or not self._rapid(way):
            return "", None
        if _lasts(person.floor_since, t, self.settle_s):
            return "descent", way
        if _lasts(person.down_since, t, self.squat_s):
            return "descent", way
        unseen = t - person.samples[-1].t
        if unseen >= self.lost_s and not track.edge:
            return "lost", way
        return "", None

    def _rapid(self, way: Descent) -> bool:
        least = self.speed if way.above >= self.standing else self.speed_sitting
        return way.speed * self.body_m >= least

    def _fell(
        self, person: Person, track: Track, t: float, others: list[Person], stage: str, way: Descent
    ) -> tuple[Person, list[Event]]:
        height = track.posture.height_px if track.posture else 0.0
        at = ((track.box[0] + track.box[2]) / 2, (track.box[1] + track.box[3]) / 2)
        echo = any(
            o.fell is not None and t - o.fell < 10.0 and math.dist(o.at, at) < 1.0 * height
            for o in others
        )
        fallen = replace(person, fell=t, at=at, echo=echo)
        if echo:
            return fallen, []
        detail: dict[str, Json] = {
            "stage": stage,
            "confidence": 0.4 if stage == "lost" else round(self._confidence(way), 2),
            "drop_m": round(way.drop * self.body_m, 2),
            "speed_m_s": round(way.speed * self.body_m, 2),
        }
        return fallen, [_event("fall", "begin", track, t, detail)]

    def _confidence(self, way: Descent) -> float:
        least = self.speed if way.above >= self.standing else self.speed_sitting
        return min(0.95, 0.6 + 0.35 * (way.speed * self.body_m / least - 1.0))

    def _fallen(self, person: Person, track: Track, t: float) -> tuple[Person, list[Event]]:
        events: list[Event] = []
        if _lasts(person.up_since, t, self.recover_s):
            after = Person(samples=person.samples, up_since=person.up_since)
            return after, _leave(track.id, person, t, "recovered")
        if person.echo or person.fell is None:
            return person, []
        if (
            not person.confirmed
            and _lasts(person.down_since, t, self.hold_s)
            and t - person.fell >= self.hold_s
        ):
            person = replace(person, confirmed=True)
            events.append(
                _event("fall", "confirmed", track, t, {"stage": "confirmed", "confidence": 0.95})
            )
        if not person.long_lie and t - person.fell >= self.long_lie_s:
            person = replace(person, long_lie=True)
            events.append(
                _event("fall", "long_lie", track, t, {"down_s": round(t - person.fell, 1)})
            )
        return person, events

    def _expected(self, track: Track, scene: Scene) -> bool:
        """The body is where lying is nothing to report."""
        x = (track.box[0] + track.box[2]) / 2 / max(scene.size[0], 1)
        y = (track.box[1] + track.box[3]) / 2 / max(scene.size[1], 1)
        return any(
            inside(x, y, scene.zones[name]) for name in self.lying_zones if name in scene.zones
        )


def _since(before: float | None, holds: bool, t: float) -> float | None:
    return (t if before is None else before) if holds else None


def _lasts(since: float | None, t: float, long: float) -> bool:
    return since is not None and t - since >= long - 1e-6


def _event(kind: str, phase: str, track: Track, t: float, detail: dict[str, Json]) -> Event:
    return Event(kind, phase, f"person-{track.id}", t, detail)


def _leave(number: int, person: Person, t: float, reason: str) -> list[Event]:
    subject = f"person-{number}"
    if person.fell is not None and not person.echo:
        return [Event("fall", "end", subject, t, {"reason": reason})]
    if person.lying is not None:
        return [Event("lying", "end", subject, t, {"reason": reason})]
    return []


PLUGIN = Fall
