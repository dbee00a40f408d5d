"""Truth to the tensors that a body network should give: PoseNet's heads at stride 16.

Heads and their meaning as in edge/decode/posenet.py, regions after Papandreou et al., PersonLab
(arXiv:1803.08225), scaled to the person. A displacement is the way from one joint to another, not
from the cell: that is how the decoder uses it, and a constant is learned sooner.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from edge.decode._walking import EDGES

Floats = npt.NDArray[np.float32]

STRIDE = 16
OFFSET_UNIT = 16.0  # px, what a head's output of 1 stands for
STEP_UNIT = 48.0  # px, the same of displacements
PARENTS = [parent for parent, _ in EDGES]
CHILDREN = [child for _, child in EDGES]
_SURE = (11.5, 24.0)  # px: a keypoint counts fully within; from a cell's middle to its corner
_SURE_OF_SIZE = 0.08
_NEAR = 2.5  # of the same: where offsets and displacements are learned
_HIDDEN = 0.5  # weight of a keypoint that is in the picture, but covered
_SMALL = (12.0, 24.0)  # px: people below the first are ignored, above the second they count
_FAR = 1e9  # px


def body_targets(people: Tensor, size: tuple[int, int]) -> dict[str, Tensor]:
    """What the heads should give, and how much each value counts, for a batch on any device.

    People are (B, P, 17, 3) x, y px and COCO's visibility, in pictures of (height, width) px; who
    is all zeros is nobody. Gives float32 (B, C, h, w), h and w in cells: `heatmaps` (C is 17), 0
    to 1, and `heatmap_weights` (17); `offsets` (34) px, y then x, and `offset_weights` (17);
    `steps` (64) px: forwards y, x, then backwards y, x, and `step_weights` (32).
    """
    if not people.shape[1]:
        people = people.new_zeros((len(people), 1, 17, 3))
    h, w = ((side - 1) // STRIDE + 1 for side in size)
    seen = people[..., 2]  # (B, P, 17)
    there = seen > 0
    extent = _extents(people)  # (B, P)
    importance = ((extent - _SMALL[0]) / (_SMALL[1] - _SMALL[0])).clamp(0, 1)
    dy = people[..., 1, None] - torch.arange(h, device=people.device) * STRIDE  # (B, P, 17, h)
    dx = people[..., 0, None] - torch.arange(w, device=people.device) * STRIDE
    away = (dy[..., :, None] ** 2 + dx[..., None, :] ** 2).sqrt()  # (B, P, 17, h, w)
    away = away / (_SURE_OF_SIZE * extent).clamp(*_SURE)[..., None, None, None]
    nearest, whose = away.masked_fill(~there[..., None, None], _FAR).min(dim=1)  # (B, 17, h, w)
    counts = torch.where(seen == 1, _HIDDEN, 1.0) * importance[..., None] * there
    mine = _of(counts[..., None, None], whose)
    heat = (2.0 - nearest).clamp(0, 1)
    near = (1.5 * (_NEAR - nearest)).clamp(0, 1) * mine
    offsets = torch.cat([_of(dy[..., :, None], whose), _of(dx[..., None, :], whose)], 1)
    steps, step_weights = _steps(people, counts, whose, near, extent)
    return {
        "heatmaps": heat,
        "heatmap_weights": torch.where(heat > 0, mine, 1.0),
        "offsets": torch.where(torch.cat([near, near], 1) > 0, offsets, 0.0),
        "offset_weights": near,
        "steps": steps,
        "step_weights": step_weights,
    }


def person_sizes(people: Floats) -> Floats:
    """The long side of the box of all keypoints of each of (N, 17, 3), px, (N,)."""
    sizes: Floats = _extents(torch.from_numpy(np.ascontiguousarray(people))).numpy()
    return sizes


def _extents(people: Tensor) -> Tensor:
    """The same of (..., 17, 3), (...)."""
    xy = people[..., :2]
    known = torch.isfinite(xy)
    high = xy.masked_fill(~known, -_FAR).amax(dim=-2)
    low = xy.masked_fill(~known, _FAR).amin(dim=-2)
    return (high - low).amax(dim=-1)


def _of(values: Tensor, owner: Tensor) -> Tensor:
    """Values (B, P, C, 1 or h, 1 or w) of who owns each cell (B, C, h, w)."""
    wide = values.expand(*values.shape[:3], *owner.shape[2:])
    return wide.gather(1, owner[:, None])[:, 0]


def _steps(
    people: Tensor, counts: Tensor, whose: Tensor, near: Tensor, extent: Tensor
) -> tuple[Tensor, Tensor]:
    """Displacements along all edges, both ways, and their weights: 1 px in 48 of a large person."""
    fields, weights = [], []
    share = STEP_UNIT / extent.clamp(min=STEP_UNIT)  # (B, P): an error counts by the person's size
    for sources, ends in ((PARENTS, CHILDREN), (CHILDREN, PARENTS)):
        owner = whose[:, sources]  # (B, 16, h, w)
        way = people[:, :, ends, :2] - people[:, :, sources, :2]  # (B, P, 16, 2)
        gain = (counts[:, :, ends] * share[..., None])[..., None, None]
        weight = near[:, sources] * _of(gain, owner)
        for axis in (1, 0):
            field = _of(way[..., axis, None, None], owner)
            fields.append(torch.where(weight > 0, field, 0.0))
        weights.append(weight)
    return torch.cat(fields, 1), torch.cat(weights, 1)
