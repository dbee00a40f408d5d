"""Truth to the tensors that a body network should give: PoseNet's heads at stride 16.

Heads and their meaning as in edge/decode/posenet.py, regions after Papandreou et al., PersonLab
(arXiv:1803.08225), scaled to the person. A displacement is the way from one joint to another, not
from the cell: that is how the decoder uses it, and a constant is learned sooner.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.decode.posenet import _EDGES

Floats = npt.NDArray[np.float32]

STRIDE = 16
OFFSET_UNIT = 16.0  # px, what a head's output of 1 stands for
STEP_UNIT = 48.0  # px, the same of displacements
PARENTS = np.array([parent for parent, _ in _EDGES])
CHILDREN = np.array([child for _, child in _EDGES])
_JOINTS = 17
SURE = (11.5, 24.0)  # px: a keypoint counts fully within; from a cell's middle to its corner
SURE_OF_SIZE = 0.08
NEAR = 2.5  # of the same: where offsets and displacements are learned
HIDDEN = 0.5  # weight of a keypoint that is in the picture, but covered
SMALL = (12.0, 24.0)  # px: people below the first are ignored, above the second they count


@dataclass(frozen=True, slots=True)
class BodyTargets:
    """What the heads should give, and how much each value counts; all float32, channels first."""

    heatmaps: Floats  # (17, h, w), 0 to 1
    heatmap_weights: Floats  # (17, h, w)
    offsets: Floats  # (34, h, w) px, y then x
    offset_weights: Floats  # (17, h, w)
    steps: Floats  # (64, h, w) px: forwards y, x, then backwards y, x
    step_weights: Floats  # (32, h, w), forwards then backwards


def body_targets(people: Floats, size: tuple[int, int]) -> BodyTargets:
    """People (N, 17, 3) x, y px and COCO's visibility, in a picture of (height, width) px."""
    h, w = (size[0] - 1) // STRIDE + 1, (size[1] - 1) // STRIDE + 1
    if not len(people):
        return _nobody(h, w)
    extent, importance = person_sizes(people), np.ones(len(people), np.float32)
    importance = np.clip((extent - SMALL[0]) / (SMALL[1] - SMALL[0]), 0, 1).astype(np.float32)
    sure = np.clip(SURE_OF_SIZE * extent, *SURE)
    seen = people[..., 2]  # (N, 17)
    there = seen > 0
    dy = people[..., 1, None] - np.arange(h, dtype=np.float32) * STRIDE  # (N, 17, h)
    dx = people[..., 0, None] - np.arange(w, dtype=np.float32) * STRIDE
    away = np.sqrt(dy[..., :, None] ** 2 + dx[..., None, :] ** 2)  # (N, 17, h, w)
    away /= sure[:, None, None, None]
    away[~there] = np.inf
    whose = away.argmin(axis=0)  # (17, h, w)
    nearest = np.take_along_axis(away, whose[None], axis=0)[0]
    joint = np.arange(_JOINTS)[:, None, None]
    counts = np.where(seen == 1, np.float32(HIDDEN), np.float32(1)) * importance[:, None] * there
    mine = counts[whose, joint]
    heat = np.clip(2.0 - nearest, 0, 1)
    near = np.clip(1.5 * (NEAR - nearest), 0, 1) * mine
    rows, columns = np.arange(h)[None, :, None], np.arange(w)[None, None, :]
    offsets = np.concatenate([dy[whose, joint, rows], dx[whose, joint, columns]])
    steps, step_weights = _steps(people, counts, whose, near, extent)
    return BodyTargets(
        heatmaps=heat.astype(np.float32),
        heatmap_weights=np.where(heat > 0, mine, 1).astype(np.float32),
        offsets=np.where(np.concatenate([near, near]) > 0, offsets, 0).astype(np.float32),
        offset_weights=near.astype(np.float32),
        steps=steps,
        step_weights=step_weights,
    )


def person_sizes(people: Floats) -> Floats:
    """The long side of the box of all keypoints of each of (N, 17, 3), px, (N,)."""
    known = np.where(np.isfinite(people[..., :2]), people[..., :2], np.nan)
    low, high = np.nanmin(known, axis=1), np.nanmax(known, axis=1)
    sizes: Floats = (high - low).max(axis=1).astype(np.float32)
    return sizes


def _steps(
    people: Floats, counts: Floats, whose: npt.NDArray[np.intp], near: Floats, extent: Floats
) -> tuple[Floats, Floats]:
    """Displacements along all edges, both ways, and their weights: 1 px in 48 of a large person."""
    fields, weights = [], []
    share = STEP_UNIT / np.maximum(extent, STEP_UNIT)  # (N,): an error counts by the person's size
    for sources, ends in ((PARENTS, CHILDREN), (CHILDREN, PARENTS)):
        owner = whose[sources]  # (16, h, w)
        way = people[:, ends, 1::-1] - people[:, sources, 1::-1]  # (N, 16, 2) y, x
        edge = np.arange(len(sources))[:, None, None]
        weight = near[sources] * counts[owner, ends[:, None, None]] * share[owner]
        field = way[owner, edge]  # (16, h, w, 2)
        fields += [np.where(weight > 0, field[..., axis], 0) for axis in (0, 1)]
        weights.append(weight)
    return np.concatenate(fields).astype(np.float32), np.concatenate(weights).astype(np.float32)


def _nobody(h: int, w: int) -> BodyTargets:
    empty = [np.zeros((c, h, w), np.float32) for c in (17, 34, 17, 64, 32)]
    heat, offsets, offset_weights, steps, step_weights = empty
    return BodyTargets(heat, np.ones_like(heat), offsets, offset_weights, steps, step_weights)
