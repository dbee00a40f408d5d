"""What activations lose in int8, felt while training: quantization-aware training.

Every tensor that the shipped model holds in 8 bits is rounded to 255 steps on the way forward, and
its gradient passes as if it were not (Jacob et al., arXiv:1712.05877). Weights are left alone: a
scale for each channel, and rounding by GPTQ in the converter, keep them nearly whole.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from models.recipes.training.networks import Head, Residual

_STEPS = 255
_CUT = 6.0  # of ReLU6


def feel_eight_bits(network: nn.Module) -> None:
    """Make a network round what its layers give from now on."""
    for layer in network.modules():
        if isinstance(layer, (nn.ReLU6, Residual)):
            layer.register_forward_hook(_cut)
        elif isinstance(layer, Head):
            layer.register_forward_hook(_ranged)
        if isinstance(layer, Residual):
            layer.pointwise.register_forward_hook(_ranged)


def _cut(_layer: nn.Module, _taken: Any, given: Tensor) -> Tensor:
    return _rounded(given, torch.zeros(()), torch.tensor(_CUT / _STEPS))


def _ranged(_layer: nn.Module, _taken: Any, given: Tensor) -> Tensor:
    low, high = given.detach().float().aminmax()
    return _rounded(given, low, ((high - low) / _STEPS).clamp(min=1e-6))


def _rounded(given: Tensor, low: Tensor, step: Tensor) -> Tensor:
    plain = given.detach().float()
    exact = ((plain - low) / step).round_().mul_(step).add_(low)
    return given + (exact - plain).to(given.dtype)
