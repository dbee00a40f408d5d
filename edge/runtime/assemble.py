"""A configuration becomes parts: the one file that knows every seam. Nothing is opened yet."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, runtime_checkable

from edge import __version__, registry
from edge.config import Config, ModelChoice, Publish
from edge.core.engine import Engine
from edge.core.types import Polygon
from edge.errors import ConfigError, SinkError
from edge.modelstore import model_store
from edge.ports import Backend, Placed, Placement, Sink, Source, judges_hands
from edge.recording import Header
from edge.runtime.estimate import BodyFinder, Estimator
from edge.runtime.hands import HandFinder
from edge.runtime.labels import USUAL, Labeller, names_of, wanted
from edge.runtime.power import has_gpu
from edge.runtime.predictor import Predictor
from edge.runtime.roles import Roles, roles
from edge.runtime.signals import Inbox
from edge.runtime.viewers import Viewer
from edge.wire import Identity


class SourceSettings(Protocol):
    """What a plugin in edge/sources declares."""

    def open(self) -> Source:
        """Make the source; it starts when entered."""
        ...


def _silent(_line: str) -> None:
    """Say nothing."""


@runtime_checkable
class Scaling(Protocol):
    """Settings of a camera that scales its pictures itself, at no cost."""

    def fitted(self, size: tuple[int, int]) -> SourceSettings:
        """Settings for pictures that fill so many px, unless a person has chosen a size."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Everything that lives as long as the process."""

    identity: Identity
    backends: Sequence[Backend]
    sinks: Sequence[Sink]
    source: SourceSettings
    realtime: bool  # a file is played at its own speed, and late frames are dropped
    publish: Publish
    viewers: Sequence[Viewer]
    estimator: Estimator
    engine: Engine
    inbox: Inbox = field(default_factory=Inbox)
    every_frame: bool = False  # none is dropped all the same: a file may take longer
    tell: Callable[[str], None] = _silent  # a line for the journal, while models are opened


def predictor(choice: ModelChoice, state_dir: Path | None = None) -> Predictor:
    """Find a model and the runtime for it; raises ModelError or ConfigError with the remedy."""
    found = model_store().find(choice.name)
    first = found.manifest.file(choice.weights).backends if choice.weights else ()
    kind = choice.backend or (*first, *found.manifest.backends, "tflite")[0]
    weights = found.weights(kind, choice.weights)
    backend: Backend = registry.load("backends", kind)(found.manifest, weights, choice.threads)
    if isinstance(backend, Placed):
        engines = state_dir and state_dir / "engines" / found.manifest.name
        backend.place(Placement(choice.provider, choice.fp16, engines, has_gpu()))
    elif choice.provider not in ("auto", "cpu"):
        problem = f"provider = '{choice.provider}', and its backend '{kind}' uses the CPU alone"
        raise ConfigError(choice.name, problem, 'write backend = "onnxruntime" beside it')
    return Predictor(found.manifest, backend)


def cast(config: Config) -> Roles:
    """Find all models; raises ConfigError where they, or the rules, do not go together."""
    models = roles([predictor(one, config.state_dir) for one in config.models], config.file)
    for number, rule in enumerate(config.rules, start=1):
        kind = registry.kind_of(rule)
        where = f"{config.file}: rule[{number}]"
        if rule.skeleton == "body17" and models.body is None:
            hint = "name a body model first; `edgepose record`, or rule = [], goes without rules"
            raise ConfigError(where, f"'{kind}' judges bodies, and no model finds any", hint)
        handless = models.hand is None and models.body is None
        if handless and judges_hands(rule):
            hint = "name a hand model, or a body model: arms show where hands are"
            raise ConfigError(where, f"'{kind}' judges hands, and no model finds any", hint)
    return _named(config, models)


def _named(config: Config, models: Roles) -> Roles:
    """Add what names poses where a rule needs names; raises ConfigError for unknown names."""
    classifiers = dict(models.classifiers)
    for number, labels in wanted(config.rules).items():
        where = f"{config.file}: rule[{number}]"
        for skeleton, names in labels.items():
            if not models.finds(skeleton):
                what = "gestures, and no model finds hands' joints"
                hint = "name a hand model, and a palm or body model: see `edgepose models list`"
                if skeleton == "body17":
                    what, hint = "poses, and no model finds bodies", "name a body model"
                raise ConfigError(where, f"speaks of {what}", hint)
            if skeleton not in classifiers:
                classifiers[skeleton] = predictor(ModelChoice(name=USUAL[skeleton]))
            known = names_of(classifiers[skeleton].manifest.decoder)
            for name in names:
                if name not in known:
                    model = classifiers[skeleton].manifest.name
                    problem = f"speaks of '{name}', which '{model}' does not know"
                    raise ConfigError(where, problem, registry.nearest(name, known))
    return replace(models, classifiers=classifiers)


def identity(config: Config, session: str) -> Identity:
    """Who is speaking."""
    names = config.names
    return Identity(names.site, names.device, names.camera, __version__, session)


def recorded_identity(header: Header) -> Identity:
    """Who was speaking when a recording was made: its events have the same ids again."""
    return Identity(header.site, header.device, header.camera, __version__, header.session)


def session(source: SourceSettings) -> str:
    """Name a run: a live camera's never again, a file's always the same, so that ids agree."""
    opened = source.open()
    if opened.live:
        return uuid.uuid4().hex[:12]
    path = Path(opened.name)
    size = path.stat().st_size if path.is_file() else 0
    return hashlib.sha256(f"{path.name} {size}".encode()).hexdigest()[:12]


def source(config: Config, models: Roles, *, drawn: bool) -> SourceSettings:
    """The camera, told how large pictures need to be where it is asked for nothing else.

    As large as the body model's input, where nobody looks closer: at hands, at who is small, at
    who was lost, or at a drawn picture.
    """
    settings: SourceSettings = config.source
    body = models.body.manifest if models.body else None
    near = models.hand or drawn or any(map(judges_hands, config.rules))
    if body is None or near or not (body.sees_lying or not config.look_again.enabled):
        return settings
    asked: object = settings
    size = (body.input.width, body.input.height)
    return asked.fitted(size) if isinstance(asked, Scaling) else settings


def sinks(config: Config, speaker: Identity) -> tuple[Sink, ...]:
    """Every sink of the configuration; raises SinkError where no state can be kept."""
    try:
        config.state_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SinkError(
            str(config.state_dir), f"cannot be made ({error.strerror})", "choose --state-dir"
        ) from error
    return tuple(settings.open(speaker, config.state_dir) for settings in config.sinks)


def engine(config: Config) -> Engine:
    """The trackers and the rules."""
    return Engine(config.track, config.rules, config.zones, config.track_hands)


def zones(config: Config) -> dict[str, Polygon]:
    """All areas, also those of procedures; the camera's own win over theirs."""
    theirs: dict[str, Polygon] = {}
    for rule in config.rules:
        theirs |= getattr(getattr(rule, "procedure", None), "zones", {})
    return {**theirs, **config.zones}


def estimator(config: Config, models: Roles) -> Estimator:
    """Frame to poses."""
    watched = models.hand is not None or any(map(judges_hands, config.rules))
    near = config.look_closer if watched else None
    bodies = BodyFinder(models.body, config.look_again, near) if models.body else None
    hands = HandFinder(config.hands, models.hand, models.palm) if models.hand else None
    return Estimator(bodies, hands, Labeller(models.classifiers.values()))
