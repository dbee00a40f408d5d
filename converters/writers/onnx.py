"""ONNX: the hub's operators one by one, in float32 or as the int8 .tflite rounds them (QDQ)."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version

from converters import flat
from converters.model import FloatModel, Job, Written
from converters.writers._int8 import quantized
from converters.writers._onnx_operators import convert

VARIANTS: Mapping[str, str] = {
    "float32": "all float32",
    "int8": "int8 with a uint8 input, a pair of quantize and dequantize nodes at each step",
}


def write(model: FloatModel, job: Job) -> Written:
    """Give the .onnx of a variant; int8 has the very levels of the int8 .tflite."""
    where, made_with = f"onnx:{job.variant}", ["onnx"]
    if job.variant == "float32":
        content = convert(flat.parse(model.content, where), where)
    else:
        content = convert(quantized(model, job), where)
        made_with.append("ai-edge-quantizer")
    versions = {package: version(package) for package in made_with}
    return Written("onnx", {f"{job.stem}.onnx": content}, ("onnxruntime",), versions)
