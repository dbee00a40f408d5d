"""What a landmark network's outputs cost: lengths count by the hand's size."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from models.recipes.training.hands.network import MASS, METRES, SPREAD, split_cells
from models.recipes.training.losses import LossSettings

Batch = dict[str, Tensor]
_LINEAR = 0.05  # of the hand's size, from where an error counts by itself
_HEAT, _PLACES, _DEPTH, _WORLD, _PRESENCE, _SIDE = 0.2, 8.0, 0.15, 0.4, 0.5, 0.5


def hand_loss(
    heads: tuple[Tensor, ...], batch: Batch, _settings: LossSettings
) -> dict[str, Tensor]:
    """Give the parts, each a scalar, ready to be added up."""
    heat, landmarks, presence, handedness, world = (head.float() for head in heads)
    target, weights = batch["landmarks"], batch["weights"]
    total = weights.sum() + 1.0
    size = batch["extent"][:, None, None]
    apart = _smooth(landmarks.reshape(target.shape) / size, target / size)
    metres = _smooth(world.reshape(target.shape), batch["world"] / METRES)
    return {
        "heat": _HEAT * _heat_loss(heat, target, weights),
        "places": _PLACES * (apart[..., :2].sum(dim=2) * weights).sum() / total,
        "depth": _PLACES * _DEPTH * (apart[..., 2] * weights).sum() / total,
        "world": _WORLD * (metres.sum(dim=2) * weights).sum() / total,
        "presence": _PRESENCE * _yes_or_no(presence[:, 0], batch["present"]),
        "side": _SIDE * _yes_or_no(handedness[:, 0], batch["right"]),
    }


def bells(places: Tensor, cells: int) -> Tensor:
    """Heatmaps (B, 21, cells, cells) around places (B, 21, >=2), from -0.5 to 0.5 in a crop."""
    axis = torch.arange(cells) + 0.5
    away = (places[..., :2, None] + 0.5) * cells - axis  # (B, 21, 2, cells)
    near = torch.exp(-0.5 * (away / SPREAD) ** 2)
    return near[:, :, 1, :, None] * near[:, :, 0, None, :]


def _heat_loss(logits: Tensor, target: Tensor, weights: Tensor) -> Tensor:
    """Cross entropy: its best answer to a joint that may be anywhere has the same mass."""
    wanted = split_cells(bells(target, 2 * logits.shape[2]))
    plain = functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    each = plain.sum(dim=(2, 3)).reshape(*weights.shape, -1).sum(dim=2) / MASS
    cost: Tensor = (each * weights).sum() / (weights.sum() + 1.0)
    return cost


def _smooth(made: Tensor, target: Tensor) -> Tensor:
    return functional.smooth_l1_loss(made, target, reduction="none", beta=_LINEAR)


def _yes_or_no(logits: Tensor, target: Tensor) -> Tensor:
    """Cross entropy of what can be said; -1 cannot."""
    known = target >= 0
    plain = functional.binary_cross_entropy_with_logits(
        logits, target.clamp(min=0), reduction="none"
    )
    return (plain * known).sum() / (known.sum() + 1.0)
