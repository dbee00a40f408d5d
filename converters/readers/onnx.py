"""An .onnx file, channels first or last, float32.

Operators: onnx.ai's, as far as they are in `_onnx_windows.py` and `_onnx_values.py`. Whatever was
made is run once beside the original: a difference is an error, not a bad model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from converters import flat
from converters.flat import Array
from converters.graph import Graph
from converters.model import FloatModel, Request
from converters.readers import _files, _onnx_values, _onnx_windows
from converters.readers._onnx_net import IMAGE, Net, Node, Value
from converters.readers._onnx_prepare import REMEDY, Prepared, load, prepare
from edge.errors import ModelError

_OPERATORS = _onnx_windows.OPERATORS | _onnx_values.OPERATORS
_QUANTIZED = {"QuantizeLinear", "DequantizeLinear", "QLinearConv", "ConvInteger"}
_REPORT = "please report it, with the file"
_TINY = 1e-6  # a head that is 0 everywhere has nothing to be off from
_TOLERANCE = 1e-3  # of the largest number of a head: float32 sums in another order


def read(path: Path, request: Request) -> FloatModel:
    """Read the wanted outputs of a file; raises ModelError naming file and operator."""
    return convert(load(path), request, str(path))


def convert(model: Any, request: Request, where: str) -> FloatModel:
    """Convert a ModelProto; raises ModelError for operators that are not known."""
    if any(node.op_type in _QUANTIZED for node in model.graph.node):
        raise ModelError(where, "is quantized already", _files.TWICE)
    wanted = _files.chosen(where, request, [output.name for output in model.graph.output])
    ready = prepare(model, request.size, where)
    size = "{}x{}".format(*ready.size)
    with _files.well_formed(where, f"has layers that do not fit at {size}", REMEDY):
        net = _built(ready, wanted.values(), where)
        heads = {head: _shown(net, net.values[name]) for head, name in wanted.items()}
        finished = net.graph.finish(heads)
    made = FloatModel.of(finished, where)
    _check_equal(made, ready, {name: net.values[name] for name in wanted.values()}, where)
    return made


def _built(ready: Prepared, wanted: Iterable[str], where: str) -> Net:
    """Build what the wanted outputs need."""
    graph = Graph((1, *ready.size, 3), ready.image)
    arrays = {each.name: onnx.numpy_helper.to_array(each) for each in ready.graph.initializer}
    net = Net(where, graph, {ready.image: Value(graph.image, ready.axes)}, arrays)
    needed, nodes = set(wanted), []
    for proto in reversed(ready.graph.node):  # the file's order is an order of execution
        if needed.intersection(proto.output):
            needed.update(proto.input)
            nodes.append(Node.of(proto))
    for node in reversed(nodes):
        if node.kind not in _OPERATORS:
            raise net.refuse(node, hint=f"supported: {', '.join(sorted(_OPERATORS))}")
        net.values[node.outputs[0]] = _OPERATORS[node.kind](net, node)
    return net


def _shown(net: Net, value: Value) -> int:
    """An output as decoders take it: an image has its channels last."""
    return value.tensor if value.axes == IMAGE else net.laid(value, tuple(range(len(value.axes))))


def _check_equal(
    made: FloatModel, ready: Prepared, outputs: Mapping[str, Value], where: str
) -> None:
    """Run both on the same noise; raises ModelError where they differ."""
    noise = np.random.default_rng(0).uniform(-1, 1, (1, *made.size, 3)).astype(np.float32)
    try:
        theirs = ready.session.run(list(outputs), {ready.image: noise.transpose(ready.axes)})
    except Exception as error:  # its exceptions share no base class but this
        reason = str(error).strip().splitlines()[0]
        raise ModelError(where, f"ONNX Runtime cannot run it: {reason}", REMEDY) from error
    try:
        ours = _run(made, noise)
    except (ValueError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise ModelError(where, f"cannot run once converted: {reason}", _REPORT) from error
    for name, got, wanted in zip(outputs, ours, theirs, strict=True):
        expected = wanted.transpose(0, 2, 3, 1) if outputs[name].axes == IMAGE else wanted
        off = float(np.abs(got - expected).max() / max(np.abs(expected).max(), _TINY))
        if not off <= _TOLERANCE:
            raise ModelError(where, f"output '{name}' would be off by {off:.1%}", _REPORT)


def _run(model: FloatModel, image: Array) -> list[Array]:
    """Outputs of the float model, in the order of its heads."""
    interpreter = flat.interpreter_of(model.content)
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], image)
    interpreter.invoke()
    return [interpreter.get_tensor(each["index"]) for each in interpreter.get_output_details()]
