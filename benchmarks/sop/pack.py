"""A packing shift through the real engine: the boxes that it finds, and how long each took."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.events.rates import garwood, percentile
from benchmarks.sop.judge import ALERTS
from benchmarks.sop.play import Told, play
from benchmarks.sop.shift import Operation, Outlier, Shift
from edge.procedure_file import read_procedure

PROCEDURE = Path(__file__).with_name("packing.toml")
_TROUBLE = ("Incident", "Investigation", "Recovery", "Confused", "Struggling")
_BEFORE_S = 30.0  # an alert comes at most so long after what it is about
_ALIKE = 0.5  # of the time of a cycle and its box together that they share
_HOUR_S = 3600.0
_ENDS = ("cycle_completed", "cycle_aborted")


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle as the engine told of it."""

    begin: float  # s
    end: float
    completed: bool
    takt_s: float  # as the event says; NaN: it says none
    serial: str


@dataclass(frozen=True, slots=True)
class Box:
    """A box as people labelled it, and the cycle that was found for it."""

    name: str
    operations: tuple[Operation, ...]
    cycle: Cycle | None

    @property
    def begin(self) -> float:
        """Its first operation, s."""
        return self.operations[0].begin

    @property
    def end(self) -> float:
        """Its last one is over, s."""
        return self.operations[-1].end


def watch(shift: Shift, fps: float) -> list[Told]:
    """Play a shift; the engine hears of no box."""
    return play(read_procedure(PROCEDURE), shift.signals, fps)


def cycles(told: Sequence[Told]) -> list[Cycle]:
    """From each begin to the end that belongs to it."""
    found: list[Cycle] = []
    begin: float | None = None
    for one in told:
        if one.event.phase == "cycle_started":
            begin = one.event.t
        elif one.event.phase in _ENDS and begin is not None:
            detail = one.event.detail
            takt = detail.get("takt_s")
            found.append(
                Cycle(
                    begin,
                    one.event.t,
                    one.event.phase == "cycle_completed",
                    float(takt) if isinstance(takt, (int, float)) else math.nan,
                    str(detail.get("serial") or ""),
                )
            )
            begin = None
    return found


def matched(shift: Shift, found: Sequence[Cycle]) -> list[Box]:
    """Each box with the completed cycle that shares more than half of the time of both."""
    return [
        Box(
            name,
            operations,
            next(
                (one for one in found if one.completed and _shared(operations, one) > _ALIKE), None
            ),
        )
        for name, operations in shift.boxes.items()
    ]


def figures(shift: Shift, told: Sequence[Told]) -> dict[str, Any]:
    """All figures of a shift."""
    found = cycles(told)
    boxes = matched(shift, found)
    both = [(box, box.cycle) for box in boxes if box.cycle]
    hours = (shift.operations[-1].end - shift.operations[0].begin) / _HOUR_S
    alerts = [_alert(shift, one) for one in told if one.event.phase in ALERTS]
    false = sum(alert["outlier"] is None for alert in alerts)
    durations = [(one.end - one.begin) - (box.end - box.begin) for box, one in both]
    takts = [
        (a - b) for a, b in zip(_takts(both, told=True), _takts(both, told=False), strict=True)
    ]
    printed = [box for box in boxes if box.cycle and _order(shift, box)]
    return {
        "session": shift.name,
        "hours": hours,
        "operations": len(shift.operations),
        "boxes": len(boxes),
        "cycles": sum(one.completed for one in found),
        "cycles_aborted": sum(not one.completed for one in found),
        "boxes_found": len(both),
        "duration_error_s": _errors(durations),
        "takt_error_s": _errors(takts),
        "takt_s": {
            "labelled": _ranks(_takts(both, told=False)),
            "told": _ranks(_takts(both, told=True)),
        },
        "serials_right": sum(box.cycle.serial == _order(shift, box) for box in printed if box.cycle)
        if printed
        else None,
        "alerts": alerts,
        "false_alerts": false,
        "false_alerts_per_hour": false / hours if hours else math.nan,
        "false_alerts_per_hour_interval": garwood(false, hours),
        "outliers": _outliers(shift, told),
        "cycle_list": [_row(box) for box in boxes],
    }


def _shared(operations: Sequence[Operation], cycle: Cycle) -> float:
    begin, end = operations[0].begin, operations[-1].end
    both = min(end, cycle.end) - max(begin, cycle.begin)
    return both / (max(end, cycle.end) - min(begin, cycle.begin))


def _takts(both: Sequence[tuple[Box, Cycle]], *, told: bool) -> list[float]:
    """From the end of a box to that of the next."""
    ends = [cycle.end if told else box.end for box, cycle in both]
    return [after - before for before, after in pairwise(ends)]


def _errors(values: Sequence[float]) -> dict[str, float]:
    """How far from the labels, s."""
    sizes = [abs(value) for value in values]
    return {
        "mean": math.fsum(values) / len(values) if values else math.nan,
        "p50": percentile(sizes, 50),
        "p95": percentile(sizes, 95),
        "most": max(sizes, default=math.nan),
    }


def _ranks(values: Sequence[float]) -> dict[str, float]:
    return {"p50": percentile(values, 50), "p95": percentile(values, 95)}


def _order(shift: Shift, box: Box) -> str:
    """What was printed while a box was packed."""
    return next((name for t, name in shift.orders if box.begin <= t <= box.end), "")


def _alert(shift: Shift, one: Told) -> dict[str, Any]:
    """An alert, and the trouble that people labelled just before it."""
    trouble = [
        outlier
        for outlier in shift.outliers
        if outlier.category in _TROUBLE and outlier.begin <= one.t <= outlier.end + _BEFORE_S
    ]
    box = next((op.box for op in shift.operations if op.begin <= one.event.t <= op.end), None)
    return {
        "t": one.event.t,
        "phase": one.event.phase,
        "step": one.step,
        "box": box,
        "sentence": str(one.event.detail.get("sentence", "")),
        "outlier": _said(trouble[-1]) if trouble else None,
    }


def _outliers(shift: Shift, told: Sequence[Told]) -> dict[str, dict[str, int]]:
    """By category: how many there are, and after how many of them the engine said anything."""
    times = [one.t for one in told if one.event.phase in ALERTS]
    count = Counter(one.category for one in shift.outliers)
    heard = Counter(
        one.category
        for one in shift.outliers
        if any(one.begin <= t <= one.end + _BEFORE_S for t in times)
    )
    return {name: {"labelled": count[name], "told": heard[name]} for name in sorted(count)}


def _said(outlier: Outlier) -> str:
    return f"{outlier.category}: {outlier.event}"


def _row(box: Box) -> Mapping[str, Any]:
    one = box.cycle
    took = box.end - box.begin
    return {
        "box": box.name,
        "begin_s": box.begin,
        "labelled_s": took,
        "told_s": one.end - one.begin if one else None,
        "error_s": (one.end - one.begin) - took if one else None,
        "takt_s": one.takt_s if one else None,
        "serial": one.serial if one else None,
    }
