"""Weights averaged over the steps of training, which do better than the last ones."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn


class Average:
    """An exponential moving average of a network's weights and statistics (arXiv:1803.05407)."""

    def __init__(self, network: nn.Module, keep: float) -> None:
        self.network = copy.deepcopy(network).eval()
        for weight in self.network.parameters():
            weight.requires_grad_(False)  # noqa: FBT003 - torch's own
        self.steps = 0
        self._keep = keep

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Take the weights of a step in; early ones are forgotten sooner."""
        self.steps += 1
        share = 1.0 - min(self._keep, (1.0 + self.steps) / (10.0 + self.steps))
        # One call for all, ten times as fast.
        torch._foreach_lerp_(_moving(self.network), _moving(network), share)


def _moving(network: nn.Module) -> list[Tensor]:
    """Weights and statistics, always in the same order."""
    both = (*network.parameters(), *network.buffers())
    return [value for value in both if value.is_floating_point()]


@torch.no_grad()
def settle(network: nn.Module, pictures: Iterable[Tensor], done: Callable[[int], None]) -> None:
    """Take the statistics of a network's normalisations anew, as a mean over batches."""
    layers = [layer for layer in network.modules() if isinstance(layer, nn.BatchNorm2d)]
    before = [layer.momentum for layer in layers]
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None  # a plain mean
    network.train()
    for count, batch in enumerate(pictures, start=1):
        with torch.autocast(batch.device.type, torch.bfloat16):
            network(batch)
        done(count)
    network.eval()
    for layer, momentum in zip(layers, before, strict=True):
        layer.momentum = momentum
