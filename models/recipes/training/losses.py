"""What a body network's outputs cost, beside their targets."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from models.recipes.training.targets import OFFSET_UNIT, STEP_UNIT

Batch = dict[str, Tensor]  # what body_targets gives, (B, C, h, w)
_LINEAR = 0.125  # units from where an error counts by itself, not by its square


@dataclass(frozen=True, slots=True)
class LossSettings:
    """How the parts weigh."""

    positive: float = 3.0  # a missed keypoint counts this many times a false one
    focus: float = 1.0  # exponent: cells that are right already count less (arXiv:1708.02002)
    offsets: float = 1.0
    steps: float = 1.0


def body_loss(
    heads: tuple[Tensor, Tensor, Tensor, Tensor], target: Batch, settings: LossSettings
) -> dict[str, Tensor]:
    """Give the parts, each a scalar: `heatmaps`, `offsets` and `steps`, ready to be added up."""
    logits, offsets, forth, back = (head.float() for head in heads)
    heat = heatmap_loss(logits, target["heatmaps"], target["heatmap_weights"], settings)
    near = target["offset_weights"]
    shift = _distance(offsets, target["offsets"], torch.cat([near, near], dim=1), OFFSET_UNIT)
    weights = target["step_weights"]
    both = torch.cat([weights[:, :16], weights[:, :16], weights[:, 16:], weights[:, 16:]], dim=1)
    ways = _distance(torch.cat([forth, back], dim=1), target["steps"], both, STEP_UNIT)
    return {"heatmaps": heat, "offsets": settings.offsets * shift, "steps": settings.steps * ways}


def heatmap_loss(logits: Tensor, target: Tensor, weights: Tensor, settings: LossSettings) -> Tensor:
    """Focal cross entropy, for each full keypoint cell of the batch."""
    plain = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    wrong = (torch.sigmoid(logits.detach()) - target).abs() ** settings.focus
    cost = plain * wrong * weights * (1.0 + (settings.positive - 1.0) * target)
    return cost.sum() / (target.sum() + target.shape[0])


def _distance(made: Tensor, target: Tensor, weights: Tensor, unit: float) -> Tensor:
    """Smooth L1 in units, a mean over what counts."""
    cost = functional.smooth_l1_loss(made / unit, target / unit, reduction="none", beta=_LINEAR)
    return (cost * weights).sum() / (weights.sum() + 1.0)
