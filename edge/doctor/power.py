"""Does the board get enough power, and may it use it.

Too little is the most common cause of odd failures of a Raspberry Pi.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.doctor.finding import Finding, absent, bad, good, look, spoken
from edge.doctor.heat import read_throttled
from edge.doctor.machine import Machine
from edge.runtime import power

if TYPE_CHECKING:  # see finding.py
    from edge.core.types import Json

_SUPPLY_MA = "/proc/device-tree/chosen/power/max_current"  # Raspberry Pi 5: what the supply offers
_ENOUGH_MA = 5000
_MEND = "use the maker's power supply and its own cable; unplug USB devices; then restart"


@dataclass(frozen=True, slots=True)
class Power:
    """What the board says of its supply; None is what it does not say."""

    now: tuple[str, ...] | None  # "under_voltage", "over_current"
    since_boot: tuple[str, ...] | None
    supply_ma: int | None = None
    mode: power.PowerMode | None = None  # a Jetson's


def read(machine: Machine) -> Power:
    """Ask the firmware of a Raspberry Pi, a voltage sensor with an alarm, a Jetson's files."""
    seen = read_throttled(machine)
    now = seen.now
    for name in machine.found("/sys/class/hwmon/hwmon*/name"):
        if machine.text(name) == "rpi_volt":
            low = machine.number(name.replace("/name", "/in0_lcrit_alarm"))
            now = (*(now or ()), *(("under_voltage",) if low else ()))
    mode = power.power_mode(machine.root) if power.is_jetson(machine.root) else None
    return Power(now, seen.since_boot, _supply(machine), mode)


def judge(seen: Power) -> tuple[Finding, ...]:
    """Low now is bad; low since the start is to be looked at."""
    if (seen.now, seen.since_boot, seen.supply_ma, seen.mode) == (None, None, None, None):
        return (absent("nothing here watches the supply"),)
    says = "the supply voltage is right"
    if seen.mode:
        says = f"power mode {seen.mode.name}"
    return spoken(_wrong(seen), good(says, **_facts(seen)))


def _wrong(seen: Power) -> Iterator[Finding]:
    facts, now, before = _facts(seen), seen.now or (), seen.since_boot or ()
    if "under_voltage" in now:
        yield bad("the supply voltage is too low now, which slows the board", _MEND, **facts)
    elif "under_voltage" in before:
        says = "the supply voltage was too low since the board was started"
        yield look(says, _MEND, **facts)
    if "over_current" in (*now, *before):
        says = "the board drew too much current since it was started, which slows it"
        yield look(says, "a stronger supply, or a lower power mode; then restart", **facts)
    if seen.supply_ma is not None and seen.supply_ma < _ENOUGH_MA:
        says = f"the supply gives {seen.supply_ma / 1000:g} A: enough for the board, not for USB"
        yield look(says, "use a supply of 5 V and 5 A, where USB devices need power", **facts)
    if seen.mode and not seen.mode.fastest:
        which = f"sudo nvpmodel -m {seen.mode.best_id}" if seen.mode.best else "sudo nvpmodel -m ID"
        yield look(f"power mode {seen.mode.name} is not the fastest", which, **facts)


def _facts(seen: Power) -> dict[str, Json]:
    return {
        "now": None if seen.now is None else list(seen.now),
        "since_boot": None if seen.since_boot is None else list(seen.since_boot),
        "supply_ma": seen.supply_ma,
        "power_mode": seen.mode.name if seen.mode else None,
    }


def _supply(machine: Machine) -> int | None:
    try:
        raw = machine.at(_SUPPLY_MA).read_bytes()  # four bytes, the highest first
    except OSError:
        return None
    return int.from_bytes(raw[:4], "big") or None
