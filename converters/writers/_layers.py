"""The layers of a float model that have weights, to be read and replaced."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from converters import flat
from converters.flat import Array
from edge.core.types import Floats

_KINDS = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")
_INPUTS = 3  # what it reads, its weights, its bias


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A convolution or a fully connected layer: one operator of a model."""

    model: Any
    op: Any
    weights: Array  # (out, .., in); of a depthwise one (1, rows, columns, out)
    bias: Array  # (out,)

    @property
    def source(self) -> int:
        """Tensor it reads."""
        return int(self.op.inputs[0])

    @property
    def output(self) -> int:
        """Tensor it gives."""
        return int(self.op.outputs[0])

    @property
    def depthwise(self) -> bool:
        """Whether each output reads one channel only."""
        return flat.kind(self.model, self.op) == "DEPTHWISE_CONV_2D"

    def replace(self, weights: Array, bias: Array) -> None:
        """Give it weights and a bias of its own: layers may share those they were made with."""
        graph = self.model.subgraphs[0]
        inputs = [int(index) for index in self.op.inputs]
        for place, values in ((1, weights), (2, bias)):
            tensor = copy(graph.tensors[inputs[place]])
            tensor.name = f"{flat.name(graph.tensors[self.output])}/{place}".encode()
            tensor.buffer = len(self.model.buffers)
            self.model.buffers.append(flat.buffer(values.astype(np.float32)))
            inputs[place] = len(graph.tensors)
            graph.tensors.append(tensor)
        self.op.inputs = inputs

    def windows(self, values: Floats, most: int) -> Floats:
        """What the weights meet in a tensor (1, .., in): (groups, windows, numbers in one).

        A group is a channel of a depthwise layer, everything of another. At most so many windows
        are given, evenly spread.
        """
        if self.weights.ndim != 4:  # noqa: PLR2004 - out, rows, columns, in
            return values.reshape(1, -1, self.weights.shape[1])
        seen = self._slid(values[0])
        rows, columns = seen.shape[:2]
        count = rows * columns
        chosen = np.linspace(0, count - 1, min(count, most)).astype(int)
        found: Floats = seen[chosen // columns, chosen % columns]  # (windows, in, down, across)
        if self.depthwise:
            return found.transpose(1, 0, 2, 3).reshape(found.shape[1], len(found), -1)
        return found.transpose(0, 2, 3, 1).reshape(1, len(found), -1)

    def _slid(self, image: Floats) -> Floats:
        """A view of an image (rows, columns, in) as (.., .., in, down, across)."""
        settings = self.op.builtinOptions
        steps = (settings.strideH, settings.strideW)
        gaps = (settings.dilationHFactor, settings.dilationWFactor)
        window = self.weights.shape[1:3]
        spans = [(taps - 1) * gap + 1 for taps, gap in zip(window, gaps, strict=True)]
        if settings.padding == schema.Padding.SAME:
            given = flat.shape(self.model.subgraphs[0].tensors[self.output])[1:3]
            image = np.pad(image, [*map(_padding, image.shape, given, steps, spans), (0, 0)])
        slid = np.lib.stride_tricks.sliding_window_view(image, spans, axis=(0, 1))
        strided: Floats = slid[:: steps[0], :: steps[1], :, :: gaps[0], :: gaps[1]]
        return strided


def _padding(size: int, given: int, step: int, span: int) -> tuple[int, int]:
    """What "SAME" puts before and behind: the odd one behind."""
    missing = max((given - 1) * step + span - size, 0)
    return missing // 2, missing - missing // 2


def layers(model: Any) -> Iterator[Layer]:
    """Every layer whose weights and bias are constants, in order of execution."""
    for op in model.subgraphs[0].operators:
        if flat.kind(model, op) in _KINDS and len(op.inputs) == _INPUTS:
            weights, bias = (flat.constant(model, int(index)) for index in op.inputs[1:])
            if weights is not None and bias is not None:
                yield Layer(model, op, weights, bias)
