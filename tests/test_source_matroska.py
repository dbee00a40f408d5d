"""The stream of pictures that GStreamer writes, byte for byte, also what it does rarely."""

from __future__ import annotations

import io

import numpy as np
import pytest

from edge.sources._matroska import NoMatroskaError, Picture, pictures

ENDLESS = b"\x01" + b"\xff" * 7  # a length that nobody knows
FORM = bytes.fromhex("1a45dfa3")
SEGMENT, CLUSTER, TIME = (bytes.fromhex(one) for one in ("18538067", "1f43b675", "e7"))
SCALE, INFO = bytes.fromhex("2ad7b1"), bytes.fromhex("1549a966")
TRACKS, TRACK, VIDEO = (bytes.fromhex(one) for one in ("1654ae6b", "ae", "e0"))
SIMPLE, GROUP, BLOCK, DURATION = (bytes.fromhex(one) for one in ("a3", "a0", "a1", "9b"))


def element(name: bytes, body: bytes) -> bytes:
    return name + (0x4000 | len(body)).to_bytes(2, "big") + body


def head(width: int = 3, height: int = 2) -> bytes:
    size = element(b"\xb0", bytes([width])) + element(b"\xba", bytes([height]))
    tracks = element(TRACKS, element(TRACK, element(b"\xd7", b"\x01") + element(VIDEO, size)))
    info = element(INFO, element(SCALE, (100_000).to_bytes(3, "big")))
    return element(FORM, b"\x42\x82\x81m") + SEGMENT + ENDLESS + info + tracks


def cluster(ticks: int, *blocks: bytes) -> bytes:
    return CLUSTER + ENDLESS + element(TIME, ticks.to_bytes(3, "big")) + b"".join(blocks)


def block(ticks: int, pixels: bytes) -> bytes:
    return b"\x81" + ticks.to_bytes(2, "big", signed=True) + b"\x80" + pixels


def rows(*firsts: int) -> bytes:
    """Rows of three pixels, nine bytes, and three bytes that make twelve of them."""
    return b"".join(bytes(range(first, first + 9)) + b"\xa5" * 3 for first in firsts)


def read(stream: bytes) -> list[Picture]:
    file = io.BytesIO(stream)
    return list(pictures(lambda count: bytearray(file.read(count))))


def test_pictures_have_their_pixels_and_times() -> None:
    late = element(GROUP, element(BLOCK, block(250, rows(50, 60))) + element(DURATION, b"\x01"))
    early = element(SIMPLE, block(-5, rows(10, 20)))
    stream = head() + cluster(30, early) + cluster(20_000, late, element(b"\xec", b"\0\0"))
    first, second = read(stream)
    assert first.stamp == pytest.approx(0.0025)
    assert second.stamp == pytest.approx(2.025)
    assert first.image.reshape(2, 9).tolist() == [list(range(10, 19)), list(range(20, 29))]
    assert second.image.shape == (2, 3, 3)
    assert not first.image.flags.writeable
    assert second.image.dtype == np.uint8


def test_a_stream_may_end_anywhere() -> None:
    stream = head() + cluster(30, element(SIMPLE, block(0, rows(1, 2))))
    whole = len(read(stream))
    assert [len(read(stream[:end])) for end in range(len(stream))] == [0] * len(stream)
    assert whole == 1


@pytest.mark.parametrize(
    "stream",
    [
        b"\0" * 100,
        head() + cluster(0, element(SIMPLE, block(0, b"too short"))),
        cluster(0, element(SIMPLE, block(0, rows(1, 2)))),  # nobody said how large
        head() + SIMPLE + ENDLESS,
    ],
)
def test_what_is_no_such_stream_is_refused(stream: bytes) -> None:
    with pytest.raises(NoMatroskaError):
        read(stream)
