"""PCK@0.2 of hand landmarks, given where the hand is: the same crops for every model.

Each marked hand is cut out twice: `straight`, the square around its marked box, 1.6 times as long
as its longer side and as the picture stands; and `turned`, the square that the runtime makes from
the landmarks of the frame before, here from the marked ones, fingers up (only of hands whose every
joint is marked). A joint is right within 0.2 of the longer side of the marked box. The joints count
whether or not the model believes that a hand is there; `present` says how often it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.accuracy import marked
from benchmarks.errors import BenchError
from converters.parity.truth import Mark
from edge.core.geometry import Crop
from edge.core.types import Image, Pose
from edge.decode.hand import Hand
from edge.runtime import handcrops
from edge.runtime.predictor import Predictor
from edge.sources._opencv import picture_file
from models.recipes.evaluation.subjects import Subject

NEAR = 0.2  # of the longer side of the box
_ROOM = 1.6  # of the longer side of the box
_PRESENT = 0.5
# A file of each set, and whether it has each finger from its tip.
SETS = {
    "freihand": ("test_freihand.json", False),
    "rhd": ("test_rhd.json", True),
    "onehand10k": ("test_onehand10k.json", False),
}


@dataclass(frozen=True, slots=True, eq=False)
class MarkedHand:
    """One hand in its picture."""

    source: str  # one of SETS
    name: str  # the picture's file
    image: Image  # (H, W, 3) RGB
    mark: Mark  # px of it


@dataclass(frozen=True, slots=True, eq=False)
class HandCase:
    """A hand in one of its crops, and what a model made of it."""

    hand: MarkedHand
    crop: str  # one of CROPS
    pose: Pose | None  # None: the model gave numbers that are none
    apart: np.ndarray  # (21,) sides of the box; nan: not marked; inf: no pose


def read(folder: Path) -> tuple[MarkedHand, ...]:
    """Every marked hand; raises BenchError without any of the sets."""
    found = [hand for name in SETS if (folder / name).is_dir() for hand in _set(folder, name)]
    if not found:
        raise BenchError(str(folder), "has no marked hands", f"it needs {', '.join(SETS)}")
    return tuple(found)


def straight(mark: Mark) -> Crop:
    """The square around the marked box, as the picture stands."""
    x, y, width, height = mark.box
    return Crop(x + width / 2, y + height / 2, _ROOM * max(width, height), 0.0)


def turned(mark: Mark) -> Crop | None:
    """The square that the runtime makes of the landmarks; None unless all are marked."""
    if not mark.known.all():
        return None
    return handcrops.from_landmarks(Pose("hand21", mark.xy, np.ones(len(mark.xy), np.float32)))


# How a hand is cut out of its picture, by name.
CROPS: Mapping[str, Callable[[Mark], Crop | None]] = {"straight": straight, "turned": turned}


def cases(one: Subject, every: Sequence[MarkedHand]) -> list[HandCase]:
    """Look at every crop; raises BenchError for what is no model of hands."""
    decoder = one.make().manifest.decoder if one.make else None
    if one.make is None or not isinstance(decoder, Hand):
        raise BenchError(one.name, "finds no joints of hands")
    predictor = one.make()
    # Also where it believes that there is none.
    manifest = replace(predictor.manifest, decoder=replace(decoder, min_presence=0.0))
    with ExitStack() as stack:
        stack.enter_context(predictor.backend)
        certain = Predictor(manifest, predictor.backend)
        return [
            _case(hand, name, certain.inside(hand.image, crop))
            for hand in every
            for name, make in CROPS.items()
            if (crop := make(hand.mark)) is not None
        ]


def figures(every: Sequence[HandCase]) -> dict[str, Any]:
    """By crop: PCK@0.2 of all hands and of each set, and how many hands are taken for hands."""
    return {
        crop: {
            **_pck([one for one in every if one.crop == crop]),
            "sets": {
                name: _pck([c for c in every if c.crop == crop and c.hand.source == name])
                for name in dict.fromkeys(one.hand.source for one in every)
            },
        }
        for crop in CROPS
    }


def _pck(some: Sequence[HandCase]) -> dict[str, Any]:
    apart = np.concatenate([one.apart for one in some]) if some else np.zeros(0, np.float32)
    known = apart[~np.isnan(apart)]
    sure = [one.pose is not None and float(one.pose.score[0]) >= _PRESENT for one in some]
    return {
        "hands": len(some),
        "pck_0.2": float((known <= NEAR).mean()) if len(known) else float("nan"),
        "pck_0.1": float((known <= NEAR / 2).mean()) if len(known) else float("nan"),
        "present": float(np.mean(sure)) if some else float("nan"),
    }


def _set(folder: Path, name: str) -> Iterator[MarkedHand]:
    file, tips_first = SETS[name]
    place = folder / name
    read_all = marked.read(place / file, place, None, lambda _d, _t: None, tips_first=tips_first)
    for shown in read_all.pictures:
        image = picture_file(shown.file)
        for mark in shown.marks if image is not None else ():
            if mark.known.any() and max(mark.box[2:]) > 0.0:
                # Files of hands are about pictures of their own size.
                yield MarkedHand(name, shown.file.name, np.asarray(image), mark)


def _case(hand: MarkedHand, crop: str, poses: Sequence[Pose]) -> HandCase:
    apart = np.where(hand.mark.known, np.inf, np.nan).astype(np.float32)
    if not poses:
        return HandCase(hand, crop, None, apart)
    distance = np.linalg.norm(poses[0].xy - hand.mark.xy, axis=1) / max(hand.mark.box[2:])
    apart[hand.mark.known] = distance[hand.mark.known]
    return HandCase(hand, crop, poses[0], apart)
