"""A wider network that begins by giving what a narrow one gives (Net2WiderNet, arXiv:1511.05641).

Every channel is there twice or more; what a layer takes from its copies is split between them by
chance, so that each of them learns something else from the first step on.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

_TIMID = 1.0  # the least share of a draw: no copy begins without a say


def widened(
    narrow: Mapping[str, Tensor], wide: Mapping[str, Tensor], seed: int = 0
) -> dict[str, Tensor]:
    """The weights of a narrow network in the sizes of a wide one of the same layers.

    Channel k of the wide one is channel k modulo the narrow one's count, in every layer.
    Raises ValueError for another layout of layers.
    """
    if narrow.keys() != wide.keys() or any(narrow[name].ndim != wide[name].ndim for name in narrow):
        raise ValueError("only a network of the same layers can be widened")
    chance = torch.Generator().manual_seed(seed)
    return {name: _widened(value, wide[name].shape, chance) for name, value in narrow.items()}


def _widened(value: Tensor, shape: torch.Size, chance: torch.Generator) -> Tensor:
    if value.ndim == 0 or value.shape == shape:
        return value.clone()
    made = value[torch.arange(shape[0]) % value.shape[0]]
    if value.ndim == 1 or value.shape[1] == shape[1]:
        return made
    source = torch.arange(shape[1]) % value.shape[1]
    drawn = torch.rand((*made.shape[:1], shape[1]), generator=chance) + _TIMID
    sums = torch.zeros(made.shape[:2]).index_add_(1, source, drawn)
    share = drawn / sums[:, source]
    return made[:, source] * share[..., None, None]
