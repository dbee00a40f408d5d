"""MoveNet's real weights find the joints where its authors' reference has them."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from benchmarks.errors import BenchError
from benchmarks.fps.turn import Job
from benchmarks.peers.find import find
from edge.core.types import Floats, Image
from edge.sources._opencv import picture_file

FAR = 0.05  # of the picture's sides
PEERS = ("movenet", "movenet_cropped")


@pytest.fixture(scope="module")
def weights(shared: Path) -> str:
    return str(shared / "weights/movenet/movenet_single_pose_lightning_ptq.tflite")


@pytest.fixture(scope="module")
def photo(shared: Path) -> Image:
    image = picture_file(shared / "images/coral/squat.bmp")
    assert image is not None
    return image


@pytest.fixture(scope="module")
def reference(shared: Path, photo: Image) -> Floats:
    """Joints (17, 2), px."""
    height, width = photo.shape[:2]
    path = shared / "weights/movenet/movenet_single_pose_lightning_ptq_reference.csv"
    with path.open(newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["keypoint_id"]))
    joints = [(float(row["keypoint_x"]) * width, float(row["keypoint_y"]) * height) for row in rows]
    return np.array(joints, np.float32)


def last_seen(name: str, weights: str, image: Image, times: int) -> Floats:
    see = find(name).open(Job(name, "", weights=weights))
    for _ in range(times):
        (person,) = see(image)
    return np.asarray(person, np.float32)


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("times", [1, 4])  # in a video the square of the last frame is looked at
def test_joints_lie_where_the_reference_has_them(
    name: str, times: int, weights: str, photo: Image, reference: Floats
) -> None:
    person = last_seen(name, weights, photo, times)
    away = np.abs(person[:, :2] - reference) / photo.shape[1::-1]
    assert away.max() < FAR
    assert person[:, 2].mean() > 0.5


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("sides", [((0, 0), (300, 60)), ((90, 300), (0, 0))])  # px of black
def test_joints_are_in_the_picture_whatever_its_shape(
    name: str,
    sides: tuple[tuple[int, int], tuple[int, int]],
    weights: str,
    photo: Image,
    reference: Floats,
) -> None:
    larger = np.pad(photo, (*sides, (0, 0)))
    person = last_seen(name, weights, larger, 3)
    shift = (sides[1][0], sides[0][0])
    away = np.linalg.norm(person[:, :2] - shift - reference, axis=1)
    assert np.median(away) < FAR * max(photo.shape[:2])


def test_weights_of_another_model_are_refused(shared: Path) -> None:
    other = shared / "weights/hand/palm_detection_lite.tflite"
    with pytest.raises(BenchError, match=r"takes \[.*\] and gives \["):
        find("movenet").open(Job("movenet", "", weights=str(other)))
