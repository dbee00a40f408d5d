"""Batches of pictures for the locator: hands of any size and turn, anywhere, and none."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from edge.core.geometry import Crop
from edge.core.types import Image
from edge.runtime.predictor import cut
from models.recipes.training.augment import Source
from models.recipes.training.backdrops import backdrop, leaves
from models.recipes.training.data import Entry, Pictures, Plan
from models.recipes.training.hands import batch, changes, crops
from models.recipes.training.hands.locator_targets import LocatorTargets, locator_targets
from models.recipes.training.photometry import photographed

Floats = npt.NDArray[np.float32]
_EACH = 2  # pictures made of one that is read
_BODIES = 0.1
_SMALLEST, _LARGEST = 11.0, 105.0  # px, side of a palm
_LEAST = 9.0  # px: smaller ones may be told of or not
_TURNED, _TILT = 0.35, 25.0  # share turned by any angle; degrees of the others
_BARS, _REPLACED, _PHOTOGRAPHED = 0.4, 0.2, 0.85
_PART = 60.0  # px, least side of a part of a picture of people
_SCALES = (0.33, 2.2)  # px of the input in one of a stored picture


def locator_batch(pictures: Pictures, plan: Plan, number: int) -> dict[str, Tensor]:
    """Batch number so and so: `pictures` (B, size, size, 3) uint8, and fields of LocatorTargets."""
    rng = np.random.default_rng((plan.seed, number))
    read = batch.Read(rng, [])
    made: list[tuple[Image, LocatorTargets]] = []
    while len(made) < plan.batch:
        source, entry = batch.drawn(rng, pictures, _BODIES)
        read.sources.append(source)
        count = min(_EACH, plan.batch - len(made))
        made.extend(_shown(read, source, entry, plan.size) for _ in range(count))
    targets = {
        field.name: torch.from_numpy(np.stack([getattr(target, field.name) for _, target in made]))
        for field in fields(LocatorTargets)
    }
    return {"pictures": torch.from_numpy(np.stack([rgb for rgb, _ in made])), **targets}


def _shown(
    read: batch.Read, source: Source, entry: Entry, size: int
) -> tuple[Image, LocatorTargets]:
    rng = read.rng
    hands = batch.hands_of(entry)
    frame = _frame(rng, size)
    crop = _whole(rng, source, size)
    nothing = None if "hands" in entry.truth else changes.part(rng, source, _PART)
    if nothing:
        crop = nothing
    elif hands:
        crop = _around(rng, hands[rng.integers(len(hands))], frame, size)
    rgb = _drawn(rng, source, crop, read.other, size)
    if "hands" not in entry.truth and not nothing:  # it may show hands that nobody has marked
        rgb = leaves(rng, (size, size))
    matrix = crop.matrix((size, size))
    back = np.linalg.inv(matrix[:, :2])
    mirrored = bool(rng.random() < 0.5)  # noqa: PLR2004 - half are mirrored
    if mirrored:
        rgb = np.ascontiguousarray(rgb[:, ::-1])
    sure: list[Floats] = []
    unsure: list[Floats] = []
    for hand in hands:
        xy = ((hand.landmarks[:, :2] - matrix[:, 2]) @ back.T).astype(np.float32)
        if mirrored:
            xy[:, 0] = size - 1 - xy[:, 0]
        palm = crops.palm_of(xy).xy
        seen = hand.seen * ((xy >= 0) & (xy < frame[::-1])).all(axis=1)
        side = float((palm[8] - palm[7]).max())
        middle = (palm[7] + palm[8]) / 2
        clear = (seen == 2).mean() >= 0.3 and (seen > 0).mean() >= 0.6  # noqa: PLR2004 - shares
        within = ((middle >= 0) & (middle < frame[::-1])).all()
        (sure if clear and within and side >= _LEAST else unsure).append(palm)
    if rng.random() < _PHOTOGRAPHED:
        rgb = photographed(rng, rgb)
    rgb[frame[0] :], rgb[:, frame[1] :] = 0, 0
    return rgb, locator_targets(_stack(sure), _stack(unsure), size)


def _stack(palms: list[Floats]) -> Floats:
    return np.array(palms, np.float32).reshape(-1, 9, 2)


def _frame(rng: np.random.Generator, size: int) -> tuple[int, int]:
    """Height and width of what is not black; most cameras are wide."""
    if rng.random() >= _BARS:
        return size, size
    short = int(size * rng.choice([0.75, 0.5625, rng.uniform(0.5, 1.0)]))
    return (short, size) if rng.random() < 0.8 else (size, short)  # noqa: PLR2004 - share


def _whole(rng: np.random.Generator, source: Source, size: int) -> Crop:
    """Most of a picture."""
    height, width = source.rgb.shape[:2]
    share = math.exp(rng.uniform(math.log(0.3), math.log(1.3)))
    x, y = rng.uniform(0.3, 0.7, 2) * (width, height)
    return Crop(float(x), float(y), max(share * min(width, height), size / _SCALES[1]), _turn(rng))


def _around(rng: np.random.Generator, hand: batch.Hand, frame: tuple[int, int], size: int) -> Crop:
    """A square that shows a hand anywhere in a frame (height, width), of any size."""
    xy = hand.landmarks[:, :2]
    palm = crops.palm_of(xy).xy
    side = max(float((palm[8] - palm[7]).max()), 4.0)
    wanted = math.exp(rng.uniform(math.log(_SMALLEST), math.log(_LARGEST)))
    scale = float(np.clip(wanted / side, *_SCALES))
    at = rng.uniform(0.1, 0.9, 2) * frame[::-1]
    crop = Crop(0.0, 0.0, size / scale, _turn(rng))
    away = crop.back(at[None].astype(np.float32), (size, size))[0]
    x, y = (xy.mean(axis=0) - away).tolist()
    return Crop(x, y, crop.side, crop.angle)


def _turn(rng: np.random.Generator) -> float:
    turned = rng.random() < _TURNED
    return float(rng.uniform(-math.pi, math.pi)) if turned else math.radians(rng.normal(0, _TILT))


def _drawn(
    rng: np.random.Generator, source: Source, crop: Crop, other: Callable[[], Source], size: int
) -> Image:
    """The square, with something else where the picture ends, and at times behind everybody."""
    picture = source.rgb
    if crop.side > 1.5 * size and rng.random() < 0.7:  # noqa: PLR2004 - a camera sees it finer
        picture = np.asarray(cv2.blur(picture, (2, 2)), np.uint8)
    rgb = np.empty((size, size, 3), np.uint8)
    cut(picture, crop, rgb)
    alone = rng.random() < _REPLACED
    kept = (source.labels > 0 if alone else np.ones_like(source.labels)).astype(np.float32)
    soft = cv2.warpAffine(
        kept, crop.matrix((size, size)), (size, size), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    if soft.min() > 0.99 or (not alone and rng.random() < 0.3):  # noqa: PLR2004
        return rgb
    behind = backdrop(rng, other, (size, size))
    return np.asarray(cv2.blendLinear(rgb, behind, soft, 1.0 - soft), np.uint8)
