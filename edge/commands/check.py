"""Try everything a configuration names, before it runs unattended.

  edgepose check cam1.toml
  edgepose check /dev/video0 --model NAME --mqtt mqtts://broker.local

Reads the configuration, proves and loads the model, takes a picture from the camera, looks through
procedures, connects to the broker and subscribes to the signals there. Prints a table; the exit
code is 0 when all is good, 78 when only a person can mend it, 1 when trying again may help.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from edge.commands import _flags
from edge.errors import ConfigError, EdgeposeError, Problems, SourceError
from edge.ports import Backend, Placed
from edge.registry import kind_of

if TYPE_CHECKING:
    from edge.config import Config
    from edge.config_signals import SignalTopic
    from edge.runtime.predictor import Predictor
    from edge.sop.checking.finding import Finding
    from edge.sop.procedure import Procedure
    from edge.wire import Identity

Check = tuple[str, str, Callable[[], str]]  # what, which, and how it is tried


@runtime_checkable
class Probing(Protocol):
    """A sink that can try its receiver without sending anything."""

    def probe(self, identity: Identity, topics: Sequence[str] = ()) -> None:
        """Connect once and leave; raises SinkError, also where a topic may not be heard."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags, those of `run`."""
    parser.add_argument("source", metavar="CONFIG.toml | CLIP_OR_CAMERA")
    _flags.model(parser)
    _flags.reports(parser)
    _flags.names(parser)


def run(args: argparse.Namespace) -> int:
    """Try each part by itself, so that one failure does not hide another."""
    from edge import config as configuration  # noqa: PLC0415 - see commands/run.py

    path = Path(args.source) if _flags.is_config(args.source) else None
    config = configuration.load(path, _flags.tables(args))
    print(f"{'good':6} {'configuration':14} {config.file}")
    worst = 0
    for what, which, attempt in _checks(config):
        try:
            words, code = attempt(), 0
            good = "note" if words.startswith("not ") else "good"
        except EdgeposeError as error:
            good, words, code = "BAD", str(error), error.exit_code
        print(f"{good:6} {what:14} {which}")
        for line in words.splitlines():
            print(f"{'':21} {line}")
        worst = max(worst, code)
    return worst


def _checks(config: Config) -> Iterator[Check]:
    from edge.runtime import assemble  # noqa: PLC0415 - see commands/run.py

    identity = assemble.identity(config, session="check")
    names = ", ".join(choice.name for choice in config.models)
    yield "model", names, lambda: _models(config)
    yield "source", config.source.open().name, lambda: _source(config)
    for rule in config.rules:
        yield "rule", kind_of(rule), partial(_rule, config, rule)
    yield "state", str(config.state_dir), lambda: _state(config, identity)
    for sink in config.sinks:
        yield "sink", kind_of(sink), partial(_sink, sink, identity)
    for signal in config.signals:
        yield "signal", signal.name, partial(_signal, config, signal, identity)
    yield "clock", "", _clock


def _rule(config: Config, rule: object) -> str:
    """A procedure is looked through; what may be meant so is no failure."""
    procedure = getattr(rule, "procedure", None)
    if procedure is None:
        return ""
    found = findings(config, procedure)
    errors: list[EdgeposeError] = [
        ConfigError(f"{procedure.name}: {one.key}", one.problem, one.hint)
        for one in found
        if one.severity == "error"
    ]
    if errors:
        raise Problems(errors)
    return "\n".join([procedure.said, *(f"{one.key}: {one.problem}" for one in found)])


def findings(config: Config, procedure: Procedure) -> tuple[Finding, ...]:
    """What is wrong, or may be, with a procedure on this camera."""
    from edge.commands._sop_check import known  # noqa: PLC0415 - see commands/run.py
    from edge.sop.checking.check import check  # noqa: PLC0415

    names = tuple(signal.name for signal in config.signals)
    models = tuple(choice.name for choice in config.models)
    return check(procedure, known(tuple(config.zones), names, models))


def doubts(config: Config, again: str) -> Iterator[str]:
    """A line for each procedure that cannot work as it is written; `again` tells its errors."""
    for procedure in (getattr(rule, "procedure", None) for rule in config.rules):
        if procedure is None:
            continue
        errors = sum(one.severity == "error" for one in findings(config, procedure))
        if errors:
            many = "1 error" if errors == 1 else f"{errors} errors"
            yield f"procedure {procedure.name}: {many}, see `{again}`"


def _signal(config: Config, signal: SignalTopic, identity: Identity) -> str:
    """Whether the broker lets us hear it; who else will say something cannot be known."""
    sink = next(sink for sink in config.sinks if getattr(sink, "hears", False))
    if isinstance(sink, Probing):
        sink.probe(identity, [signal.topic])
    return f"{signal.topic}{f', {signal.key}' if signal.key else ''}"


def _models(config: Config) -> str:
    from edge.runtime import assemble  # noqa: PLC0415 - see commands/run.py

    return "\n".join(_model(predictor) for predictor in assemble.cast(config).predictors)


def _model(predictor: Predictor) -> str:
    facts = predictor.manifest
    began = time.monotonic()
    with predictor.backend:
        height, width = predictor.backend.input_size
    takes = "poses" if facts.input.vector else f"{height}x{width}"
    ready = f"{takes}, ready in {time.monotonic() - began:.2f} s"
    doubt = f"\nnot to be relied on: {facts.doubt}" if facts.doubt else ""
    return f"{facts.title}\n{ready}{_computed(predictor.backend)}{doubt}"


def _computed(backend: Backend) -> str:
    if not isinstance(backend, Placed):
        return ""
    return f"\n{backend.fallback or f'computed by {backend.provider}'}"


def _source(config: Config) -> str:
    began = time.monotonic()
    with config.source.open() as source:
        frame = next(source.frames(), None)
        if frame is None:
            raise SourceError(source.name, "gives no picture")
        height, width = frame.image.shape[:2]
    return f"{width}x{height}, first picture after {time.monotonic() - began:.2f} s"


def _state(config: Config, identity: Identity) -> str:
    from edge.runtime import assemble  # noqa: PLC0415 - see commands/run.py

    assemble.sinks(config, identity)
    return ""


def _sink(sink: object, identity: Identity) -> str:
    if not isinstance(sink, Probing):
        return ""
    sink.probe(identity)
    return "connected"


def _clock() -> str:
    from edge.runtime.health import clock_synchronised  # noqa: PLC0415 - see commands/run.py

    answers = {True: "synchronised", None: "cannot say whether it is synchronised"}
    late = "not synchronised: events say so; install systemd-timesyncd or chrony"
    return answers.get(clock_synchronised(), late)
