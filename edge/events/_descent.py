"""How a body came down: the physics that tells a fall from sitting, squatting and lying down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement of one person's height above the ground."""

    t: float  # s
    raw: float  # stature as measured, share of the standing height
    stature: float  # the middle of the last three
    upright: bool  # a model saw the person standing or sitting
    down: bool  # no higher than a squat, hips low


@dataclass(frozen=True, slots=True)
class Descent:
    """A way down from upright."""

    t: float  # s, last upright
    drop: float  # share of the standing height lost
    speed: float  # heights/s, of the fastest part
    above: float  # stature it began from


@dataclass(frozen=True, slots=True)
class Alert:
    """A fall that has become certain enough to be told."""

    t: float  # s
    stage: str  # "descent" or "lost"
    way: Descent


_MIDDLE_S = 0.15  # s; frames further apart than this are too far for a median


def since(before: float | None, t: float, *, holds: bool) -> float | None:
    """When something that holds now began, s; None when it does not hold."""
    return (t if before is None else before) if holds else None


def lasts(begun: float | None, t: float, long: float) -> bool:
    """Whether it has held for that long, s."""
    return begun is not None and t - begun >= long - 1e-6


def recent(samples: tuple[Sample, ...], oldest: float) -> tuple[Sample, ...]:
    """The samples from `oldest` on; mostly one is too old, so looking from the front is quick."""
    first = 0
    while first < len(samples) and samples[first].t < oldest:
        first += 1
    return samples[first:]


def smooth(samples: Sequence[Sample], t: float, raw: float) -> float:
    """Middle of the last three: one frame in which the model errs moves nothing."""
    near = [sample.raw for sample in samples[-2:] if t - sample.t <= _MIDDLE_S]
    return median([*near, raw]) if len(near) > 1 else raw


def descent(
    samples: Sequence[Sample], *, drop_s: float, start_s: float, part_s: float
) -> Descent | None:
    """The way from the last upright moments to now; None without them, or if they were too few."""
    now = samples[-1]
    upright = [s for s in samples if s.upright]
    if not upright or upright[-1].t < now.t - drop_s:
        return None
    # The second highest: one wild frame is not where the person stood.
    above = sorted(s.stature for s in upright)[-2:][0]
    last = upright[-1].t
    # Slowly to all fours and then flat is no fall: the fast part begins when upright ends.
    way = [s for s in samples if s.t >= last - part_s]
    return Descent(last, above - now.stature, fastest(way, part_s, last + start_s), above)


def fastest(samples: Sequence[Sample], part_s: float, latest: float) -> float:
    """Greatest mean speed downwards over a part of this length begun by `latest`, heights/s.

    Between samples the height is taken to change evenly, so that few frames a second measure the
    same speed as many.
    """
    best, end = 0.0, 0
    for i, begin in enumerate(samples):
        stop = begin.t + part_s
        while end < len(samples) and samples[end].t < stop:
            end += 1
        if begin.t > latest or end in {i, len(samples)}:
            break
        before, after = samples[end - 1], samples[end]
        share = (stop - before.t) / (after.t - before.t)
        there = before.stature + share * (after.stature - before.stature)
        best = max(best, (begin.stature - there) / part_s)
    return best
