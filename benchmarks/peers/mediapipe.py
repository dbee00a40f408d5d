"""MediaPipe's own Python pose solution, as its guide shows it: one person, tracked in a video."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.fps.turn import Job

ABOUT = "MediaPipe Pose (BlazePose full, video mode)"
PACKAGE = "mediapipe"
# Where body17's joints are among MediaPipe's 33 landmarks.
_BODY17 = (0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)

People = list[npt.NDArray[np.float32]]


def open(job: Job) -> Callable[[npt.NDArray[np.uint8]], People]:  # noqa: A001 - the contract's word
    """Make the solution; it chooses its own threads."""
    del job
    import mediapipe  # noqa: PLC0415 - only here when it is asked for

    pose: Any = mediapipe.solutions.pose.Pose()

    def see(image: npt.NDArray[np.uint8]) -> People:
        found = pose.process(image).pose_landmarks
        if found is None:
            return []
        height, width = image.shape[:2]
        marks = [found.landmark[i] for i in _BODY17]
        return [np.array([(m.x * width, m.y * height, m.visibility) for m in marks], np.float32)]

    return see
