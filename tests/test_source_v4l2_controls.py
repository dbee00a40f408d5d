"""A camera's own controls, with the kernel's answers written from linux/videodev2.h.

The emulated image sets them on the kernel's own virtual camera.
"""

from __future__ import annotations

import errno
import struct
from pathlib import Path

import pytest

from edge.errors import SourceError
from edge.sources._v4l2_controls import set_controls
from edge.sources.v4l2 import V4l2Settings

CONTROLS = (  # id, type (6: a heading), label, least, most, flags (0x10: an automatic has it)
    (0x00980001, 6, b"User Controls", 0, 0, 0x44),
    (0x00980900, 1, b"Brightness", -64, 64, 0),
    (0x00980918, 3, b"Power Line Frequency", 0, 2, 0),
    (0x009A0901, 3, b"Auto Exposure", 0, 3, 0),
    (0x009A0902, 1, b"Exposure Time, Absolute", 1, 5000, 0x10),
    (0x009A0910, 1, b"Privacy", 0, 1, 0x04),  # can only be read
)


class Kernel:
    """Answers as a UVC camera's driver does."""

    def __init__(self) -> None:
        self.values: list[tuple[int, int]] = []

    def __call__(self, descriptor: int, request: int, argument: bytes) -> bytes:
        assert descriptor > 0
        if request == 0xC008561C:  # VIDIOC_S_CTRL
            number, value = struct.unpack("=Ii", argument)
            if number == 0x009A0902 and (0x009A0901, 1) not in self.values:
                raise OSError(errno.EACCES, "Permission denied")
            self.values.append((number, value))
            return argument
        assert request == 0xC0445624  # VIDIOC_QUERYCTRL
        assert len(argument) == 68
        after = struct.unpack_from("=I", argument)[0] & 0x7FFFFFFF
        for number, kind, label, low, high, flags in CONTROLS:
            if number > after:
                return struct.pack("=II32siiiiI8x", number, kind, label, low, high, 1, 0, flags)
        raise OSError(errno.EINVAL, "Invalid argument")


@pytest.fixture
def device(tmp_path: Path) -> str:
    path = tmp_path / "video0"
    path.touch()
    return str(path)


def test_controls_are_set_by_name_in_their_order(device: str) -> None:
    kernel = Kernel()
    wanted = {"auto_exposure": 1, "exposure_time_absolute": 80, "brightness": -3}
    set_controls(device, wanted, kernel)
    assert kernel.values == [(0x009A0901, 1), (0x009A0902, 80), (0x00980900, -3)]


@pytest.mark.parametrize(
    ("wanted", "problem", "hint"),
    [
        ({"exposure": 80}, "has no control 'exposure'", "auto_exposure"),
        ({"privacy": 1}, "has no control 'privacy'", ""),
        ({"user_controls": 1}, "has no control 'user_controls'", ""),
        ({"power_line_frequency": 3}, "= 3 is out of range", "from 0 to 2"),
        ({"exposure_time_absolute": 80}, "Permission denied", "an automatic has it"),
    ],
)
def test_what_cannot_be_set_is_named(
    device: str, wanted: dict[str, int], problem: str, hint: str
) -> None:
    with pytest.raises(SourceError) as caught:
        set_controls(device, wanted, Kernel())
    assert problem in caught.value.problem
    assert hint in caught.value.hint
    assert caught.value.where == device


def test_a_file_that_is_no_camera_has_no_controls(device: str) -> None:
    source = V4l2Settings(device, controls={"brightness": 1}).open()
    with pytest.raises(SourceError, match="has no control 'brightness'"), source:
        pytest.fail("opened it")
