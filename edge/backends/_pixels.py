"""Pixels into whatever a model takes: the one conversion shared by the backends that need it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from edge.core.types import Floats, Image
from edge.errors import BackendError, ModelError
from edge.manifest import InputSpec, WeightsFile


class Feed:
    """uint8 RGB (1, H, W, 3) to the model's own type and layout.

    uint8 models take the pixels, int8 models the pixels less 128, float models (x - mean) / std.
    """

    def __init__(self, spec: InputSpec, file: WeightsFile, dtype: npt.DTypeLike) -> None:
        """Raise ModelError for an input type no camera frame can be turned into."""
        self._dtype = np.dtype(dtype)
        if self._dtype not in (np.uint8, np.int8, np.float32):
            raise ModelError(
                file.path, f"takes {self._dtype}", "export it with a uint8, int8 or float32 input"
            )
        self._expected = (1, spec.height, spec.width, 3)
        self._axes = (0, 3, 1, 2) if file.layout == "NCHW" else (0, 1, 2, 3)
        # Whole rows of constants: three at a time, numpy's inner loop would cost ten times more.
        std = np.tile(np.asarray(spec.std, np.float32), (1, 1, spec.width, 1))
        mean = np.tile(np.asarray(spec.mean, np.float32), (1, 1, spec.width, 1))
        self._gain = (1.0 / std).transpose(self._axes)
        self._shift = (mean / std).transpose(self._axes)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the model's input, in the model's layout."""
        return tuple(self._expected[axis] for axis in self._axes)

    def __call__(self, image: Image) -> npt.NDArray[Any]:
        """Give the model's input: uint8 as it is, others in an array of their own."""
        pixels = fitting(image, self._expected).transpose(self._axes)
        if self._dtype == np.uint8:
            return np.ascontiguousarray(pixels)
        fed: npt.NDArray[Any] = np.empty(self.shape, self._dtype)
        if self._dtype == np.float32:
            np.multiply(pixels, self._gain, out=fed)
            fed -= self._shift
        else:  # flipping the top bit is subtracting 128
            np.bitwise_xor(pixels, 128, out=fed.view(np.uint8))
        return fed


class Straight:
    """A classifier's vector of float32 (1, N), taken as it is: nothing is made of pixels."""

    def __init__(self, length: int, file: WeightsFile, dtype: npt.DTypeLike) -> None:
        """Raise ModelError for an input type that no vector has."""
        if np.dtype(dtype) != np.float32:
            problem = f"takes {np.dtype(dtype)}"
            raise ModelError(file.path, problem, "export it with a float32 input")
        self.shape = (1, length)

    def __call__(self, image: Image) -> npt.NDArray[Any]:
        """Raise BackendError: a classifier is given its vector at once."""
        problem = f"was given {image.dtype} {image.shape} and takes a vector"
        raise BackendError("feed", problem, "a classifier looks at no picture")


def feed_of(spec: InputSpec, file: WeightsFile, dtype: npt.DTypeLike) -> Feed | Straight:
    """How a model of this input is fed; raises ModelError for a type that cannot be."""
    vector = spec.vector
    return Straight(vector.length, file, dtype) if vector else Feed(spec, file, dtype)


def fitting(image: Image, expected: tuple[int, ...]) -> Image:
    """Give a picture back; raises BackendError unless it is uint8 and of this shape."""
    if image.shape != expected or image.dtype != np.uint8:
        problem = f"was given {image.dtype} {image.shape} and takes uint8 {expected}"
        raise BackendError("feed", problem)
    return image


def channels_last(head: Floats, file: WeightsFile) -> Floats:
    """An output as decoders take it, whatever the file's layout."""
    if file.layout == "NCHW" and head.ndim == 4:  # noqa: PLR2004 - batch, rows, columns, channels
        return np.ascontiguousarray(head.transpose(0, 2, 3, 1))
    return head
