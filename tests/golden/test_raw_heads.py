"""PoseNet's four float heads of a real crowd, as another project saved them from the original.

513x513 px, stride 16, 33x33 cells, channels last. The heatmaps there are scores, 0..1, already
through the sigmoid; the decoder takes logits, so they are turned back first.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from edge.core.types import Floats, Pose
from edge.decode.posenet import PoseNet

CELLS, STRIDE, SIZE = 33, 16, (513, 513)
FILES = {
    "heatmaps": "heatmapScores",
    "offsets": "offsets",
    "displacement_fwd": "displacementsFwd",
    "displacement_bwd": "displacementsBwd",
}
CONFIDENT = 0.5


@pytest.fixture(scope="module")
def heads(shared: Path) -> dict[str, Floats]:
    folder = shared / "weights" / "posenet"
    found = {
        name: np.fromfile(folder / f"golden_infocom_{file}.bin", np.float32)
        for name, file in FILES.items()
    }
    return {name: values.reshape(1, CELLS, CELLS, -1) for name, values in found.items()}


@pytest.fixture(scope="module")
def poses(heads: dict[str, Floats]) -> tuple[Pose, ...]:
    scores = np.clip(heads["heatmaps"], 1e-7, 1 - 1e-7)
    return PoseNet(max_poses=20)({**heads, "heatmaps": np.log(scores / (1 - scores))}, SIZE)


def peaks(scores: Floats) -> Floats:
    """Where (N, 2) in cells a joint's scores (h, w) are no lower than around them."""
    padded = np.pad(scores, 1, constant_values=-1.0)
    around = np.stack(
        [padded[y : y + CELLS, x : x + CELLS] for y in range(3) for x in range(3)]
    ).max(axis=0)
    rows, columns = np.nonzero((scores >= around) & (scores > 0.1))
    return np.stack([columns, rows], axis=1).astype(np.float32)


def test_the_saved_heatmaps_are_scores_and_not_logits(heads: dict[str, Floats]) -> None:
    assert heads["heatmaps"].min() >= 0.0
    assert heads["heatmaps"].max() <= 1.0


def test_a_crowd_is_found_each_person_once(poses: tuple[Pose, ...]) -> None:
    assert 10 <= len(poses) <= 18  # one person in front of a row of small ones
    assert poses[0].score.mean() > 0.85
    for i, pose in enumerate(poses):
        sure = pose.score > CONFIDENT
        for other in poses[:i]:
            near = np.linalg.norm(pose.xy - other.xy, axis=1)[sure] < STRIDE / 2
            assert near.mean() < 0.5, "one person twice"


def to_the_nearest_peak(heads: dict[str, Floats], pose: Pose) -> list[float]:
    """Distances, px, of confident keypoints to what a peak of their heatmap points at."""
    distances = []
    for joint in np.flatnonzero(pose.score > CONFIDENT):
        where = peaks(heads["heatmaps"][0, :, :, joint])
        column, row = where.astype(int).T
        offset = heads["offsets"][0, row, column]
        exact = where * STRIDE + np.stack([offset[:, joint + 17], offset[:, joint]], axis=1)
        distances.append(float(np.linalg.norm(exact - pose.xy[joint], axis=1).min()))
    return distances


def test_confident_keypoints_lie_on_peaks_of_their_heatmap(
    heads: dict[str, Floats], poses: tuple[Pose, ...]
) -> None:
    """Not all: in the row a joint may be behind a neighbour, whose slope it then lies on."""
    distances = [to_the_nearest_peak(heads, pose) for pose in poses]
    every, surest = np.concatenate(distances), np.concatenate(distances[:8])
    assert len(every) >= 150
    assert np.median(every) <= STRIDE / 4
    assert (every <= STRIDE).mean() > 0.7
    assert (surest <= STRIDE).mean() >= 0.9
