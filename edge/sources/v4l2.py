"""A USB or built-in camera through Video4Linux.

  [source]
  kind = "v4l2"         # or uri = "/dev/video0"
  device = "/dev/v4l/by-id/usb-MAKER_MODEL-video-index0"
  controls = { auto_exposure = 1, exposure_time_absolute = 80, power_line_frequency = 1 }

A camera that is plugged in again can come back under another number: the name under
/dev/v4l/by-id stays. `v4l2-ctl -L` lists a camera's controls; exposure is in tenths of a ms.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2

from edge.core.settings import setting
from edge.core.types import Frame
from edge.errors import ConfigError, SourceError
from edge.sources._opencv import READ_TIMEOUT_S, OpenCvSource, open_capture, read_rgb
from edge.sources._stamps import SensorClock
from edge.sources._v4l2_controls import set_controls

_FOURCC_LENGTH = 4


@dataclass(frozen=True, slots=True)
class V4l2Settings:
    """A camera at /dev/video*."""

    device: str = setting("/dev/video0", "the camera's device file")
    size: tuple[int, int] = setting(
        (640, 480), "width and height to ask for; the nearest offered is used", unit="px", low=16
    )
    fps: float = setting(30.0, "frame rate to ask for", unit="1/s", low=1.0, high=240.0)
    fourcc: str = setting(
        "MJPG",
        "pixel format to ask for; MJPG leaves room on the USB bus, '' is the driver's choice",
    )

    controls: Mapping[str, int] = setting(
        {}, "exposure, gain, focus ... by the names that `v4l2-ctl -L` prints, set in this order"
    )

    def __post_init__(self) -> None:
        if len(self.fourcc) not in (0, _FOURCC_LENGTH):
            raise ConfigError("fourcc", "must be four letters", "MJPG, YUYV, or '' for any")

    def open(self) -> V4l2:
        """Make the source; the device is opened when it is entered."""
        return V4l2(self)


class V4l2(OpenCvSource):
    """Frames carry the driver's own timestamps where they are on the monotonic clock."""

    live = True

    def __init__(self, settings: V4l2Settings) -> None:
        super().__init__(settings.device)
        self._settings = settings

    def __enter__(self) -> V4l2:
        self._look_at_device()
        set_controls(self.name, self._settings.controls)
        # OpenCV waits 10 s for a frame unless told otherwise, and reads this at the first one.
        os.environ["OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"] = str(READ_TIMEOUT_S)
        capture = open_capture(
            self.name,
            self.name,
            cv2.CAP_V4L2,
            hint="is it a camera, and free? (v4l2-ctl --list-devices)",
        )
        want = self._settings
        if want.fourcc:  # before the size: the sizes on offer depend on the format
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*want.fourcc))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, want.size[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, want.size[1])
        capture.set(cv2.CAP_PROP_FPS, want.fps)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # an old frame is worth nothing
        self._capture = capture
        return self

    def _look_at_device(self) -> None:
        if not Path(self.name).exists():
            raise SourceError(self.name, "no such camera", "is it plugged in? (ls /dev/video*)")
        if not os.access(self.name, os.R_OK | os.W_OK):
            raise SourceError(
                self.name,
                "not allowed to use this camera",
                "sudo usermod -aG video $USER, log in again",
            )

    def frames(self) -> Iterator[Frame]:
        """Give frames as they come; raises SourceError when none came for 4 s."""
        capture = self._reader()
        clock, seq = SensorClock(), 0
        while (image := read_rgb(capture)) is not None:
            stamp = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0
            yield Frame(image, clock(stamp, time.monotonic()), seq)
            seq += 1
        gone = not Path(self.name).exists()
        problem = (
            "the camera stopped: it was unplugged" if gone else "the camera stopped giving frames"
        )
        hint = "is its cable tight, and can its USB port power it? (dmesg | tail)"
        raise SourceError(self.name, problem, hint)


PLUGIN = V4l2Settings
