"""Poses to a scene: who is who, smoothed, measured, and remembered while unseen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from edge.core.geometry import area, middle, overlap
from edge.core.hand import Hand
from edge.core.posture import SEEN, Body, Posture, measure, settle
from edge.core.settings import setting
from edge.core.types import Box, Change, Floats, Observation, Polygon, Pose, Signal


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One person over time; `pose` is None while no model sees them."""

    id: int
    pose: Pose | None  # smoothed, px of the frame
    posture: Posture | None  # the last one measured
    box: Box  # px, around the person when last seen, by a model or as a change
    since: float  # s, first seen
    score: float  # mean keypoint score when last seen by a model, 0..1
    seen: float  # s, last seen by a model
    there: float  # s, last seen by a model or as a change
    change: Change | None  # something there now that no model sees, where the person was lost
    edge: bool  # last seen touching the picture's left or right border


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One instant as the rules see it."""

    t: float  # s
    seq: int
    size: tuple[int, int]  # width, height px
    tracks: tuple[Track, ...]
    steady: bool = True  # False: the camera was moved just now
    zones: Mapping[str, Polygon] = field(default_factory=dict)  # shares of width and height
    hands: tuple[Hand, ...] = ()  # also those unseen for a moment
    signals: tuple[Signal, ...] = ()  # that came since the last instant, in order


def nobody(t: float) -> Scene:
    """What comes after the last frame: everybody has left."""
    return Scene(t, -1, (0, 0), ())


@dataclass(frozen=True, slots=True, eq=False)
class _Memory:
    """What the tracker remembers of one track beside what it shows."""

    track: Track
    speed: Floats  # (2,) px/s of the middle
    xy: Floats  # (K, 2) px, smoothed
    dxy: Floats  # (K, 2) px/s, smoothed


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """The tracker's state: a value, replaced every frame."""

    memories: tuple[_Memory, ...] = ()
    next_id: int = 1


@dataclass(frozen=True, slots=True)
class Tracker:
    """Greedy nearest matching in body lengths, with One-Euro smoothing (Casiez et al., 2012)."""

    gate: float = setting(0.35, "how far a person may jump between frames", unit="heights", low=0)
    gate_speed: float = setting(1.5, "and how fast they may move", unit="heights/s", low=0)
    new_score: float = setting(0.3, "least mean keypoint score of a new person", low=0, high=1)
    old_score: float = setting(0.15, "least mean keypoint score of a known one", low=0, high=1)
    forget_s: float = setting(2.0, "forget a person who left at the border", unit="s", low=0)
    hidden_s: float = setting(60.0, "remember a person lost inside the picture", unit="s", low=0)
    change_low: float = setting(0.04, "least area of a person as a change", unit="heights^2", low=0)
    change_high: float = setting(0.5, "and the most", unit="heights^2", low=0)
    min_cutoff: float = setting(1.5, "One-Euro: smoothing at rest", unit="Hz", low=0.01)
    beta: float = setting(4.0, "One-Euro: less lag in motion", unit="Hz per height/s", low=0)

    def start(self) -> Tracks:
        """Nobody seen yet."""
        return Tracks()

    def step(self, state: Tracks, seen: Observation) -> tuple[Tracks, Scene]:
        """Match this instant's poses to the people known; unseen people stay for a while."""
        bodies = [
            (pose, body)
            for pose in seen.poses
            if pose.skeleton == "body17"
            and (body := measure(pose))
            and body.score >= self.old_score
        ]
        pairs = self._match(state.memories, [body for _, body in bodies], seen.t)
        kept: list[_Memory] = []
        for index, memory in enumerate(state.memories):
            if index in pairs:
                pose, body = bodies[pairs[index]]
                kept.append(self._seen(memory, pose, body, seen))
            elif (left := self._unseen(memory, seen)) is not None:
                kept.append(left)
        next_id = state.next_id
        for index, (pose, body) in enumerate(bodies):
            if index in pairs.values() or pose.glimpse or body.score < self.new_score:
                continue
            if any(_same(body.box, memory.track.box) for memory in kept):
                continue
            kept.append(self._born(next_id, pose, body, seen))
            next_id += 1
        tracks = tuple(memory.track for memory in kept)
        scene = Scene(seen.t, seen.seq, seen.size, tracks, seen.steady)
        return Tracks(tuple(kept), next_id), scene

    def _match(self, known: tuple[_Memory, ...], bodies: list[Body], t: float) -> dict[int, int]:
        """Nearest pairs first: index of memory -> index of body."""
        costs = []
        for i, memory in enumerate(known):
            dt = t - memory.track.seen
            height = memory.track.posture.height_px if memory.track.posture else 0.0
            x, y = middle(memory.track.box)
            # A constant speed is a fair guess for half a second, no longer.
            x += float(memory.speed[0]) * min(dt, 0.5)
            y += float(memory.speed[1]) * min(dt, 0.5)
            for j, body in enumerate(bodies):
                length = max(height, 0.5 * (body.height or 0.0), 1.0)
                bx, by = middle(body.box)
                distance = math.hypot(bx - x, by - y) / length
                if distance <= self.gate + self.gate_speed * min(dt, 1.0):
                    costs.append((distance, i, j))
        pairs: dict[int, int] = {}
        for _, i, j in sorted(costs):
            if i not in pairs and j not in pairs.values():
                pairs[i] = j
        return pairs

    def _born(self, number: int, pose: Pose, body: Body, seen: Observation) -> _Memory:
        posture = settle(body, None, 0.0)
        track = Track(
            id=number,
            pose=pose,
            posture=posture,
            box=body.box,
            since=seen.t,
            score=body.score,
            seen=seen.t,
            there=seen.t,
            change=None,
            edge=_at_side(body.box, seen.size),
        )
        still = np.zeros_like(pose.xy)
        return _Memory(track, np.zeros(2, np.float32), pose.xy, still)

    def _seen(self, memory: _Memory, pose: Pose, body: Body, seen: Observation) -> _Memory:
        last = memory.track
        dt = max(seen.t - last.seen, 1e-3)
        posture = settle(body, last.posture, dt)
        xy, dxy = self._smooth(memory, pose, dt, posture.height_px if posture else 0.0)
        smoothed = replace(pose, xy=xy)
        x0, y0 = middle(last.box)
        x1, y1 = middle(body.box)
        speed = np.array(((x1 - x0) / dt, (y1 - y0) / dt), np.float32)
        share = dt / (dt + 0.1)
        track = replace(
            last,
            pose=smoothed,
            posture=posture,
            box=body.box,
            score=body.score,
            seen=seen.t,
            there=seen.t,
            change=None,
            # A guess at a body on the floor often reaches out of the picture: it has not left.
            edge=_at_side(body.box, seen.size) if body.score >= self.new_score else last.edge,
        )
        mixed = (memory.speed + share * (speed - memory.speed)).astype(np.float32)
        return _Memory(track, mixed, xy, dxy)

    def _unseen(self, memory: _Memory, seen: Observation) -> _Memory | None:
        last = memory.track
        change = self._there(last, seen)
        there = last.there if change is None else seen.t
        if seen.t - there > (self.forget_s if last.edge else self.hidden_s):
            return None
        return replace(memory, track=replace(last, pose=None, change=change, there=there))

    def _there(self, lost: Track, seen: Observation) -> Change | None:
        """The largest change of a person's size within a body's length of where they were lost."""
        if lost.posture is None:
            return None
        height = lost.posture.height_px
        x0, y0, x1, y1 = lost.box
        reach = 0.5 * height
        near = (x0 - reach, y0, x1 + reach, max(y1, lost.posture.ground) + 0.3 * height)
        for change in seen.changes:  # largest first
            fits = self.change_low <= change.area / height**2 <= self.change_high
            if fits and overlap(change.box, near) >= 0.6 * area(change.box):
                return change
        return None

    def _smooth(
        self, memory: _Memory, pose: Pose, dt: float, height: float
    ) -> tuple[Floats, Floats]:
        """One-Euro on every keypoint, in seconds and body heights."""
        raw = (pose.xy - memory.xy) / dt
        dxy = memory.dxy + _alpha(1.0, dt) * (raw - memory.dxy)
        speed = np.abs(dxy) / max(height, 1.0)
        cutoff = self.min_cutoff + self.beta * speed
        xy = memory.xy + _alpha(cutoff, dt) * (pose.xy - memory.xy)
        # An unseen keypoint is a guess: nothing to smooth, and nothing to remember.
        guess = (pose.score < SEEN)[:, None]
        return (
            np.where(guess, pose.xy, xy).astype(np.float32),
            np.where(guess, 0.0, dxy).astype(np.float32),
        )


def _alpha(cutoff: npt.ArrayLike, dt: float) -> Floats:
    """Share of the new value that a low pass of this cutoff (Hz) lets through."""
    share: Floats = 1.0 / (1.0 + 1.0 / (2.0 * math.pi * np.asarray(cutoff, np.float32) * dt))
    return share


def _same(a: Box, b: Box) -> bool:
    """Two boxes of which one lies mostly inside the other: one person seen twice."""
    return overlap(a, b) >= 0.6 * min(area(a), area(b))


def _at_side(box: Box, size: tuple[int, int]) -> bool:
    """Where people leave a picture; at its lower border they also end up by falling."""
    margin = 0.01 * max(size)
    return box[0] <= margin or box[2] >= size[0] - margin
