"""Why hand models gain less from INT8 than PoseNet: layers in float32 and INT8, one by one.

    python -m benchmarks.depthwise [--rounds 60]

Times convolutions of the sizes that the palm detector, the hand landmarks and PoseNet have, in
TensorFlow Lite at one thread, all taking turns: what several layers take more than one does.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from converters import flat
from converters.graph import Graph
from converters.model import FloatModel, Job
from converters.writers import tflite

_MORE = 8  # layers, so that the first one and the conversion of pixels drop out
_HALF = (127.5, 127.5, 127.5)


@dataclass(frozen=True, slots=True)
class Layer:
    """One size of convolution."""

    side: int  # px of a square picture
    channels: int
    taps: int  # of a square window; 1: each pixel by itself, over all channels
    where: str

    @property
    def name(self) -> str:
        """For people."""
        kind = "pointwise" if self.taps == 1 else f"depthwise {self.taps}x{self.taps}"
        return f"{kind}, {self.side}x{self.side}x{self.channels} ({self.where})"


LAYERS = (
    Layer(96, 32, 5, "palm detector"),
    Layer(48, 64, 5, "palm detector"),
    Layer(24, 128, 5, "palm detector"),
    Layer(56, 96, 3, "hand landmarks"),
    Layer(28, 144, 5, "hand landmarks"),
    Layer(14, 384, 5, "hand landmarks"),
    Layer(33, 256, 3, "PoseNet"),
    Layer(33, 256, 1, "PoseNet"),
    Layer(24, 128, 1, "palm detector"),
)


def _model(layer: Layer, count: int) -> FloatModel:
    """A network of so many of these layers, behind one that gives it its channels."""
    draw = np.random.default_rng(0)
    graph = Graph((1, layer.side, layer.side, 3))
    shape = (layer.channels, 1, 1, 3)
    x = graph.conv2d(graph.image, _weights(draw, shape), np.zeros(layer.channels, np.float32))
    for _ in range(count):
        depthwise = layer.taps > 1
        shape = (layer.channels, 1, 1, layer.channels)
        if depthwise:
            shape = (1, layer.taps, layer.taps, layer.channels)
        bias = np.zeros(layer.channels, np.float32)
        x = graph.conv2d(x, _weights(draw, shape), bias, depthwise=depthwise)
        x = graph.relu(x, 6.0)
    return FloatModel.of(graph.finish({"out": x}), layer.name)


def _weights(draw: np.random.Generator, shape: tuple[int, ...]) -> flat.Array:
    return draw.normal(0, 0.3, shape).astype(np.float32)


def _interpreters(layer: Layer) -> Iterator[Interpreter]:
    """Float32 and INT8, each with one layer and with more."""
    for variant in ("float32", "int8"):
        for count in (1, 1 + _MORE):
            model = _model(layer, count)
            noise = np.random.default_rng(1).integers(0, 256, (4, *model.size, 3), np.uint8)
            job = Job(variant, "layers", _HALF, _HALF, tuple(noise))
            (content,) = tflite.write(model, job).files.values()
            interpreter = Interpreter(model_content=content, num_threads=1)
            interpreter.allocate_tensors()
            yield interpreter


def measure(layer: Layer, rounds: int) -> tuple[float, float]:
    """Median milliseconds of one layer in float32 and in INT8."""
    interpreters = list(_interpreters(layer))
    taken = np.empty((rounds, len(interpreters)))
    for row in taken:
        for place, interpreter in enumerate(interpreters):
            begin = time.perf_counter()
            interpreter.invoke()
            row[place] = (time.perf_counter() - begin) * 1e3
    one, many, one_int8, many_int8 = np.median(taken, axis=0).tolist()
    return (many - one) / _MORE, (many_int8 - one_int8) / _MORE


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args().rounds
    width = max(len(layer.name) for layer in LAYERS)
    for layer in LAYERS:
        float32, int8 = measure(layer, rounds)
        sys.stdout.write(
            f"{layer.name:{width}}  float32 {float32:.3f} ms, int8 {int8:.3f} ms, "
            f"{100 * int8 / float32:.0f} %\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
