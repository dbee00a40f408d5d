"""A frame becomes poses: letterbox, infer, decode; and once more where somebody was lost."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from edge.core.engine import Memory
from edge.core.geometry import Letterbox, around, overlap, scaled
from edge.core.track import Track
from edge.core.types import Box, Change, Frame, Image, Observation, Pose
from edge.manifest import Manifest
from edge.ports import Backend
from edge.runtime.changes import Changes
from edge.runtime.lookagain import LookAgain, rotation, turned, turned_back

_LEAST_PX = 16  # a smaller region shows nobody


@dataclass(slots=True)
class Stats:
    """What looking again has cost so far; the health message reports it."""

    looks: int = 0
    found: int = 0
    seconds: float = 0.0


class Estimator:
    """Frames to observations with one model; keeps the empty scene and the turn to try next."""

    def __init__(self, backend: Backend, manifest: Manifest, look_again: LookAgain) -> None:
        self.stats = Stats()
        self._backend = backend
        self._decode = manifest.decoder
        self._size = (manifest.input.height, manifest.input.width)
        self._look = look_again if not manifest.sees_lying else replace(look_again, enabled=False)
        self._input = np.zeros((1, *self._size, 3), np.uint8)
        self._changes = Changes()
        self._turns = rotation()
        self._last_look = float("-inf")

    def observe(self, frame: Frame, memory: Memory) -> Observation:
        """All the engine needs of this frame; `memory` says who was there a moment ago."""
        size = (frame.image.shape[1], frame.image.shape[0])
        poses, box = self._poses(frame.image)
        known = [held.track for held in memory.tracks.memories]
        people = [*(track.box for track in known), *(around(pose) for pose in poses)]
        changes = self._changed(frame.t, box, people)
        seen = Observation(frame.t, frame.seq, size, poses, changes, self._changes.steady)
        return replace(seen, poses=(*poses, *self._again(frame, known, poses)))

    def _poses(self, image: Image) -> tuple[tuple[Pose, ...], Letterbox]:
        """Poses in a whole picture (H, W, 3), px of it, and how it was laid into the input."""
        height, width = image.shape[:2]
        box = Letterbox.fit((0.0, 0.0, width, height), self._size)
        target = self._input[0]
        target[box.height :] = 0
        target[:, box.width :] = 0
        view = target[: box.height, : box.width]
        cv2.resize(image, (box.width, box.height), dst=view)
        found = self._decode(self._backend.infer(self._input), self._size)
        return tuple(replace(pose, xy=box.back(pose.xy)) for pose in found), box

    def _changed(self, t: float, box: Letterbox, people: Sequence[Box]) -> tuple[Change, ...]:
        """Changes in px of the frame, found in the model's input, which is small already."""
        small = self._input[0, : box.height, : box.width]
        found = self._changes.see(small, t, [scaled(person, box.scale) for person in people])
        back = 1.0 / box.scale
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
        found, _ = self._poses(turned(frame.image[y0:y1, x0:x1], turn))
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
