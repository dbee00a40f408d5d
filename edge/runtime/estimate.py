"""A frame becomes poses: bodies, and once more where somebody was lost; hands.

In three steps, so that they can overlap: `prepare` makes of the frame what the body model takes,
`look` runs it, and only `observe` needs to know what was seen before.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from edge.core.engine import Memory
from edge.core.geometry import around, overlap, scaled
from edge.core.track import Track
from edge.core.types import Box, Change, Frame, Observation, Pose
from edge.runtime.changes import Changes
from edge.runtime.hands import HandFinder
from edge.runtime.labels import Labeller
from edge.runtime.lookagain import LookAgain, rotation, turned, turned_back
from edge.runtime.lookcloser import LookCloser, closer, with_arms
from edge.runtime.predictor import Fitted, Glance, Predictor, Sight

_LEAST_PX = 16  # a smaller region shows nobody


@dataclass(slots=True)
class Stats:
    """What looking again has cost so far; the health message reports it."""

    looks: int = 0
    found: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A frame, and as the body model takes it."""

    frame: Frame
    fitted: Fitted | None  # None without a body model


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A frame, and what the body model's network made of it."""

    frame: Frame
    glance: Glance | None  # None without a body model


class BodyFinder:
    """Frames to bodies with one model; keeps the empty scene and the turn to try next."""

    def __init__(
        self, body: Predictor, look_again: LookAgain, look_closer: LookCloser | None = None
    ) -> None:
        self.stats = Stats()
        self.body = body
        blind = not body.manifest.sees_lying
        self._look = look_again if blind else replace(look_again, enabled=False)
        self._closer = look_closer  # None: nobody's hands are watched
        self.near: tuple[Pose, ...] = ()  # bodies of the last frame, small ones seen from near
        self._changes = Changes()
        self._turns = rotation()
        self._last_look = float("-inf")

    def find(self, frame: Frame, glance: Glance, memory: Memory) -> Observation:
        """Bodies and changes in a frame; `memory` says who was there a moment ago."""
        size = (frame.image.shape[1], frame.image.shape[0])
        sight = self.body.sight(glance)
        self.near = sight.poses
        if self._closer is not None and self._closer.enabled:
            self.near = closer(self.body, frame.image, sight.poses, sight.scale, self._closer)
            arms = zip(sight.poses, self.near, strict=True)
            sight = replace(sight, poses=tuple(with_arms(pose, near) for pose, near in arms))
        known = [held.track for held in memory.tracks.memories]
        people = [*(track.box for track in known), *(around(pose) for pose in sight.poses)]
        changes = self._changed(frame.t, sight, people)
        again = self._again(frame, known, sight.poses)
        poses = (*sight.poses, *again)
        return Observation(frame.t, frame.seq, size, poses, changes, self._changes.steady)

    def _changed(self, t: float, sight: Sight, people: Sequence[Box]) -> tuple[Change, ...]:
        """Changes in px of the frame, found in the model's input, which is small already."""
        found = self._changes.see(
            sight.small, t, [scaled(person, sight.scale) for person in people]
        )
        back = 1.0 / sight.scale
        return tuple(
            Change(scaled(change.box, back), change.area * back * back, change.moving)
            for change in found
        )

    def _again(
        self, frame: Frame, known: Sequence[Track], poses: Sequence[Pose]
    ) -> tuple[Pose, ...]:
        """At most one more inference: for the person lost last, the next way round."""
        if not self._look.enabled:
            return ()
        lost = [
            track
            for track in known
            if self._look.wants(track, frame.t, self._last_look)
            and not any(overlap(around(pose), track.box) > 0 for pose in poses)
        ]
        if not lost:
            return ()
        begin = time.perf_counter()
        self._last_look = frame.t
        track = max(lost, key=lambda track: track.seen)
        turn = next(self._turns)
        region = self._look.region(track, (frame.image.shape[1], frame.image.shape[0]))
        x0, y0, x1, y1 = (round(value) for value in region)
        if x1 - x0 < _LEAST_PX or y1 - y0 < _LEAST_PX:
            return ()
        found = self.body.whole(turned(frame.image[y0:y1, x0:x1], turn)).poses
        glimpses = tuple(
            replace(
                pose,
                xy=turned_back(pose.xy, turn, (x1 - x0, y1 - y0)) + np.array((x0, y0), np.float32),
                glimpse=True,
            )
            for pose in found
            if float(pose.score.mean()) >= self._look.min_score
        )
        self.stats.looks += 1
        self.stats.found += bool(glimpses)
        self.stats.seconds += time.perf_counter() - begin
        return glimpses[:1]


class Estimator:
    """Frames to observations: bodies, hands, or both."""

    def __init__(
        self,
        bodies: BodyFinder | None,
        hands: HandFinder | None,
        labeller: Labeller | None = None,
    ) -> None:
        self.stats = bodies.stats if bodies else Stats()
        self._bodies = bodies
        self._hands = hands
        self._labeller = labeller or Labeller(())

    def prepare(self, frame: Frame) -> Prepared:
        """First step; in any thread."""
        return Prepared(frame, self._bodies.body.fit(frame.image) if self._bodies else None)

    def look(self, prepared: Prepared) -> Look:
        """Second step, the first inference; in any thread."""
        fitted = prepared.fitted
        glance = self._bodies.body.glance(fitted) if self._bodies and fitted else None
        return Look(prepared.frame, glance)

    def observe(self, look: Look, memory: Memory) -> Observation:
        """All the engine needs of this frame; `memory` says who was there a moment ago."""
        frame = look.frame
        if self._bodies and look.glance:
            seen = self._bodies.find(frame, look.glance, memory)
        else:
            seen = _nobody(frame)
        poses = seen.poses
        if self._hands is not None:
            poses += self._hands.find(frame, self._bodies.near if self._bodies else ())
        return replace(seen, poses=self._labeller.named(poses))


def _nobody(frame: Frame) -> Observation:
    size = (frame.image.shape[1], frame.image.shape[0])
    return Observation(frame.t, frame.seq, size, ())
