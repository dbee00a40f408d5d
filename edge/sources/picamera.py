"""A camera on a Raspberry Pi's ribbon cable, through libcamera and picamera2.

  [source]
  kind = "picamera"     # or uri = "picamera:1" for the second camera
  exposure_ms = 8.0     # short enough for quick hands, if there is light

The camera scales, so pictures are asked for no larger than the models use (`size = [0, 0]`):
small ones are its low-resolution stream. A sensor's mode that shows the whole view is chosen.

picamera2 runs in a process of its own, in the system's Python, for which it is packaged: it
can block for ever when a camera hangs. Then no picture comes, the camera counts as lost after
4 s, the process is killed and the camera is opened anew.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from edge.core.settings import setting
from edge.core.types import Frame
from edge.errors import ConfigError, SourceError
from edge.sources import _picamera_child, _settings
from edge.sources._child import Child, ChildSource, InterruptedReadError, SilentError
from edge.sources._opencv import READ_TIMEOUT_S
from edge.sources._picamera_child import FACTS, HEAD
from edge.sources._pixels import FORMATS, Layout, rgb_of
from edge.sources._stamps import SensorClock

_OPEN_TIMEOUT_S = 25.0  # Python, picamera2 and each of the sensor's modes, on a slow board
_USUAL_SIZE = (640, 480)
_FLIPS = {0: (), 180: ("hflip", "vflip")}  # all that the hardware turns


@dataclass(frozen=True, slots=True)
class PicameraSettings:
    """A Raspberry Pi camera, or another that libcamera and picamera2 know."""

    camera: int = setting(0, "which, in the order of `rpicam-hello --list-cameras`", low=0)
    size: tuple[int, int] = setting(
        (0, 0), "most width and height of pictures; 0, 0: what the models use", unit="px", low=0
    )
    fps: float = setting(30.0, "frame rate", unit="1/s", low=1.0, high=240.0)
    exposure_ms: float = setting(0.0, "time of exposure; 0: automatic", unit="ms", low=0, high=1000)
    gain: float = setting(0.0, "analogue gain; 0: automatic", low=0, high=64)
    rotate: int = setting(0, "0, or 180 for a camera that hangs upside down", unit="degrees")
    focus_m: float = setting(
        0.0, "distance to focus on, where a lens can; 0: automatic", unit="m", low=0, high=100
    )
    python: str = setting("/usr/bin/python3", "the interpreter that has picamera2")

    def __post_init__(self) -> None:
        if self.rotate not in _FLIPS:
            raise ConfigError("rotate", "must be 0 or 180", "a camera on its side must be turned")
        _settings.size_is_whole(self.size)
        _settings.exposure_fits(self.exposure_ms, self.fps)

    def fitted(self, size: tuple[int, int]) -> PicameraSettings:
        """These, with pictures that fill a model's input, unless a size was given."""
        return self if self.size[0] else replace(self, size=size)

    def open(self) -> Picamera:
        """Make the source; the camera is opened when it is entered."""
        return Picamera(self)


class Picamera(ChildSource):
    """Frames carry the sensor's own times: when their first row was exposed."""

    live = True

    def __init__(self, settings: PicameraSettings) -> None:
        super().__init__(f"picamera:{settings.camera}")
        self._settings = settings
        self._layout = Layout("", 0, 0, 0)

    def __enter__(self) -> Picamera:
        want = self._settings
        job = {**asdict(want.fitted(_USUAL_SIZE)), "flips": _FLIPS[want.rotate]}
        script = str(Path(_picamera_child.__file__))
        child = Child(
            self.name,
            lambda descriptor: [want.python, script, str(descriptor), json.dumps(job)],
            stop_signal=signal.SIGTERM,
            environment=os.environ,
            hint="set `python` to the interpreter that has picamera2",
        )
        self._layout = self._keep(child, self._told)
        return self

    def frames(self) -> Iterator[Frame]:
        """Give frames as they come; raises SourceError when none came for 4 s."""
        child, clock, seq = self._reader(), SensorClock(), 0
        try:
            while True:
                stamp, body = self._message(child, READ_TIMEOUT_S)
                t = clock(stamp / 1e9, time.monotonic())
                yield Frame(rgb_of(body, self._layout), t, seq)
                seq += 1
        except InterruptedReadError:
            return
        except ValueError as error:
            raise SourceError(self.name, f"gave what is no picture: {error}") from error

    def _told(self, child: Child) -> Layout:
        """What the pictures will be; raises SourceError."""
        stamp, body = self._message(child, _OPEN_TIMEOUT_S)
        facts: dict[str, Any] = json.loads(body) if stamp == FACTS else {}
        width, height = facts.get("size", (0, 0))
        format_ = str(facts.get("format"))
        if format_ not in FORMATS:
            raise SourceError(self.name, f"gives pictures as {format_}, which we cannot read")
        full = facts["range"] == "Full"
        return Layout(format_, width, height, facts["stride"], facts["encoding"], full)

    def _message(self, child: Child, patience_s: float) -> tuple[int, bytearray]:
        """Time (ns) and bytes of the next message; raises SourceError when there is none."""
        deadline = time.monotonic() + patience_s
        try:
            head = child.read(HEAD.size, deadline)
            stamp, length = HEAD.unpack(head) if len(head) == HEAD.size else (0, -1)
            body = child.read(length, deadline) if length >= 0 else bytearray()
        except SilentError:
            problem = f"the camera stopped: no picture for {patience_s:.0f} s"
            hint = "is the cable tight, and the power supply strong enough? (dmesg | tail)"
            raise SourceError(self.name, problem, hint) from None
        if len(body) != length:
            last = child.last_words().splitlines()[-1:] or [f"exit code {child.exit_code}"]
            raise SourceError(self.name, f"the camera stopped: its process ended ({last[0]})")
        if stamp == FACTS and b'"problem"' in body:
            told = json.loads(body)
            raise SourceError(self.name, told["problem"], told["hint"])
        return stamp, body


PLUGIN = PicameraSettings
