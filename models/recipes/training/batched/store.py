"""All stored pictures on the device, in three sizes, and backgrounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

from models.recipes.training.augment import Source
from models.recipes.training.backdrops import backdrop
from models.recipes.training.data import Pictures, load_any

BACKDROPS = 6000
LARGEST = 257  # px, of pictures to be painted
_AT_ONCE = 64


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """N pictures, all uint8."""

    levels: tuple[Tensor, Tensor, Tensor]  # (N, 3, S, S), and half and a quarter of it
    labels: Tensor  # (N, 1, S, S)
    backdrops: Tensor  # (M, 3, LARGEST, LARGEST)


def read_store(pictures: Pictures, seed: int, workers: int, device: torch.device) -> Store:
    """Read all of some pictures; some 0.5 MB of the device's memory each.

    Raises OSError for a picture that cannot be read: here none may be passed over.
    """
    whole, labels = _gathered(_Stored(pictures), workers, device)
    (behind,) = _gathered(_Backdrops(pictures, seed), workers, device)
    half = torch.cat([_half(part) for part in torch.split(whole, _AT_ONCE)])
    quarter = torch.cat([_half(part) for part in torch.split(half, _AT_ONCE)])
    return Store((whole, half, quarter), labels, behind)


def _half(pictures: Tensor) -> Tensor:
    return functional.avg_pool2d(pictures.float(), 2).round().to(torch.uint8)


def _gathered(data: Dataset[Any], workers: int, device: torch.device) -> tuple[Tensor, ...]:
    parts = [tuple(x.to(device) for x in part) for part in _parts(data, workers)]
    return tuple(torch.cat([part[k] for part in parts]) for k in range(len(parts[0])))


def _parts(data: Dataset[Any], workers: int) -> Iterator[tuple[Tensor, ...]]:
    yield from DataLoader(data, batch_size=_AT_ONCE, num_workers=workers)


class _Stored(Dataset[tuple[Tensor, Tensor]]):
    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures

    def __len__(self) -> int:
        return len(self._pictures.entries)

    def __getitem__(self, number: int) -> tuple[Tensor, Tensor]:
        source = self._pictures.load(number)
        rgb = np.ascontiguousarray(source.rgb.transpose(2, 0, 1))
        return torch.from_numpy(rgb), torch.from_numpy(source.labels[None])


class _Backdrops(Dataset[tuple[Tensor]]):
    def __init__(self, pictures: Pictures, seed: int) -> None:
        self._pictures, self._seed = pictures, seed

    def __len__(self) -> int:
        return BACKDROPS

    def __getitem__(self, number: int) -> tuple[Tensor]:
        cv2.setNumThreads(1)
        rng = np.random.default_rng((self._seed, number, 1))

        def other() -> Source:
            return load_any(rng, self._pictures)

        made = backdrop(rng, other, (LARGEST, LARGEST))
        return (torch.from_numpy(np.ascontiguousarray(made.transpose(2, 0, 1))),)
