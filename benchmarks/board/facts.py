"""A board in words and figures: for JSON, for a file's name, and for the head of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.board.clocks import Policy
from benchmarks.board.cores import Cores
from edge.doctor.heat import Throttled
from edge.runtime.heat import Zone
from edge.runtime.power import PowerMode


@dataclass(frozen=True, slots=True)
class Board:
    """What figures were measured on, at one moment; None is what the board does not say."""

    name: str  # "Raspberry Pi 4 Model B Rev 1.4"
    slug: str  # "raspberry-pi-4-model-b": the same for all boards of a kind
    cores: Cores
    arch: str
    memory_mb: float | None  # all of it, MB
    swap_mb: float | None  # in use, MB
    load: float | None  # processes that wanted to run in the last minute
    policies: tuple[Policy, ...]
    power_mode: PowerMode | None
    zones: tuple[Zone, ...]
    throttled: Throttled | None
    virtual: bool
    os: str | None
    kernel: str | None
    python: str
    packages: Mapping[str, str]  # name -> version, of those that are installed
    warnings: tuple[str, ...] = ()  # what spoils a benchmark here, and what to do

    @property
    def cpu(self) -> str | None:
        """The processor's name."""
        return self.cores.cpu

    @property
    def governor(self) -> str | None:
        """Who decides the clock; more than one where clusters differ."""
        return ", ".join(dict.fromkeys(policy.governor for policy in self.policies)) or None

    @property
    def frequency_mhz(self) -> dict[str, float | None]:
        """The processor's lowest and highest clock, and the fastest core's now, MHz."""
        return {
            "min": min((p.mhz[0] for p in self.policies if p.mhz[0] is not None), default=None),
            "max": max((p.mhz[1] for p in self.policies if p.mhz[1] is not None), default=None),
            "now": max((p.now for p in self.policies if p.now is not None), default=self.cores.mhz),
        }

    @property
    def hottest(self) -> Zone | None:
        """The hottest zone that really measures."""
        measured = (zone for zone in self.zones if zone.measured)
        return max(measured, key=lambda zone: zone.celsius, default=None)

    @property
    def temperature_c(self) -> float | None:
        """The hottest zone's, degrees Celsius."""
        return self.hottest.celsius if self.hottest else None

    @property
    def slowed_by(self) -> frozenset[str]:
        """Why it was slower than it could be, now or since boot."""
        seen = self.throttled
        return frozenset((*(seen.now or ()), *(seen.since_boot or ()))) if seen else frozenset()

    def facts(self) -> dict[str, Any]:
        """Plain values for JSON; every key is always there, and keys are only ever added."""
        frequency = self.frequency_mhz
        usable = self.cores.usable
        return {
            "name": self.name,
            "slug": self.slug,
            "cpu": self.cpu,
            "cores": self.cores.online or None,
            "cores_usable": (int(usable) if usable.is_integer() else usable) or None,
            "arch": self.arch or None,
            "memory_mb": self.memory_mb,
            "governor": self.governor,
            "frequency_mhz": frequency if any(frequency.values()) else None,
            "os": self.os,
            "kernel": self.kernel,
            "python": self.python,
            "packages": dict(self.packages),
            "power_mode": self.power_mode.name if self.power_mode else None,
            "throttled": _throttled(self.throttled),
            "temperature_c": self.temperature_c,
            "temperatures": _by_kind(self.zones),
            "load": self.load,
            "virtual": self.virtual,
            "warnings": list(self.warnings),
        }

    def summary(self) -> str:
        """A few lines for a person: the board, its software, its state and the warnings."""
        kernel = ("kernel", self.kernel, self.arch) if self.kernel else (self.arch,)
        lines = (
            _joined(self.name, self.cpu if self.cpu != self.name else None, *self._size()),
            _joined(self.os, " ".join(kernel), f"Python {self.python}"),
            ", ".join(f"{name} {version}" for name, version in self.packages.items()),
            _joined(*self._state()),
            *(f"warning: {warning}" for warning in self.warnings),
        )
        return "\n".join(line for line in lines if line)

    def _size(self) -> list[str]:
        online, usable = self.cores.online, self.cores.usable
        plural = "core" if online == 1 else "cores"
        part = f" ({usable:g} usable)" if usable < online else ""
        words = [f"{online} {plural}{part}"] if online else []
        low, high = self.frequency_mhz["min"], self.frequency_mhz["max"]
        words += [f"{low:.0f}-{high:.0f} MHz"] if low is not None and high is not None else []
        return words + ([f"{self.memory_mb / 1000:.1f} GB"] if self.memory_mb else [])

    def _state(self) -> list[str | None]:
        hottest, now = self.hottest, self.frequency_mhz["now"]
        known = self.throttled is not None
        why = _words(self.slowed_by)
        return [
            f"governor {self.governor}" if self.governor else None,
            f"{now:.0f} MHz now" if now is not None else None,
            f"power mode {self.power_mode.name}" if self.power_mode else None,
            f"{hottest.celsius:.0f} C ({hottest.kind})" if hottest else None,
            f"throttled: {why or 'no'}" if known else None,
        ]


def _joined(*words: str | None) -> str:
    return ", ".join(word for word in words if word)


def _words(names: Sequence[str] | frozenset[str]) -> str:
    return ", ".join(sorted(name.replace("_", " ") for name in names))


def _throttled(seen: Throttled | None) -> dict[str, list[str] | None] | None:
    if seen is None:
        return None
    now, since_boot = seen.now, seen.since_boot
    return {
        "now": None if now is None else list(now),
        "since_boot": None if since_boot is None else list(since_boot),
    }


def _by_kind(zones: tuple[Zone, ...]) -> dict[str, float]:
    """Every zone's temperature; zones of one kind are told apart by a number."""
    named: dict[str, float] = {}
    for zone in zones:
        alike = sum(kind == zone.kind or kind.startswith(f"{zone.kind} ") for kind in named)
        named[f"{zone.kind} {alike + 1}" if alike else zone.kind] = zone.celsius
    return named
