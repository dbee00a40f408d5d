"""Small ONNX models, made in a test, and ONNX's own reference to compare with."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from converters.model import FloatModel, Request, Size
from tests.converters.tiny_originals import Floats, heads_of, picture

onnx = pytest.importorskip("onnx")
evaluator = pytest.importorskip("onnx.reference").ReferenceEvaluator
pytest.importorskip("onnxruntime")
reader: Any = importlib.import_module("converters.readers.onnx")
SIZE = (9, 13)
_DRAW = np.random.default_rng(5)


def everything(outputs: Sequence[str]) -> Mapping[str, str]:
    """Pick all outputs, under their own names."""
    return {name: name for name in outputs}


def drawn(*shape: int) -> Floats:
    """Draw weights."""
    return _DRAW.normal(0, 0.5, shape).astype(np.float32)


def op(kind: str, inputs: str, output: str = "y", **attributes: Any) -> Any:
    """Make a node; its inputs are words."""
    return onnx.helper.make_node(kind, inputs.split(), [output], name=f"the_{output}", **attributes)


def model_of(
    nodes: Sequence[Any],
    constants: Mapping[str, Any] | None = None,
    *,
    outputs: Sequence[str] = ("y",),
    image: Sequence[Any] = (1, 3, *SIZE),
    opset: int = 17,
) -> Any:
    """Make a ModelProto that takes x."""
    values = [onnx.numpy_helper.from_array(np.asarray(v), k) for k, v in (constants or {}).items()]
    x = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, image)
    ys = [onnx.helper.make_tensor_value_info(y, onnx.TensorProto.FLOAT, None) for y in outputs]
    graph = onnx.helper.make_graph(list(nodes), "tiny", [x], ys, values)
    opsets = [onnx.helper.make_opsetid("", opset)]
    return onnx.helper.make_model(graph, opset_imports=opsets, ir_version=8)


def convert(model: Any, size: Size | None = None) -> FloatModel:
    """Convert all outputs of a ModelProto."""
    made: FloatModel = reader.convert(model, Request(size, everything), "tiny.onnx")
    return made


def check(model: Any, size: Size = SIZE) -> FloatModel:
    """Convert, and compare with ONNX's reference implementation."""
    made = convert(model)
    image = picture(size)
    reference = evaluator(model)
    first = model.graph.input[0].type.tensor_type.shape.dim[1].dim_value == 3
    expected = reference.run(None, {"x": image.transpose(0, 3, 1, 2) if first else image})
    for values, wanted in zip(heads_of(made, image).values(), expected, strict=True):
        shown = wanted.transpose(0, 2, 3, 1) if first and wanted.ndim == 4 else wanted
        np.testing.assert_allclose(values, shown, atol=1e-5, rtol=1e-4)
    return made
