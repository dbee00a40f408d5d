"""A small float network with every operator of the palm detector and the hand landmarks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from converters import flat
from converters.graph import Graph, options
from converters.model import FloatModel, Job
from edge.core.types import Image

Floats = npt.NDArray[np.float32]
SIZE = (16, 24)  # height, width px
HALF, ONE = (127.5, 127.5, 127.5), (1.0, 1.0, 1.0)


def pictures(count: int, seed: int = 0) -> list[Image]:
    """Give blurred noise: neighbouring pixels are alike, as in photos."""
    draw = np.random.default_rng(seed)
    coarse = draw.integers(0, 256, (count, SIZE[0] // 4, SIZE[1] // 4, 3))
    return list(coarse.repeat(4, axis=1).repeat(4, axis=2).astype(np.uint8))


def job(variant: str, count: int = 12, **changes: Any) -> Job:
    """Ask for a variant of the network."""
    facts: dict[str, Any] = {"mean": HALF, "std": HALF, "pictures": pictures(count)}
    return Job(variant, "tiny", **(facts | changes))


def taken(picture: Image) -> Floats:
    """Give a picture as the float network takes it."""
    half = np.asarray(HALF, np.float32)
    return (picture[None].astype(np.float32) - half) / half


def network(build: Callable[[Network], dict[str, int]] | None = None) -> FloatModel:
    """Give a float model: of every operator, or what `build` adds."""
    net = Network()
    return FloatModel.of(net.graph.finish((build or every_operator)(net)), "tiny")


class Network:
    """A graph whose layers have random weights, a few channels much larger than the others."""

    def __init__(self) -> None:
        self.graph = Graph((1, *SIZE, 3))
        self._draw = np.random.default_rng(7)

    def drawn(self, *shape: int) -> Floats:
        """Draw numbers."""
        return self._draw.normal(0, 0.4, shape).astype(np.float32)

    def conv(self, x: int, channels: int, **settings: Any) -> int:
        """Add a 3x3 convolution."""
        weights = self.drawn(channels, 3, 3, self.graph.shape(x)[3])
        weights[::3] *= 6.0
        return self.graph.conv2d(x, weights, self.drawn(channels), **settings)

    def separable(self, x: int, channels: int, stride: int = 1) -> int:
        """Add a depthwise 5x5 convolution, then a pointwise one."""
        depth = self.graph.shape(x)[3]
        step = (stride, stride)
        y = self.graph.conv2d(
            x, self.drawn(1, 5, 5, depth), self.drawn(depth), stride=step, depthwise=True
        )
        return self.graph.conv2d(y, self.drawn(channels, 1, 1, depth), self.drawn(channels))

    def prelu(self, x: int) -> int:
        """Add a slope for each channel below 0."""
        slopes = self.graph.constant(self.drawn(1, 1, self.graph.shape(x)[3]))
        return self.graph.add("PRELU", (x, slopes), self.graph.shape(x))

    def plus(self, x: int, y: int) -> int:
        """Add two tensors."""
        return self.graph.add("ADD", (x, y), self.graph.shape(x), options("Add"))

    def times(self, x: int) -> int:
        """Multiply each channel by a number."""
        factors = self.graph.constant(self.drawn(self.graph.shape(x)[3]))
        return self.graph.add("MUL", (x, factors), self.graph.shape(x), options("Mul"))

    def twice_as_large(self, x: int) -> int:
        """Resize between pixels."""
        _, height, width, depth = self.graph.shape(x)
        size = self.graph.constant(np.array((2 * height, 2 * width), np.int32))
        settings = options("ResizeBilinear", halfPixelCenters=True)
        shape = (1, 2 * height, 2 * width, depth)
        return self.graph.add("RESIZE_BILINEAR", (x, size), shape, settings)

    def mean(self, x: int) -> int:
        """Take the mean over rows and columns."""
        axes = self.graph.constant(np.array((1, 2), np.int32))
        return self.graph.add("MEAN", (x, axes), (1, self.graph.shape(x)[3]), options("Reducer"))

    def dense(self, x: int, channels: int) -> int:
        """Add a fully connected layer."""
        weights = self.graph.constant(self.drawn(channels, self.graph.shape(x)[1]))
        bias = self.graph.constant(self.drawn(channels))
        return self.graph.add(
            "FULLY_CONNECTED", (x, weights, bias), (1, channels), options("FullyConnected")
        )

    def beside(self, x: int, y: int) -> int:
        """Put rows of (1, N, depth) behind each other."""
        count = self.graph.shape(x)[1] + self.graph.shape(y)[1]
        shape = (1, count, self.graph.shape(x)[2])
        return self.graph.add("CONCATENATION", (x, y), shape, options("Concatenation", axis=1))


def every_operator(net: Network) -> dict[str, int]:
    """A residual net of two resolutions with PRELU, rows of both, and a dense end."""
    graph = net.graph
    x = net.prelu(net.conv(graph.image, 6, stride=(2, 2)))
    x = net.prelu(net.plus(x, net.separable(x, 6)))
    shrunk = graph.pool("MAX", x, (2, 2), stride=(2, 2))
    wide = graph.pad(shrunk, ((0, 0), (0, 0), (0, 0), (0, 2)))
    deep = net.prelu(net.plus(wide, net.separable(x, 8, stride=2)))
    back = net.plus(x, net.conv(net.twice_as_large(deep), 6))
    cut = graph.relu(net.times(graph.transpose(back, (0, 2, 1, 3))), 6.0)
    rows = [
        graph.reshape(each, (1, graph.shape(each)[1] * graph.shape(each)[2] * 2, 3))
        for each in (back, net.conv(cut, 6))
    ]
    flat_ends = net.dense(net.mean(graph.relu(net.conv(deep, 8))), 4)
    return {
        "maps": net.conv(back, 5),
        "rows": net.beside(*rows),
        "sure": graph.add("LOGISTIC", (flat_ends,), (1, 4)),
        "numbers": net.dense(graph.reshape(deep, (1, 4 * 6 * 8)), 3),
    }


def separable(net: Network) -> dict[str, int]:
    """Convolutions cut at 6, as in PoseNet: all of it can be int8."""
    graph = net.graph
    x = graph.relu(net.conv(graph.image, 8, stride=(2, 2)), 6.0)
    for _ in range(2):
        x = graph.relu(net.separable(x, 8), 6.0)
    return {"maps": net.conv(x, 5), "more": net.conv(x, 2)}


def heads(content: bytes, image: npt.NDArray[Any]) -> dict[str, Floats]:
    """Run a .tflite; gives real numbers by name, whatever its types."""
    interpreter = flat.interpreter_of(content)
    taken_as = interpreter.get_input_details()[0]
    interpreter.set_tensor(taken_as["index"], image)
    interpreter.invoke()
    found = {}
    for each in interpreter.get_output_details():
        values = interpreter.get_tensor(each["index"]).astype(np.float32)
        scale, zero = each["quantization"]
        found[each["name"]] = (values - zero) * scale if scale else values
    return found


Build = Callable[[Network], dict[str, int]] | None
