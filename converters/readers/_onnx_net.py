"""An ONNX graph on its way into a TFLite one: values by name, and where their axes went.

ONNX puts channels first and TFLite puts them last. No axis moves until an operator asks for it:
each value knows which axis of its tensor is which of its own, so that most transpositions, and
all those around convolutions, cost nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx

from converters.flat import Array
from converters.graph import Graph
from edge.errors import ModelError

Axes = tuple[int, ...]  # axis i of the value is axis axes[i] of the tensor
IMAGE: Axes = (0, 3, 1, 2)  # what ONNX calls batch, channels, rows, columns, held channels last


@dataclass(frozen=True, slots=True)
class Value:
    """A tensor of the graph, and where the ONNX value's axes are in it."""

    tensor: int
    axes: Axes


@dataclass(frozen=True, slots=True)
class Node:
    """One operator of an ONNX graph."""

    kind: str
    name: str
    inputs: tuple[str, ...]  # "" for an optional one that is absent
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]

    @staticmethod
    def of(proto: Any) -> Node:
        """Read a NodeProto."""
        values = {each.name: onnx.helper.get_attribute_value(each) for each in proto.attribute}
        return Node(
            kind=proto.op_type,
            name=proto.name or proto.output[0],
            inputs=tuple(proto.input),
            outputs=tuple(proto.output),
            attributes={
                key: value.decode() if isinstance(value, bytes) else value
                for key, value in values.items()
            },
        )

    def get(self, name: str, default: Any) -> Any:
        """Value of an attribute."""
        return self.attributes.get(name, default)

    def has(self, index: int) -> bool:
        """Whether it has an input."""
        return len(self.inputs) > index and self.inputs[index] != ""


class Net:
    """What has been built so far; every method raises ModelError in the name of a node."""

    def __init__(
        self, where: str, graph: Graph, values: Mapping[str, Value], arrays: Mapping[str, Array]
    ) -> None:
        self.graph = graph
        self._where = where
        self.values = dict(values)
        self.floored: set[int] = set()  # tensors of which nothing is below 0
        self._arrays = arrays

    def refuse(self, node: Node, reason: str = "", hint: str = "") -> ModelError:
        """Make the error for an operator that TFLite cannot do as ONNX means it."""
        words = f"operator {node.kind} ('{node.name}') {reason}".rstrip()
        problem = f"{words} is not supported"
        return ModelError(self._where, problem, hint or "export the model without it")

    def is_constant(self, node: Node, index: int) -> bool:
        """Whether an input is part of the file."""
        return node.inputs[index] in self._arrays

    def array(self, node: Node, index: int) -> Array:
        """An input that is part of the file."""
        name = node.inputs[index]
        if name not in self._arrays:
            raise self.refuse(node, f"with an input that is computed ('{name}')")
        return self._arrays[name]

    def value(self, node: Node, index: int) -> Value:
        """An input as it is."""
        name = node.inputs[index]
        if name not in self.values:
            array = self._arrays[name]
            self.values[name] = Value(self.constant(array), tuple(range(array.ndim)))
        return self.values[name]

    def image(self, node: Node, index: int) -> int:
        """An input as tensor (1, rows, columns, channels)."""
        value = self.value(node, index)
        if len(value.axes) != len(IMAGE):
            raise self.refuse(node, f"on {len(value.axes)} axes")
        return self.laid(value, IMAGE)

    def plain(self, node: Node, index: int) -> int:
        """An input as tensor with the axes in ONNX's order."""
        value = self.value(node, index)
        return self.laid(value, tuple(range(len(value.axes))))

    def laid(self, value: Value, axes: Axes) -> int:
        """A value's tensor with the axes where they are wanted."""
        order = [value.axes[axes.index(axis)] for axis in range(len(axes))]
        return self.graph.transpose(value.tensor, order) if value.axes != axes else value.tensor

    def constant(self, array: Array) -> int:
        """Add a float32 tensor."""
        return self.graph.constant(np.ascontiguousarray(array, np.float32))


def moved(array: Array, axes: Axes) -> Array:
    """Give a constant the layout of a value that it shall be combined with."""
    full = array.reshape((1,) * (len(axes) - array.ndim) + array.shape)
    return full.transpose([axes.index(axis) for axis in range(len(axes))])


def without(axes: Axes, removed: Sequence[int]) -> Axes:
    """Where the other axes are once some of the value's own are gone."""
    left = [axis for index, axis in enumerate(axes) if index not in removed]
    return tuple(sorted(left).index(axis) for axis in left)
