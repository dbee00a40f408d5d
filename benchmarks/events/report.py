"""All that came of the clips: figures of every rule, on our poses and on others', a row a clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from benchmarks.events import torso_angle
from benchmarks.events.figures import by_dataset, figures
from benchmarks.events.judge import Judged
from benchmarks.events.labels import Clip
from benchmarks.events.recordings import Unreadable, Watched
from benchmarks.events.torso_angle import BASELINE, OTHERS, TorsoAngle


@dataclass(frozen=True)
class Report:
    """Every clip of some labels, judged or not."""

    watched: tuple[Watched, ...]
    unreadable: tuple[Unreadable, ...] = ()
    peers: tuple[Beside, ...] = ()

    @staticmethod
    def of(results: Sequence[Watched | Unreadable], peers: Sequence[Beside] = ()) -> Report:
        """Sort clips by whether they could be judged."""
        return Report(
            tuple(one for one in results if isinstance(one, Watched)),
            tuple(one for one in results if isinstance(one, Unreadable)),
            tuple(peers),
        )

    @property
    def whole(self) -> bool:
        """Whether every clip was judged, also as the peers see it."""
        return not self.unreadable and all(one.report.whole for one in self.peers)

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
            "baseline": _baseline(self),
            "peers": {one.name: one.figures for one in self.peers},
            "clips": [
                {**_row(ours, baseline), "peer_alerts": self._peer_alerts(ours.clip)}
                for ours, baseline in zip(self.ours, self.baseline, strict=True)
            ],
            "unreadable": _unreadable(self),
        }

    def _peer_alerts(self, clip: Clip) -> dict[str, dict[str, list[float]]]:
        """By peer and rule, s; a peer that could not see the clip is left out."""
        return {
            peer.name: {
                "torso_angle": [alert.t for alert in baseline.alerts],
                "fall_rule": [alert.t for alert in ours.alerts],
            }
            for peer in self.peers
            for ours, baseline in peer.of(clip)
        }


@dataclass(frozen=True)
class Beside:
    """A peer, and what each rule makes of its poses."""

    name: str
    about: str
    report: Report

    @property
    def version(self) -> str:
        """Of its package, and its weights, as its recordings have it."""
        return self.report.model

    def of(self, clip: Clip) -> list[tuple[Judged, Judged]]:
        """The fall rule's and the baseline's alerts in a clip, if the peer could see it."""
        pairs = zip(self.report.ours, self.report.baseline, strict=True)
        return [pair for pair in pairs if pair[0].clip == clip]

    @cached_property
    def figures(self) -> dict[str, Any]:
        """With the keys that the JSON file has."""
        return {
            "about": self.about,
            "version": self.version or None,
            "torso_angle": _baseline(self.report),
            "fall_rule": _both(self.report.ours),
            "unreadable": _unreadable(self.report),
        }


def _baseline(report: Report) -> dict[str, Any]:
    return {
        "rule": torso_angle.NAME,
        "parameters": asdict(BASELINE),
        "source": torso_angle.SOURCE,
        **_both(report.baseline),
        "other_parameters": [
            {"parameters": asdict(rule), **figures(report.by_rule(rule))} for rule in OTHERS
        ],
    }


def _unreadable(report: Report) -> list[dict[str, str]]:
    return [
        {"clip": one.clip.name, "label": one.clip.place, "reason": one.reason}
        for one in report.unreadable
    ]


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
