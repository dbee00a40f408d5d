"""How hot a board is, at what heat it would slow down, and whether it does or did.

Raspberry Pi: bits of its firmware's answer. Jetson: cooling devices of the kernel, among them
`<unit>-throttle-alert`, which Jetson Linux raises while it slows a unit down for its heat, and the
over-current events that an Orin counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from edge.runtime.sysfs import number, numbered, text

SYS = Path("/sys")
_FIRMWARE = "devices/platform/soc*/soc*:firmware/get_throttled"
_BITS = ("under_voltage", "frequency_capped", "throttled", "temperature_limit")  # of the firmware
_SINCE_BOOT = 16  # the same bits again, from here
_CURRENT = {  # events that a Jetson Orin counts
    "oc1_event_cnt": "under_voltage",
    "oc2_event_cnt": "over_current",
    "oc3_event_cnt": "over_current",
}
_CLOCKS = ("cpufreq", "thermal-cpufreq", "cpu-freq", "devfreq", "thermal-devfreq")
_ALERT = "-throttle-alert"
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


def zones(sys: Path = SYS) -> tuple[Zone, ...]:
    """Every thermal zone that gives a plausible temperature."""
    found = []
    for folder in numbered(sys / "class/thermal", "thermal_zone*"):
        milli = number(folder / "temp")
        if milli is not None and _PLAUSIBLE[0] < milli / 1000.0 < _PLAUSIBLE[1]:
            kind = text(folder / "type") or folder.name
            found.append(Zone(kind, milli / 1000.0, _trip(folder)))
    return tuple(found)


def hottest(sys: Path = SYS) -> Zone | None:
    """The hottest zone that really measures."""
    measured = (zone for zone in zones(sys) if zone.measured)
    return max(measured, key=lambda zone: zone.celsius, default=None)


def temperature_c(sys: Path = SYS) -> float | None:
    """The hottest zone's, degrees Celsius."""
    zone = hottest(sys)
    return zone.celsius if zone else None


def throttled(sys: Path = SYS) -> tuple[str, ...] | None:
    """Why the board is slowed down right now; () when it is not, None when it cannot say."""
    bits = firmware(sys)
    if bits is not None:
        return of_firmware(bits)[0]
    capped, alerted = [], []
    for folder in numbered(sys / "class/thermal", "cooling_device*"):
        kind, state = text(folder / "type"), number(folder / "cur_state")
        if kind.startswith(_CLOCKS):
            capped.append(bool(state))
        elif kind.endswith(_ALERT):
            alerted.append(bool(state))
    if not capped and not alerted:
        return None
    said = {"frequency_capped": any(capped), "throttled": any(alerted)}
    return tuple(word for word, holds in said.items() if holds)


def throttled_since_boot(sys: Path = SYS) -> tuple[str, ...] | None:
    """Why the board was slowed down at any time since it started; None when it does not count."""
    bits = firmware(sys)
    if bits is not None:
        return of_firmware(bits)[1]
    for folder in numbered(sys / "class/hwmon", "hwmon*"):
        if text(folder / "name") == "soctherm_oc":
            seen = {word: None for file, word in _CURRENT.items() if number(folder / file)}
            return tuple(seen)
    return None


def firmware(sys: Path = SYS) -> int | None:
    """The bits of a Raspberry Pi's firmware, as the kernel passes them on."""
    return next((number(file, base=16) for file in sys.glob(_FIRMWARE)), None)


def of_firmware(bits: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the bits of a Raspberry Pi's firmware say: now, and at any time since boot."""
    return _named(bits), _named(bits >> _SINCE_BOOT)


def _named(bits: int) -> tuple[str, ...]:
    return tuple(name for bit, name in enumerate(_BITS) if bits >> bit & 1)


def _trip(folder: Path) -> float | None:
    trips = []
    for path in folder.glob("trip_point_*_temp"):
        milli = number(path)
        kind = text(path.with_name(path.name.replace("_temp", "_type")))
        if milli is not None and kind in _SLOWS and milli / 1000.0 >= _LOWEST_TRIP:
            trips.append(milli / 1000.0)
    return min(trips, default=None)
