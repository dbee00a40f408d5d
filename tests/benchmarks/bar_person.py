"""A white bar that falls over in a video, and a made-up MediaPipe that takes it for a person."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

SIZE = (160, 120)
FPS = 10.0
UPRIGHT_S, LYING_S = 2.0, 2.0

_PACKAGE = '''
"""The bar's first end is the head; all joints lie on it, and the knees cannot be seen."""
from types import SimpleNamespace as Some
import numpy as np

_ALONG = {0: 0.0, 11: 0.2, 12: 0.2, 23: 0.5, 24: 0.5, 25: 0.75, 26: 0.75, 27: 1.0, 28: 1.0}

class Pose:
    def process(self, image):
        ys, xs = np.nonzero(image.max(axis=2) > 60)
        if not len(xs):
            return Some(pose_landmarks=None)
        height, width = image.shape[:2]
        ends = np.array([[xs.min(), ys.min()], [xs.max(), ys.max()]]) / (width, height)
        middle = ends.mean(axis=0)
        upright = np.ptp(ys) > np.ptp(xs)
        first = (middle[0], ends[0, 1]) if upright else (ends[0, 0], middle[1])
        last = (middle[0], ends[1, 1]) if upright else (ends[1, 0], middle[1])
        marks = []
        for i in range(33):
            x, y = (a + _ALONG.get(i, 0.0) * (b - a) for a, b in zip(first, last))
            marks.append(Some(x=x, y=y, visibility=0.1 if i in (25, 26) else 0.9))
        return Some(pose_landmarks=Some(landmark=marks))

solutions = Some(pose=Some(Pose=Pose))
'''


def film(path: Path) -> Path:
    """Write 2 s of an upright bar, 100 px high, then 2 s of one that lies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, SIZE)
    for upright in [True] * round(UPRIGHT_S * FPS) + [False] * round(LYING_S * FPS):
        picture = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
        if upright:
            picture[10:110, 70:90] = 255
        else:
            picture[90:110, 30:130] = 255
        writer.write(picture)
    writer.release()
    return path


def mediapipe(folder: Path, text: str = _PACKAGE) -> Path:
    """Write a package of that name and version 9.9: for PYTHONPATH."""
    (folder / "mediapipe").mkdir(parents=True)
    (folder / "mediapipe/__init__.py").write_text(text)
    about = folder / "mediapipe-9.9.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: mediapipe\nVersion: 9.9\n")
    return folder
