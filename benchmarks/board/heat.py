"""How hot a board is, at what heat it would slow down, and whether it does or did."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks.board.files import Run, number, numbered, text
from edge.runtime import health

_FIRMWARE = "sys/devices/platform/soc*/soc*:firmware/get_throttled"
_BITS = ("under_voltage", "frequency_capped", "throttled", "temperature_limit")  # of the firmware
_SINCE_BOOT = 16  # the same bits again, from here
_CURRENT = {  # events that a Jetson Orin counts
    "oc1_event_cnt": "under_voltage",
    "oc2_event_cnt": "over_current",
    "oc3_event_cnt": "over_current",
}
_NO_SENSOR = frozenset({"PMIC-Die"})  # of older Jetsons: says 50 or 100 C whatever happens
_PLAUSIBLE = (-40.0, 150.0)  # C; a sensor that is off says -256 or -274
_SLOWS = frozenset({"passive", "hot", "critical"})
_LOWEST_TRIP = 60.0  # C; what is below guards skin or a battery, not a processor


@dataclass(frozen=True, slots=True)
class Zone:
    """A place on the board that is measured."""

    kind: str  # "cpu-thermal"
    celsius: float
    trip: float | None  # C where the kernel begins to slow down or switch off

    @property
    def measured(self) -> bool:
        """Whether the figure can be believed."""
        return self.kind not in _NO_SENSOR


@dataclass(frozen=True, slots=True)
class Throttled:
    """Why a board is slower than it could be."""

    now: tuple[str, ...] | None  # None: only the past is counted
    since_boot: tuple[str, ...] | None  # None: only the present is known

    @property
    def ever(self) -> frozenset[str]:
        """Now or since boot."""
        return frozenset((*(self.now or ()), *(self.since_boot or ())))


def zones(root: Path) -> tuple[Zone, ...]:
    """Every thermal zone that gives a plausible temperature."""
    found = []
    for folder in numbered(root / "sys/class/thermal", "thermal_zone*"):
        milli = number(folder / "temp")
        if milli is not None and _PLAUSIBLE[0] < milli / 1000.0 < _PLAUSIBLE[1]:
            kind = text(folder / "type") or folder.name
            found.append(Zone(kind, milli / 1000.0, _trip(folder)))
    return tuple(found)


def throttled(root: Path, run: Run, *, raspberry_pi: bool) -> Throttled | None:
    """What the firmware of a Raspberry Pi or the kernel says; None when neither can."""
    bits = next((number(path, 16) for path in root.glob(_FIRMWARE)), None)
    if bits is None and raspberry_pi:
        said = re.search(r"throttled=(0x[0-9a-fA-F]+)", run(("vcgencmd", "get_throttled")) or "")
        bits = int(said[1], 16) if said else None
    if bits is not None:
        return Throttled(_names(bits), _names(bits >> _SINCE_BOOT))
    now, events = health.throttled(root / "sys"), _events(root)
    return None if now is None and events is None else Throttled(now, events)


def _names(bits: int) -> tuple[str, ...]:
    return tuple(name for bit, name in enumerate(_BITS) if bits >> bit & 1)


def _events(root: Path) -> tuple[str, ...] | None:
    for folder in root.glob("sys/class/hwmon/hwmon*"):
        if text(folder / "name") == "soctherm_oc":
            seen = {word: None for file, word in _CURRENT.items() if number(folder / file)}
            return tuple(seen)
    return None


def _trip(folder: Path) -> float | None:
    trips = []
    for path in folder.glob("trip_point_*_temp"):
        milli = number(path)
        kind = text(path.with_name(path.name.replace("_temp", "_type")))
        if milli is not None and kind in _SLOWS and milli / 1000.0 >= _LOWEST_TRIP:
            trips.append(milli / 1000.0)
    return min(trips, default=None)
