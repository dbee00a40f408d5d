"""ONNX operators that look through a window: convolutions, pooling, resizing, padding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from converters.graph import Pair, options
from converters.readers._onnx_net import IMAGE, Net, Node, Value

Sides = tuple[Pair, Pair]  # zeros above and below, left and right
_NO_SIDES = ((0, 0), (0, 0))
_PLACES = {  # of a pixel that is looked up, when an image is resized
    "half_pixel": {"halfPixelCenters": True},
    "pytorch_half_pixel": {"halfPixelCenters": True},
    "align_corners": {"alignCorners": True},
    "asymmetric": {},
}


@dataclass(frozen=True, slots=True)
class Window:
    """How an operator looks at an image: down and across."""

    taps: Pair
    stride: Pair
    gaps: Pair

    @staticmethod
    def of(node: Node, taps: Sequence[int]) -> Window:
        """Read a node's strides and dilations."""
        down, across = taps
        strides, gaps = node.get("strides", (1, 1)), node.get("dilations", (1, 1))
        return Window((down, across), (strides[0], strides[1]), (gaps[0], gaps[1]))

    def sides(self, node: Node, area: Sequence[int]) -> Sides:
        """Zeros around an image of (rows, columns), as a node asks for them."""
        automatic = node.get("auto_pad", "NOTSET")
        if automatic == "NOTSET":
            top, left, bottom, right = node.get("pads", (0, 0, 0, 0))
            return (top, bottom), (left, right)
        if automatic == "VALID":
            return _NO_SIDES
        rows, columns = self.same(area)
        return (rows[::-1], columns[::-1]) if automatic == "SAME_LOWER" else (rows, columns)

    def same(self, area: Sequence[int]) -> Sides:
        """Zeros that TensorFlow's SAME puts around it."""
        rows, columns = (
            max((-(-size // step) - 1) * step + (taps - 1) * gap + 1 - size, 0)
            for size, taps, step, gap in zip(area, self.taps, self.stride, self.gaps, strict=True)
        )
        return (rows // 2, rows - rows // 2), (columns // 2, columns - columns // 2)

    def padding(self, sides: Sides, area: Sequence[int]) -> str:
        """TensorFlow's word for these zeros; "" when it has none."""
        if sides == self.same(area):
            return "SAME"
        return "VALID" if sides == _NO_SIDES else ""

    def even(self, area: Sequence[int]) -> bool:
        """Whether the last window ends with the image, so that rounding is no question."""
        return not any(
            (size - taps) % step
            for size, taps, step in zip(area, self.taps, self.stride, strict=True)
        )


def conv(net: Net, node: Node) -> Value:
    """Conv: weights (out, in / groups, rows, columns); depthwise where each channel is a group."""
    x = net.image(node, 0)
    weights = net.array(node, 1)
    channels, groups = net.graph.shape(x)[3], node.get("group", 1)
    depthwise = groups == channels > 1
    if groups != 1 and not depthwise:
        raise net.refuse(node, f"in {groups} groups of {channels} channels")
    window = Window.of(node, weights.shape[2:])
    area = net.graph.shape(x)[1:3]
    sides = window.sides(node, area)
    padding = window.padding(sides, area)
    if not padding:
        x, padding = _padded(net, x, sides), "VALID"
    bias = net.array(node, 2) if node.has(2) else np.zeros(weights.shape[0])
    tensor = net.graph.conv2d(
        x,
        weights.transpose((1, 2, 3, 0) if depthwise else (0, 2, 3, 1)),
        bias.astype(np.float32),
        stride=window.stride,
        dilation=window.gaps,
        padding=padding,
        depthwise=depthwise,
    )
    return Value(tensor, IMAGE)


def max_pool(net: Net, node: Node) -> Value:
    """MaxPool; zeros around the image never win over what is at least 0."""
    x = net.image(node, 0)
    window = Window.of(node, node.attributes["kernel_shape"])
    area = net.graph.shape(x)[1:3]
    sides = window.sides(node, area)
    if x in net.floored and not window.padding(sides, area):
        x, sides = _padded(net, x, sides), _NO_SIDES
    return _pool(net, node, "MAX", x, window, sides)


def average_pool(net: Net, node: Node) -> Value:
    """AveragePool; TFLite's own padding does not count, zeros around the image do."""
    x = net.image(node, 0)
    window = Window.of(node, node.attributes["kernel_shape"])
    sides = window.sides(node, net.graph.shape(x)[1:3])
    if node.get("count_include_pad", 0):
        x, sides = _padded(net, x, sides), _NO_SIDES
    return _pool(net, node, "AVERAGE", x, window, sides)


def _pool(  # noqa: PLR0913, PLR0917 - what pooling has
    net: Net, node: Node, kind: str, x: int, window: Window, sides: Sides
) -> Value:
    area = net.graph.shape(x)[1:3]
    padding = window.padding(sides, area)
    if not padding or window.gaps != (1, 1):
        raise net.refuse(node, "with dilations, or padding other than TensorFlow's SAME")
    if node.get("ceil_mode", 0) and padding == "VALID" and not window.even(area):
        raise net.refuse(node, "with ceil_mode")
    tensor = net.graph.pool(kind, x, window.taps, stride=window.stride, padding=padding)
    return Value(tensor, IMAGE)


def _padded(net: Net, x: int, sides: Sides) -> int:
    """Put zeros around an image."""
    return net.graph.pad(x, ((0, 0), *sides, (0, 0)))


def resize(net: Net, node: Node) -> Value:
    """Resize linearly, or by whole factors to the nearest."""
    x = net.image(node, 0)
    old = net.graph.shape(x)
    new = _resized(net, node, old)
    if (new[0], new[3]) != (old[0], old[3]) or node.get("antialias", 0):
        raise net.refuse(node, "of channels, or antialiased")
    mode = node.get("mode", "nearest")
    place = node.get("coordinate_transformation_mode", "half_pixel")
    if mode == "nearest" and _is_repeat(node, place, old[1:3], new[1:3]):
        kind, settings = "RESIZE_NEAREST_NEIGHBOR", options("ResizeNearestNeighbor")
    elif mode == "linear" and place in _PLACES:
        kind, settings = "RESIZE_BILINEAR", options("ResizeBilinear", **_PLACES[place])
    else:
        raise net.refuse(node, f"with mode {mode} and {place}")
    sizes = net.graph.constant(np.array(new[1:3], np.int32))
    return Value(net.graph.add(kind, (x, sizes), new, settings), IMAGE)


def _resized(net: Net, node: Node, old: Sequence[int]) -> tuple[int, ...]:
    """Wanted sizes of the tensor (1, rows, columns, channels)."""
    if node.has(3):
        sizes = [int(size) for size in net.array(node, 3)]
        return tuple(sizes[IMAGE.index(axis)] for axis in range(len(IMAGE)))
    if not node.has(2):
        raise net.refuse(node, "of opset 10", "export the model with opset 11 or newer")
    scales = net.array(node, 2).tolist()
    return tuple(int(size * scales[IMAGE.index(axis)]) for axis, size in enumerate(old))


def _is_repeat(node: Node, place: str, old: Sequence[int], new: Sequence[int]) -> bool:
    """Whether every pixel is only repeated; else TFLite and ONNX break ties differently."""
    rounding = node.get("nearest_mode", "round_prefer_floor")
    ways = {("asymmetric", "floor"), ("half_pixel", "round_prefer_floor")}
    whole = not any(size % before for size, before in zip(new, old, strict=True))
    return whole and (place, rounding) in ways


def pad(net: Net, node: Node) -> Value:
    """Pad with zeros, on any axis."""
    value = net.value(node, 0)
    amounts = (net.array(node, 1) if node.has(1) else np.array(node.get("pads", ()))).reshape(2, -1)
    filling = net.array(node, 2).any() if node.has(2) else node.get("value", 0.0)
    if node.get("mode", "constant") != "constant" or filling or node.has(3) or (amounts < 0).any():
        raise net.refuse(node, "with anything but zeros")
    rows = sorted(zip(value.axes, *amounts.tolist(), strict=True))
    tensor = net.graph.pad(value.tensor, [(before, after) for _, before, after in rows])
    return Value(tensor, value.axes)


OPERATORS = {
    "Conv": conv,
    "MaxPool": max_pool,
    "AveragePool": average_pool,
    "Resize": resize,
    "Pad": pad,
}
