"""MoveNet Lightning the way short example programs run it: the whole picture, every frame.

Its weights are given with `--peer-model FILE.tflite`: nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from benchmarks.fps.turn import Job
from benchmarks.peers import _movenet

ABOUT = "MoveNet in a plain loop around the TFLite interpreter, on the whole picture"
PACKAGE = _movenet.PACKAGE
WEIGHTS = True

People = list[npt.NDArray[np.float32]]


def open(job: Job) -> Callable[[npt.NDArray[np.uint8]], People]:  # noqa: A001 - the contract's word
    """Load the weights; raises BenchError without any."""
    net = _movenet.MoveNet(job)
    return lambda image: [net.see(image, _movenet.Square.around(image))]
