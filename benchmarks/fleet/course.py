"""A fleet's run: devices start one after the other, the broker may go away, all is waited for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fleet import listener
from benchmarks.fleet.broker import Broker, Mosquitto
from benchmarks.fleet.device import Device, Sent, Task
from benchmarks.fleet.listener import Heard
from edge import __version__
from edge.runtime.health import memory_mb
from edge.wire import Identity

_STAGGER_S = 5.0  # the most that the last device begins after the first
_SETTLE_S = 90.0  # the longest pause between two attempts to connect, three times
_POLL_S = 0.2
_JOIN_S = 15.0


@dataclass(frozen=True, slots=True)
class Outage:
    """When the broker was away, s monotonic."""

    down: float
    up: float  # it answers again


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Everything that was sent and heard, and what it took."""

    sent: list[Sent]
    heard: list[Heard]
    duration_s: float  # from the first device's start to the last one's last message
    outage: Outage | None
    memory_mb: tuple[float, float]  # before and after the devices, of this process
    cpu_share: float  # of this process, 1 being one core


def live(  # noqa: PLR0913 - each is named at the call
    *,
    task: Task,
    count: int,
    site: str,
    broker: Broker,
    outage_s: float,
    folder: Path,
    stop: threading.Event,
    tick: Callable[[float], None],
) -> Course:
    """Run until every device is done, or `stop`; `tick` is told the share that is done.

    Raises BenchError where nobody may listen, and whatever went wrong in a device.
    """
    file = folder / "heard.txt"
    devices = [
        Device(
            task,
            Identity(site, f"device-{number:03}", "cam1", __version__, site),
            folder / f"device-{number:03}",
            offset_s=task.film.long_s * number / count,
        )
        for number in range(count)
    ]
    with listener.listening(broker, site, file):
        memory, began, spent = memory_mb() or 0.0, time.monotonic(), time.process_time()
        try:
            _start(devices, task, stop)
            outage = _watch(devices, task, lambda: _take_away(broker, outage_s, stop), stop, tick)
            ended, used = time.monotonic(), time.process_time() - spent
            after = memory_mb() or 0.0
            _settle(devices, file)
        finally:
            for device in devices:
                device.leave()
            for device in devices:
                device.join(_JOIN_S)
        _raise_first(devices)
        time.sleep(_POLL_S)  # the last word of the last device is on its way
        heard = listener.read(file)
    return Course(
        sent=_sent(devices),
        heard=heard,
        duration_s=ended - began,
        outage=outage,
        memory_mb=(memory, after),
        cpu_share=used / max(ended - began, 1e-9),
    )


def _start(devices: Sequence[Device], task: Task, stop: threading.Event) -> None:
    gap = 0.0 if task.events else min(_STAGGER_S, task.long_s / 10.0) / len(devices)
    for device in devices:
        device.start()
        stop.wait(gap)


def _watch(
    devices: Sequence[Device],
    task: Task,
    take_away: Callable[[], Outage | None],
    stop: threading.Event,
    tick: Callable[[float], None],
) -> Outage | None:
    """Wait until all is told; take the broker away when half of it is."""
    began, outage, whole = time.monotonic(), None, True
    while not stop.is_set() and not all(device.done.is_set() for device in devices):
        _raise_first(devices)
        if task.events:
            told = sum(one.kind == "event" for one in _sent(devices))
            share = told / (task.events * len(devices))
        else:
            share = (time.monotonic() - began) / task.long_s
        tick(min(share, 1.0))
        if whole and share >= 0.5:  # noqa: PLR2004 - the middle
            whole, outage = False, take_away()
        stop.wait(_POLL_S)
    for device in devices:
        device.stop()
        device.done.wait(_JOIN_S)
    return outage


def _take_away(broker: Broker, long_s: float, stop: threading.Event) -> Outage | None:
    if not long_s or not isinstance(broker, Mosquitto):
        return None
    down = time.monotonic()
    broker.stop()
    stop.wait(long_s)
    broker.start()
    return Outage(down, time.monotonic())


def _settle(devices: Sequence[Device], file: Path) -> None:
    """Wait until every event has arrived, but not for ever; also when told to stop."""
    wanted = {one.key for one in _sent(devices) if one.kind == "event"}
    enough = time.monotonic() + _SETTLE_S
    while wanted - {one.key for one in listener.read(file)} and time.monotonic() < enough:
        time.sleep(_POLL_S)


def _sent(devices: Sequence[Device]) -> list[Sent]:
    return [one for device in devices for one in list(device.notes.sent)]


def _raise_first(devices: Sequence[Device]) -> None:
    for device in devices:
        if device.failure is not None:
            raise device.failure
