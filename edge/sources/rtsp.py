"""A network camera over RTSP."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import MISSING, dataclass

import cv2

from edge.core.settings import setting
from edge.core.types import Frame
from edge.errors import ConfigError, SourceError
from edge.sources._opencv import READ_TIMEOUT_S, OpenCvSource, open_capture, read_rgb
from edge.sources._secrets import without_secrets
from edge.sources._stamps import CaughtUp, LiveClock

_OPEN_TIMEOUT_S = 8  # cameras send a key frame only every few seconds


@dataclass(frozen=True, slots=True, repr=False)
class RtspSettings:
    """A network camera's stream."""

    url: str = setting(MISSING, "address of the stream, rtsp://user:password@host:554/path")
    transport: str = setting(
        "tcp", "tcp loses nothing; udp is for cameras that know no other", choices=("tcp", "udp")
    )

    def __post_init__(self) -> None:
        if not self.url.lower().startswith(("rtsp://", "rtsps://")):
            raise ConfigError("url", "must start with rtsp:// or rtsps://")

    def __repr__(self) -> str:
        return f"RtspSettings({without_secrets(self.url)!r}, transport={self.transport!r})"

    def open(self) -> Rtsp:
        """Make the source; it connects when it is entered."""
        return Rtsp(self)


class Rtsp(OpenCvSource):
    """Frames carry the camera's own spacing, laid on our monotonic clock."""

    live = True

    def __init__(self, settings: RtspSettings) -> None:
        super().__init__(without_secrets(settings.url))
        self._settings = settings

    def __enter__(self) -> Rtsp:
        # OpenCV hands FFmpeg its options only this way.
        os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = f"rtsp_transport;{self._settings.transport}"
        params = (
            *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _OPEN_TIMEOUT_S * 1000),
            *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_TIMEOUT_S * 1000),
            *(cv2.CAP_PROP_N_THREADS, 1),  # each decoder thread more is a frame of delay more
        )
        self._capture = open_capture(
            self.name,
            self._settings.url,
            cv2.CAP_FFMPEG,
            params,
            hint="are the address, the path, user and password right, and is the camera on?",
        )
        return self

    def frames(self) -> Iterator[Frame]:
        """Give frames as they come; raises SourceError when none came for 4 s."""
        capture = self._reader()
        clock, caught_up = LiveClock(), CaughtUp(time.monotonic())
        seq, asked = 0, time.monotonic()
        while (image := read_rgb(capture)) is not None:
            now, stamp = time.monotonic(), capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
            if now - asked >= READ_TIMEOUT_S:
                break  # a silent stream: H.264 keeps pictures back, and they come out one a timeout
            if caught_up(stamp, now):
                yield Frame(image, clock(stamp, now), seq)
            seq, asked = seq + 1, time.monotonic()
        raise SourceError(
            self.name, "the stream stopped", "is the camera on, and does its network work?"
        )


PLUGIN = RtspSettings
