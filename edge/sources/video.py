"""A video file: every frame once, at the file's own times, then the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import MISSING, dataclass
from pathlib import Path

import cv2

from edge.core.settings import setting
from edge.core.types import Frame
from edge.errors import SourceError
from edge.sources._opencv import OpenCvSource, open_capture, read_rgb
from edge.sources._stamps import FileClock

_FPS = (1.0, 240.0)  # frame rates outside are a container's guess
_USUAL_FPS = 25.0
_BLANK, _LAYOUT = 0x20, b"\t\n\f\r\x1b"  # other bytes below a blank are never in a text


@dataclass(frozen=True, slots=True)
class VideoSettings:
    """A recorded video (mp4, avi, mkv, ...), played once."""

    path: Path = setting(MISSING, "the video file")  # noqa: RUF009 - makes a field

    def open(self) -> Video:
        """Make the source; the file is opened when it is entered."""
        return Video(self)


class Video(OpenCvSource):
    """Reads a file through FFmpeg; pictures are turned upright as the file says."""

    live = False

    def __init__(self, settings: VideoSettings) -> None:
        super().__init__(str(settings.path))
        self._path = settings.path

    def __enter__(self) -> Video:
        if not self._path.is_file():
            raise SourceError(self.name, "no such file", "is the path right?")
        if _is_text(self._path):
            raise SourceError(self.name, "is a text, not a video", "is the path right?")
        self._capture = open_capture(
            self.name,
            self.name,
            cv2.CAP_FFMPEG,
            # One core is the model's: a decoder on all of them makes it wait.
            (cv2.CAP_PROP_N_THREADS, max(1, len(os.sched_getaffinity(0)) - 1)),
            hint="is it a video, and is it complete?",
        )
        return self

    def frames(self) -> Iterator[Frame]:
        """Give every frame that can be decoded; a file cut short ends where its data ends."""
        capture = self._reader()
        fps = capture.get(cv2.CAP_PROP_FPS)
        clock = FileClock(1.0 / (fps if _FPS[0] <= fps <= _FPS[1] else _USUAL_FPS))
        seq = 0
        while (image := read_rgb(capture)) is not None:
            yield Frame(image, clock(capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0), seq)
            seq += 1
        if seq == 0:
            raise SourceError(
                self.name, "holds no picture that can be decoded", "try to play it elsewhere"
            )


def _is_text(path: Path) -> bool:
    """Whether FFmpeg would draw it as letters, or read it as a list of other places to open."""
    with path.open("rb") as file:
        head = file.read(4096)
    return bool(head) and not any(byte < _BLANK and byte not in _LAYOUT for byte in head)


PLUGIN = VideoSettings
