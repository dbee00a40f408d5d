"""A TensorFlow.js graph model: model.json and its shards, 32 bit or quantized to 16 or 8.

Format: TensorFlow's GraphDef as JSON, with the weights beside it (`_shards.py`).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from converters.flat import Array
from converters.graph import Graph, Pair
from converters.model import FloatModel, Request, Size
from converters.readers import _files, _shards
from edge.errors import ModelError

Node = Mapping[str, Any]


def read(path: Path, request: Request) -> FloatModel:
    """Read the wanted outputs of a model.json; raises ModelError naming file and operator."""
    document = _document(path)
    with _files.well_formed(str(path), "is damaged", "fetch it again, with its shards"):
        weights = _shards.weights(path, document["weightsManifest"])
        nodes = {node["name"]: node for node in document["modelTopology"]["node"]}
        builder = _Builder(path, nodes, weights, request.size)
        read_by_others = {_plain(name) for node in nodes.values() for name in node.get("input", ())}
        outputs = [name for name in nodes if name not in read_by_others]
        wanted = _files.chosen(str(path), request, outputs)
        heads = {head: builder.tensor(name) for head, name in wanted.items()}
        return FloatModel.of(builder.graph.finish(heads), str(path))


def _document(path: Path) -> Mapping[str, Any]:
    """Parse the JSON; raises ModelError unless it describes a graph and weights."""
    try:
        document = json.loads(_files.content(path))
    except (ValueError, RecursionError) as error:
        raise ModelError(str(path), f"is not JSON: {error}", "fetch it again") from error
    if not isinstance(document, dict) or not {"modelTopology", "weightsManifest"} <= set(document):
        hint = "a model's JSON has modelTopology and weightsManifest"
        raise ModelError(str(path), "is not a TensorFlow.js model", hint)
    topology = document["modelTopology"]
    if not isinstance(topology, dict) or "node" not in topology:
        hint = (
            "tensorflowjs_converter --input_format=tfjs_layers_model "
            "--output_format=tfjs_graph_model makes one of a layers model"
        )
        raise ModelError(str(path), "is not a graph model", hint)
    return document


def _plain(name: str) -> str:
    """'^node' is an order, 'node:0' its first output: both mean the node."""
    return name.lstrip("^").partition(":")[0]


class _Builder:
    """Builds tensors node by node, only those asked for."""

    def __init__(
        self,
        path: Path,
        nodes: Mapping[str, Node],
        weights: Mapping[str, Array],
        size: Size | None,
    ) -> None:
        self._path, self._nodes, self._weights = path, nodes, weights
        images = [node for node in nodes.values() if node["op"] == "Placeholder"]
        if len(images) != 1:
            raise ModelError(str(path), f"has {len(images)} inputs", "a pose model has one")
        name = images[0]["name"]
        height, width = size or _own_size(images[0]) or _files.DEFAULT_SIZE
        self.graph = Graph((1, height, width, 3), name)
        self._made = {name: self.graph.image}

    def tensor(self, name: str) -> int:
        """Tensor of a node's output; raises ModelError for operators PoseNet does not have."""
        name = _plain(name)
        if name not in self._made:
            node = self._nodes[name]
            operator = _OPERATORS.get(node["op"])
            if operator is None:
                problem = f"operator {node['op']} ('{name}') is not supported"
                raise ModelError(str(self._path), problem, f"supported: {', '.join(_OPERATORS)}")
            self._made[name] = operator(self, node)
        return self._made[name]

    def first(self, node: Node) -> int:
        """What a node works on."""
        return self.tensor(node["input"][0])

    def second(self, node: Node) -> Array:
        """What it works with."""
        return self._weights[_plain(node["input"][1])]


def _conv2d(builder: _Builder, node: Node) -> int:
    filters = builder.second(node).transpose(3, 0, 1, 2)  # from (rows, columns, in, out)
    return _convolution(builder, node, filters, depthwise=False)


def _depthwise(builder: _Builder, node: Node) -> int:
    filters = builder.second(node)  # (rows, columns, in, multiplier)
    merged = filters.reshape(1, *filters.shape[:2], -1)
    return _convolution(builder, node, merged, depthwise=True)


def _convolution(builder: _Builder, node: Node, filters: Array, *, depthwise: bool) -> int:
    attributes = node["attr"]
    channels = filters.shape[3] if depthwise else filters.shape[0]
    return builder.graph.conv2d(
        builder.first(node),
        filters,
        np.zeros(channels, np.float32),
        stride=_pair(attributes["strides"]),
        dilation=_pair(attributes.get("dilations", {})),
        padding=base64.b64decode(attributes["padding"]["s"]).decode(),
        depthwise=depthwise,
    )


_OPERATORS: Mapping[str, Callable[[_Builder, Node], int]] = {
    "Conv2D": _conv2d,
    "DepthwiseConv2dNative": _depthwise,
    "BiasAdd": lambda builder, node: builder.graph.bias(builder.first(node), builder.second(node)),
    "Relu": lambda builder, node: builder.graph.relu(builder.first(node)),
    "Relu6": lambda builder, node: builder.graph.relu(builder.first(node), 6.0),
    "Identity": _Builder.first,
}


def _pair(attribute: Mapping[str, Any]) -> Pair:
    """Down and across, of a list for batch, rows, columns, channels; (1, 1) if there is none."""
    steps = [int(step) for step in attribute.get("list", {}).get("i", (1, 1, 1, 1))]
    # PoseNet's stride 8 files say [2, 2, 1, 1]: none steps over batches, so it is 2 x 2.
    return (steps[0], steps[1]) if steps[0] > 1 else (steps[1], steps[2])


def _own_size(image: Node) -> Size | None:
    """Height and width that a placeholder has; None where it takes any."""
    sizes = [int(dim.get("size", -1)) for dim in image["attr"]["shape"]["shape"].get("dim", ())]
    return (sizes[1], sizes[2]) if len(sizes) == 4 and min(sizes[1:3]) > 0 else None  # noqa: PLR2004
