"""Figures of timelines as people read them, shared by the terminal and the page of results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from benchmarks.results.cells import NONE, among, number

if TYPE_CHECKING:
    from benchmarks.sop.recordings import Recording

ERRORS = ("what", "tagged", "found", "precision", "recall", "F1 (95 %)")
KINDS = {
    "order": "order errors",
    "order_graph": "order, nothing learned",
    "order_pairwise": "order, no engine: begins compared",
    "missing": "missing steps",
    "missing_pairwise": "missing, no engine: a next step done",
    "timing": "timing errors, where a time is stated",
    "timing_every_step": "timing, every step limited",
}
PROCEDURES = ("procedure", "recordings", "order F1", "missing F1", "timing F1", "POS")


def errors(figures: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Each kind of error, by step and by recording."""
    for key, name in KINDS.items():
        one = figures[key]
        for unit in ("step", "recording"):
            counts = one[f"{unit}s"]
            yield (
                name if unit == "step" else f"{name}; recordings",
                str(counts["right"] + counts["missed"]),
                str(counts["right"]),
                number(one[f"{unit}_precision"], 3),
                number(one[f"{unit}_recall"], 3),
                among(one[f"{unit}_f1"], one[f"{unit}_f1_interval"], 3),
            )


def completed(figures: Mapping[str, Any]) -> Iterator[str]:
    """How well the engine follows what is done, and how quiet it is."""
    done, quiet = figures["completed"], figures["false_alerts"]
    yield (
        f"steps followed: POS {among(figures['pos'], figures['pos_interval'], 3)}, "
        f"edit score {among(figures['edit_score'], figures['edit_score_interval'], 3)}, "
        f"F1 {among(done['f1'], done['f1_interval'], 3)}, "
        f"delay {number(done['delay_mean_s'], 2)} s in the mean"
    )
    delay = figures["order"]["delay_s"]
    yield (
        f"order errors are told {number(delay['p50'], 2)} s after the late step (p50; "
        f"p95 {number(delay['p95'], 2)} s)"
    )
    yield (
        f"correct recordings without an alert of order, missing or repeated steps: "
        f"{quiet['recordings_quiet']} of {quiet['recordings']}; such alerts an hour: "
        f"{among(quiet['of_structure_per_hour'], quiet['of_structure_per_hour_interval'], 2)}"
    )


def procedures(figures: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """A row for each procedure."""
    for name, one in figures["procedures"].items():
        yield (
            name,
            str(one["recording_count"]),
            *(number(one[key]["step_f1"], 2) for key in ("order", "missing", "timing")),
            number(one["pos"], 2),
        )


def guessed(cooked: Sequence[Recording]) -> Iterator[str]:
    """How many steps had words and a number that no step has, and each of them."""
    found = [(one.id, text) for one in cooked for text in one.guessed]
    if found:
        yield f"{len(found)} of unknown words and number, taken for the step of the nearest words:"
    for name, text in found:
        yield f"  recording {name}: {text}"


def packing(one: Mapping[str, Any]) -> Iterator[str]:
    """What was found in a shift."""
    yield (
        f"{one['session']}: {one['operations']} operations of {one['boxes']} boxes in "
        f"{60 * one['hours']:.1f} min; cycles {one['cycles']}, of boxes {one['boxes_found']}, "
        f"broken off {one['cycles_aborted']}; serials right {_text(one['serials_right'])}"
    )
    for key, name in (("duration", "cycle time"), ("takt", "takt")):
        error = one[f"{key}_error_s"]
        yield (
            f"{name} against the labels: off by {number(error['p50'], 2)} s (p50), "
            f"{number(error['p95'], 2)} s (p95), {number(error['most'], 2)} s at most; "
            f"{number(error['mean'], 2)} s in the mean"
        )
    takt = one["takt_s"]
    yield (
        f"takt p50 / p95: {number(takt['told']['p50'], 1)} / {number(takt['told']['p95'], 1)} s "
        f"told, {number(takt['labelled']['p50'], 1)} / {number(takt['labelled']['p95'], 1)} s "
        "labelled"
    )
    rate = among(one["false_alerts_per_hour"], one["false_alerts_per_hour_interval"], 1)
    yield (
        f"alerts {len(one['alerts'])}, without labelled trouble before them "
        f"{one['false_alerts']}: {rate} an hour"
    )


def alerts(one: Mapping[str, Any]) -> Iterator[str]:
    """Every alert of a shift, with the trouble that people labelled before it."""
    for alert in one["alerts"]:
        yield (
            f"{alert['t']:.1f} s, box {alert['box']}: {alert['sentence']} "
            f"[labelled: {alert['outlier'] or 'nothing'}]"
        )


def boxes(one: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    """A row for each box."""
    for box in one["cycle_list"]:
        yield (
            box["box"],
            number(box["labelled_s"], 1),
            number(box["told_s"], 1),
            number(box["error_s"], 1),
            _text(box["serial"]),
        )


BOXES = ("box", "labelled s", "told s", "off by s", "serial")


def _text(value: object) -> str:
    return NONE if value is None else str(value)
