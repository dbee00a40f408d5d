"""What the sources that read through OpenCV share: silence, colours and readable failures."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import cv2
import numpy as np

from edge.core.types import Image
from edge.errors import SourceError

READ_TIMEOUT_S = 4  # a camera silent for longer is lost; leaves a second of the promised five


class OpenCvSource:
    """What every source that reads through OpenCV has: a name, a reader, and its orderly end."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._capture: cv2.VideoCapture | None = None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _reader(self) -> cv2.VideoCapture:
        if self._capture is None:
            raise SourceError(self.name, "is not open", "enter the source before reading it")
        return self._capture


def open_capture(
    name: str, target: str, api: int, params: Sequence[int] = (), hint: str = ""
) -> cv2.VideoCapture:
    """Open a video reader without noise on stderr; raises SourceError under the given name."""
    quiet()
    capture = cv2.VideoCapture(target, api, list(params))
    if not capture.isOpened():
        capture.release()
        raise SourceError(name, "cannot be opened", hint)
    return capture


def quiet() -> None:
    """Silence OpenCV and FFmpeg: what goes wrong is told once, by our own errors.

    Whoever sets `OPENCV_LOG_LEVEL` or `OPENCV_FFMPEG_LOGLEVEL` still gets all of it.
    """
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # AV_LOG_QUIET
    if "OPENCV_LOG_LEVEL" not in os.environ:
        where: Any = cv2 if hasattr(cv2, "setLogLevel") else cv2.utils.logging  # moved after 4.11
        where.setLogLevel(0)


def read_rgb(capture: cv2.VideoCapture) -> Image | None:
    """Read the next picture as read-only RGB (H, W, 3); None when there is none."""
    good, picture = capture.read()
    return rgb(picture) if good else None


def picture_file(file: Path) -> Image | None:
    """Read a picture file upright as RGB (H, W, 3); None for what is none, damaged or too large."""
    try:
        content = np.fromfile(file, np.uint8)  # OpenCV's own reader crashes on some file names
        picture = cv2.imdecode(content, cv2.IMREAD_COLOR) if len(content) else None
    except (OSError, cv2.error):  # may not be read, or has more pixels than OpenCV takes
        return None
    return None if picture is None else rgb(picture)


def rgb(picture: np.ndarray) -> Image:
    """Turn OpenCV's BGR into our RGB, read-only so that no stage can spoil it for the next."""
    image = cast("Image", cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
    image.flags.writeable = False
    return image
