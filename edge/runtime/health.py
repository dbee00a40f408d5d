"""How the process is doing: frames, delays, memory, its clock; and what systemd is told.

Everything here is measured over a bounded window and read from the kernel's own files;
what a board does not offer is None, never a guess. Its heat and power: `heat.py`, `power.py`.
"""

from __future__ import annotations

import ctypes
import os
import socket
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from edge.runtime.sysfs import text

_WINDOW = 1024  # frames kept for the percentiles: half a minute at 30 fps
_TIME_ERROR = 5  # adjtimex: the kernel's clock is not synchronised


@dataclass(frozen=True, slots=True)
class Report:
    """One look at the recent past."""

    frames: int  # processed since the last report
    fps: float  # processed per second since the last report
    latency_p50_ms: float | None  # frame captured (file: read) -> its events published
    latency_p95_ms: float | None


class Meter:
    """Counts frames and their delays between two reports, in bounded memory."""

    def __init__(self, now: float) -> None:
        self._since = now  # s
        self._frames = 0
        self._delays: deque[float] = deque(maxlen=_WINDOW)  # s

    def frame(self, delay: float) -> None:
        """Note one processed frame and its delay in seconds."""
        self._frames += 1
        self._delays.append(delay)

    def report(self, now: float) -> Report:
        """Sum up since the last report, and begin anew."""
        elapsed = now - self._since
        delays = sorted(self._delays)
        report = Report(
            frames=self._frames,
            fps=self._frames / elapsed if elapsed > 0 else 0.0,
            latency_p50_ms=_percentile_ms(delays, 0.50),
            latency_p95_ms=_percentile_ms(delays, 0.95),
        )
        self._since, self._frames = now, 0
        self._delays.clear()
        return report


def _percentile_ms(ordered: list[float], share: float) -> float | None:
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000.0, 1)


def memory_mb(proc: Path = Path("/proc")) -> float | None:
    """Resident memory of this process, MB."""
    pages = text(proc / "self/statm").split()[1:2]
    return round(int(pages[0]) * os.sysconf("SC_PAGE_SIZE") / 1e6, 1) if pages else None


def clock_synchronised(run: Path = Path("/run")) -> bool | None:
    """Whether the wall clock can be trusted; a board without a battery clock starts wrong."""
    if (run / "systemd/timesync/synchronized").exists():
        return True
    adjtimex = getattr(ctypes.CDLL(None), "adjtimex", None)
    if adjtimex is None:
        return None
    state: int = adjtimex(ctypes.create_string_buffer(512))  # all zero: read, change nothing
    return None if state < 0 else state != _TIME_ERROR


def notify(message: str, environ: Mapping[str, str] = os.environ) -> None:
    """Tell systemd ("READY=1", "WATCHDOG=1", "STOPPING=1"); nothing happens without it."""
    address = environ.get("NOTIFY_SOCKET")
    if not address:
        return
    name = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out, suppress(OSError):
        out.settimeout(0.0)  # systemd being busy or away must not hold up an alarm
        out.sendto(message.encode(), name)
