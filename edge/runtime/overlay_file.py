"""The overlay as an mp4 file that keeps time, whatever the times of its pictures."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import cv2

from edge.core.types import Image
from edge.errors import SinkError
from edge.sources._opencv import quiet

FPS = 30.0  # of the file: each picture is repeated until the next one's time
LONGEST_GAP_S = 5.0  # a longer pause (a lost camera) is cut to this
_CODECS = ("avc1", "mp4v")  # H.264 where OpenCV has an encoder for it: browsers play it


class OverlayFile:
    """Writes beside its place and moves there when finished, so that no half file is found."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_name(f".{path.stem}.partial.mp4")
        self._writer: cv2.VideoWriter | None = None
        self._size = (0, 0)  # width, height px, the first picture's
        self._last: Image | None = None  # BGR
        self._t = 0.0  # s, of the last picture
        self._due = 0.0  # frames of the file that should be written by now

    def __enter__(self) -> OverlayFile:
        if self._path.suffix.lower() != ".mp4":
            raise SinkError(str(self._path), "must end in .mp4", "only mp4 can be written")
        if not self._path.parent.is_dir():
            raise SinkError(str(self._path), "its folder does not exist", "make it first")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._writer is None:
            return
        self._repeat(1.0)
        self._writer.release()
        self._writer = None
        self._partial.replace(self._path)

    def write(self, image: Image, t: float) -> None:
        """Add an RGB picture taken at t (s); later pictures take the size of the first."""
        if self._writer is None:
            self._size = (image.shape[1], image.shape[0])
            self._writer = self._open()
        else:
            self._repeat(min(t - self._t, LONGEST_GAP_S) * FPS)
        picture = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
        if (image.shape[1], image.shape[0]) != self._size:
            picture = cv2.resize(picture, self._size)
        self._last, self._t = picture, t  # type: ignore[assignment]

    def _repeat(self, frames: float) -> None:
        """Write the last picture for as many frames as its time lasted, rounding nothing away."""
        self._due += frames
        while self._due >= 1.0 - 1e-6:
            self._due -= 1.0
            self._writer.write(self._last)  # type: ignore[union-attr,arg-type]

    def _open(self) -> cv2.VideoWriter:
        quiet()
        for codec in _CODECS:
            fourcc = cv2.VideoWriter.fourcc(*codec)
            writer = cv2.VideoWriter(str(self._partial), cv2.CAP_FFMPEG, fourcc, FPS, self._size)
            if writer.isOpened():
                return writer
            writer.release()
        raise SinkError(str(self._path), "cannot be written", "is the folder writable?")
