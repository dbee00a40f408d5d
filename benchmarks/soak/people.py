"""Made-up people, from the one recording that comes along: several at once, none like the other.

They walk through, stand about, fall and get up, lie for long, are lost on the way down and are
seen as a change of the floor, vanish behind something, and leave; once the camera is moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from edge.core.skeletons import BODY17
from edge.core.types import Change, Floats, Observation, Pose
from edge.modelstore import model_store
from edge.recording import Reader

MADE_UP = "demo/fall.poses.jsonl"
_FPS = 15.0
_SCENE_S = 600.0
_EMPTY_S = 90.0  # nobody at the end: longer than anybody is remembered
_SIZE = (640, 480)  # px
_VISITS = 30
_MOVED = (200.0, 201.0)  # s, the camera is being moved
_SEED = 7

# What the person of the recording does, s of the recording: forth or back.
_COME, _GO = (0.0, 4.2), (4.2, 0.0)
_FALL, _RISE, _STAND = (4.2, 9.5), (9.5, 15.9), (13.0, 15.9)
_LIE = ((6.0, 9.5), (9.5, 6.0))
_UNSEEN = (9.5, 9.5)  # lies there, and no model sees it

Span = tuple[float, float]
_LIVES: tuple[tuple[Span, ...], ...] = (
    (_COME, _GO),
    (_COME, _STAND, _STAND[::-1], _GO),
    (_COME, _FALL, _RISE, _GO),
    (_COME, _FALL, *_LIE * 10, _RISE, _GO),  # a long lie: more than a minute
    (_COME, (4.2, 4.8), _UNSEEN, _RISE, _GO),
    (_COME,),  # vanishes inside the picture
)
_UNSEEN_S = 6.0


@dataclass(frozen=True, slots=True)
class _Visit:
    """One person: since when, doing what, and where in the picture."""

    begin: float  # s
    spans: tuple[Span, ...]
    scale: float
    shift: float  # px to the right
    mirrored: bool
    glimpsed: bool  # found by looking again while lying unseen


def scene() -> tuple[Observation, ...]:
    """Ten minutes of people, the same in every run; raises SourceError without the recording."""
    path = model_store().bundled / MADE_UP
    poses = [seen.poses[0] for seen in Reader(path, warn=lambda _: None)]
    count = round(_SCENE_S * _FPS)
    seen: list[list[Pose]] = [[] for _ in range(count)]
    changes: list[list[Change]] = [[] for _ in range(count)]
    for visit in _visits():
        begin = round(visit.begin * _FPS)
        places = range(begin, count)
        for place, (pose, hidden) in zip(places, _frames(visit, poses), strict=False):
            if not hidden:
                seen[place].append(pose)
            elif visit.glimpsed and place % 8 == 0:
                seen[place].append(replace(pose, glimpse=True))
            else:
                changes[place].append(_change(pose))
    return tuple(
        Observation(
            t=place / _FPS,
            seq=place,
            size=_SIZE,
            poses=tuple(seen[place]),
            changes=tuple(sorted(changes[place], key=lambda change: -change.area)),
            steady=not _MOVED[0] <= place / _FPS < _MOVED[1],
        )
        for place in range(count)
    )


def _visits() -> Iterator[_Visit]:
    chance = np.random.default_rng(_SEED)
    for number in range(_VISITS):
        yield _Visit(
            begin=float(chance.uniform(0.0, _SCENE_S - _EMPTY_S - 100.0)),
            spans=_LIVES[number % len(_LIVES)],
            scale=float(chance.uniform(0.45, 1.0)),
            shift=float(chance.uniform(-60.0, 240.0)),
            mirrored=bool(chance.random() < 0.5),  # noqa: PLR2004 - an even chance
            glimpsed=bool(chance.random() < 0.5),  # noqa: PLR2004
        )


def _frames(visit: _Visit, poses: Sequence[Pose]) -> Iterator[tuple[Pose, bool]]:
    """Each frame's pose, and whether a model misses it."""
    for begin, end in visit.spans:
        still = begin == end
        long_s = _UNSEEN_S if still else abs(end - begin)
        for step in range(max(round(long_s * _FPS), 1)):
            share = step / (long_s * _FPS)
            place = round((begin + share * (end - begin)) * _FPS)
            yield _placed(poses[min(place, len(poses) - 1)], visit), still


def _placed(pose: Pose, visit: _Visit) -> Pose:
    xy = pose.xy * visit.scale + np.array((visit.shift, (1.0 - visit.scale) * _SIZE[1] * 0.7))
    score = pose.score
    if visit.mirrored:
        swap = list(BODY17.mirror)
        xy = xy[swap] * (-1.0, 1.0) + (_SIZE[0], 0.0)
        score = score[swap]
    exact: Floats = xy.astype(np.float32)
    return replace(pose, xy=exact, score=score)


def _change(pose: Pose) -> Change:
    """The region that a body on the floor makes different."""
    (x0, y0), (x1, y1) = pose.xy.min(axis=0).tolist(), pose.xy.max(axis=0).tolist()
    return Change((x0, y0, x1, y1), 0.6 * (x1 - x0) * (y1 - y0), 0.1)
