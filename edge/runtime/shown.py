"""Clips, cameras and recordings as what a classifier makes of them, for teaching and testing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from edge.core.types import Observation, Pose
from edge.errors import ModelError
from edge.runtime.labels import Classifier
from edge.runtime.taught import Clip

RECORDING = ".jsonl"
Heard = Callable[[int, int], None]  # frames looked at, and those with a hand or body


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which poses of a frame count."""

    side: str = ""  # hands: "left", "right" or both
    seconds: float = 0.0  # of a camera


def clip_of(
    name: str, seen: Iterable[Observation], classifier: Classifier, wanted: Wanted, heard: Heard
) -> Clip:
    """Run a classifier, which is open, over the largest pose of every frame."""
    places, known, said, frames = [], [], [], 0
    for frames, one in enumerate(seen, start=1):
        pose = _largest(one.poses, classifier.features.skeleton, wanted.side)
        vector = None if pose is None else classifier.features.of(pose)
        if vector is not None:
            heads = classifier.predictor.backend.infer(vector)
            place = heads["place"][0]
            places.append(place)
            known.append(heads["known"][0] + float(np.square(place).sum()))
            found = classifier.labels(heads, (0, 0))
            said.append(found[0].label if found else "")
        heard(frames, len(places))
    size = (len(places), -1) if places else (0, 0)
    return Clip(
        name,
        frames,
        np.array(places, np.float32).reshape(size),
        np.array(known, np.float32).reshape(size),
        tuple(said),
    )


def nothing_seen(clips: Sequence[Clip], what: str) -> None:
    """Raise ModelError naming each clip in which nothing was found."""
    empty = [clip for clip in clips if not len(clip.places)]
    if empty:
        names = ", ".join(f"{clip.name} ({clip.frames} frames)" for clip in empty)
        hint = "is it near enough, lit, and wholly in the picture? --save-overlay of run shows it"
        raise ModelError(names, f"no {what} was seen", hint)


def _largest(poses: Sequence[Pose], skeleton: str, side: str) -> Pose | None:
    fit = [
        pose
        for pose in poses
        if pose.skeleton == skeleton and not pose.glimpse and side in ("", pose.side)
    ]
    return max(fit, key=lambda pose: float(np.ptp(pose.xy, axis=0).max()), default=None)
