"""All that came of the clips: figures of the fall rule and of the baseline, and a row a clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from benchmarks.events import torso_angle
from benchmarks.events.figures import by_dataset, figures
from benchmarks.events.judge import Judged
from benchmarks.events.recordings import Unreadable, Watched
from benchmarks.events.torso_angle import BASELINE, OTHERS, TorsoAngle


@dataclass(frozen=True)
class Report:
    """Every clip of some labels, judged or not."""

    watched: tuple[Watched, ...]
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def model(self) -> str:
        """That made the poses; several if the recordings are of several."""
        return ", ".join(dict.fromkeys(one.model for one in self.watched))

    @cached_property
    def ours(self) -> tuple[Judged, ...]:
        """The fall rule's alerts."""
        return tuple(one.ours for one in self.watched)

    @cached_property
    def baseline(self) -> tuple[Judged, ...]:
        """The torso-angle rule's alerts."""
        return self.by_rule(BASELINE)

    def by_rule(self, rule: TorsoAngle) -> tuple[Judged, ...]:
        """The torso-angle rule's alerts, with other parameters."""
        return tuple(one.baseline[rule] for one in self.watched)

    @cached_property
    def figures(self) -> dict[str, Any]:
        """Everything, with the keys that the JSON file has."""
        return {
            "model": self.model,
            **_both(self.ours),
            "baseline": {
                "rule": torso_angle.NAME,
                "parameters": asdict(BASELINE),
                "source": torso_angle.SOURCE,
                **_both(self.baseline),
                "other_parameters": [
                    {"parameters": asdict(rule), **figures(self.by_rule(rule))} for rule in OTHERS
                ],
            },
            "clips": [_row(*pair) for pair in zip(self.ours, self.baseline, strict=True)],
            "unreadable": [
                {"clip": one.clip.name, "label": one.clip.place, "reason": one.reason}
                for one in self.unreadable
            ],
        }


def _both(judged: Sequence[Judged]) -> dict[str, Any]:
    return {**figures(judged), "datasets": by_dataset(judged)}


def _row(ours: Judged, baseline: Judged) -> dict[str, Any]:
    clip = ours.clip
    return {
        "clip": clip.name,
        "dataset": clip.dataset,
        "kind": "fall" if clip.fall else "adl",
        "onset_s": clip.onset,
        "impact_s": clip.impact,
        "duration_s": clip.duration,
        "recorded_s": ours.recorded_s,
        "verdict": ours.verdict,
        "alerts": [asdict(alert) for alert in ours.alerts],
        "false_alarms": len(ours.false_alarms),
        "repeated": ours.repeated,
        "delay_from_onset_s": ours.delay_from_onset_s,
        "delay_from_impact_s": ours.delay_from_impact_s,
        "baseline_verdict": baseline.verdict,
        "baseline_alerts": [alert.t for alert in baseline.alerts],
        "baseline_false_alarms": len(baseline.false_alarms),
    }
