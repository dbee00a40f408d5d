"""One TOML file, or a few flags, into one frozen `Config`, with all errors at once.

    [identity]  site, device, camera       names for topics and alarms
    [source]    uri or kind, ...           where frames come from     edge/sources
    [[model]]   name, backend, provider    what finds poses           models/<name>
    [track] [look_again] [look_closer]     how people are followed and looked for
    [hands]     max_hands, search_s        how hands are found, if a model sees them
    [track_hands]                          how they are followed, for rules that speak of them
    [zones]     bed = [[x, y], ...]        areas, as shares of the picture's width and height
    [[signal]]  name, topic, key           what other machines say
    [[rule]]    kind, ...                  what is reported           edge/events
    [[sink]]    kind, ...                  to whom                    edge/sinks
    [publish]   poses, health_s            what is said besides events
    [state]     dir                        where alarms wait for the broker

Every setting is declared once, on the dataclass that uses it; this file only puts the tables
together. Flags are the same tables again, laid over the file's.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from edge import registry
from edge.config_files import Around, files_read, of_camera
from edge.config_signals import SignalTopic, actions_sent, signals_heard, signals_of
from edge.config_table import Place, T, Tables, overlay, parse, read
from edge.config_zones import zones_exist, zones_of
from edge.core.handtrack import HandTracker
from edge.core.settings import setting
from edge.core.track import Tracker
from edge.core.types import Polygon
from edge.errors import ConfigError, EdgeposeError, Problems
from edge.modelstore import model_beside
from edge.runtime.hands import Hands
from edge.runtime.lookagain import LookAgain
from edge.runtime.lookcloser import LookCloser
from edge.runtime.open_source import resolve

TABLES = (
    *("identity", "source", "model", "track", "look_again", "look_closer", "hands"),
    *("track_hands", "zones", "signal", "rule", "sink", "publish", "state"),
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_FALL = {"kind": "fall"}  # what is reported when no rule is given


def _device() -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "-", socket.gethostname().partition(".")[0]) or "device"


@dataclass(frozen=True, slots=True)
class Names:
    """Who is speaking: parts of every topic and of every event's id."""

    site: str = setting("home", "the building or plant")
    device: str = field(
        default_factory=_device, metadata={"doc": "this computer; the host's name unless given"}
    )
    camera: str = setting("cam1", "which camera of the device")

    def __post_init__(self) -> None:
        for one in fields(self):
            if not _NAME.fullmatch(getattr(self, one.name)):
                raise ConfigError(one.name, "must be letters, digits, '-', '_' and '.'")


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Which model finds poses, and how it is run; its skeleton says which: bodies, palms, hands."""

    name: str = setting("", "a name from `edgepose models list`, or a folder: ./mine")
    backend: str = setting("", "inference runtime; the one for the model's file unless given")
    threads: int = setting(1, "inference threads", low=1, high=64)
    weights: str = setting("", "which file of the model, where the backend opens several")
    provider: str = setting(
        "auto", "what computes, in ONNX Runtime", choices=("auto", "tensorrt", "cuda", "cpu")
    )
    fp16: bool = setting(default=True, doc="TensorRT may round floats to 16 bits: faster")


@dataclass(frozen=True, slots=True)
class Publish:
    """What is said besides events and states."""

    poses: bool = setting(default=False, doc="every frame's keypoints, for those who draw them")
    health_s: float = setting(30.0, "between two reports of health", unit="s", low=1, high=3600)


@dataclass(frozen=True, slots=True)
class State:
    """What must survive a restart."""

    dir: Path | None = setting(None, "folder for alarms that wait for the broker")  # noqa: RUF009 - makes a field


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a process is told before it starts, checked."""

    file: str  # what errors call it
    names: Names
    source: Any  # a settings dataclass from edge/sources; None when only replaying
    models: tuple[ModelChoice, ...]
    track: Tracker
    look_again: LookAgain
    look_closer: LookCloser
    hands: Hands
    track_hands: HandTracker
    zones: Mapping[str, Polygon]  # shares of the picture's width and height
    signals: tuple[SignalTopic, ...]
    rules: tuple[Any, ...]  # dataclasses from edge/events
    sinks: tuple[Any, ...]  # settings dataclasses from edge/sinks
    publish: Publish
    state_dir: Path


def load(path: Path | None, flags: Tables, *, watching: bool = True) -> Config:
    """Read a file and lay flags over it; raises Problems, with every error in it.

    Without `watching` (a replay) it needs no source and no model, and tells no sink of the file.
    """
    given = of_camera(parse(path), path) if path else {}
    tables = overlay(given if watching else {**given, "sink": []}, flags)
    place = Place(
        file=str(path) if path else "command line",
        key="",
        errors=[],
        folder=path.absolute().parent if path else Path.cwd(),
    )
    config = _build(tables, place, watching=watching)
    if place.errors:
        raise Problems(place.errors)
    return config


def _build(tables: Tables, place: Place, *, watching: bool) -> Config:
    def settings(kind: type[T], name: str) -> T:
        return read(kind, tables.get(name, {}), place.at(name)) or kind()

    for name in tables:
        if name not in TABLES:
            place.at(name).wrong("unknown table", registry.nearest(name, TABLES))
    zones = zones_of(tables.get("zones", {}), place.at("zones"))
    names = settings(Names, "identity")
    source = None
    if "source" in tables or watching:
        source = _source(tables.get("source"), place.at("source"))
    signals = signals_of(_listed(tables, "signal", place, []))
    sinks = tuple(_plugin("sinks", table, at) for table, at in _listed(tables, "sink", place, []))
    signals_heard(signals, sinks, place.at("signal"), watching=watching)
    rules = []
    around = Around(zones, [signal.name for signal in signals] if watching else None)
    for table, at in _listed(tables, "rule", place, [_FALL]):
        rules.append(_plugin("events", files_read(table, at, around), at))
        zones_exist(table, zones, at)
    actions_sent(rules, sinks, place, watching=watching)
    return Config(
        file=place.file,
        names=names,
        source=source,
        models=_models(tables, place, watching=watching),
        track=settings(Tracker, "track"),
        look_again=settings(LookAgain, "look_again"),
        look_closer=settings(LookCloser, "look_closer"),
        hands=settings(Hands, "hands"),
        track_hands=settings(HandTracker, "track_hands"),
        zones=zones,
        signals=signals,
        rules=tuple(rules),
        sinks=sinks,
        publish=settings(Publish, "publish"),
        state_dir=_state_dir(settings(State, "state"), names, os.environ),
    )


def _listed(
    tables: Tables, name: str, place: Place, default: list[Any]
) -> Iterator[tuple[Any, Place]]:
    """Each [[table]] of a name with its place; people count from 1."""
    found = tables.get(name, default)
    if not isinstance(found, list):
        place.at(name).wrong("must be a list of tables", f"write [[{name}]]")
        return
    for number, table in enumerate(found, start=1):
        yield table, place.at(f"{name}[{number}]")


def _plugin(family: str, table: object, place: Place) -> Any:
    if not isinstance(table, Mapping):
        place.wrong("must be a table")
        return None
    known = registry.kinds(family)
    kind = table.get("kind")
    if kind not in known:
        problem = "is missing" if kind is None else f"unknown kind '{kind}'"
        place.at("kind").wrong(problem, registry.nearest(str(kind or ""), known))
        return None
    settings = {key: value for key, value in table.items() if key != "kind"}
    return read(registry.load(family, kind), settings, place)


def _source(table: object, place: Place) -> Any:
    if table is None:
        place.wrong("is missing", 'write [source] and uri = "/dev/video0", or a clip')
        return None
    if not isinstance(table, Mapping) or "uri" not in table:
        return _plugin("sources", table, place)
    rest = {key: value for key, value in table.items() if key != "uri"}
    try:
        kind, settings = resolve(str(table["uri"]))
    except EdgeposeError as error:
        place.at("uri").wrong(error.problem, error.hint)
        return None
    plain = {key: str(one) if isinstance(one, Path) else one for key, one in settings.items()}
    return _plugin("sources", {"kind": kind, **plain, **rest}, place)


def _models(tables: Tables, place: Place, *, watching: bool) -> tuple[ModelChoice, ...]:
    found = [read(ModelChoice, table, at) for table, at in _listed(tables, "model", place, [])]
    named = (model for model in found if model is not None)
    models = tuple(replace(one, name=model_beside(one.name, place.folder)) for one in named)
    if watching and not tables.get("model", []):
        place.at("model").wrong("is missing", "name one of `edgepose models list`")
    known = registry.kinds("backends")
    for number, model in enumerate(models, start=1):
        here = place.at(f"model[{number}]")
        if not model.name:
            here.at("name").wrong("is missing", "name one of `edgepose models list`")
        if model.backend and model.backend not in known:
            problem = f"unknown kind '{model.backend}'"
            here.at("backend").wrong(problem, registry.nearest(model.backend, known))
    return models


def _state_dir(state: State, names: Names, environ: Mapping[str, str]) -> Path:
    """Every camera has its own folder: an outbox belongs to one process."""
    home = environ.get("XDG_STATE_HOME") or "~/.local/state"
    usual = environ.get("STATE_DIRECTORY") or f"{home}/edgepose"
    return (state.dir or Path(usual).expanduser()) / names.camera
