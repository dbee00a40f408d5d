"""TensorFlow Lite: the hub as it is, with smaller weights, or int8 throughout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from importlib.metadata import version
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_quantizer.algorithm_manager import AlgorithmName
from ai_edge_quantizer.quantizer import Quantizer

from converters import flat
from converters.model import FloatModel, Job, Written
from converters.writers import _int8, _pixels

VARIANTS: Mapping[str, str] = {
    "float32": "as it was read, all float32",
    "float16": "float16 weights, float32 arithmetic: half the size",
    "dynamic": "int8 weights, float32 between layers: a quarter of the size, seldom faster",
    "int8": "int8 throughout, weights with a scale for each channel: small and fast",
    "int8-uint8": "the same with a uint8 input, for programs that feed pixels",
    "int8-per-tensor": "int8 with one scale for all channels: to see why that finds nobody",
}


def write(model: FloatModel, job: Job) -> Written:
    """Give the .tflite of a variant; the int8 ones are calibrated on all of the job's pictures."""
    if job.variant == "float32":
        content, made_with = model.content, ["ai-edge-litert"]
    else:
        content = flat.pack(_MAKERS[job.variant](model, job))
        made_with = ["ai-edge-litert", "ai-edge-quantizer"]
    versions = {package: version(package) for package in made_with}
    return Written("tflite", {f"{job.stem}.tflite": content}, ("tflite",), versions)


def _float16(model: FloatModel, _job: Job) -> Any:
    quantizer = Quantizer(model.content)
    quantizer.add_weight_only_config(
        *_int8.EVERYTHING, num_bits=16, algorithm_key=AlgorithmName.FLOAT_CASTING
    )
    return _int8.finished(quantizer)


def _dynamic(model: FloatModel, _job: Job) -> Any:
    quantizer = Quantizer(model.content)
    quantizer.add_dynamic_config(*_int8.EVERYTHING, num_bits=_int8.BITS)
    return _int8.finished(quantizer)


def _uint8(model: FloatModel, job: Job) -> Any:
    """Put a QUANTIZE in front that makes int8 of uint8: the same numbers by other levels."""
    made = _int8.quantized(model, job)
    graph = made.subgraphs[0]
    inside = int(graph.inputs[0])
    image = copy(graph.tensors[inside])
    image.type, image.quantization = schema.TensorType.UINT8, copy(image.quantization)
    image.quantization.zeroPoint = np.asarray(image.quantization.zeroPoint) + _pixels.MIDDLE
    graph.tensors[inside].name += b"_int8"
    graph.tensors.append(image)
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.QUANTIZE
    code.version = 2  # the first one that takes integers
    made.operatorCodes.append(code)
    step = schema.OperatorT()
    step.opcodeIndex = len(made.operatorCodes) - 1
    step.inputs, step.outputs = [len(graph.tensors) - 1], [inside]
    graph.operators.insert(0, step)
    graph.inputs = step.inputs
    flat.sign(made)
    return made


_MAKERS: Mapping[str, Callable[[FloatModel, Job], Any]] = {
    "float16": _float16,
    "dynamic": _dynamic,
    "int8": _int8.quantized,
    "int8-uint8": _uint8,
    "int8-per-tensor": _int8.per_tensor,
}
