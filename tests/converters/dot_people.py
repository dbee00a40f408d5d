"""People made of 17 coloured dots, pictures of them, and a PoseNet worked out to find them.

Each joint has a colour of its own. One convolution of stride 16 has a channel for each colour;
the heatmaps read those channels, and the displacements are those of the one shape that all have.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from edge.core.types import Floats, Image, Pose
from edge.decode._walking import EDGES
from tests.converters.tiny_originals import HEADS, TinyPoseNet, tfjs

SIZE = (129, 257)  # height, width px: what the model takes, and what every picture has
INPUT = "129x257"
STRIDE = 16  # px a cell
# Row and column of each joint, in cells from the upper left one: nose, eyes, ears .. ankles.
SHAPE = (
    (0, 2), (0, 3), (0, 1), (0, 4), (0, 0), (2, 3), (2, 1), (3, 4), (3, 0),
    (4, 4), (4, 0), (4, 3), (4, 1), (5, 3), (5, 1), (6, 3), (6, 1),
)  # fmt: skip
Place = tuple[int, int]  # of a person's upper left cell: row, column
SLOTS = (0, 6, 12)  # columns where people stand clear of each other
ROWS = 3  # to which their heads may reach

_DOT = 4  # px around a joint that have its colour
_NOISE = 8  # levels of grey
_STEEP, _LEAST = 40.0, 0.8  # a channel wakes where a colour is this much like its own
_LOUD = (-12_700.0, 12_800.0, 0.0)  # 255 levels that reach both ends have one for 0, and none near


@cache
def colours() -> Floats:
    """Directions in RGB, (17, 3) of length 1, that have pushed each other apart."""
    points = np.random.default_rng(0).normal(size=(17, 3))
    for _ in range(500):
        apart = points[:, None] - points
        distance = np.linalg.norm(apart, axis=2, keepdims=True) + np.eye(17)[..., None]
        points += 0.01 * (apart / distance**3).sum(axis=1)
        points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points.astype(np.float32)


def network(*, loud: bool = False) -> TinyPoseNet:
    """Give a PoseNet that finds them; a loud one has a huge channel that no head reads.

    The huge one costs nothing in float, or where each channel has a scale of its own. Where all
    share one, the others round to 0.
    """
    channels = 18 if loud else 17
    net = TinyPoseNet(channels=channels)
    net.layers = [(STRIDE, 1)]
    filters = _STEEP * colours()
    bias = np.full(channels, -_STEEP * _LEAST, np.float32)
    if loud:
        filters = np.vstack([filters, np.array(_LOUD, np.float32)])
    net.weights = {"layer0/weights": filters.T[None, None].copy(), "layer0/bias": bias}
    draw = np.random.default_rng(1)
    for head, depth in HEADS.items():
        weights = draw.normal(0, 1e-4, (1, 1, channels, depth)).astype(np.float32)
        net.weights |= {f"{head}/weights": weights, f"{head}/bias": np.zeros(depth, np.float32)}
    net.weights["heatmap_2/weights"][0, 0, :17] = 2 * np.eye(17, dtype=np.float32)
    net.weights["heatmap_2/bias"][:] = -6
    shape = STRIDE * np.array(SHAPE, np.float32)
    moves = np.concatenate([(shape[child] - shape[parent]) for parent, child in EDGES])
    moves = moves.reshape(-1, 2).T.reshape(-1)  # y of the 16 edges, then x
    net.weights["displacement_fwd_2/bias"][:] = moves
    net.weights["displacement_bwd_2/bias"][:] = -moves
    return net


def original(folder: Path, *, loud: bool = False, levels: str = "") -> Path:
    """Write it as a TensorFlow.js model of two shards; give its folder."""
    folder.mkdir(parents=True)
    tfjs(folder, network(loud=loud), levels=levels, shards=2)
    return folder


def places(seed: int) -> tuple[Place, ...]:
    """One to three people; nobody in each fifth picture."""
    draw = np.random.default_rng(seed)
    count = 0 if seed % 5 == 4 else draw.integers(1, len(SLOTS) + 1)
    slots = draw.choice(SLOTS, count, replace=False)
    return tuple((int(draw.integers(ROWS)), int(column)) for column in slots)


def picture(people: Iterable[Place], seed: int = 0) -> Image:
    """Draw people before grey noise, RGB."""
    draw = np.random.default_rng(seed)
    image = draw.integers(128 - _NOISE, 128 + _NOISE, (*SIZE, 3)).astype(np.uint8)
    paint = np.round(127.5 * (1 + colours())).astype(np.uint8)
    for person in people:
        for (y, x), colour in zip(joints(person), paint, strict=True):
            rows, columns = (slice(max(at - _DOT, 0), at + _DOT + 1) for at in (y, x))
            image[rows, columns] = colour
    return image


def joints(person: Place) -> list[tuple[int, int]]:
    """Row and column of each joint of a person, px."""
    return [(STRIDE * (person[0] + y), STRIDE * (person[1] + x)) for y, x in SHAPE]


def corners(poses: Iterable[Pose]) -> list[Place]:
    """Places of the people whose every joint was found where it was drawn; sorted."""
    found = []
    for pose in poses:
        cells = np.rint(pose.xy[:, ::-1] / STRIDE).astype(int)
        upper, left = cells.min(axis=0).tolist()
        if (cells - (upper, left) == SHAPE).all():
            found.append((upper, left))
    return sorted(found)


def pictures(folder: Path, seeds: Iterable[int], *, empty: bool = False) -> Path:
    """Write a picture for each seed, as PNG; give their folder."""
    folder.mkdir(parents=True)
    for seed in seeds:
        image = picture(() if empty else places(seed), seed)
        cv2.imwrite(str(folder / f"{seed}.png"), image[..., ::-1])
    return folder


def truth(path: Path, seeds: Iterable[int]) -> Path:
    """Write the people of those pictures in COCO's format; give the file."""
    numbered = list(enumerate((seed, person) for seed in seeds for person in places(seed)))
    document = {
        "images": [{"id": seed, "file_name": f"{seed}.png"} for seed in seeds],
        "annotations": [
            {"id": number, "image_id": seed, "iscrowd": 0, **_marked(person)}
            for number, (seed, person) in numbered
        ],
    }
    path.write_text(json.dumps(document))
    return path


def _marked(person: Place) -> dict[str, Any]:
    (y, x), (height, width) = joints(person)[4], (6 * STRIDE, 4 * STRIDE)
    return {
        "keypoints": [number for y, x in joints(person) for number in (x, y, 2)],
        "bbox": [x, y, width, height],
        "area": width * height,
    }


def film(path: Path, seeds: Iterable[int]) -> Path:
    """Write pictures as a video."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, SIZE[::-1])
    for seed in seeds:
        writer.write(np.ascontiguousarray(picture(places(seed), seed)[..., ::-1]))
    writer.release()
    return path
