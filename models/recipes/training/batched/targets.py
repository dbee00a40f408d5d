"""targets.body_targets for a whole batch at once, on any device."""

from __future__ import annotations

import torch
from torch import Tensor

from models.recipes.training import targets as one

_FAR = 1e9


def batch_targets(people: Tensor, size: int) -> dict[str, Tensor]:
    """People (B, P, 17, 3) as in body_targets -> its fields, (B, C, h, w); nobody is all zeros."""
    cells = (size - 1) // one.STRIDE + 1
    seen = people[..., 2]
    there = seen > 0
    extent = person_extents(people)  # (B, P)
    low, high = one.SMALL
    importance = ((extent - low) / (high - low)).clamp(0, 1)
    at = torch.arange(cells, device=people.device) * one.STRIDE
    dy, dx = people[..., 1, None] - at, people[..., 0, None] - at  # (B, P, 17, cells)
    away = (dy[..., :, None] ** 2 + dx[..., None, :] ** 2).sqrt()
    away = away / (one.SURE_OF_SIZE * extent).clamp(*one.SURE)[..., None, None, None]
    away = away.masked_fill(~there[..., None, None], _FAR)
    nearest, whose = away.min(dim=1)  # (B, 17, h, w)
    counts = torch.where(seen == 1, one.HIDDEN, 1.0) * importance[..., None] * there

    def of_whose(values: Tensor, owner: Tensor) -> Tensor:  # (B, P, C, 1 or h, 1 or w)
        wide = values.expand(*values.shape[:3], cells, cells)
        return wide.gather(1, owner[:, None])[:, 0]

    mine = of_whose(counts[..., None, None], whose)
    heat = (2.0 - nearest).clamp(0, 1)
    near = (1.5 * (one.NEAR - nearest)).clamp(0, 1) * mine
    offsets = torch.cat([of_whose(dy[..., :, None], whose), of_whose(dx[..., None, :], whose)], 1)
    steps, weights = [], []
    share = one.STEP_UNIT / extent.clamp(min=one.STEP_UNIT)
    parents, children = (torch.from_numpy(x).to(people.device) for x in (one.PARENTS, one.CHILDREN))
    for sources, ends in ((parents, children), (children, parents)):
        owner = whose[:, sources]
        way = people[:, :, ends, :2] - people[:, :, sources, :2]
        gain = (counts[:, :, ends] * share[..., None])[..., None, None]
        weight = near[:, sources] * of_whose(gain, owner)
        for axis in (1, 0):
            field = of_whose(way[..., axis, None, None], owner)
            steps.append(torch.where(weight > 0, field, 0.0))
        weights.append(weight)
    return {
        "heatmaps": heat,
        "heatmap_weights": torch.where(heat > 0, mine, 1.0),
        "offsets": torch.where(torch.cat([near, near], 1) > 0, offsets, 0.0),
        "offset_weights": near,
        "steps": torch.cat(steps, 1),
        "step_weights": torch.cat(weights, 1),
    }


def person_extents(people: Tensor) -> Tensor:
    """targets.person_sizes of (B, P, 17, 3), px, (B, P)."""
    xy = people[..., :2]
    known = torch.isfinite(xy)
    high = xy.masked_fill(~known, -_FAR).amax(dim=2)
    low = xy.masked_fill(~known, _FAR).amin(dim=2)
    return (high - low).amax(dim=-1)
