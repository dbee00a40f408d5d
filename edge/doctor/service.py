"""Does the camera's service run, since when, and why not."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from edge.core.types import Json
from edge.doctor.finding import Finding, absent, bad, good, look, spoken
from edge.doctor.machine import Machine
from edge.errors import ConfigError

FOLDER = Path("/etc/edgepose")  # whose files the services read
_FRESH_S = 10.0  # the watchdog is fed by every frame
_ASKED = (
    *("LoadState", "ActiveState", "SubState", "UnitFileState", "NRestarts", "Result"),
    *("ExecMainStatus", "MainPID", "ActiveEnterTimestampMonotonic"),
    *("WatchdogTimestampMonotonic", "Environment", "SupplementaryGroups", "DynamicUser"),
)
_RESULTS = {
    "watchdog": "no frame was processed for too long",
    "oom-kill": "it needed more memory than there is",
    "timeout": "it did not get ready in time: the camera gives no frames",
    "signal": "it crashed",
    "core-dump": "it crashed",
    "resources": "systemd could not prepare it: a folder or a credential",
}
_UNITS = ((86400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds"))


@dataclass(frozen=True, slots=True)
class Service:
    """What systemd says of edgepose@<instance>."""

    name: str  # "edgepose@cam1"
    loaded: bool  # systemd knows such a unit
    active: str  # "active", "activating", "failed", "inactive"
    sub: str  # "running", "auto-restart"
    enabled: bool  # starts with the machine
    restarts: int
    result: str  # of its last end: "success", "exit-code", "watchdog"
    status: int  # exit code of its last end
    pid: int
    since_s: float | None  # how long it has been active
    frame_s: float | None  # since a frame was processed
    environment: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    own_user: bool = False  # one that systemd makes, and that owns nothing else

    @property
    def runs(self) -> bool:
        """Whether it is there, or about to be."""
        return self.pid > 0

    @property
    def sees(self) -> bool:
        """Whether frames go through it right now."""
        return self.active == "active" and self.frame_s is not None and self.frame_s < _FRESH_S


def instance_of(path: Path) -> str:
    """Which instance reads a configuration; empty for one that no service reads."""
    return path.stem if path.absolute().parent == FOLDER and path.suffix == ".toml" else ""


def read(machine: Machine, instance: str, now: float | None = None) -> Service | None:
    """Ask systemd; None where it is not in charge, or for no instance."""
    if not instance or not machine.at("/run/systemd/system").is_dir():
        return None
    name = f"edgepose@{instance}"
    said = machine.run(("systemctl", "show", name, f"--property={','.join(_ASKED)}"))
    if said is None:
        return None
    told = dict(line.partition("=")[::2] for line in said.splitlines())
    clock = time.monotonic() if now is None else now
    return Service(
        name=name,
        loaded=told.get("LoadState") == "loaded",
        active=told.get("ActiveState", ""),
        sub=told.get("SubState", ""),
        enabled=told.get("UnitFileState", "").startswith("enabled"),
        restarts=_number(told.get("NRestarts")),
        result=told.get("Result", ""),
        status=_number(told.get("ExecMainStatus")),
        pid=_number(told.get("MainPID")),
        since_s=_since(told.get("ActiveEnterTimestampMonotonic"), clock),
        frame_s=_since(told.get("WatchdogTimestampMonotonic"), clock),
        environment=_environment(told.get("Environment", "")),
        groups=tuple(told.get("SupplementaryGroups", "").split()),
        own_user=told.get("DynamicUser") == "yes",
    )


def judge(service: Service | None, instance: str) -> tuple[Finding, ...]:
    """Running and seeing is good; why it does not, in systemd's words turned into ours."""
    if service is None:
        why = "systemd is not in charge here" if instance else "no service reads this configuration"
        return (absent(why),)
    return spoken(_wrong(service), good(_summary(service), **_facts(service)))


def _wrong(service: Service) -> Iterator[Finding]:
    name, facts = service.name, _facts(service)
    journal = f"journalctl --unit {name} --lines 30"
    if not service.loaded:
        yield look(f"{name} is not installed", "install the package: systemd/README.md", **facts)
    elif service.active == "failed" and service.status == ConfigError.exit_code:
        mend = f"mend what is bad here, then: sudo systemctl restart {name}"
        yield bad(f"{name} has stopped: its configuration or model is wrong", mend, **facts)
    elif service.active == "failed" or service.sub == "auto-restart":
        again = "is started again and again" if service.active != "failed" else "has stopped"
        yield bad(f"{name} {again}: {_why(service)}", journal, **facts)
    elif service.active in ("activating", "reloading"):
        yield look(f"{name} waits for its first frame", f"if it stays so: {journal}", **facts)
    elif service.active != "active":
        start = f"sudo systemctl enable --now {name}"
        yield look(f"{name} does not run", start, **facts)
    elif not service.sees:
        late = f" for {service.frame_s:.0f} s" if service.frame_s is not None else ""
        yield bad(f"{name} runs, and has processed no frame{late}", journal, **facts)
    elif service.restarts:
        times = "once" if service.restarts == 1 else f"{service.restarts} times"
        says = f"{_summary(service)}; it was restarted {times}"
        yield look(says, f"journalctl --unit {name} --grep 'Failed|watchdog|exited'", **facts)
    if service.active == "active" and not service.enabled:
        says = f"{name} runs, and will not after the next start of the machine"
        yield look(says, f"sudo systemctl enable {name}", **facts)


def _why(service: Service) -> str:
    if service.result in _RESULTS:
        return _RESULTS[service.result]
    return f"it ended with exit code {service.status}"


def _summary(service: Service) -> str:
    since = service.since_s or 0.0
    scale, unit = next((scale, unit) for scale, unit in _UNITS if since >= 2 * scale or scale == 1)
    frame = f"its last frame {service.frame_s or 0.0:.1f} s ago"
    return f"{service.name} has run for {since / scale:.0f} {unit}, {frame}"


def _facts(service: Service) -> dict[str, Json]:
    return {
        "unit": service.name,
        "active": service.active,
        "sub": service.sub,
        "enabled": service.enabled,
        "restarts": service.restarts,
        "result": service.result,
        "exit_code": service.status,
        "active_s": None if service.since_s is None else round(service.since_s),
        "last_frame_s": None if service.frame_s is None else round(service.frame_s, 1),
    }


def _since(told: str | None, clock: float) -> float | None:
    """Seconds since a moment that systemd gives in microseconds; 0 is never."""
    micro = _number(told)
    return max(0.0, clock - micro / 1e6) if micro else None


def _number(told: str | None) -> int:
    return int(told) if told and told.isdecimal() else 0


def _environment(told: str) -> dict[str, str]:
    try:
        words = shlex.split(told)
    except ValueError:
        return {}
    return dict(word.split("=", 1) for word in words if "=" in word)
