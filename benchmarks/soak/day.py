"""The real loop, engine, announcer and sinks, fed with a film; what it published and who had it."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.fleet import listener
from benchmarks.fleet.broker import Broker
from benchmarks.soak.film import Film, Playing, Projector
from benchmarks.soak.gauge import Gauge, Sample
from converters.progress import Bar
from edge import __version__
from edge.config import Config
from edge.ports import Sink
from edge.runtime import assemble, daemon
from edge.sinks.jsonl import Jsonl
from edge.sinks.mqtt import Mqtt
from edge.wire import Identity

_HEALTH_S = 0.2  # of real time: about as many reports in a simulated day as a device sends
_SETTLE_S = 10.0  # how long what was sent may take to arrive


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated."""

    count: int  # frames
    fps: float
    site: str  # unlike any other run's, so that runs on one broker do not mix


@dataclass(frozen=True, slots=True)
class Delivery:
    """Events, by their ids."""

    published: int
    received: int | None  # by a subscriber; None without a broker
    waiting: int  # in the outbox, on disk
    lost: int  # neither


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """Everything that was measured; of a part of it, when it was stopped."""

    frames: int
    wall_s: float
    events: dict[str, int]  # by "kind.phase"
    people: int
    series: list[Sample]
    taken_ms: np.ndarray[tuple[int], np.dtype[np.float32]]
    delivery: Delivery
    trouble: list[str]


def live(  # noqa: PLR0913 - each is named at the call
    *, plan: Plan, film: Film, config: Config, broker: Broker | None, folder: Path, bar: Bar
) -> Day:
    """Run until the film has been played for long enough, or Ctrl-C; everything goes to a folder.

    Raises BenchError where the broker lets nobody listen, and whatever the loop raises.
    """
    state, told, heard = folder / "state", folder / "events.jsonl", folder / "heard.txt"
    state.mkdir()
    told.touch()
    gauge = Gauge(plan.count, plan.fps, state, told, lambda done: bar(done, plan.count))
    speaker = Identity(plan.site, config.names.device, config.names.camera, __version__, plan.site)
    sinks: list[Sink] = [Jsonl(str(told)).open(speaker, state)]
    if broker is not None:
        settings = replace(Mqtt.from_url(broker.url), discovery=False)
        sinks.append(settings.open(speaker, state))
    parts = assemble.Parts(
        identity=speaker,
        backends=(),
        sinks=sinks,
        source=Playing(plan.count, plan.fps),
        realtime=False,
        publish=replace(config.publish, health_s=_HEALTH_S),
        viewers=(gauge,),
        estimator=Projector(film, gauge.begin),
        engine=assemble.engine(config),
    )
    with ExitStack() as life:
        if broker is not None:
            life.enter_context(listener.listening(broker, plan.site, heard))
        summary = daemon.run(parts)
        delivery = _delivery(told, heard if broker else None, state)
    return Day(
        frames=summary.frames,
        wall_s=summary.seconds,
        events=dict(sorted(summary.events.items())),
        people=summary.people,
        series=gauge.series(),
        taken_ms=gauge.taken_ms(),
        delivery=delivery,
        trouble=summary.trouble,
    )


def _delivery(told: Path, heard: Path | None, state: Path) -> Delivery:
    """Compare what is in the file of events with what a subscriber heard."""
    lines = told.read_text(encoding="utf-8").splitlines()
    published = {str(json.loads(line)["id"]) for line in lines}
    if heard is None:
        return Delivery(len(published), None, 0, 0)
    waiting = _waiting(state / "outbox.sqlite")
    enough = time.monotonic() + _SETTLE_S
    received = _events(heard)
    while published - received - waiting and time.monotonic() < enough:
        time.sleep(0.1)
        received = _events(heard)
    lost = published - received - waiting
    return Delivery(len(published), len(published & received), len(waiting), len(lost))


def _events(heard: Path) -> set[str]:
    return {one.key for one in listener.read(heard) if listener.kind_of(one.topic) == "event"}


def _waiting(outbox: Path) -> set[str]:
    with closing(sqlite3.connect(outbox)) as db:
        return {str(row[0]) for row in db.execute("SELECT id FROM outbox")}
