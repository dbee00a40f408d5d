"""A V4L2 camera's own controls, by the names that `v4l2-ctl -L` prints: exposure, gain, focus.

Structures and numbers are those of linux/videodev2.h, which are the same on all our machines.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from edge.errors import SourceError
from edge.registry import nearest

_QUERY = struct.Struct("=II32siiiiI8x")  # v4l2_queryctrl
_VALUE = struct.Struct("=Ii")  # v4l2_control
_VIDIOC_QUERYCTRL = 0xC0445624
_VIDIOC_S_CTRL = 0xC008561C
_NEXT = 0x80000000
_DISABLED, _READ_ONLY, _INACTIVE = 0x01, 0x04, 0x10
_CLASS = 6  # a heading, not a control

Ioctl = Callable[[int, int, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that can be set."""

    number: int
    name: str
    low: int
    high: int
    flags: int


def set_controls(device: str, wanted: Mapping[str, int], ioctl: Ioctl = fcntl.ioctl) -> None:
    """Set them in the order given; raises SourceError for one that there is not, or not so."""
    if not wanted:
        return
    try:
        descriptor = os.open(device, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise SourceError(device, f"cannot be opened ({error.strerror})") from error
    try:
        for name, value in wanted.items():
            _set(device, descriptor, name, value, ioctl)
    finally:
        os.close(descriptor)


def _set(device: str, descriptor: int, name: str, value: int, ioctl: Ioctl) -> None:
    # Listed anew each time: setting one can wake another up.
    known = {one.name: one for one in _listed(descriptor, ioctl)}
    control = known.get(name)
    if control is None:
        raise SourceError(device, f"has no control '{name}'", nearest(name, known))
    if not control.low <= value <= control.high:
        problem = f"{name} = {value} is out of range"
        raise SourceError(device, problem, f"it goes from {control.low} to {control.high}")
    try:
        ioctl(descriptor, _VIDIOC_S_CTRL, _VALUE.pack(control.number, value))
    except OSError as error:
        automatic = control.flags & _INACTIVE or error.errno == errno.EACCES
        hint = "an automatic has it: turn that off before, as in auto_exposure = 1"
        problem = f"{name} cannot be set ({error.strerror})"
        raise SourceError(device, problem, hint if automatic else "") from error


def _listed(descriptor: int, ioctl: Ioctl) -> Iterator[Control]:
    """Every control that can be set."""
    number = 0
    while True:
        asked = _QUERY.pack(number | _NEXT, 0, b"", 0, 0, 0, 0, 0)
        try:
            answer = _QUERY.unpack(ioctl(descriptor, _VIDIOC_QUERYCTRL, asked))
        except OSError:  # EINVAL: that was the last one
            return
        number, kind, label, low, high, _, _, flags = answer
        if kind != _CLASS and not flags & (_DISABLED | _READ_ONLY):
            yield Control(number, _spelled(label), low, high, flags)


def _spelled(label: bytes) -> str:
    """A label such as "Exposure Time, Absolute" as v4l2-ctl spells it."""
    text = label.split(b"\0", 1)[0].decode(errors="replace")
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
