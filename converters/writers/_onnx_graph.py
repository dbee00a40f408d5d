"""An ONNX graph in the making, from a TFLite one: values, constants, layouts, levels.

What TFLite holds as (1, rows, columns, channels) is (1, channels, rows, columns) here, which is
all that ONNX's convolutions take. A quantized tensor becomes a QuantizeLinear and a
DequantizeLinear behind the operator that gives it: runtimes fuse them into its integer form.
Levels are uint8, weights int8: the pair that processors without VNNI are quick with, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import onnx
from ai_edge_litert import schema_py_generated as schema
from onnx import helper, numpy_helper

from converters import flat
from converters.errors import ConvertError
from converters.flat import Array
from converters.writers import _pixels

TO_NCHW, TO_NHWC = (0, 3, 1, 2), (0, 2, 3, 1)
AXES = 4  # of a picture: batch, rows, columns, channels
_OPSET, _IR_VERSION = 17, 9  # what ONNX Runtime reads from 1.14 on


class OnnxGraph:
    """Nodes, constants, and the value that stands for each tensor of the TFLite model."""

    def __init__(self, model: Any, where: str) -> None:
        self.model, self.where = model, where
        self._tensors = model.subgraphs[0].tensors
        self._values: dict[int, str] = {}
        self._nodes: list[Any] = []
        self._constants: dict[tuple[Any, ...], Any] = {}

    def shape(self, tensor: int) -> tuple[int, ...]:
        """Sizes of a tensor, as TFLite orders them."""
        return flat.shape(self._tensors[tensor])

    def numbers(self, tensor: int) -> Array:
        """Levels or numbers of a constant; raises ConvertError for what is computed."""
        values = flat.constant(self.model, tensor)
        if values is None:
            name = flat.name(self._tensors[tensor])
            problem = f"'{name}' is computed, and ONNX needs it to be a constant"
            raise ConvertError(self.where, problem, "write this model as tflite or openvino")
        return values

    def value(self, tensor: int) -> str:
        """Name of the float32 value of a tensor; pictures have their channels first."""
        if tensor not in self._values:
            axes = len(self.shape(tensor))
            order = TO_NCHW if axes == AXES else tuple(range(axes))
            self._values[tensor] = self.constant(tensor, order)
        return self._values[tensor]

    def rows(self, tensor: int) -> str:
        """Name of its value in TFLite's own order, pictures with their channels last."""
        if len(self.shape(tensor)) != AXES:
            return self.value(tensor)
        return self.add("Transpose", [self.value(tensor)], perm=TO_NHWC)

    def constant(self, tensor: int, order: Sequence[int]) -> str:
        """Name of the float32 value of a constant whose axes have been moved."""
        values, levels = self.numbers(tensor), self._tensors[tensor].quantization
        name = self.store(values.transpose(order))
        if levels is None:
            return name
        scale = np.asarray(levels.scale, np.float32)
        axis = order.index(levels.quantizedDimension) if scale.size > 1 else 0
        scale = scale if scale.size > 1 else scale[0]
        inputs = [name, self.store(scale)]
        if values.dtype == np.int8:
            # Left out it is 0 as well, but ONNX Runtime 1.23 then cannot run what it fuses.
            inputs.append(self.store(np.zeros_like(scale, np.int8)))
        return self.add("DequantizeLinear", inputs, axis=axis)

    def store(self, values: Array) -> str:
        """Name of a constant as it is; equal ones are one."""
        key = (values.dtype.str, values.shape, values.tobytes())
        if key not in self._constants:
            name = f"c{len(self._constants)}"  # short names: small models are a tenth names
            self._constants[key] = numpy_helper.from_array(np.array(values, order="C"), name)
        return str(self._constants[key].name)

    def add(self, kind: str, inputs: Sequence[str], **attributes: Any) -> str:
        """Add an operator of one output; gives its name."""
        output = f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def give(self, tensor: int, value: str) -> None:
        """Let a value be the tensor's, rounded to its levels if it has some."""
        if self._tensors[tensor].quantization is not None:
            value = self._rounded(tensor, value)
        self._values[tensor] = value

    def take_picture(self) -> Any:
        """Begin with the model's input; gives its description, channels last."""
        tensor = int(self.model.subgraphs[0].inputs[0])
        name, kind = flat.name(self._tensors[tensor]), onnx.TensorProto.FLOAT
        value = name
        if self._tensors[tensor].quantization is not None:
            kind = onnx.TensorProto.UINT8
            value = self.add("DequantizeLinear", [name, *self._levels(tensor)])
        self._values[tensor] = self.add("Transpose", [value], perm=TO_NCHW)
        return helper.make_tensor_value_info(name, kind, self.shape(tensor))

    def finish(self, image: Any) -> bytes:
        """End with the model's outputs by their names, channels last; gives the file."""
        outputs = list(self._outputs())
        graph = helper.make_graph(
            self._nodes, "main", [image], outputs, [*self._constants.values()]
        )
        model = helper.make_model(
            graph,
            producer_name="edgepose-convert",
            ir_version=_IR_VERSION,
            opset_imports=[helper.make_opsetid("", _OPSET)],
        )
        content: bytes = model.SerializeToString(deterministic=True)
        return content

    def _outputs(self) -> Iterator[Any]:
        for name, tensor in flat.outputs(self.model).items():
            self._nodes.append(helper.make_node("Identity", [self.rows(tensor)], [name]))
            yield helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, self.shape(tensor))

    def _rounded(self, tensor: int, value: str) -> str:
        scale, zero = self._levels(tensor)
        levels = self.add("QuantizeLinear", [value, scale, zero])
        return self.add("DequantizeLinear", [levels, scale, zero])

    def _levels(self, tensor: int) -> tuple[str, str]:
        """Scale and zero point of a tensor's levels, as uint8 instead of int8."""
        levels = self._tensors[tensor].quantization
        if self._tensors[tensor].type != schema.TensorType.INT8:
            name = flat.name(self._tensors[tensor])
            raise ConvertError(self.where, f"'{name}' is quantized, but not to int8")
        scale = np.float32(levels.scale[0])
        zero = np.uint8(int(levels.zeroPoint[0]) + _pixels.MIDDLE)
        return self.store(np.asarray(scale)), self.store(np.asarray(zero))
