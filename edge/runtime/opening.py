"""Models are opened one after another, and it is said where each is really computed.

The first time on a GPU an engine is built, in native code and for minutes. systemd is asked for
that time beforehand: no thread of ours is sure to run meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack

from edge.core.types import Json
from edge.ports import Backend, Placed
from edge.runtime.health import notify

_AFTERWARDS_S = 90.0  # for the camera and the first frame, as the unit's TimeoutStartSec


def opened(life: ExitStack, backends: Sequence[Backend], tell: Callable[[str], None]) -> None:
    """Enter each backend; a line for each that may be, or is, computed elsewhere than expected."""
    for backend in backends:
        if not isinstance(backend, Placed):
            life.enter_context(backend)
            continue
        if backend.patience_s:
            words = f"{backend.model}: opened for the GPU; the first time, that takes minutes"
            notify(f"EXTEND_TIMEOUT_USEC={backend.patience_s * 1e6:.0f}\nSTATUS={words}")
            tell(words)
        life.enter_context(backend)
        if backend.patience_s:
            notify(f"EXTEND_TIMEOUT_USEC={_AFTERWARDS_S * 1e6:.0f}")
        if backend.fallback:
            tell(f"warning: {backend.model}: {backend.fallback}")
        elif backend.provider != "cpu":
            tell(f"{backend.model}: computed by {backend.provider}")


def providers(backends: Sequence[Backend]) -> dict[str, Json]:
    """What the health message says of them; nothing where all compute on the CPU by nature."""
    placed = [backend for backend in backends if isinstance(backend, Placed)]
    if not placed:
        return {}
    return {
        "providers": {backend.model: backend.provider for backend in placed},
        "fallbacks": {one.model: one.fallback for one in placed if one.fallback},
    }
