"""MoveNet Lightning the way most example programs run it: one loop around the interpreter.

Its weights are given with `--peer-model FILE.tflite`: nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.errors import BenchError
from benchmarks.fps.turn import Job

ABOUT = "MoveNet Lightning in a plain loop around the TFLite interpreter"
PACKAGE = "ai_edge_litert"

People = list[npt.NDArray[np.float32]]


def open(job: Job) -> Callable[[npt.NDArray[np.uint8]], People]:  # noqa: A001 - the contract's word
    """Load the weights; raises BenchError without any."""
    from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415 - in whatever Python it is

    if not job.weights:
        hint = "give them: --peer-model movenet_singlepose_lightning.tflite"
        raise BenchError("movenet", "needs weights", hint)
    interpreter = Interpreter(job.weights, num_threads=job.threads)
    interpreter.allocate_tensors()
    taken, given = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    side = int(taken["shape"][1])

    def see(image: npt.NDArray[np.uint8]) -> People:
        height, width = image.shape[:2]
        scale = side / max(height, width)
        small = cv2.resize(image, (round(width * scale), round(height * scale)))
        square = np.zeros((1, side, side, 3), taken["dtype"])
        square[0, : small.shape[0], : small.shape[1]] = small
        interpreter.set_tensor(taken["index"], square)
        interpreter.invoke()
        y, x, score = interpreter.get_tensor(given["index"])[0, 0].T
        longest = max(height, width)
        return [np.stack([x * longest, y * longest, score], axis=1).astype(np.float32)]

    return see
