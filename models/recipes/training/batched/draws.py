"""What is done to each picture of a batch, drawn by the same rules as for one picture on a CPU.

A process draws matrices, polygons and colours; no pixel is touched here.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor

from models.recipes.training import augment
from models.recipes.training.augment import Floats, Source
from models.recipes.training.data import Pictures, Plan, people_of
from models.recipes.training.photometry import colors

PEOPLE = 8  # rows of people of a picture
KERNEL = 9  # px, of blurs
_STORED = (320, 320)  # px, height and width of stored pictures
_NOTHING = np.broadcast_to(np.uint8(0), (*_STORED, 3))
_SMALL = 0.55  # scale below which a picture is taken by way of half
_LEVELS = 3


def draw_batch(pictures: Pictures, plan: Plan, number: int) -> dict[str, Tensor]:
    """Batch number so and so, to be painted; the same for the same seed and pictures."""
    rng = np.random.default_rng((plan.seed, number))
    made = _Drawn(plan.batch, plan.size)
    for row in range(plan.batch):
        _draw(rng, pictures, plan, made, row)
    return made.tensors()


_SOME = (
    *("paste_row", "paste_number", "paste_level", "paste_back"),
    *("erase_row", "erase_mask", "erase_color"),
    *("photo_row", "photo_color", "photo_gamma", "photo_kernel"),
    *("photo_grain", "photo_grey", "photo_quality"),
)


class _Drawn:
    """Rows of all pictures, and lists of those that only some have."""

    def __init__(self, batch: int, size: int) -> None:
        self.size = size
        self.every: dict[str, Any] = {
            "number": np.zeros(batch, np.int64),  # of the stored picture
            "level": np.zeros(batch, np.int64),  # 0 is full size, 1 half, 2 a quarter
            "back": np.zeros((batch, 2, 3), np.float32),  # from px of the frame to stored ones
            "frame": np.zeros((batch, 2), np.float32),  # height, width
            "replaced": np.zeros(batch, np.float32),  # uniform
            "backdrop": np.zeros(batch, np.float32),  # uniform, which one
            "people": np.zeros((batch, PEOPLE, 17, 3), np.float32),
            "arrived": np.zeros((batch, PEOPLE), np.bool_),  # who was pasted
        }
        self.some: dict[str, list[Any]] = {name: [] for name in _SOME}

    def tensors(self) -> dict[str, Tensor]:
        """For another process."""
        shapes: dict[str, tuple[int, ...]] = {
            "paste_back": (0, 2, 3),
            "erase_mask": (0, self.size, self.size),
        }
        shapes |= {"erase_color": (0, 3), "photo_color": (0, 3, 4)}
        shapes |= {"photo_kernel": (0, KERNEL, KERNEL)}
        some = {
            name: np.stack(rows) if rows else np.zeros(shapes.get(name, (0,)), np.float32)
            for name, rows in self.some.items()
        }
        return {name: torch.from_numpy(np.asarray(v)) for name, v in (self.every | some).items()}


def _draw(rng: np.random.Generator, pictures: Pictures, plan: Plan, made: _Drawn, row: int) -> None:
    settings, every, some = plan.augment, made.every, made.some
    frame = augment.frame_of(rng, plan.size, settings)
    number, people, level, back = _one(rng, pictures, frame, plan)
    every["number"][row], every["level"][row], every["back"][row] = number, level, back
    every["frame"][row] = frame
    every["replaced"][row], every["backdrop"][row] = rng.random(2)
    arrived = people[:0]
    if rng.random() < settings.pasted:
        number, arrived, level, back = _one(rng, pictures, frame, plan)
        for name, value in zip(
            ("row", "number", "level", "back"), (row, number, level, back), strict=True
        ):
            some[f"paste_{name}"].append(value)
    both = np.concatenate([people, arrived])[:PEOPLE]
    if rng.random() < settings.erased and (mask := augment.polygon(rng, both, frame)) is not None:
        whole = np.zeros((plan.size, plan.size), np.uint8)
        whole[: frame[0], : frame[1]] = mask
        some["erase_row"].append(row)
        some["erase_mask"].append(whole)
        some["erase_color"].append(rng.integers(0, 256, 3).astype(np.float32))
    if rng.random() < settings.photographed:
        _photographed(rng, some, row)
    every["people"][row, : len(both)] = both
    every["arrived"][row, len(people) : len(both)] = True


def _one(
    rng: np.random.Generator, pictures: Pictures, frame: tuple[int, int], plan: Plan
) -> tuple[int, Floats, int, Floats]:
    """A stored picture's number, its people where they come to be, level, and the way back."""
    number = int(rng.integers(len(pictures.entries)))
    source = Source(_NOTHING, _NOTHING[..., 0], people_of(pictures.entries[number]))
    matrix, mirrored = augment.geometry(rng, source, frame, plan.augment)
    people = augment.moved(source.people, matrix, frame, mirrored=mirrored)
    scale, level = float(np.sqrt(abs(np.linalg.det(matrix[:, :2])))), 0
    while scale < _SMALL and level < _LEVELS - 1:
        scale, level = scale * 2, level + 1
    return number, people, level, cv2.invertAffineTransform(matrix).astype(np.float32)


def _photographed(rng: np.random.Generator, some: dict[str, list[Any]], row: int) -> None:
    """As photometry.photographed draws it; pictures of few pixels are blurred ones here."""
    some["photo_row"].append(row)
    some["photo_color"].append(colors(rng).astype(np.float32))
    gamma = np.exp(rng.uniform(-0.4, 0.4)) if rng.random() < 0.5 else 1.0  # noqa: PLR2004 - shares
    some["photo_gamma"].append(np.float32(gamma))
    some["photo_kernel"].append(_kernel(rng))
    grain = np.exp(rng.uniform(np.log(3), np.log(30))) if rng.random() < 0.5 else 0.0  # noqa: PLR2004
    some["photo_grain"].append(np.float32(grain))
    some["photo_grey"].append(np.float32(rng.random() >= 0.6))  # noqa: PLR2004
    some["photo_quality"].append(
        np.float32(rng.integers(15, 90) if rng.random() < 0.3 else 0)  # noqa: PLR2004
    )


def _kernel(rng: np.random.Generator) -> Floats:
    made = np.zeros((KERNEL, KERNEL), np.float32)
    half = KERNEL // 2
    kind = rng.random() / 0.35
    if kind >= 1:
        made[half, half] = 1.0
    elif kind < 0.4 or kind >= 0.7:  # noqa: PLR2004 - shares
        away = np.arange(KERNEL) - half
        bell = np.exp(-0.5 * (away / rng.uniform(0.4, 1.6)) ** 2)
        made = np.outer(bell, bell).astype(np.float32)
    else:
        angle, length = rng.uniform(0, np.pi), int(rng.integers(2, 4))
        reach = np.array([np.cos(angle), np.sin(angle)]) * length
        start, end = (np.rint(half + sign * reach).astype(int).tolist() for sign in (-1, 1))
        cv2.line(made, start, end, 1.0)
    kernel: Floats = made / made.sum()
    return kernel
