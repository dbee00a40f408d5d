"""When a frame was taken, made from timestamps that may be missing, broken or on another clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf

_STEP_S = 0.001  # two frames are never nearer in time than this
_DRIFT = 0.0005  # s per s a camera's clock may run slower than ours
_LATE_S = 2.0  # a frame later than this is not late: the camera's clock was set
_OLDEST_S = 1.0  # a timestamp further from now is not on our clock
_CALM_FRAMES = 2  # had to be waited for in a row: one alone may only have been slow to decode


class FileClock:
    """File timestamps to seconds that start at 0 and always rise."""

    def __init__(self, period_s: float) -> None:
        self._period = period_s  # the step where the file does not say
        self._stamp = -inf
        self._shift = 0.0
        self._t = -inf

    def __call__(self, stamp: float) -> float:
        """Time (s) of the next frame from its timestamp (s, 0 for a frame that has none)."""
        if self._t == -inf:
            self._shift = -stamp
        elif stamp == 0.0:
            self._t += self._period
            return self._t
        elif stamp + self._shift <= self._t:  # joined recordings: time starts again
            self._shift = self._t + self._period - stamp
        self._t = stamp + self._shift
        return self._t


class LiveClock:
    """A camera's timestamps to our monotonic clock, free of the network's jitter.

    Frames that wait in a network buffer arrive in a burst; taken for simultaneous, they would
    turn a step into a fall. The least delay ever seen is the true distance of the two clocks.
    """

    def __init__(self) -> None:
        self._stamp = inf
        self._arrival = -inf
        self._distance = inf
        self._t = -inf

    def __call__(self, stamp: float, arrival: float) -> float:
        """Time (s, our clock) a frame was taken; never after it arrived, always rising."""
        distance = arrival - stamp
        if stamp > self._stamp and distance - self._distance < _LATE_S:
            drift = _DRIFT * (arrival - self._arrival)
            self._distance = min(distance, self._distance + drift)
        else:  # the first frame, no timestamps at all, or a clock that was set
            self._distance = distance
        self._stamp, self._arrival = stamp, arrival
        self._t = max(stamp + self._distance, self._t + _STEP_S)
        return self._t


class CaughtUp:
    """Tells when a stream shows the present: what was kept while it was opened comes in a burst."""

    def __init__(self, opened: float) -> None:
        self._give_up = opened + _LATE_S
        self._stamp = -inf
        self._arrival = opened
        self._calm = 0

    def __call__(self, stamp: float, arrival: float) -> bool:
        """Whether this frame and those after it are new (timestamp and arrival in s)."""
        if self._calm < _CALM_FRAMES and arrival < self._give_up:
            quick = arrival - self._arrival < 0.5 * (stamp - self._stamp)
            self._calm = 0 if quick else self._calm + 1
            self._stamp, self._arrival = stamp, arrival
            return self._calm == _CALM_FRAMES
        return True


class SensorClock:
    """A sensor's timestamps, counted since the system was booted, on our monotonic clock.

    libcamera documents them as CLOCK_BOOTTIME, and several drivers give CLOCK_MONOTONIC, which
    is behind it by the time the system has slept. So one that lies ahead of now is the former.
    """

    def __init__(self, slept: Callable[[], float] | None = None) -> None:
        self._slept = slept or _slept
        self._t = -inf

    def __call__(self, stamp: float, now: float) -> float:
        """Time (s, our clock) a frame was taken, from its timestamp and the present; rising."""
        taken = stamp if stamp <= now else stamp - self._slept()
        if not 0.0 <= now - taken < _OLDEST_S:
            taken = now  # of no clock we know
        self._t = max(taken, self._t + _STEP_S)
        return self._t


def _slept() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
