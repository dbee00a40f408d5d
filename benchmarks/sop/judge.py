"""What the engine told of a recording, held against what was done and what people say of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.sop.play import Told
from benchmarks.sop.recordings import MISSING, ORDER, TIMING, Recording
from benchmarks.sop.scores import Verdict, verdict
from edge.core.types import Json

# Phases that say that something was wrong.
ALERTS = (
    *("step_out_of_order", "step_skipped", "step_repeated", "repeat_missing", "step_late"),
    *("step_too_short", "step_too_long", "forbidden"),
    *("cycle_aborted", "cycle_too_short", "cycle_too_long", "operator_absent"),
)
_DONE = ("step_completed", "step_repeated")
_TIMED = ("step_too_short", "step_too_long")
_SAME_S = 1e-6  # times that differ by rounding


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One recording, as the engine told of it."""

    recording: Recording
    told: tuple[Told, ...]
    order: Verdict
    missing: Verdict
    timing: Verdict
    order_delays: tuple[float, ...]  # s, from the end of the late step to the event
    completed: Completed


@dataclass(frozen=True, slots=True)
class Completed:
    """Steps told as done against steps done: in which order, how many, how late."""

    done: tuple[str, ...]  # by end
    told: tuple[str, ...]  # as told
    right: int  # told at or after their end, each once
    delays: tuple[float, ...]  # s, of those


def judge(recording: Recording, told: Sequence[Told]) -> Judged:
    """Hold all that was told of a recording against it."""
    skipped = {one.step for one in told if one.event.phase == "step_skipped"}
    order = {step for one in _of(told, ("step_out_of_order",)) for step in _blamed(one)}
    slow = {one.step for one in _of(told, _TIMED)}
    return Judged(
        recording=recording,
        told=tuple(told),
        order=_against(recording, ORDER, order - skipped),
        missing=_against(recording, MISSING, skipped),
        timing=_against(recording, TIMING, slow),
        order_delays=tuple(_order_delays(recording, told)),
        completed=completed(recording, told),
    )


def completed(recording: Recording, told: Iterable[Told]) -> Completed:
    """Match each step told as done with the first doing of it that had ended and is still free."""
    done = sorted(recording.doings, key=lambda doing: doing.end)
    free: dict[str, list[float]] = {}
    for doing in done:
        free.setdefault(doing.step, []).append(doing.end)
    steps, delays = [], []
    for one in _of(told, _DONE):
        steps.append(one.step)
        ends = free.get(one.step, [])
        if ends and ends[0] <= one.t + _SAME_S:
            delays.append(max(one.t - ends.pop(0), 0.0))
    return Completed(tuple(doing.step for doing in done), tuple(steps), len(delays), tuple(delays))


def _against(recording: Recording, tag: str, told: Iterable[str]) -> Verdict:
    return verdict(frozenset(told), recording.tagged.get(tag, frozenset()))


def _of(told: Iterable[Told], phases: Sequence[str]) -> list[Told]:
    return [one for one in told if one.event.phase in phases]


def _blamed(one: Told) -> set[str]:
    """The steps done too early, and those that they should have waited for."""
    detail = one.event.detail
    return {one.step, *_names(detail, "early"), *_names(detail, "late")} | _names(
        detail, "waited_for"
    )


def _names(detail: Mapping[str, Json], key: str) -> set[str]:
    value = detail.get(key) or []
    return {str(name) for name in value} if isinstance(value, (list, tuple)) else set()


def _order_delays(recording: Recording, told: Iterable[Told]) -> Iterable[float]:
    """How long after the late step was over the event came, s."""
    first = recording.first
    for one in _of(told, ("step_out_of_order",)):
        ends = [first[step].end for step in _names(one.event.detail, "late") if step in first]
        delay = one.t - max(ends, default=math.nan)
        if delay >= -_SAME_S:
            yield max(delay, 0.0)
