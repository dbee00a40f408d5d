"""Secrets as the service finds them, and whether it will: passwords are read, never told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from edge.doctor.finding import Finding, bad, look
from edge.doctor.machine import Machine
from edge.sinks.mqtt import Mqtt

_STORE = "/etc/credstore"
_OTHERS = 0o077  # what others than root must not have on a secret


def handed(instance: str) -> Path:
    """Where systemd hands a running service its secrets."""
    return Path("/run/credentials") / f"edgepose@{instance}.service"


def stored(instance: str, name: str) -> Path:
    """Where an administrator puts a secret of a service."""
    return Path(_STORE) / f"edgepose.{instance}.{name}"


def as_the_service(sink: Mqtt, machine: Machine, instance: str) -> Mqtt:
    """The sink with its secrets named by files that are there now, also while no service runs."""
    if not instance:
        return sink
    changes: dict[str, Any] = {}
    if sink.username and not sink.password_file:
        places = (handed(instance) / sink.credential, stored(instance, sink.credential))
        found = next((machine.at(place) for place in places if machine.at(place).is_file()), None)
        if found:
            changes["password_file"] = str(found)
    key = Path(sink.key_file)
    if sink.key_file and not key.exists() and key.parent == handed(instance):
        changes["key_file"] = str(machine.at(stored(instance, key.name)))
    return replace(sink, **changes)


def wrong(sink: Mqtt, machine: Machine, instance: str) -> Iterator[Finding]:
    """What would keep the service from its secrets, or show them to others."""
    resolved = as_the_service(sink, machine, instance)
    if not instance or not sink.username:
        return
    place = stored(instance, sink.credential)
    make = f"sudo install -D -m 600 /dev/stdin {place}   (type the password, then Ctrl-D)"
    if not resolved.password_file:
        says = f"user name '{sink.username}' is set, and there is no password for it"
        yield bad(says, make)
    elif Path(resolved.password_file) == machine.at(place):
        mode = Path(resolved.password_file).stat().st_mode
        if mode & _OTHERS:
            yield look(f"{place} can be read by others than root", f"sudo chmod 600 {place}")
