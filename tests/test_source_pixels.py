"""Every byte layout of libcamera's that we read, with padded rows, in every colour space."""

from __future__ import annotations

import numpy as np
import pytest

from edge.sources._pixels import FORMATS, Layout, rgb_of
from tests.fake_libcamera.buffers import bars, laid_out


def stride(name: str, width: int) -> int:
    pixel = {"RGB888": 3, "BGR888": 3, "XRGB8888": 4, "XBGR8888": 4, "YUYV": 2, "YVYU": 2}
    return -(-width * pixel.get(name, 1) // 64) * 64 + 64


@pytest.mark.parametrize("size", [(320, 240), (258, 194), (2, 2)])
@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize(
    ("encoding", "full_range"),
    [("Rec601", False), ("Rec601", True), ("Rec709", False), ("Rec709", True)],
)
def test_a_buffer_becomes_the_colours_that_were_meant(
    name: str, size: tuple[int, int], encoding: str, *, full_range: bool
) -> None:
    width, height = size
    picture = bars(width, height)
    row = stride(name, width)
    laid = laid_out(picture, name, row, encoding, full_range=full_range)
    layout = Layout(name, width, height, row, encoding, full_range)
    image = rgb_of(bytearray(laid.tobytes()), layout)
    assert image.shape == (height, width, 3)
    assert not image.flags.writeable
    assert image.flags.c_contiguous
    # Half as much chroma: where bars touch, colours mix.
    near = [
        8 * x // width == 8 * max(0, x - 2) // width == 8 * min(width - 1, x + 2) // width
        for x in range(width)
    ]
    rows = [y > height // 4 + 2 for y in range(height)]
    error = np.abs(image.astype(int) - picture)[rows][:, near]
    assert error.size == 0 or error.max() <= 4


def test_red_is_red_and_blue_is_blue_in_libcameras_own_names() -> None:
    blue = bytearray([255, 0, 0])  # B, G, R in memory
    assert rgb_of(blue, Layout("RGB888", 1, 1, 3)).tolist() == [[[0, 0, 255]]]
    assert rgb_of(blue, Layout("BGR888", 1, 1, 3)).tolist() == [[[255, 0, 0]]]


@pytest.mark.parametrize("layout", [Layout("MJPEG", 4, 4, 4), Layout("NV12", 4, 4, 4)])
def test_what_is_unknown_or_too_short_is_refused(layout: Layout) -> None:
    with pytest.raises(ValueError, match="bytes are not 4x4"):
        rgb_of(bytearray(23), layout)
