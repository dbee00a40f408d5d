"""Recorded poses of labelled clips, and what a rule says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.errors import BenchError
from benchmarks.events.judge import Alert, Judged
from benchmarks.events.labels import Clip
from benchmarks.events.torso_angle import BASELINE, OTHERS, TorsoAngle, scenes
from edge.core.engine import Engine
from edge.core.types import Event, Observation
from edge.errors import EdgeposeError
from edge.recording import Reader


@dataclass(frozen=True, slots=True)
class Watched:
    """One clip whose poses are recorded: what the fall rule and the baseline said."""

    clip: Clip
    recording: Path
    model: str  # that made the poses
    ours: Judged
    baseline: Mapping[TorsoAngle, Judged]  # by parameters


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One clip that could not be judged, and why."""

    clip: Clip
    reason: str


def place(folder: Path, clip: Clip) -> Path:
    """Where a clip's recording lies in a folder of recordings."""
    return folder / f"{clip.name}.poses.jsonl"


def load(path: Path) -> tuple[str, list[Observation]]:
    """A recording's model and observations; raises SourceError where it is not one."""
    reader = Reader(path, warn=lambda _: None)
    return reader.header.model, list(reader)


def watched(clip: Clip, recording: Path, alerts: tuple[Alert, ...]) -> Watched:
    """Hold a rule's alerts, and the baseline's on the same poses, against the label.

    Raises BenchError or SourceError where the recording does not show the clip.
    """
    model, seen = load(recording)
    end = seen[-1].t if seen else 0.0
    if not seen or (clip.fall and clip.onset is not None and end < clip.onset):
        hint = f"{clip.place} says the fall begins at {clip.onset or 0.0:g} s"
        raise BenchError(clip.name, f"ends at {end:.2f} s, before its fall", hint)
    tracked = list(scenes(seen))
    judged = {
        rule: Judged(clip, tuple(Alert(t) for t in rule.alerts(tracked)), end)
        for rule in dict.fromkeys((BASELINE, *OTHERS))
    }
    return Watched(clip, recording, model, Judged(clip, alerts, end), judged)


def judge_folder(
    clips: Iterable[Clip], folder: Path, engine: Engine
) -> Iterator[Watched | Unreadable]:
    """Judge recordings of any pose estimator, one by one, with the rules of an engine."""
    for clip in clips:
        path = place(folder, clip)
        try:
            _, seen = load(path)
            yield watched(clip, path, fall_alerts(seen, engine))
        except EdgeposeError as error:
            yield Unreadable(clip, error.problem)


def fall_alerts(seen: Iterable[Observation], engine: Engine) -> tuple[Alert, ...]:
    """What a device with this engine tells of a recording, without its process."""
    memory = engine.start()
    events: list[Event] = []
    for one in seen:
        memory, _, told = engine.step(memory, one)
        events += told
    return tuple(_alert({"t": e.t, **e.detail}) for e in events if begins(f"{e.kind}.{e.phase}"))


def published(events: Iterable[Mapping[str, Any]]) -> tuple[Alert, ...]:
    """Alerts among CloudEvents, as they were published."""
    return tuple(
        _alert(event["data"])
        for event in events
        if begins(str(event["type"]).removeprefix("edgepose."))
    )


def begins(kind: str) -> bool:
    """Whether an event is the alert of a fall."""
    return kind == "fall.begin"


def _alert(data: Mapping[str, Any]) -> Alert:
    return Alert(float(data["t"]), str(data["stage"]), float(data["confidence"]))
