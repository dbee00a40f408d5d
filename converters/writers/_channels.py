"""Which channels of a model's tensors are one: what scales one of them scales all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from ai_edge_litert import schema_py_generated as schema

from converters import flat
from converters.flat import Array
from converters.writers._layers import layers

Numbers = npt.NDArray[np.int64]

# Each channel of what these give is made of the same channel of what they read.
_ALIKE = {"AVERAGE_POOL_2D", "MAX_POOL_2D", "PRELU", "RELU", "RELU6", "RESIZE_BILINEAR"}
_AREA = {1, 2}  # axes of rows and columns
_FUSED = schema.ActivationFunctionType


class Channels:
    """All channels of all tensors, numbered, and what the operators between them ask for."""

    def __init__(self, model: Any) -> None:
        graph = model.subgraphs[0]
        self._model = model
        self._depths = [(flat.shape(tensor) or (1,))[-1] for tensor in graph.tensors]
        self._first = np.concatenate([[0], np.cumsum(self._depths)])
        self._ties: list[tuple[Numbers, Numbers]] = []
        self.cut = np.zeros(self._first[-1], bool)  # at 6
        self.fixed = np.zeros(self._first[-1], bool)  # not to be scaled
        self.computed = tuple(int(index) for op in graph.operators for index in op.outputs)
        self._known = {*self.computed, *(int(index) for index in graph.inputs)}
        self._fix(*graph.inputs, *graph.outputs)
        self._layers = {id(layer.op): layer for layer in layers(model)}
        for op in graph.operators:
            self._meet(op)
        self._same = self._joined()

    def of(self, tensor: int) -> Numbers:
        """Numbers of a tensor's channels."""
        return np.arange(self._first[tensor], self._first[tensor + 1])

    def highest(self, values: Array) -> Array:
        """Give every channel the highest of the values of those that are one with it."""
        made = np.zeros_like(values)
        np.maximum.at(made, self._same, values)
        return made[self._same]

    def _meet(self, op: Any) -> None:
        """Learn what an operator asks of the channels that it reads and gives."""
        output = int(op.outputs[0])
        read = [int(index) for index in op.inputs if int(index) in self._known]
        fused = getattr(op.builtinOptions, "fusedActivationFunction", _FUSED.NONE)
        kind = flat.kind(self._model, op)
        self.cut[self.of(output)] |= "RELU6" in (kind, fused == _FUSED.RELU6 and "RELU6")
        if fused not in (_FUSED.NONE, _FUSED.RELU, _FUSED.RELU6):
            self._fix(output)
        if id(op) in self._layers:
            layer = self._layers[id(op)]
            if not layer.depthwise and layer.weights.shape[-1] != self._depths[layer.source]:
                self._fix(layer.source)  # a whole picture as one row
        elif kind == "PAD":
            begin = int(self._constant(op, 1)[-1][0])
            self._tie(self.of(read[0]), self.of(output)[begin:][: self._depths[read[0]]])
        elif self._keeps_channels(kind, op, read):
            for tensor in read:
                self._tie(self.of(tensor), self.of(output))
        else:
            self._fix(*read, output)

    def _keeps_channels(self, kind: str, op: Any, read: list[int]) -> bool:
        if kind == "ADD":
            depth = self._depths[int(op.outputs[0])]
            return len(read) == len(op.inputs) and all(self._depths[t] == depth for t in read)
        if kind == "MEAN":
            return {int(axis) for axis in np.atleast_1d(self._constant(op, 1))} <= _AREA
        return kind in _ALIKE

    def _constant(self, op: Any, place: int) -> Array:
        values = flat.constant(self._model, int(op.inputs[place]))
        return np.empty(0) if values is None else values

    def _fix(self, *tensors: int) -> None:
        for tensor in tensors:
            self.fixed[self.of(int(tensor))] = True

    def _tie(self, some: Numbers, others: Numbers) -> None:
        self._ties.append((some, others))

    def _joined(self) -> Numbers:
        """The lowest number of the channels that are one, for each."""
        same = np.arange(self._first[-1])
        if not self._ties:
            return same
        some, others = (np.concatenate(side) for side in zip(*self._ties, strict=True))
        while True:
            lowest = same.copy()
            np.minimum.at(lowest, some, same[others])
            np.minimum.at(lowest, others, same[some])
            if (lowest == same).all():
                return same
            same = lowest
