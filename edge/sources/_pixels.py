"""Buffers as libcamera lays them out, to RGB.

libcamera and picamera2 name packed formats by the little-endian word that a pixel is, as the
kernel's DRM formats do: "RGB888" lies in memory as B, G, R. Planes are the kernel's, too: rows
have a stride, and the chroma rows of a 4:2:0 picture half of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from edge.core.types import Image

Bytes = npt.NDArray[np.uint8]

_PACKED = {  # bytes of a pixel, and how OpenCV makes RGB of it
    "RGB888": (3, cv2.COLOR_BGR2RGB),
    "BGR888": (3, None),
    "XRGB8888": (4, cv2.COLOR_BGRA2RGB),
    "XBGR8888": (4, cv2.COLOR_RGBA2RGB),
}
_PLANAR = frozenset({"YUV420", "YVU420", "NV12", "NV21"})  # chroma in planes of half the height
_DIRECT = {  # how OpenCV makes RGB of BT.601 in video range, which is all that it knows
    "YUV420": cv2.COLOR_YUV2RGB_I420,
    "YVU420": cv2.COLOR_YUV2RGB_YV12,
    "NV12": cv2.COLOR_YUV2RGB_NV12,
    "NV21": cv2.COLOR_YUV2RGB_NV21,
    "YUYV": cv2.COLOR_YUV2RGB_YUYV,
    "YVYU": cv2.COLOR_YUV2RGB_YVYU,
}
FORMATS = frozenset({*_PACKED, *_DIRECT})

# Share of red and of blue in luma: ITU-R BT.601, BT.709, BT.2020.
_LUMA = {"Rec601": (0.299, 0.114), "Rec709": (0.2126, 0.0722), "Rec2020": (0.2627, 0.0593)}


@dataclass(frozen=True, slots=True)
class Layout:
    """What a buffer's bytes are."""

    format: str  # as libcamera calls it, one of FORMATS
    width: int  # px
    height: int
    stride: int  # bytes of a row, of the luma plane where there are several
    encoding: str = "Rec601"  # how YUV was made of RGB: "Rec601", "Rec709", "Rec2020"
    full_range: bool = False  # luma 0 to 255; otherwise 16 to 235

    @property
    def length(self) -> int:
        """Bytes that hold a picture."""
        return self.stride * self.height * (3 if self.format in _PLANAR else 2) // 2


def rgb_of(data: bytearray, layout: Layout) -> Image:
    """A buffer as RGB (H, W, 3), read-only; ValueError for one that is too short or unknown."""
    if layout.format not in FORMATS or len(data) < layout.length:
        problem = f"{len(data)} bytes are not {layout.width}x{layout.height} {layout.format}"
        raise ValueError(problem)
    rows = np.frombuffer(data, np.uint8, layout.length).reshape(-1, layout.stride)
    image = _converted(rows, layout)
    image.flags.writeable = False
    return image


def _converted(rows: Bytes, layout: Layout) -> Image:
    height, width = layout.height, layout.width
    if layout.format in _PACKED:
        size, code = _PACKED[layout.format]
        pixels = rows[:, : width * size].reshape(height, width, size)
        return cast("Image", pixels.copy() if code is None else cv2.cvtColor(pixels, code))
    if layout.encoding == "Rec601" and not layout.full_range:
        if layout.format not in _PLANAR:
            rows = rows[:, : width * 2].reshape(height, width, 2)
        whole = cv2.cvtColor(rows, _DIRECT[layout.format])  # with the padding of its rows
        return cast("Image", np.ascontiguousarray(whole[:, :width]))
    y, u, v = _planes(rows, layout)
    planes = [np.ascontiguousarray(y), *(cv2.resize(plane, (width, height)) for plane in (u, v))]
    matrix = _to_rgb(layout.encoding, full_range=layout.full_range)
    return cast("Image", cv2.transform(cv2.merge(planes), matrix))  # 20 times slower


def _planes(rows: Bytes, layout: Layout) -> tuple[Bytes, Bytes, Bytes]:
    """Luma (H, W) and the two chroma planes, which are smaller."""
    height, width = layout.height, layout.width
    if layout.format in ("YUYV", "YVYU"):
        chroma = [rows[:, 1 : 2 * width : 4], rows[:, 3 : 2 * width : 4]]
        luma = rows[:, : 2 * width : 2]
    elif layout.format in ("NV12", "NV21"):
        chroma = [rows[height:, :width:2], rows[height:, 1:width:2]]
        luma = rows[:height, :width]
    else:
        halves = rows[height:].reshape(height, layout.stride // 2)
        chroma = [halves[: height // 2, : width // 2], halves[height // 2 :, : width // 2]]
        luma = rows[:height, :width]
    first, second = map(np.ascontiguousarray, chroma)
    swapped = layout.format in ("YVU420", "NV21", "YVYU")
    return (luma, second, first) if swapped else (luma, first, second)


def _to_rgb(encoding: str, *, full_range: bool) -> npt.NDArray[np.float64]:
    """From Y, Cb, Cr in bytes to R, G, B in bytes: a 3x3 matrix and what is added, (3, 4)."""
    red, blue = _LUMA.get(encoding, _LUMA["Rec601"])
    green = 1.0 - red - blue
    chroma = np.array(
        [
            [0.0, 2.0 * (1.0 - red)],
            [-2.0 * blue * (1.0 - blue) / green, -2.0 * red * (1.0 - red) / green],
            [2.0 * (1.0 - blue), 0.0],
        ]
    )
    luma_step, chroma_step, black = (1.0, 1.0, 0.0) if full_range else (255 / 219, 255 / 224, 16.0)
    matrix = np.column_stack([np.full(3, luma_step), chroma * chroma_step])
    return np.column_stack([matrix, -matrix @ np.array([black, 128.0, 128.0])])
