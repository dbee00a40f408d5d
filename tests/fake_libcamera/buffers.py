"""Pictures laid out as libcamera documents its formats, written from the definitions alone.

Packed formats are the kernel's DRM fourccs: "RGB888" is [23:0] R:G:B in a little-endian word, so
B comes first in memory. Planar ones have chroma rows of half the stride.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]

BARS = (  # full colours, left to right
    *((255, 255, 255), (255, 255, 0), (0, 255, 255), (0, 255, 0)),
    *((255, 0, 255), (255, 0, 0), (0, 0, 255), (0, 0, 0)),
)
_PACKED = {"RGB888": "BGR", "BGR888": "RGB", "XRGB8888": "BGRX", "XBGR8888": "RGBX"}
_LUMA = {"Rec601": (0.299, 0.587, 0.114), "Rec709": (0.2126, 0.7152, 0.0722)}
_PADDING = 0xA5  # no picture: a reader that ignores the stride shows it


def bars(width: int, height: int) -> Bytes:
    """Eight upright bars; the upper left eighth of the picture is red, to tell its orientation."""
    columns = np.array([BARS[8 * x // width] for x in range(width)], np.uint8)
    picture = np.repeat(columns[None], height, axis=0)
    picture[: height // 4, : width // 2] = (255, 0, 0)
    return picture


def laid_out(
    rgb: Bytes, name: str, stride: int, encoding: str = "Rec601", *, full_range: bool = False
) -> Bytes:
    """The bytes of a picture (H, W, 3) RGB as a format with a stride, one-dimensional."""
    height, width = rgb.shape[:2]
    if name in _PACKED:
        channels = {"R": rgb[..., 0], "G": rgb[..., 1], "B": rgb[..., 2]}
        nothing = np.full((height, width), 255, np.uint8)
        pixels = np.stack([channels.get(one, nothing) for one in _PACKED[name]], axis=-1)
        return _padded(pixels.reshape(height, -1), stride).ravel()
    y, u, v = _yuv(rgb, encoding, full_range=full_range)
    if name in ("YUYV", "YVYU"):
        first, second = (u, v) if name == "YUYV" else (v, u)
        words = np.stack([y[:, ::2], _mean(first, 1), y[:, 1::2], _mean(second, 1)], axis=-1)
        return _padded(_bytes(words).reshape(height, -1), stride).ravel()
    luma = _padded(_bytes(y), stride)
    u, v = _mean(u, 2), _mean(v, 2)
    if name in ("NV12", "NV21"):
        pairs = np.stack([u, v] if name == "NV12" else [v, u], axis=-1)
        chroma = [_padded(_bytes(pairs).reshape(height // 2, -1), stride)]
    else:
        planes = {"YUV420": (u, v), "YVU420": (v, u)}[name]
        chroma = [_padded(_bytes(plane), stride // 2) for plane in planes]
    return np.concatenate([luma.ravel(), *(plane.ravel() for plane in chroma)])


def _yuv(rgb: Bytes, encoding: str, *, full_range: bool) -> tuple[Any, Any, Any]:
    """Luma and chroma of every pixel, by the definitions of BT.601 and BT.709."""
    kr, kg, kb = _LUMA[encoding]
    red, green, blue = (rgb[..., channel] / 255.0 for channel in range(3))
    y = kr * red + kg * green + kb * blue
    u = (blue - y) / (2 * (1 - kb))
    v = (red - y) / (2 * (1 - kr))
    if full_range:
        return 255 * y, 128 + 255 * u, 128 + 255 * v
    return 16 + 219 * y, 128 + 224 * u, 128 + 224 * v


def _mean(plane: Any, axes: int) -> Any:
    """Half as wide; with two axes also half as high."""
    wide = (plane[:, ::2] + plane[:, 1::2]) / 2
    return wide if axes == 1 else (wide[::2] + wide[1::2]) / 2


def _bytes(values: Any) -> Bytes:
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)


def _padded(rows: Bytes, stride: int) -> Bytes:
    padding = np.full((rows.shape[0], stride - rows.shape[1]), _PADDING, np.uint8)
    return np.concatenate([rows, padding], axis=1)
