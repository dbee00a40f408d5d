"""What our source uses of libcamera's Python bindings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class _Encoding(Enum):
    Null = 0  # "None" in C++
    Rec601 = 1
    Rec709 = 2
    Rec2020 = 3


class _Range(Enum):
    Full = 0
    Limited = 1


@dataclass(frozen=True)
class ColorSpace:
    """How a picture's numbers mean colours."""

    ycbcrEncoding: _Encoding = _Encoding.Null  # noqa: N815 - libcamera's names
    range: _Range = _Range.Full

    YcbcrEncoding = _Encoding
    Range = _Range

    @staticmethod
    def Smpte170m() -> ColorSpace:  # noqa: N802
        """BT.601 in video range."""
        return ColorSpace(_Encoding.Rec601, _Range.Limited)

    @staticmethod
    def Rec709() -> ColorSpace:  # noqa: N802
        """BT.709 in video range."""
        return ColorSpace(_Encoding.Rec709, _Range.Limited)

    @staticmethod
    def Sycc() -> ColorSpace:  # noqa: N802
        """BT.601 in full range, as in JPEG files."""
        return ColorSpace(_Encoding.Rec601, _Range.Full)


@dataclass(frozen=True)
class Transform:
    """Flips and a turn."""

    rotation: int = 0
    hflip: int = 0
    vflip: int = 0
    transpose: int = 0


class _AfMode(Enum):
    Manual = 0
    Auto = 1
    Continuous = 2


class controls:  # noqa: N801 - a module in the bindings
    """Names of controls' values."""

    AfModeEnum = _AfMode
