"""What the peers with MoveNet share: its weights, and a part of the picture as it takes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.errors import BenchError
from benchmarks.fps.turn import Job

PACKAGE = "ai-edge-litert"
_PIXELS = (np.uint8, np.int32, np.float32)  # each takes 0..255


@dataclass(frozen=True, slots=True)
class Square:
    """A part of a picture, which may reach beyond it."""

    x: float  # px of the picture, its left edge
    y: float  # px, its upper edge
    side: float  # px

    @staticmethod
    def around(image: npt.NDArray[np.uint8]) -> Square:
        """The whole picture, in the upper left corner."""
        return Square(0.0, 0.0, float(max(image.shape[:2])))


class MoveNet:
    """One model for one person; raises BenchError for weights that are not its."""

    def __init__(self, job: Job) -> None:
        from ai_edge_litert.interpreter import (  # noqa: PLC0415 - in whatever Python it is
            Interpreter,
        )

        if not job.weights:
            hint = "give them: --peer-model movenet_singlepose_lightning.tflite"
            raise BenchError(job.role, "needs weights", hint)
        if not Path(job.weights).is_file():
            raise BenchError(job.weights, "is not there", "--peer-model is a file")
        try:
            self._net: Any = Interpreter(job.weights, num_threads=job.threads)
            self._net.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            problem = f"cannot be loaded ({str(error).splitlines()[0]})"
            raise BenchError(job.weights, problem, "is it a .tflite file?") from error
        self._in, self._out = self._net.get_input_details()[0], self._net.get_output_details()[0]
        takes, gives = ([int(n) for n in one["shape"]] for one in (self._in, self._out))
        self._side = takes[1]
        wanted = ([1, self._side, self._side, 3], [1, 1, 17, 3])
        if (takes, gives) != wanted or self._in["dtype"] not in _PIXELS:
            problem = f"takes {takes} and gives {gives}"
            hint = "MoveNet for one person takes [1, S, S, 3] and gives [1, 1, 17, 3]"
            raise BenchError(job.weights, problem, hint)

    def see(self, image: npt.NDArray[np.uint8], part: Square) -> npt.NDArray[np.float32]:
        """One person (17, 3) in a part of an RGB picture: x and y in px of the picture, score."""
        scale = self._side / part.side
        # The middle of a pixel stays the middle of a pixel; outside of the picture it is black.
        half = 0.5 * scale - 0.5
        turn = np.array([[scale, 0.0, half - part.x * scale], [0.0, scale, half - part.y * scale]])
        pixels = cv2.warpAffine(image, turn, (self._side, self._side), flags=cv2.INTER_LINEAR)
        self._net.set_tensor(self._in["index"], pixels[None].astype(self._in["dtype"]))
        self._net.invoke()
        y, x, score = self._net.get_tensor(self._out["index"])[0, 0].T
        joints = (part.x + x * part.side, part.y + y * part.side, score)
        return np.stack(joints, axis=1).astype(np.float32)
