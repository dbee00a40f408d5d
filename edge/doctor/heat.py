"""How hot the board is, and whether heat slows it down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.doctor.finding import Finding, absent, bad, good, look, spoken
from edge.doctor.machine import Machine
from edge.runtime import heat

if TYPE_CHECKING:  # see finding.py
    from edge.core.types import Json

_HOT, _TOO_HOT = 75.0, 85.0  # C, where the kernel names no limit of its own
_NEAR = 5.0  # C below the kernel's
_BY_HEAT = frozenset({"throttled", "temperature_limit"})
_COOL = "give it a heat sink or a fan, and air around it; out of the sun"


@dataclass(frozen=True, slots=True)
class Throttled:
    """Why the board is slower than it could be; None is what it does not say."""

    now: tuple[str, ...] | None
    since_boot: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Heat:
    """A board's temperature and what comes of it."""

    hottest: heat.Zone | None
    throttled: Throttled

    @property
    def limits(self) -> tuple[float, float]:
        """Degrees from which it is hot, and too hot."""
        trip = self.hottest.trip if self.hottest else None
        return (_HOT, _TOO_HOT) if trip is None else (trip - _NEAR, max(trip, _TOO_HOT))


def read(machine: Machine) -> Heat:
    """Ask the kernel, and the firmware of a Raspberry Pi."""
    return Heat(heat.hottest(machine.at("/sys")), read_throttled(machine))


def read_throttled(machine: Machine) -> Throttled:
    """From the kernel's files; an older Raspberry Pi's firmware is asked by a command."""
    sys = machine.at("/sys")
    if heat.firmware(sys) is None and machine.is_raspberry_pi:
        said = machine.run(("vcgencmd", "get_throttled")) or ""
        if found := re.search(r"throttled=(0x[0-9a-fA-F]+)", said):
            return Throttled(*heat.of_firmware(int(found[1], 16)))
    return Throttled(heat.throttled(sys), heat.throttled_since_boot(sys))


def judge(seen: Heat) -> tuple[Finding, ...]:
    """By degrees, and by what was slowed down for them."""
    if seen.hottest is None and seen.throttled.now is None:
        return (absent("nothing here says how hot it is"),)
    return spoken(_wrong(seen), good(_summary(seen), **_facts(seen)))


def _wrong(seen: Heat) -> Iterator[Finding]:
    hot, too_hot = seen.limits
    celsius = seen.hottest.celsius if seen.hottest else 0.0
    now, before = seen.throttled.now or (), seen.throttled.since_boot or ()
    # Low voltage lowers the clock, too, and has its own sentence: see power.py.
    slowed = _BY_HEAT & set(now) and "under_voltage" not in now
    was_slowed = _BY_HEAT & set(before) and "under_voltage" not in before
    if celsius >= too_hot:
        yield bad(f"the board is at {celsius:.0f} C, which is too hot", _COOL, **_facts(seen))
    elif slowed:
        yield bad(f"heat slows the board down now ({_summary(seen)})", _COOL, **_facts(seen))
    elif celsius >= hot:
        says = f"the board is at {celsius:.0f} C, and will slow down soon"
        yield look(says, _COOL, **_facts(seen))
    elif was_slowed:
        says = f"heat has slowed the board down since it was started (now {_summary(seen)})"
        yield look(says, _COOL, **_facts(seen))


def _summary(seen: Heat) -> str:
    return f"{seen.hottest.celsius:.0f} C" if seen.hottest else "not slowed down"


def _facts(seen: Heat) -> dict[str, Json]:
    now, before = seen.throttled.now, seen.throttled.since_boot
    return {
        "temperature_c": seen.hottest.celsius if seen.hottest else None,
        "throttled": None if now is None else list(now),
        "throttled_since_boot": None if before is None else list(before),
    }
