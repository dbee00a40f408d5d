"""The round: every check by itself, in order, each with a time limit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from edge.config import Config
from edge.doctor import (
    alone,
    broker,
    camera,
    clock,
    credentials,
    disk,
    heat,
    memory,
    network,
    outbox,
    permissions,
    power,
    service,
)  # fmt: skip
from edge.doctor.finding import RESTART, Finding, Grade, bad, failed, good, look, worst
from edge.doctor.holders import device_files, holders
from edge.doctor.machine import Machine
from edge.doctor.patient import Patient
from edge.errors import ConfigError, EdgeposeError
from edge.registry import nearest
from edge.sinks.mqtt import Mqtt

_THREAD = "doctor "
_LIMIT_S = 15.0  # for reading files and asking commands
_BROKER_S = 45.0  # a name that nobody answers for takes its time
_CAMERA_S, _MODEL_S = 60.0, 120.0  # on a slow board that does something else
_ENGINE_S = 900.0  # TensorRT builds its engine when it first sees a model
_EXAMPLE = "/usr/share/edgepose/cam1.toml.example"

Look = Callable[[], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Check:
    """Something to look at, and how long that may take."""

    what: str
    camera: str  # empty: of the whole machine
    look: Look
    limit_s: float = _LIMIT_S


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a check."""

    what: str
    camera: str
    findings: tuple[Finding, ...]
    seconds: float

    @property
    def grade(self) -> Grade:
        """The worst of its findings."""
        return worst(one.grade for one in self.findings)


def examine(check: Check) -> Result:
    """Do one; it can fail or hang, and the next is done all the same."""
    found: list[Finding] = []
    began = time.monotonic()

    def work() -> None:
        found.extend(_safely(check.look))

    # Left behind where it hangs: a daemon thread does not hold up the end of the program.
    thread = threading.Thread(target=work, name=f"{_THREAD}{check.what}", daemon=True)
    thread.start()
    thread.join(check.limit_s)
    if thread.is_alive():
        found = [bad(f"no answer in {check.limit_s:.0f} s", RESTART)]
    return Result(check.what, check.camera, tuple(found), time.monotonic() - began)


def _safely(look_at: Look) -> Sequence[Finding]:
    try:
        return look_at()
    except EdgeposeError as error:
        return failed(error)
    except PermissionError as error:
        says = f"{error.filename or 'something'} is not for you to see"
        return [look(says, "sudo edgepose doctor")]
    except Exception as error:  # noqa: BLE001 - one check that fails must not hide the others
        return [bad(f"this check failed: {error!r}", "please report it, with the version")]


def checks(machine: Machine, patients: Sequence[Patient]) -> Iterator[Check]:
    """Everything there is to look at: the machine first, then each camera."""
    hosts = tuple(dict.fromkeys(host for one in patients for host in one.hosts))
    yield Check("versions", "", lambda: _versions(patients), _MODEL_S)
    yield Check("power", "", lambda: power.judge(power.read(machine)))
    yield Check("heat", "", lambda: heat.judge(heat.read(machine)))
    yield Check("memory", "", lambda: memory.judge(memory.read(machine)))
    yield Check("disk", "", lambda: disk.judge(disk.read(machine, Path("/")), kept=False))
    yield Check("clock", "", lambda: clock.judge(clock.read(machine)))
    yield Check("network", "", lambda: network.judge(network.read(machine), hosts))
    if not patients:
        yield Check("configuration", "", _nothing)
    for one in patients:
        yield from _camera_checks(machine, one)


def _nothing() -> list[Finding]:
    says = "no camera is configured yet: /etc/edgepose holds no .toml file"
    mend = f"sudo cp {_EXAMPLE} /etc/edgepose/cam1.toml, and edit it; or: edgepose doctor FILE"
    return [look(says, mend)]


def _camera_checks(machine: Machine, one: Patient) -> Iterator[Check]:
    name, config = one.name, one.config
    yield Check("configuration", name, lambda: _configuration(one))
    yield Check("service", name, lambda: service.judge(one.service, one.instance))
    if config is None:
        return
    yield Check("permissions", name, lambda: _permissions(machine, one, config))
    yield Check("camera", name, lambda: _camera(machine, one, config), _CAMERA_S + _LIMIT_S)
    patience = _ENGINE_S if any(m.backend == "onnxruntime" for m in config.models) else _MODEL_S
    yield Check("model", name, lambda: _model(one, patience), patience + _LIMIT_S)
    yield Check("outbox", name, lambda: _outbox(machine, one, config))
    for sink in one.brokers:
        yield Check("broker", name, partial(_broker, machine, one, config, sink), _BROKER_S)
    if not one.brokers:
        yield Check("broker", name, lambda: [_no_broker(one)])


def _configuration(one: Patient) -> list[Finding]:
    if one.error:
        return failed(one.error)
    return [good(str(one.path), file=str(one.path))]


def _permissions(machine: Machine, one: Patient, config: Config) -> Sequence[Finding]:
    seen = one.service
    own = seen.own_user if seen else False
    files = device_files(machine, config.source)
    may = permissions.read(one.path, files, service=own, groups=seen.groups if seen else ())
    found = permissions.judge(may)
    secrets = [
        finding
        for sink in one.brokers
        for finding in credentials.wrong(sink, machine, one.instance)
    ]
    rest = [finding for finding in found if finding.grade != "good" or not secrets]
    return [*secrets, *rest]


def _camera(machine: Machine, one: Patient, config: Config) -> Sequence[Finding]:
    """A camera that our service sees with is not opened; one that is taken says by whom."""
    files = device_files(machine, config.source)
    name, seen = config.source.open().name, one.service
    if seen and seen.sees and not _shared(config):
        return [camera.in_use(name, seen.name, seen.frame_s or 0.0)]
    held = holders(machine, files)
    found = alone.examine("camera", (str(one.path),), one.environment, _CAMERA_S)
    # Facts are of pictures that were seen: who gave some has been had.
    unopened = [finding for finding in found if finding.grade == "bad" and not finding.facts]
    return [camera.taken(unopened[0].says, held)] if held and unopened else found


def _shared(config: Config) -> bool:
    """Whether a second one can look through the camera, too: over the network, or at a file."""
    source = config.source.open()
    return not source.live or hasattr(config.source, "url")


def _model(one: Patient, patience_s: float) -> list[Finding]:
    busy = "busy" if one.service and one.service.runs else "idle"
    return alone.examine("model", (str(one.path), busy), one.environment, patience_s)


def _outbox(machine: Machine, one: Patient, config: Config) -> Sequence[Finding]:
    bound = min((sink.bound for sink in one.brokers), default=Mqtt().bound)
    running = bool(one.service and one.service.runs)
    found = outbox.judge(outbox.read(config.state_dir, bound), running=running)
    below = disk.judge(disk.read(machine, config.state_dir), kept=True)
    if worst(finding.grade for finding in below) == "bad":
        return below  # which is why nothing can be kept
    return [finding for finding in (*found, *below) if finding.grade != "good"] or found


def _broker(machine: Machine, one: Patient, config: Config, sink: Mqtt) -> Sequence[Finding]:
    from edge.doctor.broker_visit import visit  # noqa: PLC0415 - paho is slow to import
    from edge.runtime import assemble  # noqa: PLC0415 - and so are all the parts

    who = assemble.identity(config, session="doctor")
    topics = [signal.topic for signal in config.signals]
    ready = credentials.as_the_service(sink, machine, one.instance)
    time_is_wrong = any(finding.grade != "good" for finding in clock.judge(clock.read(machine)))
    return broker.judge(visit(ready, who, topics, clock_wrong=time_is_wrong))


def _no_broker(one: Patient) -> Finding:
    says = "no broker is configured, so nobody is told of a fall"
    mend = f'write [[sink]] kind = "mqtt" host = "..." into {one.path}'
    return look(says, mend, broker=None)


def _versions(patients: Sequence[Patient]) -> list[Finding]:
    configs = [one.config for one in patients if one.config]
    kinds = {model.backend or "tflite" for config in configs for model in config.models}
    pythons = {str(getattr(config.source, "python", "")) for config in configs} - {""}
    words = (",".join(sorted(kinds or {"tflite"})), ",".join(sorted(pythons)))
    return alone.examine("versions", words, {}, _MODEL_S)


def only(listed: Sequence[Check], what: str) -> list[Check]:
    """The checks of this name; raises ConfigError where there is none."""
    chosen = [check for check in listed if check.what == what]
    if not chosen:
        raise ConfigError(
            f"--only {what}", "is no check", nearest(what, {one.what for one in listed})
        )
    return chosen


def stuck() -> Iterator[str]:
    """Names of checks that still hang."""
    return (one.name for one in threading.enumerate() if one.name.startswith(_THREAD))
