"""What picamera2 takes for granted, and libcamera's camera in software has not.

It has no sensor whose raw pictures could be had: the modes are those it scales to. And it wants
the two planes of NV12 as libcamera itself lays them out, which picamera2's older allocator does.
Everything else is picamera2 as it comes.
"""

from __future__ import annotations

import importlib
from typing import Any

libcamera: Any = importlib.import_module("libcamera")
allocators: Any = importlib.import_module("picamera2.allocators")
Picamera2: Any = importlib.import_module("picamera2").Picamera2
_begin = Picamera2.__init__


def _modes(self: Any) -> list[dict[str, Any]]:
    roles = [libcamera.StreamRole.Viewfinder]
    formats = self.camera.generate_configuration(roles).at(0).formats
    return [
        {"format": str(pixel), "size": (size.width, size.height)}
        for pixel in formats.pixel_formats
        for size in formats.sizes(pixel)
    ]


def _init(self: Any, *words: Any, **names: Any) -> None:
    _begin(self, *words, **names)
    self.allocator = allocators.LibcameraAllocator(self.camera)


Picamera2._get_raw_modes = _modes  # noqa: SLF001
Picamera2.sensor_modes = property(_modes)
Picamera2.__init__ = _init
