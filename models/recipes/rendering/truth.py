"""The exact truth of a rendered picture: where each keypoint is, and whether it can be seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.recipes.rendering.camera import Camera
from models.recipes.rendering.types import Bytes, Floats, Picture

OUTSIDE, HIDDEN, SEEN = 0, 1, 2  # visibility, as COCO has it
_THICKNESS = 0.14  # m: a joint lies this far beneath its own skin at most
_AROUND = 2  # px: a keypoint on an outline is seen if the person is this near


def visibility(
    points: Floats, camera: Camera, picture: Picture, label: int, thickness: float = _THICKNESS
) -> NDArray[np.float32]:
    """Return (N, 3): x, y in px and visibility of points (N, 3) m of the person `label`.

    A point is seen where its own person is in front at that place, no more than `thickness`
    nearer than the point; so an arm behind the trunk is hidden.
    """
    xy, depth = camera.project(points)
    height, width = picture.labels.shape
    result = np.zeros((len(points), 3), np.float32)
    result[:, :2] = xy
    for k, ((x, y), far) in enumerate(zip(xy, depth, strict=True)):
        if not (0 <= x < width and 0 <= y < height and far > 0):
            continue
        column, row = int(x), int(y)
        near = (
            slice(max(row - _AROUND, 0), row + _AROUND + 1),
            slice(max(column - _AROUND, 0), column + _AROUND + 1),
        )
        own = picture.labels[near] == label
        front = picture.depth[near] > far - thickness
        result[k, 2] = SEEN if bool((own & front).any()) else HIDDEN
    return result


def box_of(labels: Bytes, label: int) -> tuple[int, int, int, int] | None:
    """Return x0, y0, x1, y1 of a person's pixels (x1 and y1 outside); None without any."""
    rows = np.flatnonzero((labels == label).any(1))
    columns = np.flatnonzero((labels == label).any(0))
    if not len(rows):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
