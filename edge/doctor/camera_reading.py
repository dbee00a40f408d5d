"""Open a camera for a few seconds, and measure its pictures as they come."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from edge.core.types import Image
from edge.doctor.camera import Seen
from edge.errors import SourceError
from edge.registry import kind_of

_WATCHED_S = 3.0  # long enough for the exposure to settle, and to count frames
_SETTLING_S = 1.0  # whose frames are not counted: a camera starts unevenly
_OF_A_FILE = 10  # frames
_LEAST = 3  # frames that make a rate
_THINNED = 4  # every fourth pixel of a fourth row tells the light


def watch(settings: Any, watched_s: float = _WATCHED_S) -> Seen:
    """Read for some seconds; raises SourceError as the source does."""
    began = time.monotonic()
    times: list[float] = []  # s on the frames' own clock
    changed = False
    with settings.open() as source:
        first_s, last = 0.0, None
        for frame in source.frames():
            if last is None:
                first_s = time.monotonic() - began
            elif not changed:
                changed = not np.array_equal(last, frame.image)
            last = frame.image
            times.append(frame.t)
            enough = time.monotonic() - began - first_s >= watched_s
            if enough if source.live else len(times) >= _OF_A_FILE:
                break
        if last is None:
            raise SourceError(source.name, "gives no picture")
        name, live = source.name, source.live
    brightness, spread = _light(last)
    return Seen(
        name=name,
        kind=kind_of(settings),
        live=live,
        size=(last.shape[1], last.shape[0]),
        first_s=first_s,
        frames=len(times),
        fps=_rate(times) if live else None,
        brightness=brightness,
        spread=spread,
        changed=changed,
        asked_size=_pair(getattr(settings, "size", None)),
        asked_fps=getattr(settings, "fps", None) or None,
    )


def _light(image: Image) -> tuple[float, float]:
    """Mean and standard deviation of the brightness."""
    grey = image[::_THINNED, ::_THINNED].mean(axis=2)
    return float(grey.mean()), float(grey.std())


def _rate(times: list[float]) -> float | None:
    settled = [t for t in times if t - times[0] >= _SETTLING_S]
    counted = settled if len(settled) >= _LEAST else times
    span = counted[-1] - counted[0]
    return (len(counted) - 1) / span if len(counted) >= _LEAST and span > 0 else None


def _pair(size: Any) -> tuple[int, int] | None:
    return (int(size[0]), int(size[1])) if size and all(size) else None
