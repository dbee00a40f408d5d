"""Pictures that the converters are shown: rendered ones, cut out as the runtime cuts them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from edge.core.geometry import Crop
from edge.runtime.predictor import cut
from models.recipes.training.data import Pictures
from models.recipes.training.hands import crops
from models.recipes.training.hands.batch import hands_of
from models.recipes.training.hands.crops import CropSettings

_CLEAR = 0.4  # share of a hand's landmarks that must be seen
_EMPTY = 0.1  # share of crops that show no hand


def store_crops(
    rng: np.random.Generator, folders: Sequence[Path], out: Path, count: int, size: int
) -> None:
    """Write so many crops (size, size) as PNG, for the landmark network; raises OSError."""
    out.mkdir(parents=True, exist_ok=True)
    pictures = Pictures(folders)
    made = 0
    while made < count:
        number = int(rng.integers(len(pictures.entries)))
        hands = [
            one.landmarks[:, :2]
            for one in hands_of(pictures.entries[number])
            if (one.seen == 2).mean() >= _CLEAR  # noqa: PLR2004 - COCO's
        ]
        rgb = pictures.load(number).rgb
        frame = (rgb.shape[0], rgb.shape[1])
        crop: Crop | None = None
        if hands and rng.random() >= _EMPTY:
            crop = crops.drawn(rng, hands[rng.integers(len(hands))], CropSettings())
        elif not hands:
            crop = crops.without(rng, np.zeros((0, 21, 2), np.float32), frame, CropSettings())
        if crop is not None:
            square = np.empty((size, size, 3), np.uint8)
            cut(rgb, crop, square)
            cv2.imwrite(str(out / f"{made:05d}.png"), square[..., ::-1])
            made += 1


def store_pictures(
    rng: np.random.Generator, folders: Sequence[Path], out: Path, count: int
) -> None:
    """Write so many whole pictures as PNG, for the locator; raises OSError."""
    out.mkdir(parents=True, exist_ok=True)
    pictures = Pictures(folders)
    for made in range(count):
        rgb = pictures.load(int(rng.integers(len(pictures.entries)))).rgb
        cv2.imwrite(str(out / f"{made:05d}.png"), rgb[..., ::-1])
