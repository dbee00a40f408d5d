"""What a rule is worth on judged clips, as JSON has it. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from benchmarks.events.judge import Judged
from benchmarks.events.rates import garwood, percentile, share, wilson

_HOUR_S = 3600.0


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """Figures of all clips together; NaN where there is nothing to tell."""
    falls = [one for one in judged if one.clip.fall]
    everyday = [one for one in judged if not one.clip.fall]
    found = sum(one.found is not None for one in falls)
    alarmed = sum(bool(one.false_alarms) for one in everyday)
    alarms = sum(len(one.false_alarms) for one in judged)
    hours = sum(one.everyday_s for one in judged) / _HOUR_S
    return {
        "sensitivity": share(found, len(falls)),
        "sensitivity_interval": wilson(found, len(falls)),
        "specificity": share(len(everyday) - alarmed, len(everyday)),
        "specificity_interval": wilson(len(everyday) - alarmed, len(everyday)),
        "precision": share(found, found + alarms),
        "f1": share(2 * found, len(falls) + found + alarms) if falls else math.nan,
        "falls": len(falls),
        "found": found,
        "repeated": sum(one.repeated for one in falls),
        "everyday_clips": len(everyday),
        "everyday_clips_with_false_alarm": alarmed,
        "false_alarms": alarms,
        "everyday_hours": hours,
        "false_alarms_per_hour": alarms / hours if hours else math.nan,
        "false_alarms_per_hour_interval": garwood(alarms, hours),
        "delay_from_onset_s": _spread([one.delay_from_onset_s for one in falls]),
        "delay_from_impact_s": _spread([one.delay_from_impact_s for one in falls]),
    }


def by_dataset(judged: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """The same for the clips of each dataset, in the order they are first named."""
    names = dict.fromkeys(one.clip.dataset for one in judged)
    return {name: figures([one for one in judged if one.clip.dataset == name]) for name in names}


def _spread(delays: Sequence[float]) -> dict[str, float]:
    return {"p50": percentile(delays, 50), "p95": percentile(delays, 95)}
