"""The hub in int8: prepared here, written by AI Edge Quantizer, which needs no TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from ai_edge_quantizer import qtyping
from ai_edge_quantizer.algorithm_manager import AlgorithmName
from ai_edge_quantizer.quantizer import Quantizer

from converters import flat
from converters.errors import ConvertError
from converters.model import FloatModel, Job
from converters.writers import _pixels
from converters.writers._equalize import equalized
from converters.writers._ranges import Range, ranges
from converters.writers._rounding import rounded
from converters.writers._silence import silence

EVERYTHING = (".*", qtyping.TFLOperationName.ALL_SUPPORTED)
BITS = 8


def prepared(model: FloatModel, job: Job) -> FloatModel:
    """Give a float model that loses little in int8, whoever quantizes it."""
    if "int8" not in job.shared:
        job.shared["int8"] = rounded(equalized(model, job), job)
    return job.shared["int8"]


def keeps_sums(model: Any) -> bool:
    """Whether sums are better left in float32: no quantizer here has an integer PRELU.

    Rounded on their way into and out of each, sums would only lose; and left alone they cost no
    more time, in OpenVINO less.
    """
    return any(flat.kind(model, op) == "PRELU" for op in model.subgraphs[0].operators)


def quantized(model: FloatModel, job: Job) -> Any:
    """ModelT in int8, a scale for each channel of weights; heads by the model's names."""
    return _static(prepared(model, job), job, qtyping.QuantGranularity.CHANNELWISE)


def per_tensor(model: FloatModel, job: Job) -> Any:
    """ModelT in int8, one scale for all channels of weights, and nothing done against that."""
    return _static(model, job, qtyping.QuantGranularity.TENSORWISE)


def finished(quantizer: Quantizer, known: Mapping[str, Range] | None = None) -> Any:
    """Quantize; parsing and packing again puts weights inside and shares what is equal."""
    statistics = {
        name: {"min": np.float32(low), "max": np.float32(high)}
        for name, (low, high) in (known or {}).items()
    }
    with silence():
        result = quantizer.quantize(
            statistics or None, enable_progress_bar=False, enable_progress_report=False
        )
    return flat.parse(bytes(result.quantized_model), "the quantized model")


def _static(model: FloatModel, job: Job, granularity: qtyping.QuantGranularity) -> Any:
    quantizer = Quantizer(model.content)
    quantizer.add_static_config(
        *EVERYTHING,
        activation_num_bits=BITS,
        weight_num_bits=BITS,
        weight_granularity=granularity,
    )
    if keeps_sums(flat.parse(model.content, job.stem)):
        quantizer.update_quantization_recipe(
            ".*", qtyping.TFLOperationName.ADD, algorithm_key=AlgorithmName.NO_QUANTIZE
        )
    made = finished(quantizer, ranges(model, job))
    _name_heads(made, model)
    _check_input(made, job)
    return made


def _name_heads(made: Any, model: FloatModel) -> None:
    """Give heads their names back: behind an operator left in float32, levels have another."""
    graph = made.subgraphs[0]
    for name, index in zip(model.heads, graph.outputs, strict=True):
        for tensor in graph.tensors:
            if flat.name(tensor) == name and tensor is not graph.tensors[index]:
                tensor.name += b"_float32"
        graph.tensors[index].name = name.encode()
    flat.sign(made)


def _check_input(model: Any, job: Job) -> None:
    """The runtime feeds int8 models pixel - 128: the file must mean that by them."""
    graph = model.subgraphs[0]
    levels = graph.tensors[graph.inputs[0]].quantization
    scale, zero = levels.scale[0], levels.zeroPoint[0]
    low, high = _pixels.levels(job)
    if not np.allclose((scale * (-128 - zero), scale * (127 - zero)), (low, high)):
        problem = f"means {scale} * (level - {zero}), not pixels between {low} and {high}"
        raise ConvertError(f"{job.stem}: int8 input", problem)
