"""One clip's alerts held against its label: found, missed, quiet or a false alarm. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from benchmarks.events.labels import Clip

EARLY_S = 0.2  # labels are read off a video by eye
DEFINITIONS = """\
A fall counts as found when an alert comes at or after its onset, less 0.2 s because labels are
read off video by eye, and before the clip ends. Without an onset it counts from 0 s on.

Every other alert is a false alarm: before the onset, or in an everyday clip. Alerts after the
one that found the fall are told as repeated, and are no false alarms.

Sensitivity is falls found of all falls; specificity is everyday clips without an alert of all
everyday clips; precision is falls found of falls found and false alarms together; F1 is the
harmonic mean of precision and sensitivity.

Everyday time is that of everyday clips (as labelled, else as recorded) and of clips with a fall
up to its onset. Delays are those of the alert that found the fall; one before the labelled
impact is negative. p50 is the median, and 95 % of the delays are no longer than p95.

Intervals hold 95 %: Wilson's for shares, the exact one of Poisson counts (Garwood's) for false
alarms per hour."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule says that somebody fell."""

    t: float  # s from the clip's first frame
    stage: str = ""
    confidence: float = math.nan  # 0..1


@dataclass(frozen=True)
class Judged:
    """One clip and a rule's alerts in it."""

    clip: Clip
    alerts: tuple[Alert, ...]  # in order
    recorded_s: float  # time of the last frame

    @cached_property
    def found(self) -> Alert | None:
        """The first alert of the fall."""
        return next((alert for alert in self.alerts if self._of_fall(alert)), None)

    @cached_property
    def false_alarms(self) -> tuple[Alert, ...]:
        """Alerts that are not of a fall."""
        return tuple(alert for alert in self.alerts if not self._of_fall(alert))

    @property
    def repeated(self) -> int:
        """Alerts of a fall that had been found."""
        return len(self.alerts) - len(self.false_alarms) - (self.found is not None)

    @property
    def verdict(self) -> str:
        """In a word or two."""
        if self.clip.fall:
            return "found" if self.found else "missed"
        return "false alarm" if self.false_alarms else "quiet"

    @property
    def everyday_s(self) -> float:
        """Time in which every alert is a false one."""
        if self.clip.fall:
            return self.clip.onset or 0.0
        return self.recorded_s if self.clip.duration is None else self.clip.duration

    @property
    def length_s(self) -> float:
        """From the first frame to the end."""
        return max(self.recorded_s, self.clip.duration or 0.0)

    @property
    def delay_from_onset_s(self) -> float:
        """NaN where the fall was not found, or its onset is not known."""
        return self._delay(self.clip.onset)

    @property
    def delay_from_impact_s(self) -> float:
        """NaN where the fall was not found, or its impact is not known."""
        return self._delay(self.clip.impact)

    def _of_fall(self, alert: Alert) -> bool:
        # Times are decimals: 1.3 - 0.2 is a hair more than 1.1.
        return self.clip.fall and alert.t >= (self.clip.onset or 0.0) - EARLY_S - 1e-9

    def _delay(self, since: float | None) -> float:
        return math.nan if self.found is None or since is None else self.found.t - since
