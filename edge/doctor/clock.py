"""Is the time right? Alarms carry it, and a certificate is only good within its dates."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

from edge.core.types import Json
from edge.doctor.finding import Finding, bad, good, look, spoken
from edge.doctor.machine import Machine
from edge.runtime import health

_OLDEST, _LATEST = 2026, 2050  # years; this program was not written before, nor runs for ever
_SET = "sudo timedatectl set-ntp true; where there is no internet: sudo date -s '2026-11-26 09:00'"


@dataclass(frozen=True, slots=True)
class Clock:
    """What the machine says of its time."""

    wall: float  # Unix s
    synchronised: bool | None  # None: it does not say
    battery: bool  # a clock that goes on without power


def read(machine: Machine) -> Clock:
    """Ask the kernel and systemd."""
    said = machine.run(("timedatectl", "show", "--property=NTPSynchronized", "--value"))
    told = {"yes": True, "no": False}.get((said or "").strip())
    kernel = health.clock_synchronised(machine.at("/run"))
    return Clock(time.time(), kernel if told is None else told, bool(machine.found("/dev/rtc*")))


def judge(clock: Clock) -> tuple[Finding, ...]:
    """A wrong year is bad; a clock that nobody sets is to be looked at."""
    return spoken(_wrong(clock), good(_summary(clock), **_facts(clock)))


def _wrong(clock: Clock) -> Iterator[Finding]:
    when = _date(clock)
    if not _OLDEST <= when.year <= _LATEST:
        says = f"the clock says {when:%Y-%m-%d %H:%M} UTC: it is wrong by years"
        yield bad(says, _SET, **_facts(clock))
    elif clock.synchronised is False:
        says = f"{when:%Y-%m-%d %H:%M} UTC, but nothing keeps it right; alarms say so"
        mend = "sudo apt install systemd-timesyncd && sudo timedatectl set-ntp true"
        yield look(says, mend, **_facts(clock))


def _summary(clock: Clock) -> str:
    kept = "set by the network" if clock.synchronised else "who sets it is not known"
    after = "" if clock.battery else "; no battery clock: wrong after a power cut, until then"
    return f"{_date(clock):%Y-%m-%d %H:%M} UTC, {kept}{after}"


def _date(clock: Clock) -> datetime:
    return datetime.fromtimestamp(clock.wall, timezone.utc)


def _facts(clock: Clock) -> dict[str, Json]:
    return {
        "utc": _date(clock).isoformat(timespec="seconds"),
        "synchronised": clock.synchronised,
        "battery_clock": clock.battery,
    }
