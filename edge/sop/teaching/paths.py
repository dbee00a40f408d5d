"""Where hands dwell in a recording: paths, and the places along them where a hand stays.

A path is one hand's way, left or right, in shares of the picture's width for x and y alike, so that
distances mean the same in every direction. Lengths are palms (wrist to middle knuckle): they fit
any camera. A dwell begins and ends with a hand that is nearly still, and lasts while it stays
within reach of there: work at a place is not still, but it does not go away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from edge.core.settings import setting
from edge.core.track import Scene
from edge.core.types import Side, Value

Times = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """One hand's way through a recording."""

    side: Side
    t: Times  # (N,) s, when it was seen
    xy: Times  # (N, 2) picture widths
    palm: float  # picture widths, the median


@dataclass(frozen=True, slots=True)
class Heard:
    """What a signal said in a recording."""

    name: str
    value: Value
    t: float  # s


@dataclass(frozen=True, slots=True, eq=False)
class Demo:
    """What teaching keeps of a recording."""

    paths: tuple[Path, ...]
    heard: tuple[Heard, ...]
    begin: float  # s
    end: float  # s
    size: tuple[int, int]  # px, of the picture


@dataclass(frozen=True, slots=True, eq=False)
class Dwell:
    """A hand stays somewhere."""

    side: Side
    begin: float  # s
    end: float  # s
    xy: Times  # (N, 2) picture widths, where it was seen meanwhile
    middle: tuple[float, float]  # picture widths

    @property
    def duration(self) -> float:
        """How long, s."""
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class Dwelling:
    """What counts as staying somewhere."""

    dwell_s: float = setting(0.3, "a hand that rests for so long dwells", unit="s", low=0.05)
    still: float = setting(0.45, "and moves no further than this", unit="palms", low=0.01)
    reach: float = setting(1.1, "a dwell lasts while the hand stays so near", unit="palms", low=0.1)
    away_s: float = setting(0.35, "a shorter leap away is noise", unit="s", low=0)
    lost_s: float = setting(1.5, "a hand unseen for so long may have been away", unit="s", low=0)


@dataclass(slots=True)
class _Samples:
    """Of one side: when, where, how large, how sure."""

    t: list[float] = field(default_factory=list)
    xy: list[tuple[float, float]] = field(default_factory=list)
    palm: list[float] = field(default_factory=list)
    score: list[float] = field(default_factory=list)

    def add(self, t: float, xy: tuple[float, float], palm: float, score: float) -> None:
        """Of two hands of one side at one time, the surer one."""
        if self.t and self.t[-1] == t:
            if score <= self.score[-1]:
                return
            for values in (self.t, self.xy, self.palm, self.score):
                values.pop()
        self.t.append(t)
        self.xy.append(xy)
        self.palm.append(palm)
        self.score.append(score)


def watch(scenes: Iterable[Scene]) -> Demo:
    """Keep what teaching needs of a recording, which may be long: no pose, no picture."""
    sides: dict[Side, _Samples] = {}
    heard: list[Heard] = []
    begin, end, size = None, 0.0, (1, 1)
    for scene in scenes:
        begin, end = (scene.t if begin is None else begin), scene.t
        size = scene.size if scene.size[0] > 0 else size
        heard += [Heard(signal.name, signal.value, signal.t) for signal in scene.signals]
        for hand in scene.hands:
            if hand.seen == scene.t and hand.side and np.isfinite(hand.xy).all():
                xy = (hand.xy[0] / size[0], hand.xy[1] / size[0])
                of = sides.setdefault(hand.side, _Samples())
                of.add(scene.t, xy, hand.palm / size[0], hand.score)
    paths = tuple(
        Path(side, np.array(of.t), np.array(of.xy), float(np.median(of.palm)))
        for side, of in sorted(sides.items())
    )
    return Demo(paths, tuple(heard), begin or 0.0, end, size)


def dwells(path: Path, palm: float, how: Dwelling) -> list[Dwell]:
    """Where a hand stays, in order; `palm` in picture widths."""
    if len(path.t) < 2:  # noqa: PLR2004 - from one moment to another
        return []
    pace = float(np.median(np.diff(path.t)))  # s between two sights
    xy = steadied(path)
    still = _still(path.t, xy, how, pace, palm)
    found: list[Dwell] = []
    k = 0
    while k < len(path.t):
        if not still[k]:
            k += 1
            continue
        members = _stay(path.t, xy, k, palm * how.reach, how)
        if path.t[members[-1]] - path.t[members[0]] >= how.dwell_s - pace:
            found.append(_dwell(path, xy, members, pace))
        k = members[-1] + 1
    return _joined(found, palm * how.reach, how)


def steadied(path: Path) -> Times:
    """The path (N, 2) without single leaps: the median of about a quarter of a second."""
    pace = float(np.median(np.diff(path.t))) if len(path.t) > 1 else 0.0
    half = max(0.13, 1.1 * pace)
    first = np.searchsorted(path.t, path.t - half)
    last = np.searchsorted(path.t, path.t + half, side="right")
    return np.array(
        [np.median(path.xy[a:b], axis=0) for a, b in zip(first, last, strict=True)]
    ).reshape(-1, 2)


def _still(t: Times, xy: Times, how: Dwelling, pace: float, palm: float) -> list[bool]:
    """Whether the hand rests from each sight on, for as long as a dwell takes."""
    # Noise also moves a hand that rests: what it moves from one sight to the next, mostly.
    step = np.linalg.norm(np.diff(xy, axis=0), axis=1)
    noise = float(np.quantile(step, 0.25)) if len(step) else 0.0
    reach = min(max(how.still * palm, 2.0 * noise), 0.8 * how.reach * palm)
    last = np.searchsorted(t, t + how.dwell_s - 0.5 * pace)
    rests = []
    for k, end in enumerate(last):
        whole = end < len(t) and t[end] - t[k] <= how.dwell_s + how.lost_s
        some = xy[k : end + 1]
        rests.append(
            bool(whole)
            and bool((np.linalg.norm(some - np.median(some, axis=0), axis=1) <= reach).all())
        )
    return rests


def _stay(t: Times, xy: Times, k: int, reach: float, how: Dwelling) -> list[int]:
    """The sights, from k on, that are within reach of where the hand came to rest."""
    members = [k]
    middle = xy[k].copy()
    for j in range(k + 1, len(t)):
        since = t[j] - t[members[-1]]
        if since > how.lost_s:
            break
        if np.linalg.norm(xy[j] - middle) <= reach:
            members.append(j)
            # The middle of the first second: a slow drift leaves it in the end.
            if t[j] - t[k] <= 1.0:
                middle = np.median(xy[members], axis=0)
        elif since > how.away_s and j - members[-1] > 1:
            break
    return members


def _dwell(path: Path, xy: Times, members: Sequence[int], pace: float) -> Dwell:
    there = xy[list(members)]
    x, y = np.median(there, axis=0)
    begin, end = path.t[members[0]], path.t[members[-1]]
    return Dwell(path.side, float(begin), float(end + 0.5 * pace), there, (float(x), float(y)))


def _joined(found: Sequence[Dwell], reach: float, how: Dwelling) -> list[Dwell]:
    """One after the other at the same place, with nothing between but a hand unseen: one dwell."""
    kept: list[Dwell] = []
    for dwell in found:
        last = kept[-1] if kept else None
        if (
            last is not None
            and dwell.begin - last.end <= how.lost_s
            and np.hypot(*np.subtract(dwell.middle, last.middle)) <= 0.7 * reach
        ):
            xy = np.concatenate([last.xy, dwell.xy])
            x, y = np.median(xy, axis=0)
            kept[-1] = Dwell(last.side, last.begin, dwell.end, xy, (float(x), float(y)))
        else:
            kept.append(dwell)
    return kept
