"""PoseNet's MobileNetV1 from PyTorch weights, as rwightman/posenet-pytorch names them.

Weights say everything but the stride. Once it is reached, layers that would step further let the
later ones look further instead (posenet/models/mobilenet_v1.py there).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from converters.flat import Array
from converters.graph import Graph
from converters.model import FloatModel, Request
from converters.readers import _files
from edge.errors import ModelError

_HEADS = ("heatmap", "offset", "displacement_fwd", "displacement_bwd")
_LAYERS = 13
_STEPPING = (2, 4, 6)  # layers that halve the image, after the first convolution did
_STEPPING_IF_WIDENING = 12  # this one, too, in the widest network
_HINT = "PoseNet's MobileNetV1 in posenet-pytorch's naming; other networks: export to ONNX"


def build(weights: Mapping[str, Array], request: Request, where: str) -> FloatModel:
    """Build the network; raises ModelError for weights that are missing or do not fit."""
    height, width = request.size or _files.DEFAULT_SIZE
    net = _Net(weights, Graph((1, height, width, 3)), where)
    x = net.relu6("features.conv0.conv", net.graph.image, stride=2)
    for number, (stride, dilation) in enumerate(net.steps(request.stride), start=1):
        layer = f"features.conv{number}"
        x = net.relu6(f"{layer}.depthwise", x, stride=stride, dilation=dilation, depthwise=True)
        x = net.relu6(f"{layer}.pointwise", x)
    wanted = _files.chosen(where, request, _HEADS)
    heads = {head: net.convolution(name, x) for head, name in wanted.items()}
    return FloatModel.of(net.graph.finish(heads), where)


class _Net:
    """Layers by the names of their weights."""

    def __init__(self, weights: Mapping[str, Array], graph: Graph, where: str) -> None:
        self.graph = graph
        self._weights, self._where = weights, where

    def steps(self, wanted: int) -> Iterator[tuple[int, int]]:
        """Stride and dilation of every separable layer."""
        reached, dilation = 2, 1
        for number in range(1, _LAYERS + 1):
            made, taken = self._tensor(f"features.conv{number}.pointwise.weight", 4).shape[:2]
            steps = number in _STEPPING or (number == _STEPPING_IF_WIDENING and made > taken)
            stride = 2 if steps and reached < wanted else 1
            yield stride, dilation
            reached *= stride
            dilation *= 2 if steps and stride == 1 else 1

    def relu6(
        self, name: str, x: int, *, stride: int = 1, dilation: int = 1, depthwise: bool = False
    ) -> int:
        """Convolve and cut off below 0 and above 6."""
        made = self.convolution(name, x, stride=stride, dilation=dilation, depthwise=depthwise)
        return self.graph.relu(made, 6.0)

    def convolution(
        self, name: str, x: int, *, stride: int = 1, dilation: int = 1, depthwise: bool = False
    ) -> int:
        """Convolve; PyTorch's symmetric padding is SAME where sizes are a multiple plus 1."""
        weights = self._tensor(f"{name}.weight", 4)  # (out, in, rows, columns)
        bias = self._tensor(f"{name}.bias", 1)
        channels = self.graph.shape(x)[3]
        taken = weights.shape[0] if depthwise else weights.shape[1]
        if taken != channels or bias.shape != weights.shape[:1]:
            problem = f"'{name}.weight' is {list(weights.shape)}, after {channels} channels"
            raise ModelError(self._where, problem, _HINT)
        return self.graph.conv2d(
            x,
            weights.transpose((1, 2, 3, 0) if depthwise else (0, 2, 3, 1)),
            bias,
            stride=(stride, stride),
            dilation=(dilation, dilation),
            depthwise=depthwise,
        )

    def _tensor(self, name: str, rank: int) -> Array:
        found = self._weights.get(name)
        if found is None or found.ndim != rank:
            problem = f"has no '{name}'" if found is None else f"'{name}' is {list(found.shape)}"
            raise ModelError(self._where, problem, _HINT)
        return found.astype(np.float32)
