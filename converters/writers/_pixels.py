"""Pixels as a model takes them: float32 (pixel - mean) / std, or int8 pixel - 128."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from converters.errors import ConvertError
from converters.model import FloatModel, Job
from edge.core.types import Floats

MIDDLE = 128  # the int8 level of pixel p is p - 128: flipping a bit makes one of the other


def inputs(model: FloatModel, job: Job) -> Iterator[Floats]:
    """Give calibration pictures as float32 (1, H, W, 3); raises ConvertError for another size."""
    mean, std = np.asarray(job.mean, np.float32), np.asarray(job.std, np.float32)
    for picture in job.pictures:
        if picture.shape != (*model.size, 3):
            problem = f"a picture is {picture.shape}, the model takes {(*model.size, 3)}"
            raise ConvertError(f"{job.stem}: calibration", problem)
        yield ((picture - mean) / std)[None].astype(np.float32)


def levels(job: Job) -> tuple[float, float]:
    """Give the range of real numbers whose 256 levels are the pixels.

    Raises ConvertError where channels differ: a tensor has one scale.
    """
    mean, std = job.mean[0], job.std[0]
    if {mean} != set(job.mean) or {std} != set(job.std):
        problem = f"mean {job.mean} and std {job.std} differ between channels"
        raise ConvertError(f"{job.stem}: int8 input", problem, "write a float16 variant instead")
    zero = round(mean)  # the pixel that stands for 0.0: quantization has a level for it
    return (0 - zero) / std, (255 - zero) / std
