"""Batches of crops: hands with truth, and arms, faces and backgrounds that are none."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from edge.core.geometry import Crop
from edge.core.types import Image
from models.recipes.training.augment import Source
from models.recipes.training.data import Entry, Pictures, Plan
from models.recipes.training.hands import changes, crops
from models.recipes.training.hands.crops import CropSettings
from models.recipes.training.photometry import photographed

Floats = npt.NDArray[np.float32]
_EACH = 3  # crops of a picture: reading one costs as much as several crops
_BODIES = 0.06  # share of pictures of whole people, which show what is no hand
_NOBODY = 0.12  # share of crops of other pictures that show no hand
_CLOSE = 60.0  # px, extent of a hand that is seen well
_EAGER = 4.0  # from a quarter of a well seen hand on, it is always taken
_REPLACED, _ERASED, _PHOTOGRAPHED = 0.08, 0.08, 0.4
_HIDDEN, _OUTSIDE = 0.6, 0.25  # weights of landmarks that are covered, or beyond the picture
_PATIENCE = 30
_TRACE, _SOME, _MOST = 0.1, 0.3, 0.7  # shares of a hand that are seen
_PALM = 0.095  # m, from the wrist to the middle finger's knuckle
_SIDES = {"left": 0.0, "right": 1.0}
_UNSURE = -1.0
_SOMEBODY = np.full((1, 17, 3), np.nan, np.float32)


@dataclass(frozen=True, slots=True)
class Read:
    """What a batch is made from so far."""

    rng: np.random.Generator
    sources: list[Source]

    def other(self) -> Source:
        """Any picture of the same batch: reading another one takes long."""
        return self.sources[int(self.rng.integers(len(self.sources)))]


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """One hand of a picture."""

    landmarks: Floats  # (21, 3) x, y, z px
    seen: Floats  # (21,) COCO's visibility
    right: float  # 1 or 0
    label: int


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A crop and what it teaches; lengths are of the crop's side, from its middle."""

    rgb: Image  # (size, size, 3)
    landmarks: Floats  # (21, 3)
    weights: Floats  # (21,)
    extent: float  # of the hand
    world: Floats  # (21, 3) m
    present: float  # 1, 0, or -1: nobody can say
    right: float  # the same


def hands_of(entry: Entry) -> list[Hand]:
    """What is marked in a picture."""
    found = []
    for one in entry.truth.get("hands", ()):
        rows = np.array(one["landmarks"], np.float32)
        found.append(Hand(rows[:, :3], rows[:, 3], _SIDES[one["side"]], int(one["label"])))
    return found


def hand_batch(pictures: Pictures, plan: Plan, number: int) -> dict[str, Tensor]:
    """Batch number so and so: `pictures` (B, size, size, 3) uint8, and fields of Shown."""
    rng = np.random.default_rng((plan.seed, number))
    read = Read(rng, [])
    shown: list[Shown] = []
    while len(shown) < plan.batch:
        source, entry = drawn(rng, pictures)
        read.sources.append(source)
        count = min(_EACH, plan.batch - len(shown))
        shown.extend(_shown(read, source, entry, plan.size) for _ in range(count))
    return {
        "pictures": torch.from_numpy(np.stack([one.rgb for one in shown])),
        "landmarks": torch.from_numpy(np.stack([one.landmarks for one in shown])),
        "weights": torch.from_numpy(np.stack([one.weights for one in shown])),
        "world": torch.from_numpy(np.stack([one.world for one in shown])),
        "extent": torch.tensor([one.extent for one in shown]),
        "present": torch.tensor([one.present for one in shown]),
        "right": torch.tensor([one.right for one in shown]),
    }


def drawn(
    rng: np.random.Generator, pictures: Pictures, bodies: float = _BODIES
) -> tuple[Source, Entry]:
    """Any picture whose hands are marked, or, of a share of them, any other one."""
    wanted = rng.random() >= bodies
    for turn in range(_PATIENCE):
        number = int(rng.integers(len(pictures.entries)))
        entry = pictures.entries[number]
        if ("hands" in entry.truth) is not wanted and turn < _PATIENCE - 1:
            continue
        try:
            source = pictures.load(number)
        except OSError:
            continue
        if entry.truth.get("hands"):  # so that it is never taken for an empty scene
            source = replace(source, people=_SOMEBODY)
        return source, entry
    raise OSError(f"cannot read pictures such as {entry.stem}")


def _shown(read: Read, source: Source, entry: Entry, size: int) -> Shown:
    rng = read.rng
    hands = hands_of(entry)
    worth = max(map(_worth, hands), default=0.0)
    # Few are taken of a picture that shows little: it shows what is no hand instead.
    if rng.random() >= _NOBODY and rng.random() < _EAGER * worth:
        chances = np.array([_worth(hand) for hand in hands])
        hand = hands[rng.choice(len(hands), p=chances / chances.sum())]
        return _with(read, source, hand, size)
    height, width = source.rgb.shape[:2]
    if "hands" in entry.truth:
        marked = np.array([hand.landmarks[:, :2] for hand in hands], np.float32)
        crop = crops.without(rng, marked.reshape(-1, 21, 2), (height, width), CropSettings())
    else:
        crop = changes.part(rng, source)
    present = 0.0 if crop else _UNSURE
    anything = Crop(width / 2, height / 2, min(height, width), 0.0)
    rgb = _finished(rng, changes.cut_out(rng, source.rgb, crop or anything, size))
    empty = np.zeros((21, 3), np.float32)
    return Shown(rgb, empty, empty[:, 0].copy(), 1.0, empty, present, _UNSURE)


def _worth(hand: Hand) -> float:
    """How likely a hand is taken: one that is hardly seen, or by few pixels, teaches little."""
    extent = float(np.ptp(hand.landmarks[:, :2], axis=0).max())
    clear = float((hand.seen == 2).mean())  # noqa: PLR2004 - COCO's
    return (0.02 + clear**2) * min(1.0, (extent / _CLOSE) ** 2)


def _with(read: Read, source: Source, hand: Hand, size: int) -> Shown:
    rng = read.rng
    crop = crops.drawn(rng, hand.landmarks[:, :2], CropSettings())
    rgb = changes.cut_out(rng, source.rgb, crop, size)
    if rng.random() < _REPLACED:
        rgb = changes.replaced(rng, source, crop, rgb, read.other)
    seen = hand.seen * crops.inside(crop, hand.landmarks[:, :2])
    placed = _placed(hand.landmarks, crop, size)
    right = hand.right
    if rng.random() < 0.5:  # noqa: PLR2004 - half are mirrored
        rgb, placed[:, 0], right = np.ascontiguousarray(rgb[:, ::-1]), -placed[:, 0], 1 - right
    if rng.random() < _ERASED:
        rgb, seen = changes.erased(rng, rgb, placed, seen)
    clear, there = float((seen == 2).mean()), float((seen > 0).mean())  # noqa: PLR2004 - COCO's
    weights = np.where(seen == 2, 1.0, np.where(seen == 1, _HIDDEN, _OUTSIDE))  # noqa: PLR2004
    length = max(float(np.linalg.norm(placed[9] - placed[0])), 1e-3)
    world: Floats = (placed - placed.mean(axis=0)) * np.float32(_PALM / length)
    return Shown(
        _finished(rng, rgb),
        placed,
        (weights * (clear >= _TRACE)).astype(np.float32),
        max(float(np.ptp(placed[:, :2], axis=0).max()), _TRACE),
        world,
        1.0 if there >= _MOST and clear >= _SOME else _UNSURE,
        right if clear >= _SOME else _UNSURE,
    )


def _placed(landmarks: Floats, crop: Crop, size: int) -> Floats:
    """Landmarks (21, 3) px of the picture, in a crop: from its middle, in its sides."""
    matrix = crop.matrix((size, size))
    xy = (landmarks[:, :2] - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
    z = landmarks[:, 2] * size / crop.side
    return (np.column_stack([xy - (size - 1) / 2, z]) / size).astype(np.float32)


def _finished(rng: np.random.Generator, rgb: Image) -> Image:
    return photographed(rng, rgb) if rng.random() < _PHOTOGRAPHED else rgb
