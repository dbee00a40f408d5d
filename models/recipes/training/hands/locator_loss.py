"""What a locator's outputs cost: focal cross entropy, and lengths in sides of the palm."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from models.recipes.training.losses import LossSettings

Batch = dict[str, Tensor]
_FOCUS, _SHARE = 2.0, 0.5  # gamma and alpha of arXiv:1708.02002
_LINEAR = 0.05
_BOXES = 0.6


def locator_loss(
    heads: tuple[Tensor, Tensor], batch: Batch, _settings: LossSettings
) -> dict[str, Tensor]:
    """Give the parts, each a scalar, ready to be added up."""
    boxes, logits = heads[0].float(), heads[1].float()[..., 0]
    target, weights = batch["scores"], batch["score_weights"]
    count = target.sum() + len(target)
    plain = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    wrong = (torch.sigmoid(logits.detach()) - target).abs() ** _FOCUS
    balance = torch.where(target > 0, _SHARE, 1 - _SHARE)
    found = 4.0 * (plain * wrong * balance * weights).sum() / count
    side = batch["sides"][..., None]
    apart = functional.smooth_l1_loss(
        boxes / side, batch["boxes"] / side, reduction="none", beta=_LINEAR
    )
    near = (apart.sum(dim=2) * target).sum() / (target.sum() + 1.0)
    return {"scores": found, "boxes": _BOXES * near}
