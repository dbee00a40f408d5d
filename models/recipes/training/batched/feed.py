"""Batches of a plan, made on a GPU."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from models.recipes.training.batched.draws import draw_batch
from models.recipes.training.batched.paint import paint
from models.recipes.training.batched.store import Store, read_store
from models.recipes.training.data import Pictures, Plan, loader, pictures_of
from models.recipes.training.targets import body_targets


class BodyFeed:
    """Makes batches of bodies on a device; the stored pictures are read at the first one.

    Those that are appended to the folders afterwards are not seen before the next run.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._read: tuple[Pictures, Store] | None = None

    def __call__(self, plan: Plan, workers: int) -> Iterator[dict[str, Tensor]]:
        """Batches as data.body_batch gives them, on the device."""
        if self._read is None:
            pictures = pictures_of(plan)
            self._read = pictures, read_store(pictures, plan.seed, workers, self._device)
        pictures, store = self._read
        for drawn in loader(plan, workers, draw_batch, pictures):
            made, people = paint(store, drawn, plan.size, plan.augment.replaced)
            yield {"pictures": made, **body_targets(people, (plan.size, plan.size))}
