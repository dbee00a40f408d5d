"""ONNX operators on single values, on all values, and on their order."""

from __future__ import annotations

import numpy as np

from converters.flat import Array
from converters.graph import options
from converters.readers._onnx_net import IMAGE, Net, Node, Value, moved, without

_SIX = 6.0


def relu(net: Net, node: Node) -> Value:
    """Relu."""
    return _cut(net, net.value(node, 0), np.inf)


def clip(net: Net, node: Node) -> Value:
    """Clip to 0 and more, or 0 to 6."""
    low, high = (_limit(net, node, at) for at in (1, 2))
    if low != 0 or high not in {_SIX, np.inf}:
        raise net.refuse(node, f"to {low:g} .. {high:g}")
    return _cut(net, net.value(node, 0), high)


def _cut(net: Net, value: Value, high: float) -> Value:
    tensor = net.graph.relu(value.tensor, high)
    net.floored.add(tensor)
    return Value(tensor, value.axes)


def _limit(net: Net, node: Node, at: int) -> float:
    """An input since opset 11, an attribute before; none is infinity."""
    if node.has(at):
        limit = float(net.array(node, at).item())
    else:
        limit = float(node.get(("min", "max")[at - 1], (-np.inf, np.inf)[at - 1]))
    return limit if abs(limit) < np.finfo(np.float32).max else float(np.copysign(np.inf, limit))


def prelu(net: Net, node: Node) -> Value:
    """PRelu with a slope for each channel, or for each value."""
    value = net.value(node, 0)
    slopes = net.constant(moved(net.array(node, 1), value.axes)[0])
    shape = net.graph.shape(value.tensor)
    return Value(net.graph.add("PRELU", (value.tensor, slopes), shape), value.axes)


def leaky_relu(net: Net, node: Node) -> Value:
    """LeakyRelu."""
    value = net.value(node, 0)
    settings = options("LeakyRelu", alpha=node.get("alpha", 0.01))
    shape = net.graph.shape(value.tensor)
    return Value(net.graph.add("LEAKY_RELU", (value.tensor,), shape, settings), value.axes)


def sigmoid(net: Net, node: Node) -> Value:
    """Sigmoid."""
    value = net.value(node, 0)
    shape = net.graph.shape(value.tensor)
    return Value(net.graph.add("LOGISTIC", (value.tensor,), shape), value.axes)


def arithmetic(net: Net, node: Node) -> Value:
    """Add, Sub, Mul and Div, as numpy broadcasts them."""
    computed = [net.value(node, at) for at in (0, 1) if not net.is_constant(node, at)]
    axes = max((value.axes for value in computed), key=len)
    tensors = []
    for at in (0, 1):
        if net.is_constant(node, at):
            tensors.append(net.constant(moved(net.array(node, at), axes)))
        elif len(net.value(node, at).axes) == len(axes):
            tensors.append(net.laid(net.value(node, at), axes))
        else:
            raise net.refuse(node, "on values of different rank")
    shape = np.broadcast_shapes(*(net.graph.shape(tensor) for tensor in tensors))
    return Value(net.graph.add(node.kind.upper(), tensors, shape, options(node.kind)), axes)


def batch_normalization(net: Net, node: Node) -> Value:
    """BatchNormalization that no convolution could take in."""
    scale, offset, mean, variance = (net.array(node, at).astype(float) for at in range(1, 5))
    factor = scale / np.sqrt(variance + node.get("epsilon", 1e-5))
    x = net.image(node, 0)
    factors = net.constant(factor)
    scaled = net.graph.add("MUL", (x, factors), net.graph.shape(x), options("Mul"))
    return Value(net.graph.bias(scaled, (offset - mean * factor).astype(np.float32)), IMAGE)


def mean(net: Net, node: Node) -> Value:
    """ReduceMean, and GlobalAveragePool over rows and columns."""
    value = net.value(node, 0)
    if node.kind == "GlobalAveragePool":
        axes = list(range(2, len(value.axes)))
    else:
        axes = _axes(net, node, len(value.axes))
    tensor_axes = sorted(value.axes[axis] for axis in axes)
    kept = bool(node.get("keepdims", 1))
    sizes = net.graph.shape(value.tensor)
    shape = tuple(
        1 if axis in tensor_axes else size
        for axis, size in enumerate(sizes)
        if kept or axis not in tensor_axes
    )
    which = net.graph.constant(np.array(tensor_axes, np.int32))
    settings = options("Reducer", keepDims=kept)
    tensor = net.graph.add("MEAN", (value.tensor, which), shape, settings)
    return Value(tensor, value.axes if kept else without(value.axes, axes))


def _axes(net: Net, node: Node, rank: int) -> list[int]:
    """Axes of a reduction: an input since opset 18, an attribute before; none is all."""
    given = net.array(node, 1).tolist() if node.has(1) else node.get("axes", range(rank))
    return [axis % rank for axis in given]


def gemm(net: Net, node: Node) -> Value:
    """Gemm with constant weights: a fully connected layer."""
    plain = node.get("alpha", 1.0) == node.get("beta", 1.0) == 1.0 and not node.get("transA", 0)
    if not plain:
        raise net.refuse(node, "with alpha, beta or transA")
    x = net.plain(node, 0)
    weights = net.array(node, 1) if node.get("transB", 0) else net.array(node, 1).T
    bias: Array = net.array(node, 2) if node.has(2) else np.zeros(1)
    inputs = (
        x,
        net.constant(weights),
        net.constant(np.broadcast_to(bias.reshape(-1), weights.shape[:1])),
    )
    shape = (net.graph.shape(x)[0], weights.shape[0])
    return Value(net.graph.add("FULLY_CONNECTED", inputs, shape, options("FullyConnected")), (0, 1))


def reshape(net: Net, node: Node) -> Value:
    """Reshape, Flatten, Squeeze and Unsqueeze."""
    tensor = net.plain(node, 0)
    old = net.graph.shape(tensor)
    if node.kind == "Flatten":
        axis = node.get("axis", 1) % (len(old) + 1)
        new = [int(np.prod(old[:axis])), int(np.prod(old[axis:]))]
    elif node.kind == "Reshape":
        wanted = [int(size) for size in net.array(node, 1)]
        new = [old[at] if size == 0 else size for at, size in enumerate(wanted)]
    else:
        new = _with_axes(net, node, old)
    full = np.empty(old, np.bool_).reshape(new).shape  # fills in a -1, and checks the rest
    return Value(net.graph.reshape(tensor, full), tuple(range(len(full))))


def _with_axes(net: Net, node: Node, old: tuple[int, ...]) -> list[int]:
    """Sizes after Squeeze or Unsqueeze."""
    given = net.array(node, 1).tolist() if node.has(1) else node.get("axes", ())
    if node.kind == "Unsqueeze":
        return list(np.expand_dims(np.empty(old, np.bool_), tuple(given)).shape)
    ones = [axis for axis, size in enumerate(old) if size == 1]
    removed = [axis % len(old) for axis in given] or ones
    return [size for axis, size in enumerate(old) if axis not in removed]


def transpose(net: Net, node: Node) -> Value:
    """Transpose: no value moves until somebody needs it to."""
    value = net.value(node, 0)
    order = node.get("perm", tuple(range(len(value.axes)))[::-1])
    return Value(value.tensor, tuple(value.axes[axis] for axis in order))


def concat(net: Net, node: Node) -> Value:
    """Concat, in the layout of the first."""
    axes = net.value(node, 0).axes
    tensors = [net.laid(net.value(node, at), axes) for at in range(len(node.inputs))]
    shapes = [list(net.graph.shape(tensor)) for tensor in tensors]
    along = axes[node.attributes["axis"] % len(axes)]
    shape = shapes[0]
    shape[along] = sum(each[along] for each in shapes)
    settings = options("Concatenation", axis=along)
    return Value(net.graph.add("CONCATENATION", tensors, tuple(shape), settings), axes)


OPERATORS = {
    "Relu": relu,
    "Clip": clip,
    "PRelu": prelu,
    "LeakyRelu": leaky_relu,
    "Sigmoid": sigmoid,
    "Add": arithmetic,
    "Sub": arithmetic,
    "Mul": arithmetic,
    "Div": arithmetic,
    "BatchNormalization": batch_normalization,
    "GlobalAveragePool": mean,
    "ReduceMean": mean,
    "Gemm": gemm,
    "Reshape": reshape,
    "Flatten": reshape,
    "Squeeze": reshape,
    "Unsqueeze": reshape,
    "Transpose": transpose,
    "Concat": concat,
    "Identity": lambda net, node: net.value(node, 0),
}
