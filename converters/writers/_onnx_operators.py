"""TFLite's operators in ONNX's: those of PoseNet, the palm detector and the hand landmarks.

Meaning of the operators: the TFLite and ONNX operator sets; padding: TensorFlow's "SAME".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from converters import flat
from converters.errors import ConvertError
from converters.writers._onnx_graph import AXES, TO_NCHW, OnnxGraph

_ACTIVATIONS: Mapping[int, str] = {
    schema.ActivationFunctionType.NONE: "",
    schema.ActivationFunctionType.RELU: "RELU",
    schema.ActivationFunctionType.RELU6: "RELU6",
}
_DEPTHWISE = (3, 0, 1, 2)  # a depthwise filter is (1, rows, columns, channels)


def convert(model: Any, where: str) -> bytes:
    """ModelT, float32 or int8 -> bytes of an .onnx; raises ConvertError for other operators."""
    graph = OnnxGraph(model, where)
    image = graph.take_picture()
    for op in model.subgraphs[0].operators:
        kind = flat.kind(model, op)
        if kind not in _OPERATORS:
            problem = f"operator {kind} has no counterpart here"
            raise ConvertError(where, problem, "write this model as tflite or openvino")
        graph.give(int(op.outputs[0]), _OPERATORS[kind](graph, op))
    return graph.finish(image)


def _activated(graph: OnnxGraph, value: str, fused: int) -> str:
    if fused not in _ACTIVATIONS:
        raise ConvertError(graph.where, f"fused activation {fused} has no counterpart here")
    kind = _ACTIVATIONS[fused]
    return _clipped(graph, value, kind) if kind else value


def _clipped(graph: OnnxGraph, value: str, kind: str) -> str:
    if kind == "RELU":
        return graph.add("Relu", [value])
    limits = [graph.store(np.asarray(limit, np.float32)) for limit in (0, 6)]
    return graph.add("Clip", [value, *limits])


def _pads(
    graph: OnnxGraph, op: Any, window: tuple[int, int], dilation: tuple[int, int]
) -> list[int]:
    """What is put before rows and columns, then behind: "SAME" puts the odd one behind."""
    settings = op.builtinOptions
    if settings.padding == schema.Padding.VALID:
        return [0, 0, 0, 0]
    sizes, given = graph.shape(int(op.inputs[0]))[1:3], graph.shape(int(op.outputs[0]))[1:3]
    steps = (settings.strideH, settings.strideW)
    missing = [
        max((out - 1) * step + (taps - 1) * gap + 1 - size, 0)
        for size, out, step, taps, gap in zip(sizes, given, steps, window, dilation, strict=True)
    ]
    return [amount // 2 for amount in missing] + [amount - amount // 2 for amount in missing]


def _convolution(graph: OnnxGraph, op: Any, order: tuple[int, ...], groups: int) -> str:
    image, weights, *bias = (int(index) for index in op.inputs)
    settings = op.builtinOptions
    window = (graph.shape(weights)[1], graph.shape(weights)[2])
    dilation = (settings.dilationHFactor, settings.dilationWFactor)
    inputs = [graph.value(image), graph.constant(weights, order)]
    value = graph.add(
        "Conv",
        inputs + [graph.value(index) for index in bias if index >= 0],
        group=groups,
        kernel_shape=window,
        strides=(settings.strideH, settings.strideW),
        dilations=dilation,
        pads=_pads(graph, op, window, dilation),
    )
    return _activated(graph, value, settings.fusedActivationFunction)


def _conv2d(graph: OnnxGraph, op: Any) -> str:
    return _convolution(graph, op, TO_NCHW, 1)


def _depthwise(graph: OnnxGraph, op: Any) -> str:
    return _convolution(graph, op, _DEPTHWISE, graph.shape(int(op.inputs[0]))[3])


def _pool(kind: str, **attributes: Any) -> Operator:
    def operator(graph: OnnxGraph, op: Any) -> str:
        settings = op.builtinOptions
        window = (settings.filterHeight, settings.filterWidth)
        value = graph.add(
            kind,
            [graph.value(int(op.inputs[0]))],
            kernel_shape=window,
            strides=(settings.strideH, settings.strideW),
            pads=_pads(graph, op, window, (1, 1)),
            **attributes,
        )
        return _activated(graph, value, settings.fusedActivationFunction)

    return operator


def _pair(kind: str) -> Operator:
    """An operator on two tensors, either of which may have fewer axes or a constant's one value."""

    def operator(graph: OnnxGraph, op: Any) -> str:
        inputs = [_spread(graph, int(index), int(op.outputs[0])) for index in op.inputs]
        value = graph.add(kind, inputs)
        fused = getattr(op.builtinOptions, "fusedActivationFunction", 0)
        return _activated(graph, value, fused)

    return operator


def _spread(graph: OnnxGraph, tensor: int, output: int) -> str:
    """A value that can be combined with the output's: one number a channel goes on its axis."""
    axes, wanted = len(graph.shape(tensor)), len(graph.shape(output))
    if wanted != AXES or axes in (0, AXES):
        return graph.value(tensor)
    channels = graph.shape(tensor)[-1]
    if graph.numbers(tensor).size != channels:
        raise ConvertError(graph.where, f"cannot spread {graph.shape(tensor)} over a picture")
    shape = graph.store(np.array((channels, 1, 1), np.int64))
    return graph.add("Reshape", [graph.value(tensor), shape])


def _one(kind: str) -> Operator:
    return lambda graph, op: graph.add(kind, [graph.value(int(op.inputs[0]))])


def _limit(kind: str) -> Operator:
    return lambda graph, op: _clipped(graph, graph.value(int(op.inputs[0])), kind)


def _same(graph: OnnxGraph, op: Any) -> str:
    """To levels and back: what a tensor's own rounding does already."""
    return graph.value(int(op.inputs[0]))


def _pad(graph: OnnxGraph, op: Any) -> str:
    image, amounts = (int(index) for index in op.inputs)
    rows = graph.numbers(amounts).astype(np.int64)
    ordered = rows[list(TO_NCHW)] if len(rows) == AXES else rows
    return graph.add("Pad", [graph.value(image), graph.store(ordered.T.reshape(-1))])


def _resize(graph: OnnxGraph, op: Any) -> str:
    image, _ = (int(index) for index in op.inputs)
    settings = op.builtinOptions
    mode = "half_pixel" if settings.halfPixelCenters else "asymmetric"
    batch, height, width, channels = graph.shape(int(op.outputs[0]))
    sizes = graph.store(np.array((batch, channels, height, width), np.int64))
    return graph.add(
        "Resize",
        [graph.value(image), "", "", sizes],
        mode="linear",
        coordinate_transformation_mode="align_corners" if settings.alignCorners else mode,
    )


def _reshaped(graph: OnnxGraph, op: Any, rows: str) -> str:
    """Values in TFLite's order as the shape of the output, which then has channels first."""
    shape = graph.shape(int(op.outputs[0]))
    value = graph.add("Reshape", [rows, graph.store(np.array(shape, np.int64))])
    return graph.add("Transpose", [value], perm=TO_NCHW) if len(shape) == AXES else value


def _reshape(graph: OnnxGraph, op: Any) -> str:
    return _reshaped(graph, op, graph.rows(int(op.inputs[0])))


def _transpose(graph: OnnxGraph, op: Any) -> str:
    image, axes = (int(index) for index in op.inputs)
    order = graph.numbers(axes).tolist()
    value = graph.add("Transpose", [graph.rows(image)], perm=order)
    return graph.add("Transpose", [value], perm=TO_NCHW) if len(order) == AXES else value


def _concatenation(graph: OnnxGraph, op: Any) -> str:
    axes = len(graph.shape(int(op.outputs[0])))
    axis = op.builtinOptions.axis % axes
    inputs = [graph.value(int(index)) for index in op.inputs]
    value = graph.add("Concat", inputs, axis=TO_NCHW.index(axis) if axes == AXES else axis)
    return _activated(graph, value, op.builtinOptions.fusedActivationFunction)


def _mean(graph: OnnxGraph, op: Any) -> str:
    image, axes = (int(index) for index in op.inputs)
    over = {int(axis) % AXES for axis in np.atleast_1d(graph.numbers(axes))}
    if over != {1, 2} or len(graph.shape(image)) != AXES:
        raise ConvertError(graph.where, f"MEAN over axes {sorted(over)} has no counterpart here")
    keep = int(op.builtinOptions.keepDims)
    return graph.add("ReduceMean", [graph.value(image)], axes=(2, 3), keepdims=keep)


def _fully_connected(graph: OnnxGraph, op: Any) -> str:
    image, weights, *bias = (int(index) for index in op.inputs)
    flattened = graph.store(np.array((-1, graph.shape(weights)[1]), np.int64))
    inputs = [
        graph.add("Reshape", [graph.rows(image), flattened]),
        graph.value(weights),
        *(graph.value(index) for index in bias if index >= 0),
    ]
    value = graph.add("Gemm", inputs, transB=1)
    return _reshaped(graph, op, _activated(graph, value, op.builtinOptions.fusedActivationFunction))


Operator = Callable[[OnnxGraph, Any], str]
_OPERATORS: Mapping[str, Operator] = {
    "ADD": _pair("Add"),
    "AVERAGE_POOL_2D": _pool("AveragePool", count_include_pad=0),
    "CONCATENATION": _concatenation,
    "CONV_2D": _conv2d,
    "DEPTHWISE_CONV_2D": _depthwise,
    "DEQUANTIZE": _same,
    "FULLY_CONNECTED": _fully_connected,
    "LOGISTIC": _one("Sigmoid"),
    "MAX_POOL_2D": _pool("MaxPool"),
    "MEAN": _mean,
    "MUL": _pair("Mul"),
    "PAD": _pad,
    "PRELU": _pair("PRelu"),
    "QUANTIZE": _same,
    "RELU": _limit("RELU"),
    "RELU6": _limit("RELU6"),
    "RESHAPE": _reshape,
    "RESIZE_BILINEAR": _resize,
    "TRANSPOSE": _transpose,
}
