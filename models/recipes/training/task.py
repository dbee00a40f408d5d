"""What is learned: a network, its batches, and what its outputs cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from models.recipes.training.batched.feed import BodyFeed
from models.recipes.training.data import Make, Plan, body_batch
from models.recipes.training.losses import LossSettings, body_loss
from models.recipes.training.networks import BodyNetwork, BodyShape

Batch = dict[str, Tensor]
Feed = Callable[[Plan, int], Iterable[Batch]]  # a plan's batches, by so many processes


@dataclass(frozen=True, slots=True)
class Task:
    """What is learned: a network, its batches, and what its outputs cost."""

    name: str
    build: Callable[[], nn.Module]
    shape: dict[str, Any]
    make: Make
    cost: Callable[[Any, Batch, LossSettings], dict[str, Tensor]]
    on_gpu: Callable[[torch.device], Feed] | None = None  # makes batches there


def body_task(shape: BodyShape) -> Task:
    """PoseNet's heads on pictures of people."""
    plain = shape.as_plain()
    return Task("body", lambda: BodyNetwork(shape), plain, body_batch, body_loss, BodyFeed)
