"""MediaPipe's own Python pose solution, as its guide shows it: one person, tracked in a video."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.errors import BenchError
from benchmarks.fps.turn import Job

ABOUT = "MediaPipe Pose (BlazePose full, video mode)"
PACKAGE = "mediapipe>=0.10.14,<0.10.30"  # later ones come without a model
WEIGHTS = False
# Where body17's joints are among MediaPipe's 33 landmarks.
_BODY17 = (0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)

People = list[npt.NDArray[np.float32]]


def open(job: Job) -> Callable[[npt.NDArray[np.uint8]], People]:  # noqa: A001 - the contract's word
    """Make the solution, which chooses its own threads; raises BenchError where there is none."""
    del job
    import mediapipe  # noqa: PLC0415 - only here when it is asked for

    if not hasattr(mediapipe, "solutions"):
        hint = f"pip install '{PACKAGE}'"
        raise BenchError("mediapipe", "is too new: it has no pose solution of its own", hint)
    pose: Any = mediapipe.solutions.pose.Pose()

    def see(image: npt.NDArray[np.uint8]) -> People:
        found = pose.process(image).pose_landmarks
        return [] if found is None else [body17(found.landmark, image.shape[:2])]

    return see


def body17(landmarks: Any, size: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """33 landmarks, shares of a picture of this height and width, as (17, 3) in px."""
    height, width = size
    marks = [landmarks[i] for i in _BODY17]
    return np.array([(m.x * width, m.y * height, m.visibility) for m in marks], np.float32)
