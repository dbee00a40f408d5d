"""A camera on a Jetson's ribbon cable, through NVIDIA's libargus and GStreamer.

  [source]
  kind = "argus"        # or uri = "argus:1" for the second camera

The image processor scales and turns, so pictures are asked for no larger than the models use
(`size = [0, 0]`). Everything runs in a process of its own: it is killed when it hangs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from edge.core.settings import setting
from edge.errors import ConfigError
from edge.sources import _settings
from edge.sources._gstreamer import GStreamer
from edge.sources._picamera_child import inside

_USUAL_SIZE = (640, 640)  # the longer side is what counts
_FLIP_METHODS = {0: 0, 90: 3, 180: 2, 270: 1}  # of nvvidconv, which counts the other way round
_HINT = "is the camera's device tree chosen (jetson-io), and nvargus-daemon running?"


@dataclass(frozen=True, slots=True)
class ArgusSettings:
    """A Jetson's ribbon cable camera."""

    camera: int = setting(0, "which: the sensor-id", low=0)
    size: tuple[int, int] = setting(
        (0, 0), "most width and height of pictures; 0, 0: what the models use", unit="px", low=0
    )
    sensor_size: tuple[int, int] = setting(
        (1920, 1080), "width and height of a mode that the sensor has", unit="px", low=16
    )
    sensor_mode: int = setting(-1, "number of the sensor's mode; -1: by size and rate", low=-1)
    fps: float = setting(30.0, "frame rate", unit="1/s", low=1.0, high=240.0)
    exposure_ms: float = setting(0.0, "time of exposure; 0: automatic", unit="ms", low=0, high=1000)
    gain: float = setting(0.0, "analogue gain; 0: automatic", low=0, high=64)
    rotate: int = setting(0, "clockwise: 0, 90, 180 or 270", unit="degrees")

    def __post_init__(self) -> None:
        if self.rotate not in _FLIP_METHODS:
            raise ConfigError("rotate", "must be 0, 90, 180 or 270")
        _settings.size_is_whole(self.size)
        _settings.exposure_fits(self.exposure_ms, self.fps)

    def fitted(self, size: tuple[int, int]) -> ArgusSettings:
        """These, with pictures that fill a model's input, unless a size was given."""
        return self if self.size[0] else replace(self, size=size)

    def pipeline(self) -> list[str]:
        """The words of the pipeline, up to raw video in ordinary memory."""
        width, height = self.sensor_size
        view = (height, width) if self.rotate % 180 else (width, height)
        size = inside(view, self.fitted(_USUAL_SIZE).size)
        rate = f"{round(1000 * self.fps)}/1000"
        sensor = [f"sensor-id={self.camera}"]
        if self.sensor_mode >= 0:
            sensor.append(f"sensor-mode={self.sensor_mode}")
        if self.exposure_ms:
            span = round(1e6 * self.exposure_ms)  # ns
            sensor.append(f"exposuretimerange={span} {span}")
        if self.gain:
            sensor.append(f"gainrange={self.gain:g} {self.gain:g}")
        mode = f"format=NV12,width={width},height={height},framerate={rate}"
        return [
            *("nvarguscamerasrc", *sensor, "!"),
            *(f"video/x-raw(memory:NVMM),{mode}", "!"),
            *("nvvidconv", f"flip-method={_FLIP_METHODS[self.rotate]}", "!"),
            f"video/x-raw,format=BGRx,width={size[0]},height={size[1]}",
        ]

    def open(self) -> GStreamer:
        """Make the source; the camera is opened when it is entered."""
        return GStreamer(f"argus:{self.camera}", self.pipeline(), hint=_HINT)


PLUGIN = ArgusSettings
