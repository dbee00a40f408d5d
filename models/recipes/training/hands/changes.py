"""What is done to crops of pictures: cut out, put before something else, partly covered."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from edge.core.geometry import Crop
from edge.core.types import Image
from edge.runtime.predictor import cut
from models.recipes.training.augment import Source
from models.recipes.training.backdrops import backdrop
from models.recipes.training.hands import crops
from models.recipes.training.hands.crops import CropSettings

Floats = npt.NDArray[np.float32]
_ELBOWS, _WRISTS = (7, 8), (9, 10)


def part(rng: np.random.Generator, source: Source, least: float = 12.0) -> Crop | None:
    """A crop of a picture of people, of a least side (px), that shows no hand of them."""
    height, width = source.rgb.shape[:2]
    if not len(source.people):
        return crops.without(rng, np.zeros((0, 21, 2), np.float32), (height, width), CropSettings())
    xy = source.people[..., :2]
    wrist, elbow = xy[:, _WRISTS], xy[:, _ELBOWS]
    hands = np.stack([wrist + share * (wrist - elbow) for share in (0.0, 0.4, 0.8)], axis=-2)
    for _ in range(8):
        one = xy[rng.integers(len(xy))]
        extent = float(np.nanmax(np.nanmax(one, axis=0) - np.nanmin(one, axis=0)))
        x, y = (one[rng.integers(17)] + rng.normal(0, 0.05, 2) * extent).tolist()
        side = max(extent * float(np.exp(rng.uniform(np.log(0.12), np.log(0.6)))), least)
        crop = Crop(x, y, side, float(rng.uniform(-np.pi, np.pi)))
        if (
            0 <= x < width
            and 0 <= y < height
            and not crops.inside(crop, hands.reshape(-1, 2), 1.2).any()
        ):
            return crop
    return None


def cut_out(rng: np.random.Generator, picture: Image, crop: Crop, size: int) -> Image:
    """The crop of a picture, as the runtime cuts it."""
    rgb = np.empty((size, size, 3), np.uint8)
    if crop.side > 2 * size and rng.random() < 0.7:  # noqa: PLR2004 - a camera sees it finer
        picture = np.asarray(cv2.blur(picture, (2, 2)), np.uint8)
    cut(picture, crop, rgb)
    return rgb


def replaced(
    rng: np.random.Generator,
    source: Source,
    crop: Crop,
    rgb: Image,
    other: Callable[[], Source],
) -> Image:
    """Another background behind everybody."""
    size = len(rgb)
    everybody = (source.labels > 0).astype(np.float32)
    soft = cv2.warpAffine(
        everybody,
        crop.matrix((size, size)),
        (size, size),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    behind = backdrop(rng, other, (size, size))
    made = cv2.blendLinear(rgb, behind, soft, 1.0 - soft)
    return np.asarray(made, np.uint8)


def erased(
    rng: np.random.Generator, rgb: Image, placed: Floats, seen: Floats
) -> tuple[Image, Floats]:
    """Something in front: a polygon of one colour over some of the hand."""
    size = len(rgb)
    xy = placed[:, :2] * size + (size - 1) / 2
    extent = float(np.ptp(xy, axis=0).max())
    at = xy[rng.integers(21)] + rng.normal(0, 0.1, 2) * extent
    reach = rng.uniform(0.06, 0.28) * extent
    corners = int(rng.integers(3, 8))
    angles = np.sort(rng.uniform(0, 2 * np.pi, corners))
    around = np.column_stack([np.cos(angles), np.sin(angles)]) * rng.uniform(0.5, 1.5, (corners, 2))
    mask = np.zeros((size, size), np.uint8)
    shape = np.rint(np.clip(at + reach * around, -9999, 9999)).astype(np.int32)
    cv2.fillPoly(mask, [shape.reshape(-1, 1, 2)], 1)
    made = rgb.copy()
    made[mask > 0] = rng.integers(0, 256, 3)
    x, y = np.clip(np.rint(xy), 0, size - 1).astype(int).T
    hidden = np.where(mask[y, x] > 0, np.minimum(seen, 1), seen)
    return made, hidden.astype(np.float32)
