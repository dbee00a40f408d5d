"""Draws to pictures: stored ones turned, scaled, cut out, pasted and covered, a batch at a time."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from models.recipes.training.batched.camera import photographed
from models.recipes.training.batched.store import Store

_HALF = 0.5
_MOSTLY = 0.8  # share of new backgrounds where more than half would lie beyond the stored picture


def paint(
    store: Store, drawn: dict[str, Tensor], size: int, replaced: float
) -> tuple[Tensor, Tensor]:
    """Pictures (B, size, size, 3) uint8 and people (B, P, 17, 3) of what was drawn."""
    device = store.labels.device
    there = {name: value.to(device, non_blocking=True) for name, value in drawn.items()}
    rgb, labels = _warped(store, drawn, there, "", size)
    frame = _frame(there["frame"], size)
    beyond = (labels < 0) & frame
    lost = beyond.sum((1, 2, 3)) / frame.sum((1, 2, 3))
    chance = torch.where(lost > _HALF, _MOSTLY, replaced)
    new = (there["replaced"] < chance)[:, None, None, None]
    shown = ~(beyond | (new & (labels == 0)))
    which = (there["backdrop"] * len(store.backdrops)).long()
    rgb = _over(store.backdrops[which, :, :size, :size].float(), rgb, shown)
    people = there["people"]
    if len(drawn["paste_row"]):
        rgb, people = _pasted(store, drawn, there, (rgb, people), size)
    if len(drawn["erase_row"]):
        rgb, people = _erased(there, rgb, people)
    if len(drawn["photo_row"]):
        rows = there["photo_row"].long()
        rgb = rgb.index_copy(0, rows, photographed(rgb[rows], there))
    made = (rgb * frame).round().clamp(0, 255).to(torch.uint8)
    return made.permute(0, 2, 3, 1), people


def _warped(
    store: Store, drawn: dict[str, Tensor], there: dict[str, Tensor], prefix: str, size: int
) -> tuple[Tensor, Tensor]:
    """Pictures (B, 3, size, size) float and labels (B, 1, size, size), -1 beyond the stored one."""
    number, back = there[f"{prefix}number"].long(), there[f"{prefix}back"]
    at = torch.arange(size, device=back.device, dtype=torch.float32)
    y, x = torch.meshgrid(at, at, indexing="ij")
    places = torch.stack([x, y, torch.ones_like(x)], -1)  # (size, size, 3)
    stored = torch.einsum("bij,hwj->bhwi", back, places)
    side = store.labels.shape[-1]
    grid = (2 * stored + 1) / side - 1  # the same at every level
    marks = store.labels[number].float() + 1
    labels = functional.grid_sample(marks, grid, "nearest", "zeros", align_corners=False) - 1
    rgb = torch.empty((len(number), 3, size, size), device=back.device)
    for level, pictures in enumerate(store.levels):
        rows = (drawn[f"{prefix}level"] == level).nonzero()[:, 0].to(back.device)
        if len(rows):
            seen = pictures[number[rows]].float()
            rgb[rows] = functional.grid_sample(
                seen, grid[rows], "bilinear", "border", align_corners=False
            )
    return rgb, labels


def _frame(sizes: Tensor, size: int) -> Tensor:
    """Which px are not black bars, (B, 1, size, size)."""
    at = torch.arange(size, device=sizes.device)
    rows, columns = at[:, None] < sizes[:, 0, None, None], at < sizes[:, 1, None, None]
    return (rows & columns)[:, None]


def _over(behind: Tensor, front: Tensor, mask: Tensor) -> Tensor:
    """One picture over another, with an edge as soft as a lens makes it."""
    soft = functional.avg_pool2d(mask.float(), 3, 1, 1, count_include_pad=False)
    return torch.lerp(behind, front, soft)


def _pasted(
    store: Store,
    drawn: dict[str, Tensor],
    there: dict[str, Tensor],
    made: tuple[Tensor, Tensor],
    size: int,
) -> tuple[Tensor, Tensor]:
    rgb, people = made
    rows = there["paste_row"].long()
    front, labels = _warped(store, drawn, there, "paste_", size)
    mask = labels > 0
    rgb = rgb.index_copy(0, rows, _over(rgb[rows], front, mask))
    before = covered(people[rows], mask)
    arrived = there["arrived"][rows][..., None, None]
    return rgb, people.index_copy(0, rows, torch.where(arrived, people[rows], before))


def _erased(there: dict[str, Tensor], rgb: Tensor, people: Tensor) -> tuple[Tensor, Tensor]:
    rows = there["erase_row"].long()
    mask = there["erase_mask"][:, None] > 0
    color = there["erase_color"][:, :, None, None]
    rgb = rgb.index_copy(0, rows, torch.where(mask, color, rgb[rows]))
    return rgb, people.index_copy(0, rows, covered(people[rows], mask))


def covered(people: Tensor, mask: Tensor) -> Tensor:
    """augment.covered of (B, P, 17, 3) behind (B, 1, H, W)."""
    height, width = mask.shape[-2:]
    x = torch.nan_to_num(people[..., 0]).long().clamp(0, width - 1)
    y = torch.nan_to_num(people[..., 1]).long().clamp(0, height - 1)
    under = mask.flatten(1).gather(1, (y * width + x).flatten(1)).view(x.shape)
    seen = torch.where(under, people[..., 2].clamp(max=1), people[..., 2])
    return torch.cat([people[..., :2], seen[..., None]], -1)
