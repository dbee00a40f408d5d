"""How long each step of a frame's way takes, at the seams of the real runtime.

The runtime is not changed for it: its parts are put behind doors with a clock.

    capture    the source gives a frame: reading and decoding a clip, or waiting for a camera
    letterbox  it becomes the model's input
    inference  the backend: what the model takes in, float32 tensors out
    decode     tensors to poses
    follow_up  changed floor, second looks, hands; without their inference and decoding
    track      who is who
    rules      what happened
    publish    what is worth saying becomes messages, and every sink has taken them
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from typing import Any, cast

from edge.core.engine import Engine, Memory
from edge.core.track import Scene, Tracker, Tracks
from edge.core.types import Event, Floats, Frame, Observation, Pose
from edge.manifest import Manifest
from edge.ports import Backend, Rule
from edge.runtime.estimate import Estimator, Look, Prepared

STAGES = ("capture", "letterbox", "inference", "decode", "follow_up", "track", "rules", "publish")


class Clocks:
    """Seconds spent in each stage, stay by stay, since they were last taken."""

    def __init__(self) -> None:
        self.model = 0.0  # s of inference and decoding in the main thread, in all
        self._rules_done = 0.0  # s on the clock
        self._handed: dict[int, float] = {}  # s on the clock, by number of the frame
        self._spent: dict[str, list[float]] = {stage: [] for stage in STAGES}

    @contextmanager
    def running(self, stage: str) -> Iterator[None]:
        """Time one stay in a stage; from any thread."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.add(stage, time.perf_counter() - begin)

    def add(self, stage: str, seconds: float) -> None:
        """Note one stay in a stage."""
        self._spent[stage].append(seconds)

    def add_model(self, stage: str, seconds: float) -> None:
        """Note a stay that may lie within another one."""
        self.add(stage, seconds)
        if threading.current_thread() is threading.main_thread():
            self.model += seconds

    def handed_over(self, seq: int) -> None:
        """A frame leaves its source; from any thread."""
        self._handed[seq] = time.perf_counter()

    def age(self, seq: int, now: float) -> float:
        """How long ago that was, s; forgets this frame and those before, which were dropped."""
        for dropped in [one for one in tuple(self._handed) if one < seq]:
            del self._handed[dropped]
        return now - self._handed.pop(seq)

    def rules_done(self) -> None:
        """From here to `published` is publishing."""
        self._rules_done = time.perf_counter()

    def published(self) -> None:
        """Everything about a frame was said."""
        self.add("publish", time.perf_counter() - self._rules_done)

    def take(self) -> dict[str, list[float]]:
        """Everything noted, by stage; begins anew."""
        spent, self._spent = self._spent, {stage: [] for stage in STAGES}
        return spent


def timed_manifest(manifest: Manifest, clocks: Clocks) -> Manifest:
    """The same model with a clock on its decoder."""

    def decode(heads: Mapping[str, Floats], size: tuple[int, int], /) -> tuple[Pose, ...]:
        begin = time.perf_counter()
        poses = manifest.decoder(heads, size)
        clocks.add_model("decode", time.perf_counter() - begin)
        return poses

    return replace(manifest, decoder=decode)


class TimedBackend:
    """A backend with a clock on its inference."""

    def __init__(self, backend: Backend, clocks: Clocks) -> None:
        self.input_size = backend.input_size
        self.feed = backend.feed
        self._backend = backend
        self._clocks = clocks

    def __enter__(self) -> TimedBackend:
        self._backend.__enter__()
        return self

    def infer(self, fed: Any) -> dict[str, Floats]:
        """As the backend's."""
        begin = time.perf_counter()
        heads = self._backend.infer(fed)
        self._clocks.add_model("inference", time.perf_counter() - begin)
        return heads

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._backend.__exit__(kind, error, trace)


class TimedEstimator:
    """An estimator with clocks on its steps."""

    def __init__(self, estimator: Estimator, clocks: Clocks) -> None:
        self.stats = estimator.stats
        self._estimator = estimator
        self._clocks = clocks

    def prepare(self, frame: Frame) -> Prepared:
        """As the estimator's."""
        self._clocks.handed_over(frame.seq)
        with self._clocks.running("letterbox"):
            return self._estimator.prepare(frame)

    def look(self, prepared: Prepared) -> Look:
        """As the estimator's; the backend has a clock of its own."""
        return self._estimator.look(prepared)

    def observe(self, look: Look, memory: Memory) -> Observation:
        """As the estimator's; what is neither inference nor decoding is the follow-up."""
        before = self._clocks.model
        begin = time.perf_counter()
        seen = self._estimator.observe(look, memory)
        within = self._clocks.model - before
        self._clocks.add("follow_up", time.perf_counter() - begin - within)
        return seen


class _TimedTracker:
    def __init__(self, tracker: Tracker, clocks: Clocks) -> None:
        self._tracker = tracker
        self._clocks = clocks

    def start(self) -> Tracks:
        return self._tracker.start()

    def step(self, state: Tracks, seen: Observation) -> tuple[Tracks, Scene]:
        with self._clocks.running("track"):
            return self._tracker.step(state, seen)


class _TimedRule:
    """All rules as one, so that their times are added up."""

    def __init__(self, engine: Engine, clocks: Clocks) -> None:
        rules = engine.rules
        self.kinds = tuple(kind for rule in rules for kind in rule.kinds)
        self.skeleton = "body17"
        self.judges_hands = engine.follows_hands
        self._rules = rules
        self._clocks = clocks

    def start(self) -> tuple[Any, ...]:
        return tuple(rule.start() for rule in self._rules)

    def step(
        self, state: tuple[Any, ...], scene: Scene
    ) -> tuple[tuple[Any, ...], tuple[Event, ...]]:
        with self._clocks.running("rules"):
            steps = [rule.step(one, scene) for rule, one in zip(self._rules, state, strict=True)]
        self._clocks.rules_done()
        return tuple(one for one, _ in steps), tuple(e for _, events in steps for e in events)


def timed_engine(engine: Engine, clocks: Clocks) -> Engine:
    """The same tracker and rules with clocks on them."""
    tracker = cast("Tracker", _TimedTracker(engine.tracker, clocks))
    rules = (cast("Rule[Any]", _TimedRule(engine, clocks)),)
    return Engine(tracker, rules, engine.zones, engine.hand_tracker)
