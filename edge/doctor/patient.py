"""One camera's configuration, read as its service would read it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from edge import config as configuration
from edge.config import Config
from edge.doctor import service
from edge.doctor.machine import Machine
from edge.errors import EdgeposeError
from edge.sinks.mqtt import Mqtt

_STATE = Path("/var/lib/edgepose")  # where systemd keeps what services may write


@dataclass(frozen=True, slots=True)
class Patient:
    """A configuration, or why it cannot be read, and the service that reads it."""

    path: Path
    instance: str  # of the service; empty where none reads it
    service: service.Service | None
    environment: Mapping[str, str]  # that the service has, and we may lack
    config: Config | None
    error: EdgeposeError | None

    @property
    def name(self) -> str:
        """What people call the camera."""
        return self.instance or self.path.stem

    @property
    def brokers(self) -> tuple[Mqtt, ...]:
        """MQTT brokers that are told."""
        sinks = self.config.sinks if self.config else ()
        return tuple(sink for sink in sinks if isinstance(sink, Mqtt))

    @property
    def hosts(self) -> tuple[str, ...]:
        """Machines that must be reached: brokers, a network camera."""
        url = str(getattr(self.config.source, "url", "")) if self.config else ""
        camera = urlsplit(url).hostname if "://" in url else None
        return (*(sink.host for sink in self.brokers), *((camera,) if camera else ()))


def read(path: Path, machine: Machine) -> Patient:
    """Never raises: what is wrong with the file is a finding."""
    instance = service.instance_of(path)
    seen = service.read(machine, instance)
    given = dict(seen.environment) if seen else {}
    if instance:
        given["STATE_DIRECTORY"] = str(_STATE / instance)
    config, error = None, None
    with surroundings(given):
        try:
            config = configuration.load(path, {})
        except EdgeposeError as wrong:
            error = wrong
    return Patient(path, instance, seen, given, config, error)


@contextmanager
def surroundings(environment: Mapping[str, str]) -> Iterator[None]:
    """Environment variables for a while; the service's win over ours."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
