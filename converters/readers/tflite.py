"""A .tflite file: float32 as it is, float16 or sparse weights unpacked to float32."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ai_edge_litert import schema_py_generated as schema

from converters import flat, surgery
from converters.model import FloatModel, Request
from converters.readers import _files
from edge.errors import ModelError

_LEVELS = (schema.TensorType.INT8, schema.TensorType.UINT8, schema.TensorType.INT16)


def read(path: Path, request: Request) -> FloatModel:
    """Read the wanted outputs of a file; raises ModelError for quantized or damaged ones."""
    with _files.well_formed(str(path), "is damaged", "fetch it again"):
        return _read(path, request)


def _read(path: Path, request: Request) -> FloatModel:
    where = str(path)
    model = flat.parse(_files.content(path), where)
    graph = model.subgraphs[0]
    if any(tensor.quantization and tensor.type in _LEVELS for tensor in graph.tensors):
        raise ModelError(where, "is quantized already", _files.TWICE)
    outputs = flat.outputs(model)
    wanted = _files.chosen(where, request, list(outputs))
    surgery.keep(model, {head: outputs[name] for head, name in wanted.items()})
    _check_operators(model, where)
    try:
        surgery.fold(model)
    except (ValueError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0]
        hint = "this file needs another runtime: convert it where it comes from"
        raise ModelError(where, f"TensorFlow Lite cannot run it: {reason}", hint) from error
    surgery.keep(model, flat.outputs(model))
    if request.size:
        surgery.resize(model, request.size, where)
    return FloatModel.of(model, where)


def _check_operators(model: Any, where: str) -> None:
    """A custom operator is code that the file does not have."""
    for op in model.subgraphs[0].operators:
        custom = model.operatorCodes[op.opcodeIndex].customCode
        if custom:
            problem = f"operator {custom.decode()} is not supported"
            raise ModelError(where, problem, "it is not one of TensorFlow Lite's own")
