"""Which pictures a model is quantized with, and which others it is then tried on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from converters.errors import ConvertError
from converters.pictures import Loaded, Picture, spread
from edge.core.posture import SEEN
from edge.core.settings import setting
from edge.core.types import Pose

_RUNS = 4  # of neighbours that are set aside together


@dataclass(frozen=True, slots=True)
class CalibrationSettings:
    """How many pictures are taken, and which."""

    count: int = setting(128, "pictures to calibrate on", low=1, high=10_000)
    parity_count: int = setting(48, "other pictures to compare on", low=1, high=10_000)
    least: int = setting(8, "fewer to calibrate or to compare on are refused", low=1, high=10_000)
    seed: int = setting(0, "another one takes other pictures", low=0, high=2**31)


def enough(settings: CalibrationSettings) -> int:
    """How many pictures `split` needs for full sets: in a video some are beside those set aside."""
    return settings.count + settings.parity_count + 2 * _RUNS


def split(
    loaded: Loaded, settings: CalibrationSettings
) -> tuple[tuple[Picture, ...], tuple[Picture, ...]]:
    """Pictures to calibrate on, and others to compare on; ConvertError when there are too few.

    Neighbours often show the same moment, so whole runs of them are set aside, and in a video
    those right beside a run are not used.
    """
    loaded.need(2 * settings.least)
    pictures = loaded.pictures
    # Of few pictures half are compared on: there, one person more or less decides much.
    wanted = min(settings.parity_count, len(pictures) // 2)
    aside = _runs(len(pictures), max(wanted, settings.least), settings.seed)
    beside = {i for j in aside for i in (j - 1, j + 1) if _same_film(pictures, i, j)}
    rest = tuple(p for i, p in enumerate(pictures) if i not in beside.union(aside))
    Loaded(loaded.source, rest).need(settings.least)
    return spread(rest, settings.count, settings.seed), tuple(pictures[i] for i in aside)


def unseen(loaded: Loaded, calibration: Iterable[Picture]) -> Loaded:
    """Leave out the pictures that the calibration sees, whatever they are called."""
    known = {picture.sha256 for picture in calibration}
    others = tuple(picture for picture in loaded.pictures if picture.sha256 not in known)
    return Loaded(loaded.source, others, loaded.unreadable)


def shows(source: str, found: Sequence[Sequence[Pose]], what: str) -> int:
    """In how many pictures a float model finds a "person" or "hand"; ConvertError when in none."""
    count = sum(any(float(pose.score.mean()) >= SEEN for pose in poses) for poses in found)
    if not count:
        problem = f"the float model sees no {what} in any of the {len(found)} pictures"
        hint = f"give pictures with a larger {what}, or a model whose weights are not broken"
        raise ConvertError(source, problem, hint)
    return count


def doubt(count: int, total: int, what: str) -> str:
    """Give a warning when fewer than half of the pictures show anybody, else an empty text."""
    if 2 * count >= total:
        return ""
    return f"only {count} of {total} pictures show a {what}: more of them would calibrate better"


def fingerprint(pictures: Iterable[Picture]) -> str:
    """Sha256 of a set of pictures, in order."""
    return hashlib.sha256("".join(picture.sha256 for picture in pictures).encode()).hexdigest()


def _runs(count: int, wanted: int, seed: int) -> tuple[int, ...]:
    """Places of `wanted` pictures of `count`: a run of neighbours in each section of the whole."""
    chance = np.random.default_rng(seed)
    borders = [(count * i // _RUNS, wanted * i // _RUNS) for i in range(_RUNS + 1)]
    places: list[int] = []
    for (first, before), (last, after) in pairwise(borders):
        length = after - before
        start = first + int(chance.integers(last - first - length + 1))
        places.extend(range(start, start + length))
    return tuple(places)


def _same_film(pictures: Sequence[Picture], i: int, j: int) -> bool:
    inside = 0 <= i < len(pictures)
    return inside and bool(pictures[j].film) and pictures[i].film == pictures[j].film
