"""An ONNX model made ready: one input size, constants folded, batch norms in their convolutions.

ONNX Runtime's basic optimizations do it; they give plain ONNX again.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import onnx

from converters.model import Size
from converters.readers import _files
from converters.readers._onnx_net import IMAGE, Axes
from edge.errors import ModelError

REMEDY = "choose another --input or none, or export it again"
_PLAIN: Axes = (0, 1, 2, 3)
_FATAL_ONLY = 4  # errors come as exceptions
_COLOURS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A model of fixed shapes, and ONNX Runtime's session of it."""

    graph: Any  # a GraphProto
    session: Any
    image: str  # name of the input
    axes: Axes  # where its axes are in (1, rows, columns, channels)
    size: Size


def load(path: Path) -> Any:
    """Read a ModelProto and its external data; raises ModelError for what is none."""
    content = _files.content(path)
    broken = ModelError(str(path), "is not an ONNX model, or cut short", "fetch it again")
    try:
        model = onnx.load_model_from_string(content)
    except Exception as error:  # protobuf's own error, which has no types to import
        raise broken from error
    if not model.graph.node:
        raise broken
    try:
        onnx.load_external_data_for_model(model, str(path.parent))
    except (OSError, ValueError, onnx.checker.ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise ModelError(str(path), f"lacks its weights: {reason}", "fetch them too") from error
    return model


def prepare(model: Any, size: Size | None, where: str) -> Prepared:
    """Fix the input's size and optimize; raises ModelError where a model does not allow it."""
    image = _image(model.graph, where)
    dims = image.type.tensor_type.shape.dim
    sizes = [dim.dim_value for dim in dims]  # 0: any
    axes = _layout(sizes, where)
    height, width = size or (sizes[axes.index(1)], sizes[axes.index(2)])
    if min(height, width) <= 0:
        raise ModelError(where, "has no input size of its own", "choose one: --input 257x257")
    for dim, axis in zip(dims, axes, strict=True):
        dim.dim_value = (1, height, width, _COLOURS)[axis]
    # What was inferred for another size would contradict what will be.
    del model.graph.value_info[:]
    for output in model.graph.output:
        output.type.tensor_type.ClearField("shape")
    session, graph = _optimized(model, where)
    return Prepared(graph, session, image.name, axes, (height, width))


def _image(graph: Any, where: str) -> Any:
    """The one input that is no constant."""
    constants = {constant.name for constant in graph.initializer}
    images = [each for each in graph.input if each.name not in constants]
    if len(images) != 1:
        raise ModelError(where, f"has {len(images)} inputs", "a pose model has one")
    kind = images[0].type.tensor_type.elem_type
    if kind != onnx.TensorProto.FLOAT:
        name = onnx.TensorProto.DataType.Name(kind).lower()
        raise ModelError(where, f"takes {name}", "export it with float32 weights and input")
    return images[0]


def _layout(sizes: Sequence[int], where: str) -> Axes:
    """Where the axes of an input are in (1, rows, columns, channels)."""
    for axes in (IMAGE, _PLAIN):
        if len(sizes) == len(axes) and sizes[axes.index(3)] == _COLOURS:
            return axes
    shown = [size or "any" for size in sizes]
    raise ModelError(where, f"takes {shown}", "a pose model takes one RGB picture, [1, 3, H, W]")


def _optimized(model: Any, where: str) -> tuple[Any, Any]:
    """Give ONNX Runtime's session, and the graph that it runs."""
    # From 1.29 on it phones home unless this is set before the import.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = _FATAL_ONLY
    with TemporaryDirectory() as folder:
        file = Path(folder) / "optimized.onnx"
        options.optimized_model_filepath = str(file)
        try:
            session = onnxruntime.InferenceSession(
                model.SerializeToString(), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its exceptions share no base class but this
            reason = str(error).strip().splitlines()[0]
            raise ModelError(where, f"ONNX Runtime cannot load it: {reason}", REMEDY) from error
        return session, onnx.load(file).graph
