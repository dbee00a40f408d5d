"""OpenVINO IR from the hub: float16 weights, or quantized after training by NNCF."""

from __future__ import annotations

import importlib
import logging
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from converters import flat
from converters.model import FloatModel, Job, Written
from converters.writers import _int8, _pixels
from converters.writers._alone import alone
from converters.writers._ir import trimmed
from converters.writers._rounding import rounded
from converters.writers._silence import silence

VARIANTS: Mapping[str, str] = {
    "float16": "float16 weights; the processor decides what it computes in",
    "int8": "int8, its biases corrected for what rounding shifts: small and fast",
    "int8-accurate": "the same, corrected layer by layer: minutes instead of seconds to make",
}


def write(model: FloatModel, job: Job) -> Written:
    """Give the .xml and .bin of a variant; int8 is calibrated on all of the job's pictures."""
    float16 = job.variant == "float16"
    made_with = ("openvino",) if float16 else ("nncf", "openvino")
    with tempfile.TemporaryDirectory() as folder:
        xml = Path(folder) / f"{job.stem}.xml"
        graph = _graph(model, xml) if float16 else _quantized(model, job, xml)
        _openvino().save_model(graph, xml, compress_to_fp16=float16)
        files = {
            xml.name: trimmed(xml.read_bytes()),
            xml.with_suffix(".bin").name: xml.with_suffix(".bin").read_bytes(),
        }
    return Written("openvino", files, ("openvino",), {name: version(name) for name in made_with})


def _openvino() -> Any:
    # With its telemetry in reach, the import alone looks up a host; without, stubs stand in, in
    # OpenVINO and in NNCF.
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    import openvino  # noqa: PLC0415 - after that

    return openvino


def _graph(model: FloatModel, beside: Path) -> Any:
    file = beside.with_suffix(".tflite")
    file.write_bytes(model.content)
    with silence():
        return _openvino().convert_model(file)


def _quantized(model: FloatModel, job: Job, beside: Path) -> Any:
    keeps_sums = _int8.keeps_sums(flat.parse(model.content, job.stem))
    # NNCF's ranges leave out nothing, and equalized sums have more that is far out.
    prepared = rounded(model, job) if keeps_sums else _int8.prepared(model, job)
    graph = _graph(prepared, beside)
    import nncf  # noqa: PLC0415 - after OpenVINO, without its telemetry
    from nncf.quantization.advanced_parameters import QuantizationParameters  # noqa: PLC0415

    nncf.set_log_level(logging.CRITICAL)
    advanced = nncf.AdvancedQuantizationParameters(
        activations_quantization_params=QuantizationParameters(per_channel=False)
    )
    with silence(), alone():
        made = nncf.quantize(
            graph,
            nncf.Dataset(list(_pixels.inputs(prepared, job))),
            preset=nncf.QuantizationPreset.MIXED,
            subset_size=len(job.pictures),
            fast_bias_correction=job.variant == "int8",
            ignored_scope=nncf.IgnoredScope(types=["Add"] if keeps_sums else [], validate=False),
            advanced_parameters=advanced,
        )
    _halve(made)
    return made


def _halve(graph: Any) -> None:
    """Keep scales, biases and slopes in float16: of a small model they are a tenth."""
    operators = importlib.import_module("openvino.opset13")
    for node in graph.get_ops():
        is_float32 = node.get_type_name() == "Constant" and node.data.dtype == np.float32
        if is_float32 and node.data.size > 1:
            wide = operators.convert(operators.constant(node.data.astype(np.float16)), "f32")
            for reader in node.output(0).get_target_inputs():
                reader.replace_source_output(wide.output(0))
