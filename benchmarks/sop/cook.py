"""All recordings of people who cook through the engine, and the figures of what it told."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.bootstrap import draws, interval
from benchmarks.events.rates import garwood, percentile, share
from benchmarks.sop import lessons, pairwise
from benchmarks.sop.judge import ALERTS, Judged, judge
from benchmarks.sop.play import Told, play, signals
from benchmarks.sop.recordings import Recording
from benchmarks.sop.scores import TIMES, f1, mean, scored
from benchmarks.sop.similarity import edit, pos
from converters.progress import Bar

_HOUR_S = 3600.0
_RARELY = 4.0  # times fewer frames where no delay is measured
NOTHING = dict.fromkeys(
    (
        *("recording_count", "correct_recordings", "hours", "order", "order_graph"),
        *("order_pairwise", "missing", "missing_pairwise"),
        *("timing", "timing_every_step", "pos", "pos_interval", "edit_score"),
        *("edit_score_interval", "completed", "false_alerts", "procedures", "recordings"),
    )
)  # where nobody cooks
_ORDERS = ("step_out_of_order", "step_skipped", "step_repeated", "repeat_missing")


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A recording through the engine twice."""

    plain: Judged  # with what others teach; time limits where the recipe states a time
    graph: Judged  # the graph as it is; time limits for every step


def watch(recordings: Sequence[Recording], fps: float, bar: Bar) -> list[Seen]:
    """Play every recording."""
    known = lessons.read()
    seen = []
    for number, recording in enumerate(recordings, start=1):
        seen.append(one(recording, recordings, known, fps))
        bar(number, len(recordings))
    return seen


def one(
    recording: Recording,
    recordings: Sequence[Recording],
    known: lessons.Lessons,
    fps: float,
) -> Seen:
    """Play one of these recordings; what is learned for it comes from the others alone."""
    recipe = recording.recipe
    every = lessons.limits(lessons.others(recording, recordings), recipe.texts)
    stated = {step: limit for step, limit in every.items() if recipe.timed(step)}
    plain = recipe.procedure(stated, but=lessons.tolerated(recording, known))
    heard = signals(recording)
    return Seen(
        judge(recording, play(plain, heard, fps)),
        judge(recording, play(recipe.procedure(every), heard, fps / _RARELY)),
    )


def alerts(judged: Judged) -> list[Told]:
    """What was told to be wrong."""
    return [told for told in judged.told if told.event.phase in ALERTS]


def figures(seen: Sequence[Seen]) -> dict[str, Any]:
    """Of all recordings, of each procedure, and recording by recording."""
    procedures: dict[str, list[Seen]] = {}
    for one in seen:
        procedures.setdefault(one.plain.recording.recipe.name, []).append(one)
    return {
        **_figures(seen),
        "false_alerts": _false_alerts([one.plain for one in seen]),
        "procedures": {name: _figures(some) for name, some in sorted(procedures.items())},
        "recordings": [_recording(one.plain) for one in seen],
    }


def _figures(seen: Sequence[Seen]) -> dict[str, Any]:
    plain = [one.plain for one in seen]
    delays = [delay for one in plain for delay in one.order_delays]
    return {
        "recording_count": len(plain),
        "correct_recordings": sum(one.recording.correct for one in plain),
        "hours": sum(one.recording.end for one in plain) / _HOUR_S,
        "order": {**scored([one.order for one in plain]), "delay_s": percentiles(delays)},
        "order_graph": scored([one.graph.order for one in seen]),
        "order_pairwise": scored([pairwise.order(one.recording) for one in plain]),
        "missing": scored([one.missing for one in plain]),
        "missing_pairwise": scored([pairwise.missing(one.recording) for one in plain]),
        "timing": {**scored([one.timing for one in plain]), "limits": _limits(plain)},
        "timing_every_step": scored([one.graph.timing for one in seen]),
        **_completed(plain),
    }


def _limits(plain: Sequence[Judged]) -> int:
    """Steps done of which the recipe states a time; a limit needs two correct recordings."""
    return sum(
        one.recording.recipe.timed(doing.step) for one in plain for doing in one.recording.doings
    )


def _completed(plain: Sequence[Judged]) -> dict[str, Any]:
    """POS, edit score, F1 and delay of the steps told as done."""
    every = [one.completed for one in plain]
    rows = [(one.right, len(one.told) - one.right, len(one.done) - one.right) for one in every]
    right, wrong, lacking = (sum(column) for column in zip(*rows, strict=True))
    alike, alike_interval = mean(pos(one.done, one.told) for one in every)
    edits, edits_interval = mean(edit(one.done, one.told) for one in every)
    delays = [delay for one in every for delay in one.delays]
    counts = np.array(rows, np.int64)
    return {
        "pos": alike,
        "pos_interval": alike_interval,
        "edit_score": edits,
        "edit_score_interval": edits_interval,
        "completed": {
            "precision": share(right, right + wrong),
            "recall": share(right, right + lacking),
            "f1": float(f1(counts.sum(axis=0))),
            "f1_interval": interval(f1(counts[draws(len(counts), TIMES)].sum(axis=1))),
            "delay_s": percentiles(delays),
            "delay_mean_s": math.fsum(delays) / len(delays) if delays else math.nan,
        },
    }


def _false_alerts(plain: Sequence[Judged]) -> dict[str, Any]:
    """Alerts in recordings that people call correct."""
    correct = [one for one in plain if one.recording.correct]
    hours = sum(one.recording.end for one in correct) / _HOUR_S
    kinds = Counter(
        told.event.phase for one in correct for told in one.told if told.event.phase in ALERTS
    )
    order = sum(kinds[phase] for phase in _ORDERS)
    quiet = sum(not any(_wrong(one)) for one in correct)
    return {
        "recordings": len(correct),
        "recordings_quiet": quiet,
        "hours": hours,
        "of_structure": order,
        "of_structure_per_hour": order / hours if hours else math.nan,
        "of_structure_per_hour_interval": garwood(order, hours),
        "by_phase": dict(sorted(kinds.items())),
    }


def _wrong(one: Judged) -> Iterable[bool]:
    return (told.event.phase in _ORDERS for told in one.told)


def _recording(one: Judged) -> Mapping[str, Any]:
    done = one.completed
    return {
        "recording": one.recording.id,
        "procedure": one.recording.recipe.name,
        "correct": one.recording.correct,
        "order": _sides(one.order.told, one.order.true),
        "missing": _sides(one.missing.told, one.missing.true),
        "timing": _sides(one.timing.told, one.timing.true),
        "pos": pos(done.done, done.told),
    }


def _sides(told: Iterable[str], true: Iterable[str]) -> dict[str, list[str]]:
    return {"told": sorted(told), "tagged": sorted(true)}


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"p50": percentile(values, 50), "p95": percentile(values, 95)}
