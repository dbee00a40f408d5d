"""Builds a float32 TFLite model operator by operator, with the shapes worked out on the way.

Layout is NHWC; a filter is (out, rows, columns, in), a depthwise one (1, rows, columns, channels).
Operators and their options: the TFLite schema, as ai-edge-litert ships it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from converters import flat, fuse, surgery
from converters.flat import Array

Shape = tuple[int, ...]
Pair = tuple[int, int]  # down, across
_SIX = 6.0
_TYPES = {
    np.dtype(np.float32): schema.TensorType.FLOAT32,
    np.dtype(np.int32): schema.TensorType.INT32,
}


def options(kind: str, **values: Any) -> Any:
    """Give an operator's options by the schema's name for them, less "Options"."""
    made = getattr(schema, f"{kind}OptionsT")()
    for name, value in values.items():
        setattr(made, name, value)
    return made


class Graph:
    """A model in the making; every method adds an operator and gives its output's tensor."""

    def __init__(self, image: Shape, name: str = "image") -> None:
        self._model = schema.ModelT()
        self._model.version = 3
        self._model.description = b"edgepose-convert"
        self._model.operatorCodes = []
        self._model.buffers = [flat.buffer()]
        self._codes: dict[int, int] = {}
        self._reshaped: dict[int, int] = {}  # to what it was before: once is enough
        self._graph = schema.SubGraphT()
        self._graph.name = b"main"
        self._graph.tensors, self._graph.operators = [], []
        self.image = self._tensor(image, name)
        self._graph.inputs = [self.image]
        self._model.subgraphs = [self._graph]

    def shape(self, tensor: int) -> Shape:
        """Sizes of a tensor."""
        return flat.shape(self._graph.tensors[tensor])

    def constant(self, values: Array, name: str = "") -> int:
        """Add a tensor with values, float32 or int32."""
        tensor = self._tensor(values.shape, name or f"constant_{len(self._graph.tensors)}")
        made = self._graph.tensors[tensor]
        made.type, made.buffer = _TYPES[values.dtype], len(self._model.buffers)
        self._model.buffers.append(flat.buffer(values))
        return tensor

    def finish(self, outputs: Mapping[str, int]) -> Any:
        """End the model: outputs by the names they shall have; gives the ModelT."""
        surgery.keep(self._model, outputs)
        fuse.fuse(self._model)
        return self._model

    def conv2d(  # noqa: PLR0913 - what a convolution has
        self,
        x: int,
        weights: Array,
        bias: Array,
        *,
        stride: Pair = (1, 1),
        dilation: Pair = (1, 1),
        padding: str = "SAME",
        depthwise: bool = False,
    ) -> int:
        """Convolve NHWC; padding is "SAME" or "VALID", both as TensorFlow defines them."""
        area = self.windows(x, weights.shape[1:3], stride, dilation, padding)
        channels = weights.shape[3] if depthwise else weights.shape[0]
        settings = options(
            "DepthwiseConv2D" if depthwise else "Conv2D",
            padding=getattr(schema.Padding, padding),
            strideH=stride[0],
            strideW=stride[1],
            dilationHFactor=dilation[0],
            dilationWFactor=dilation[1],
        )
        if depthwise:
            settings.depthMultiplier = channels // self.shape(x)[3]
        kind = "DEPTHWISE_CONV_2D" if depthwise else "CONV_2D"
        inputs = (x, self.constant(weights), self.constant(bias))
        return self.add(kind, inputs, (1, *area, channels), settings)

    def pool(
        self, kind: str, x: int, window: Pair, *, stride: Pair = (1, 1), padding: str = "SAME"
    ) -> int:
        """Take the "MAX" or "AVERAGE" of windows of NHWC; what is padded does not count."""
        area = self.windows(x, window, stride, (1, 1), padding)
        settings = options(
            "Pool2D",
            padding=getattr(schema.Padding, padding),
            strideH=stride[0],
            strideW=stride[1],
            filterHeight=window[0],
            filterWidth=window[1],
        )
        return self.add(f"{kind}_POOL_2D", (x,), (1, *area, self.shape(x)[3]), settings)

    def windows(
        self, x: int, window: Pair, stride: Pair, dilation: Pair, padding: str
    ) -> tuple[int, ...]:
        """Height and width of what windows over NHWC give."""
        return tuple(
            -(-(size if padding == "SAME" else size - (taps - 1) * gap) // step)
            for size, taps, step, gap in zip(
                self.shape(x)[1:3], window, stride, dilation, strict=True
            )
        )

    def bias(self, x: int, values: Array) -> int:
        """Add one float32 to each channel."""
        return self.add("ADD", (x, self.constant(values)), self.shape(x), options("Add"))

    def relu(self, x: int, highest: float = np.inf) -> int:
        """Cut off what is below 0, and above `highest`: 6, or nothing."""
        return self.add("RELU6" if highest == _SIX else "RELU", (x,), self.shape(x))

    def reshape(self, x: int, shape: Shape) -> int:
        """Read the same values in the same order as another shape."""
        x = self._reshaped.get(x, x)
        if self.shape(x) == shape:
            return x
        sizes = self.constant(np.array(shape, np.int32))
        settings = options("Reshape", newShape=list(shape))
        made = self.add("RESHAPE", (x, sizes), shape, settings)
        self._reshaped[made] = x
        return made

    def transpose(self, x: int, order: Sequence[int]) -> int:
        """Move axes: axis i of the result is axis order[i] of x."""
        old = self.shape(x)
        shape = tuple(old[axis] for axis in order)
        moved = [axis for axis in order if old[axis] != 1]
        if moved == sorted(moved):  # only axes of one entry change places: no value moves
            return self.reshape(x, shape)
        axes = self.constant(np.array(order, np.int32))
        return self.add("TRANSPOSE", (x, axes), shape, options("Transpose"))

    def pad(self, x: int, amounts: Sequence[tuple[int, int]]) -> int:
        """Put zeros before and after, as many as given for each axis."""
        if not np.any(amounts):
            return x
        shape = tuple(
            size + before + after
            for size, (before, after) in zip(self.shape(x), amounts, strict=True)
        )
        rows = self.constant(np.array(amounts, np.int32))
        return self.add("PAD", (x, rows), shape, options("Pad"))

    def add(self, kind: str, inputs: Sequence[int], shape: Shape, settings: Any = None) -> int:
        """Add any operator of the schema that has one output."""
        op = schema.OperatorT()
        op.opcodeIndex = self._code(getattr(schema.BuiltinOperator, kind))
        op.inputs = list(inputs)
        op.outputs = [self._tensor(shape, f"{kind.lower()}_{len(self._graph.tensors)}")]
        if settings is not None:
            op.builtinOptions = settings
            named = type(settings).__name__.removesuffix("T")
            op.builtinOptionsType = getattr(schema.BuiltinOptions, named)
        self._graph.operators.append(op)
        return int(op.outputs[0])

    def _code(self, builtin: int) -> int:
        if builtin not in self._codes:
            code = schema.OperatorCodeT()
            # Readers older than the wide field look at the narrow one; 127 says "look there".
            code.builtinCode, code.deprecatedBuiltinCode = builtin, min(builtin, 127)
            code.version = 1
            self._codes[builtin] = len(self._model.operatorCodes)
            self._model.operatorCodes.append(code)
        return self._codes[builtin]

    def _tensor(self, shape: Shape, name: str) -> int:
        tensor = schema.TensorT()
        tensor.shape = np.asarray(shape, np.int32)
        tensor.type = schema.TensorType.FLOAT32
        tensor.name = name.encode()
        tensor.hasRank = True
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1
