"""The real daemon in this process: its loop, threads, rules and sinks, clocks at its seams."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, cast

from benchmarks.fps.gate import Gate, GatedSource
from benchmarks.fps.stages import Clocks, TimedBackend, TimedEstimator, timed_engine, timed_manifest
from benchmarks.fps.turn import WARM, Job, Turn, counted, peak_mb
from benchmarks.variants import first, precise
from edge import config as configuration
from edge.runtime import assemble, daemon
from edge.runtime.estimate import Estimator
from edge.runtime.health import memory_mb
from edge.runtime.predictor import Predictor
from edge.runtime.roles import roles
from edge.runtime.viewers import Instant, Show
from edge.sinks.mqtt import Mqtt

_POLL_S = 0.05  # seldom: every look takes the interpreter from the daemon's threads
_STALLED_S = 60.0  # without a frame


class Runtime:
    """One daemon that works in turns; `run` is its whole life, `turn` comes from another thread."""

    def __init__(self, job: Job, ready: Callable[[], None]) -> None:
        self._clocks = Clocks()
        self._gate = Gate()
        self._ready = ready
        self._done: list[tuple[float, float]] = []  # s: when, and how old the frame was
        self._people = 0
        self._frames = 0
        config = configuration.load(None, _tables(job))
        self._source = GatedSource(config.source, self._gate, self._clocks, realtime=job.realtime)
        predictors = [_timed(predictor, self._clocks) for predictor in _predictors(job)]
        cast_ = roles(predictors, config.file)
        self._estimator = assemble.estimator(config, cast_)
        speaker = assemble.identity(config, "bench")
        self._scratch = tempfile.TemporaryDirectory(prefix="edgepose-bench-")
        config = replace(config, state_dir=Path(self._scratch.name))
        self._parts = assemble.Parts(
            identity=speaker,
            backends=[predictor.backend for predictor in predictors],
            sinks=assemble.sinks(config, speaker),
            source=self._source,
            realtime=job.realtime,
            publish=config.publish,
            viewers=[self._viewer()],
            estimator=cast("Estimator", TimedEstimator(self._estimator, self._clocks)),
            engine=timed_engine(assemble.engine(config), self._clocks),
        )

    def run(self) -> None:
        """Watch until `end`; in the main thread, as the daemon does."""
        with self._scratch:
            try:
                daemon.run(self._parts)
            finally:
                self._gate.end()  # a signal stopped it: the capture thread waits at the gate

    def end(self) -> None:
        """Let the clip end."""
        self._gate.end()

    def turn(self, seconds: float) -> Turn:
        """Let frames through for so long, and count; raises TimeoutError when none come out."""
        self._drain()
        looks, captured = self._estimator.stats.looks, self._gate.given
        self._clocks.take()
        before, people = self._frames, self._people
        first = len(self._done)
        cpu, begin = time.process_time(), time.perf_counter()
        self._gate.open()
        while time.perf_counter() - begin < seconds or len(self._done) - first < WARM + 3:
            time.sleep(_POLL_S)
            self._check(begin, first)
        closed = time.perf_counter()
        cpu = time.process_time() - cpu
        self._gate.close()
        self._drain()
        done = self._done[first:]
        frames, passed = counted([when for when, _ in done], closed)
        seen = self._frames - before
        return Turn(
            frames=frames,
            seconds=passed,
            cpu_s=cpu * passed / (closed - begin),
            memory_mb=memory_mb(),
            peak_mb=peak_mb(),
            drops=self._gate.given - captured - seen,
            looks=self._estimator.stats.looks - looks,
            people=(self._people - people) / max(seen, 1),
            latency_ms=[age * 1e3 for _, age in done[WARM:]],
            stages=self._clocks.take(),
        )

    def _check(self, begin: float, first: int) -> None:
        last = self._done[-1][0] if len(self._done) > first else begin
        if time.perf_counter() - last > _STALLED_S:
            raise TimeoutError(f"no frame for {_STALLED_S:g} s")

    def _drain(self) -> None:
        """Wait until what was let through has come out, or was dropped on the way."""
        quiet = time.perf_counter()
        before = self._frames
        while self._gate.given > self._frames and time.perf_counter() - quiet < 1.0:
            time.sleep(_POLL_S)
            if self._frames != before:
                before, quiet = self._frames, time.perf_counter()

    @contextmanager
    def _viewer(self) -> Iterator[Show]:
        def show(instant: Instant) -> None:
            self._clocks.published()
            now = time.perf_counter()
            self._done.append((now, self._clocks.age(instant.frame.seq, now)))
            self._people += sum(not pose.glimpse for pose in instant.seen.poses)
            self._frames += 1
            if self._frames == 1:
                self._ready()

        yield show


def _tables(job: Job) -> dict[str, Any]:
    sinks: list[dict[str, Any]] = [{"kind": "jsonl", "path": os.devnull}]
    if job.mqtt:
        sinks.append({"kind": "mqtt", **asdict(Mqtt.from_url(job.mqtt))})
    return {
        "identity": {"camera": "bench"},
        "source": {"uri": job.source},
        "model": [{"name": job.model, "threads": job.threads}],
        "rule": [{"kind": "fall"}] if not job.palm else [],
        "sink": sinks,
    }


def _predictors(job: Job) -> Iterator[Predictor]:
    if job.palm:
        yield first(job.palm, job.backend).predictor(job.threads)
    yield precise(job.model, job.weights, job.backend).predictor(job.threads)


def _timed(predictor: Predictor, clocks: Clocks) -> Predictor:
    manifest = timed_manifest(predictor.manifest, clocks)
    return Predictor(manifest, TimedBackend(predictor.backend, clocks))
