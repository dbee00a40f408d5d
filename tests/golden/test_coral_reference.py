"""PoseNet end to end on Coral's own picture, against Coral's own decoder."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge import registry
from edge.core.skeletons import BODY17
from edge.core.types import Floats, Pose
from edge.modelstore import ModelStore

SIZES = ((353, 481), (481, 641))  # height, width px of the input
JOINTS = {joint.upper(): number for number, joint in enumerate(BODY17.joints)}


def reference(path: Path) -> list[Floats]:
    """Keypoints (17, 2) px of each person in the reference decoder's table."""
    people: dict[str, Floats] = defaultdict(lambda: np.full((17, 2), np.nan, np.float32))
    with path.open(newline="") as table:
        for row in csv.DictReader(table):
            xy = float(row["keypoint_x"]), float(row["keypoint_y"])
            people[row["pose_id"]][JOINTS[row["keypoint_label"]]] = xy
    return list(people.values())


def decoded(shared: Path, cache: Path, size: tuple[int, int]) -> tuple[Pose, ...]:
    """The couple, stretched over the input, as the real model in the real runtime sees it."""
    height, width = size
    store = ModelStore.of({"EDGEPOSE_MODELS": str(cache)})
    model = store.find(f"posenet-mobilenet-v1-075-{height}x{width}-coral")
    model.pull(shared / "weights")
    picture = cv2.imread(str(shared / "images" / "coral" / "test_couple.jpg"))
    assert picture is not None
    picture = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
    picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR)
    backend = registry.load("backends", "tflite")
    with backend(model.manifest, model.weights("tflite"), 1) as network:
        return model.manifest.decoder(
            network.infer(network.feed(picture[None].astype(np.uint8))), size
        )


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_couple_is_where_corals_decoder_says(
    shared: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    pytest.importorskip("ai_edge_litert", reason="no TFLite interpreter installed")
    name = f"posenet_mobilenet_v1_075_{size[0]}_{size[1]}_quant_decoder_reference.csv"
    people = reference(shared / "images" / "coral" / name)
    assert len(people) == 2

    poses = decoded(shared, tmp_path, size)

    distances = np.array(
        [[np.linalg.norm(pose.xy - person, axis=1) for pose in poses] for person in people]
    )
    nearest = np.median(distances, axis=2).argmin(axis=1)
    assert sorted(nearest.tolist()) == [0, 1], "the two best poses are the two people"
    errors = distances[[0, 1], nearest]
    assert not np.isnan(errors).any()
    assert np.median(errors) <= 1.5
    assert errors.max() <= 8.0
