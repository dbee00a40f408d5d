"""Batches of a plan, made on a GPU."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from models.recipes.training.batched.draws import draw_batch
from models.recipes.training.batched.paint import paint
from models.recipes.training.batched.store import Store, read_store
from models.recipes.training.batched.targets import batch_targets
from models.recipes.training.data import Plan, loader


class BodyFeed:
    """Makes batches of bodies on a device; the stored pictures are read at the first one."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._store: Store | None = None

    def __call__(self, plan: Plan, workers: int) -> Iterator[dict[str, Tensor]]:
        """Batches as data.body_batch gives them, on the device."""
        self._store = store = self._store or read_store(plan, workers, self._device)
        for drawn in loader(plan, workers, draw_batch):
            made = paint(store, drawn, plan.size, plan.augment.replaced)
            people = made.pop("people")
            yield {**made, **batch_targets(people, plan.size)}
