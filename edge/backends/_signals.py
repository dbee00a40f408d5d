"""A surprise of OpenVINO's: it gives the thread that opens it a signal stack of the least size.

On processors with wide registers (AVX-512, AMX) its CPU plugin calls sigaltstack(2) with just
enough room for the kernel's frame, and nothing for a handler. Python's handlers run on such a
stack where there is one, so that SIGTERM could end the process as a segmentation fault.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

_DISABLE = 2  # SS_DISABLE


class _Stack(ctypes.Structure):
    _fields_ = (("sp", ctypes.c_void_p), ("flags", ctypes.c_int), ("size", ctypes.c_size_t))


@contextmanager
def plain_signal_stack() -> Iterator[None]:
    """Whatever happens inside, this thread's signals are handled on its own stack afterwards."""
    try:
        yield
    finally:
        ctypes.CDLL(None).sigaltstack(ctypes.byref(_Stack(None, _DISABLE, 0)), None)
