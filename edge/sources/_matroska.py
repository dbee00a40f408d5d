"""Uncompressed pictures with their times, out of the Matroska stream that GStreamer writes.

Only what its `matroskamux` makes of raw video is understood: elements of IDs and lengths (EBML,
RFC 8794), where the long ones (the segment and its clusters) have no length, for they never end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from edge.core.types import Image

# IDs of RFC 9559.
_SEGMENT, _CLUSTER, _BLOCK_GROUP = 0x18538067, 0x1F43B675, 0xA0  # read what is in them
_INFO, _TIMESTAMP_SCALE = 0x1549A966, 0x2AD7B1
_TRACKS, _TRACK, _VIDEO, _WIDTH, _HEIGHT = 0x1654AE6B, 0xAE, 0xE0, 0xB0, 0xBA
_TIMESTAMP, _SIMPLE_BLOCK, _BLOCK = 0xE7, 0xA3, 0xA1
_INSIDE = frozenset({_SEGMENT, _CLUSTER, _BLOCK_GROUP})
_WITHIN_TRACKS = frozenset({_TRACK, _VIDEO})
_BLOCK_HEAD = 4  # bytes: track number, time (2), flags
_MOST_BYTES = 1 << 28  # of one element: four pictures of 8K, or a stream that is none
_USUAL_SCALE = 1_000_000  # ns, a unit of time unless the stream says otherwise

Read = Callable[[int], bytearray]  # so many bytes, fewer only at the end


class NoMatroskaError(ValueError):
    """The stream is not what `matroskamux` writes."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One picture and the time the stream gives it."""

    image: Image  # (H, W, 3) as in the stream
    stamp: float  # s


def pictures(read: Read) -> Iterator[Picture]:
    """Each picture of a stream of RGB video; raises NoMatroskaError for anything else."""
    scale, cluster = _USUAL_SCALE, 0
    width = height = 0
    while (head := _head(read)) is not None:
        name, length = head
        if name in _INSIDE:
            continue
        if length is None or length > _MOST_BYTES:
            raise NoMatroskaError(hex(name))
        body = read(length)
        if len(body) < length:
            return
        if name == _INFO:
            scale = dict(_children(body)).get(_TIMESTAMP_SCALE, scale)
        elif name == _TRACKS:
            facts = dict(_children(body, _WITHIN_TRACKS))
            width, height = facts.get(_WIDTH, 0), facts.get(_HEIGHT, 0)
        elif name == _TIMESTAMP:
            cluster = int.from_bytes(body, "big")
        elif name in (_SIMPLE_BLOCK, _BLOCK):
            since = int.from_bytes(body[1:3], "big", signed=True)
            yield Picture(_image(body, width, height), (cluster + since) * scale / 1e9)


def _image(body: bytearray, width: int, height: int) -> Image:
    """The pixels of a block, read-only; GStreamer makes every row a multiple of four bytes."""
    stride = (len(body) - _BLOCK_HEAD) // max(1, height)
    if not (width and height and stride >= 3 * width):
        problem = f"{len(body)} bytes are not {width}x{height} RGB"
        raise NoMatroskaError(problem)
    rows = np.frombuffer(body, np.uint8, stride * height, _BLOCK_HEAD).reshape(height, stride)
    image = rows[:, : 3 * width].reshape(height, width, 3)
    image.flags.writeable = False
    return image


def _head(read: Read) -> tuple[int, int | None] | None:
    """ID and length of the next element; no length where it goes on to the end; None at the end."""
    name = _number(read, keep_marker=True)
    length = None if name is None else _number(read, keep_marker=False)
    if name is None or length is None:
        return None
    value, size = length
    return name[0], None if value == (1 << 7 * size) - 1 else value


def _number(read: Read, *, keep_marker: bool) -> tuple[int, int] | None:
    """A number whose leading zero bits say how many bytes it has, and that count."""
    first = read(1)
    if not first:
        return None
    size = 9 - first[0].bit_length()
    if size > 8:  # noqa: PLR2004 - bits of a byte
        raise NoMatroskaError(first.hex())
    value = int.from_bytes(first + read(size - 1), "big")
    return (value if keep_marker else value & ((1 << 7 * size) - 1)), size


def _children(body: bytearray, inside: frozenset[int] = frozenset()) -> Iterator[tuple[int, int]]:
    """IDs and whole numbers in an element, and in those of its children that are `inside`."""
    at = 0

    def read(count: int) -> bytearray:
        nonlocal at
        at += count
        return body[at - count : at]

    while (head := _head(read)) is not None:
        name, length = head
        if name not in inside:
            yield name, int.from_bytes(read(length or 0), "big")
