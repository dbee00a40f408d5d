"""MoveNet as its authors' example programs run it: where the person was in the last frame.

After github.com/tensorflow/examples, lite/examples/pose_estimation/raspberry_pi/ml/movenet.py: a
square around the hips that holds the torso 1.9 times and every joint that is seen 1.2 times; the
whole picture while no torso is seen. Its weights are given with `--peer-model FILE.tflite`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from benchmarks.fps.turn import Job
from benchmarks.peers import _movenet
from benchmarks.peers._movenet import Square

ABOUT = "MoveNet cropped to where the person was, as its authors' example programs do"
PACKAGE = _movenet.PACKAGE
WEIGHTS = True

_SEEN = 0.2  # score of a joint
_SHOULDERS, _HIPS = (5, 6), (11, 12)
_TORSO, _BODY = 1.9, 1.2  # how much larger than they the square is

People = list[npt.NDArray[np.float32]]


def open(job: Job) -> Callable[[npt.NDArray[np.uint8]], People]:  # noqa: A001 - the contract's word
    """Load the weights; raises BenchError without any."""
    net = _movenet.MoveNet(job)
    last: list[npt.NDArray[np.float32]] = []

    def see(image: npt.NDArray[np.uint8]) -> People:
        part = crop(last[0], image) if last else whole(image)
        last[:] = [net.see(image, part)]
        return list(last)

    return see


def crop(person: npt.NDArray[np.float32], image: npt.NDArray[np.uint8]) -> Square:
    """Where to look for a person (17, 3) next."""
    xy, seen = person[:, :2].astype(np.float64), person[:, 2] > _SEEN
    if not (seen[list(_SHOULDERS)].any() and seen[list(_HIPS)].any()):
        return whole(image)
    height, width = image.shape[:2]
    middle = xy[list(_HIPS)].mean(axis=0)
    reach = np.abs(xy - middle).max(axis=1)
    half = max(_TORSO * reach[[*_SHOULDERS, *_HIPS]].max(), _BODY * reach[seen].max())
    half = min(half, np.abs([*middle, *(middle - (width, height))]).max())
    if half > max(width, height) / 2:
        return whole(image)
    x, y = middle - half
    return Square(float(x), float(y), float(2 * half))


def whole(image: npt.NDArray[np.uint8]) -> Square:
    """All of the picture, in the middle of its square."""
    height, width = image.shape[:2]
    side = max(height, width)
    return Square((width - side) / 2, (height - side) / 2, float(side))
