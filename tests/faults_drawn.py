"""One fault in a right way of doing a procedure, and what must be said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from hypothesis import strategies as st

from edge.sop.graph import graph
from tests.procedures_drawn import SEEN, SIDES, Act, Job

Expected = list[tuple[str, str]]  # phase, step


@dataclass(frozen=True)
class Flawed:
    """A job done with one fault."""

    fault: str
    job: Job
    acts: list[Act]
    expected: Expected


def _musts(job: Job, acts: list[Act]) -> list[str]:
    """Steps that must be done themselves, and are, once."""
    must = {unit[0] for unit in graph(job.procedure.steps).must if len(unit) == 1}
    count = Counter(act.step for act in acts)
    return [act.step for act in acts if act.step in must and count[act.step] == 1]


def _where(acts: list[Act], name: str) -> int:
    return next(index for index, act in enumerate(acts) if act.step == name)


def _with(acts: list[Act], name: str, **values: object) -> list[Act]:
    return [
        replace(act, **values) if act.step == name else act  # type: ignore[arg-type]
        for act in acts
    ]


def skip(draw: st.DrawFn, job: Job, acts: list[Act]) -> Flawed | None:
    names = _musts(job, acts)
    if len(names) < 2:
        return None
    name = draw(st.sampled_from(names))
    left = [act for act in acts if act.step != name]
    return Flawed("skip", job, left, [("step_skipped", name)])


def swap(draw: st.DrawFn, job: Job, acts: list[Act]) -> Flawed | None:
    order, names = graph(job.procedure.steps), _musts(job, acts)
    pairs = [
        index
        for index, (one, two) in enumerate(pairwise(acts))
        if {one.step, two.step} <= set(names) and one.step in order.ancestors[two.step]
    ]
    if not pairs:
        return None
    at = draw(st.sampled_from(pairs))
    mixed = [*acts[:at], acts[at + 1], acts[at], *acts[at + 2 :]]
    return Flawed("swap", job, mixed, [("step_out_of_order", acts[at + 1].step)])


def early(draw: st.DrawFn, job: Job, acts: list[Act]) -> Flawed | None:
    """One step much too early: those it ran ahead of come after it, and only it is to blame."""
    order, names = graph(job.procedure.steps), _musts(job, acts)
    moved = [
        name
        for name in names
        if any(act.step in names and act.step in order.ancestors[name] for act in acts)
    ]
    if not moved:
        return None
    name = draw(st.sampled_from(moved))
    at = _where(acts, name)
    before = min(index for index, act in enumerate(acts) if act.step in order.ancestors[name])
    if any(act.step not in names for act in acts[before:at]):
        return None
    mixed = [*acts[:before], acts[at], *acts[before:at], *acts[at + 1 :]]
    return Flawed("early", job, mixed, [("step_out_of_order", name)])


def repeat(draw: st.DrawFn, job: Job, acts: list[Act]) -> Flawed | None:
    # Without an end, the cycle is over with its last step.
    open_end = job.procedure.cycle.end is None
    names = [name for name in _musts(job, acts) if not (open_end and name == acts[-1].step)]
    if not names:
        return None
    name = draw(st.sampled_from(names))
    at = _where(acts, name)
    again = draw(st.integers(at + 1, len(acts) - 1 if open_end else len(acts)))
    finals = {act.step for act in acts[again:]}
    if open_end and not finals & {unit[0] for unit in graph(job.procedure.steps).must}:
        return None
    mixed = [*acts[:again], acts[at], *acts[again:]]
    return Flawed("repeat", job, mixed, [("step_repeated", name)])


def missing_repeat(draw: st.DrawFn, job: Job, acts: list[Act]) -> Flawed | None:
    count = Counter(act.step for act in acts)
    names = [name for name, times in count.items() if times > 1 and not job.step(name).optional]
    if not names:
        return None
    name = draw(st.sampled_from(names))
    at = _where(acts, name)
    return Flawed("missing_repeat", job, acts[:at] + acts[at + 1 :], [("repeat_missing", name)])


def slow(draw: st.DrawFn, job: Job, acts: list[Act]) -> Flawed | None:
    names = [
        name for name in _musts(job, acts) if job.acts[name].kind in ("carry", "stay", "signal")
    ]
    if not names:
        return None
    name = draw(st.sampled_from(names))
    changed = job.changed(name, most_s=6.0)
    return Flawed("slow", changed, _with(acts, name, extra_s=7.0), [("step_too_long", name)])


def quick(draw: st.DrawFn, job: Job, acts: list[Act]) -> Flawed | None:
    names = [name for name in _musts(job, acts) if job.acts[name].kind in ("stay", "signal")]
    if not names:
        return None
    name = draw(st.sampled_from(names))
    acts = [replace(act, extra_s=3.0) for act in acts]
    changed = job.changed(name, least_s=3.5)
    extra = {"extra_s": 0.0}
    return Flawed("quick", changed, _with(acts, name, **extra), [("step_too_short", name)])


def hasty(draw: st.DrawFn, job: Job, acts: list[Act]) -> Flawed | None:
    """No pause before a step."""
    names = _musts(job, acts)
    if not names:
        return None
    name = draw(st.sampled_from(names))
    return Flawed("hasty", job.changed(name, wait_least_s=500.0), acts, [("step_too_short", name)])


def late(draw: st.DrawFn, job: Job, acts: list[Act]) -> Flawed | None:
    first = "" if job.procedure.cycle.start else acts[0].step  # begins the cycle, so is never late
    names = [name for name in _musts(job, acts) if name != first]
    if not names:
        return None
    name = draw(st.sampled_from(names))
    patience = 6.0 * len(acts)
    changed = job.changed(name, wait_most_s=patience)
    return Flawed(
        "late", changed, _with(acts, name, before_s=patience + 3.0), [("step_late", name)]
    )


def reach(draw: st.DrawFn, job: Job, acts: list[Act]) -> Flawed | None:
    # Without a start and an end, the cycle is what lies between the first act and the last.
    low, high = (0, len(acts)) if job.procedure.cycle.start else (1, len(acts) - 1)
    if low > high or not acts:
        return None
    at = draw(st.integers(low, high))
    one = replace(acts[0], forbidden=True, side=draw(st.sampled_from(SIDES)))
    return Flawed("reach", job, [*acts[:at], one, *acts[at:]], [("forbidden", "press")])


def absent(draw: st.DrawFn, job: Job, acts: list[Act]) -> Flawed | None:
    if all(act.kind not in SEEN for act in job.acts.values()):
        return None
    at = draw(st.integers(0 if job.procedure.cycle.start else 1, len(acts)))
    if at == len(acts):
        return None
    gone = [*acts[:at], replace(acts[at], away_s=7.0), *acts[at + 1 :]]
    return Flawed("absent", job.ruled(absent_s=5.0), gone, [("operator_absent", "")])


def long_cycle(_draw: st.DrawFn, job: Job, acts: list[Act]) -> Flawed | None:
    if len(acts) < 2:
        return None
    slow_one = [*acts[:-1], replace(acts[-1], before_s=6.0 * len(acts))]
    ruled = job.ruled(most_s=6.0 * len(acts) + 1.0)
    return Flawed("long_cycle", ruled, slow_one, [("cycle_too_long", "")])


def short_cycle(_draw: st.DrawFn, job: Job, acts: list[Act]) -> Flawed | None:
    return Flawed("short_cycle", job.ruled(least_s=900.0), acts, [("cycle_too_short", "")])


FAULTS: dict[str, Callable[[st.DrawFn, Job, list[Act]], Flawed | None]] = {
    "skip": skip,
    "swap": swap,
    "early": early,
    "repeat": repeat,
    "missing_repeat": missing_repeat,
    "slow": slow,
    "quick": quick,
    "hasty": hasty,
    "late": late,
    "reach": reach,
    "absent": absent,
    "long_cycle": long_cycle,
    "short_cycle": short_cycle,
}
