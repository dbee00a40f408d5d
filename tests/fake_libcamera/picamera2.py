# ruff: noqa: ARG002, FBT001, FBT002, PLR0913, PLR0917 - the signatures are picamera2's
"""What our source uses of picamera2, as documented: signatures, checks, what blocks for ever.

FAKE_CAMERA is JSON: `cameras` (how many), `board` ("vc4": a Pi 4, "pisp": a Pi 5), `lens`, `usb`,
`busy`, `pictures` (how many it gives), `then` ("hang": never another one; "deaf": nor an end when
asked for it; "die"), `colour_space` (what libcamera makes of ours), `lores_format`, `clock`.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, NoReturn

import numpy as np

libcamera: Any = importlib.import_module("libcamera")
buffers: Any = importlib.import_module("buffers")

if importlib.util.find_spec("v4l2"):  # older ones import a module of this name
    message = "found another v4l2"
    raise ImportError(message)

_ALIGN = 64  # bytes of a row, as the Pi's image processors want them
_PAGE = 4096
_MODES = (  # a sensor whose small modes show only the middle of the view
    ((640, 480), 120.0, (1000, 752, 1280, 960), 10),
    ((1640, 1232), 41.85, (0, 0, 3280, 2464), 10),
    ((1920, 1080), 47.57, (680, 692, 1920, 1080), 10),
    ((3280, 2464), 21.19, (0, 0, 3280, 2464), 10),
)


def _told() -> dict[str, Any]:
    return dict(json.loads(os.environ.get("FAKE_CAMERA", "{}")))


class Picamera2:
    """One camera; only the calls that our source makes."""

    def __init__(self, camera_num: int = 0, tuning: object = None) -> None:
        self._is = _told()
        if self._is.get("busy"):
            cause = RuntimeError("Failed to acquire camera: Device or resource busy")
            message = "Camera __init__ sequence did not complete."
            raise RuntimeError(message) from cause
        sys.stdout.write("[1:23:45.678] [1] INFO Camera camera_manager.cpp:327 libcamera\n")
        self.sensor_resolution = (3280, 2464)
        self.camera_controls = {
            "FrameDurationLimits": (8333, 11000000, 33333),
            "ExposureTime": (75, 11766829, 20000),
            "AnalogueGain": (1.0, 10.7, 1.0),
            "ScalerCrop": ((0, 0, 64, 64), (0, 0, 3280, 2464), (0, 0, 3280, 2464)),
        }
        if self._is.get("usb"):  # libcamera knows little of it
            self.camera_controls = {"Brightness": (-1.0, 1.0, 0.0)}
        if self._is.get("lens"):
            self.camera_controls |= {"AfMode": (0, 2, 0), "LensPosition": (0.0, 32.0, 1.0)}
        self._config: dict[str, Any] = {}
        self._given = 0
        self._free = 0

    @staticmethod
    def global_camera_info() -> list[dict[str, Any]]:
        """One entry for each camera."""
        return [{"Model": "imx219", "Num": number} for number in range(_told().get("cameras", 1))]

    @property
    def sensor_modes(self) -> list[dict[str, Any]]:
        """What the sensor can do."""
        if self._is.get("usb"):
            return [{"format": "YUYV"}]
        return [
            {"size": size, "fps": fps, "crop_limits": crop, "bit_depth": depth, "format": "SBGGR10"}
            for size, fps, crop, depth in _MODES
        ]

    def create_video_configuration(
        self,
        main: Mapping[str, Any] = {},
        lores: Mapping[str, Any] | None = None,
        raw: Mapping[str, Any] | None = {},
        transform: Any = libcamera.Transform(),  # noqa: B008
        colour_space: Any = None,
        buffer_count: int = 6,
        controls: Mapping[str, Any] = {},
        display: str | None = "main",
        encode: str | None = "main",
        queue: bool = True,
        sensor: Mapping[str, Any] = {},
        use_case: str = "video",
    ) -> dict[str, Any]:
        """A configuration to change, or to give to `configure`."""
        wanted = {"format": "XBGR8888", "size": (1280, 720), **main}
        second = None if lores is None else {"format": "YUV420", "size": wanted["size"], **lores}
        return {
            "main": wanted,
            "lores": second,
            "transform": transform,
            "sensor": dict(sensor),
            "colour_space": colour_space,
            "buffer_count": buffer_count,
            "controls": controls,
        }

    def configure(self, config: dict[str, Any]) -> None:
        """Checks as picamera2 does; libcamera may then change format and stride."""
        for name in config["controls"]:
            if name not in self.camera_controls:
                _refuse(f"Control {name} is not advertised by libcamera")
        main, lores = config["main"], config["lores"]
        if lores is not None:
            if any(small > large for small, large in zip(lores["size"], main["size"], strict=True)):
                _refuse("lores stream dimensions may not exceed main stream")
            if self._is.get("board", "vc4") == "vc4" and not lores["format"].startswith(("Y", "N")):
                _refuse("lores stream must be YUV")
            lores = {**lores, "format": self._is.get("lores_format", lores["format"])}
        config = {**config, "main": main, "lores": lores}
        for stream in filter(None, (main, lores)):
            if stream["size"][0] % 2 or stream["size"][1] % 2:
                _refuse("width and height should be even")
            _lay_out(stream)
        if "colour_space" in self._is:
            config["colour_space"] = getattr(libcamera.ColorSpace, self._is["colour_space"])()
        self._config, self._free = config, config["buffer_count"]
        told = {**config, "colour_space": str(config["colour_space"])}
        if "log" in self._is:
            with open(self._is["log"], "w", encoding="utf-8") as file:  # noqa: PTH123
                json.dump({**told, "transform": vars(config["transform"])}, file, default=str)

    def camera_configuration(self) -> dict[str, Any]:
        """What libcamera has made of it."""
        return self._config

    def start(self) -> None:
        """Begin to give pictures."""

    def capture_request(self, wait: object = None, signal_function: object = None) -> Request:
        """The next picture with its buffers; blocks for as long as there is none."""
        if self._given == self._is.get("pictures", -1):
            self._end()
        if self._free == 0:  # nobody gives buffers back: the real one waits, too
            threading.Event().wait()
        limits = self._config["controls"].get("FrameDurationLimits", (33333, 33333))
        time.sleep(limits[0] / 1e6)
        self._given += 1
        self._free -= 1
        return Request(self, self._config, self._is.get("clock", "monotonic"))

    def _end(self) -> None:
        if self._is.get("then") == "die":
            sys.stderr.write("terminate called: libcamera fell over\n")
            sys.stderr.flush()
            os._exit(134)
        if self._is.get("then") == "deaf":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        threading.Event().wait()

    def close(self) -> None:
        """Give the camera back; hangs with a camera that does."""


class Request:
    """A picture that belongs to the camera again once it is released."""

    def __init__(self, camera: Picamera2, config: dict[str, Any], clock: str) -> None:
        self.config = config
        self._camera: Picamera2 | None = camera
        now = {"monotonic": time.CLOCK_MONOTONIC, "boottime": time.CLOCK_BOOTTIME}.get(clock)
        self._stamp = {"SensorTimestamp": time.clock_gettime_ns(now)} if now is not None else {}

    def get_metadata(self) -> dict[str, Any]:
        """Facts about the picture."""
        return {"ExposureTime": 20000, **self._stamp}

    def release(self) -> None:
        """Give its buffers back."""
        if self._camera is None:
            _refuse("CompletedRequest: lock now has negative ref_count")
        self._camera._free += 1
        self._camera = None


class MappedArray:
    """A stream's buffer, for as long as it is entered."""

    def __init__(
        self,
        request: Request,
        stream: str,
        reshape: bool = True,
        write: bool = True,
    ) -> None:
        assert not reshape
        self._stream = request.config[stream]
        self._colours = request.config["colour_space"]
        self._turn = request.config["transform"]
        self.array: Any = None

    def __enter__(self) -> MappedArray:
        width, height = self._stream["size"]
        scene = buffers.bars(width, height)
        scene = scene[:: -1 if self._turn.vflip else 1, :: -1 if self._turn.hflip else 1]
        encoding = self._colours.ycbcrEncoding.name
        laid = buffers.laid_out(
            *(scene, self._stream["format"], self._stream["stride"], encoding),
            full_range=self._colours.range.name == "Full",
        )
        assert len(laid) == self._stream["framesize"]
        pages = np.zeros(-(-len(laid) // _PAGE) * _PAGE, np.uint8)
        pages[: len(laid)] = laid
        self.array = pages
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.array = None


def _lay_out(stream: dict[str, Any]) -> None:
    """Fill in what libcamera decides: stride and size of the buffer."""
    width, height = stream["size"]
    pixel = {"RGB888": 3, "BGR888": 3, "XRGB8888": 4, "XBGR8888": 4, "YUYV": 2}
    row = width * pixel.get(stream["format"], 1)
    stream["stride"] = -(-row // _ALIGN) * _ALIGN
    rows = height if stream["format"] in pixel else height * 3 // 2
    stream["framesize"] = stream["stride"] * rows


def _refuse(message: str) -> NoReturn:
    raise RuntimeError(message)
