"""One simulated camera: its own names, outbox and connection, and what a camera says."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fleet.listener import kind_of
from benchmarks.soak.film import Film
from edge.core.engine import Engine
from edge.core.types import Json
from edge.runtime import health, heat
from edge.runtime.announce import Announcer
from edge.sinks.mqtt import Mqtt
from edge.wire import Identity, Message, encode

FPS = 10.0
_HEALTH_S = 30.0


@dataclass(frozen=True, slots=True)
class Sent:
    """One message as it was given to the sink."""

    at: float  # s, monotonic
    device: str
    key: str  # as `listener.key_of` names it on the other side
    topic: str
    kind: str


class Notes:
    """A sink that remembers what was published, for comparison with what arrives."""

    def __init__(self, device: str) -> None:
        self.sent: list[Sent] = []
        self._device = device

    def __enter__(self) -> Notes:
        return self

    def __exit__(self, *_: object) -> None:
        """What was noted stays."""

    def publish(self, message: Message) -> None:
        """Note one message."""
        at, kind = time.monotonic(), kind_of(message.topic)
        payload = encode(message.body).encode()
        key = message.id or hashlib.blake2b(payload, digest_size=8).hexdigest()
        self.sent.append(Sent(at, self._device, key, message.topic, kind))


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What every device of a fleet does."""

    film: Film
    engine: Engine
    broker: Mqtt
    long_s: float  # in real time; inf: until `events` are told, as fast as it goes
    events: int  # told by each device; 0: as many as there are
    poses: bool  # every frame's, too


class Device:
    """Publishes in a thread of its own from `start` on, until its task is done or `stop` is set."""

    def __init__(self, task: Task, speaker: Identity, folder: Path, offset_s: float) -> None:
        self.name = speaker.device
        self.notes = Notes(speaker.device)
        self.failure: BaseException | None = None
        self.done = threading.Event()
        self._task = task
        self._speaker = speaker
        self._folder = folder
        self._offset = offset_s  # where in the film it begins: not all fall at once
        self._leave = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=speaker.device, daemon=True)

    def start(self) -> None:
        """Begin; raises RuntimeError where there can be no more threads."""
        self._thread.start()

    def stop(self) -> None:
        """Tell nothing more, and stay connected."""
        self._stop.set()

    def leave(self) -> None:
        """Disconnect as a device that is switched off properly."""
        self._stop.set()
        self._leave.set()

    def join(self, within_s: float) -> None:
        """Wait for its end."""
        self._thread.join(within_s)

    def _run(self) -> None:
        try:
            self._folder.mkdir(parents=True)
            with self._task.broker.open(self._speaker, self._folder) as sink:
                self._live(Announcer(self._speaker, (self.notes, sink), self._task.engine.rules))
                self.done.set()
                self._leave.wait()
        except BaseException as error:  # noqa: BLE001 - raised again by the fleet
            self.failure = error
        finally:
            self.done.set()

    def _live(self, announcer: Announcer) -> None:
        task, told, seq = self._task, 0, 0
        began = reported = time.monotonic()
        meter = health.Meter(began)
        memory = task.engine.start()
        announcer.begin()
        while not self._stop.is_set() and not (task.events and told >= task.events):
            t = seq / FPS
            if not task.events and self._stop.wait(max(0.0, began + t - time.monotonic())):
                break
            if time.monotonic() - began >= task.long_s:
                break
            taken = time.monotonic()
            seen = task.film.at(t + self._offset, seq)
            memory, _, events = task.engine.step(memory, seen)
            announcer.events(events)
            if task.poses:
                announcer.poses(seen)
            told += len(events)
            seq += 1
            now = time.monotonic()
            meter.frame(now - taken)
            if seq == 1 or now - reported >= _HEALTH_S:
                reported = now
                announcer.health(_health(meter.report(now), seq))


def _health(recent: health.Report, frames: int) -> dict[str, Json]:
    return {
        "camera": "ok",
        "reason": None,
        "fps": round(recent.fps, 1),
        "latency_p50_ms": recent.latency_p50_ms,
        "latency_p95_ms": recent.latency_p95_ms,
        "frames": frames,
        "drops": 0,
        "looks": 0,
        "looks_found": 0,
        "looks_s": 0.0,
        "temperature_c": heat.temperature_c(),
        "throttled": None,
        "memory_mb": health.memory_mb(),
    }
