"""The bare interpreter: the same weights and threads, nothing but the call that infers.

No picture is put in, no result taken out: what is left is what the runtime's own figures claim.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.errors import BenchError

_TYPES = {"tensor(uint8)": np.uint8, "tensor(int8)": np.int8, "tensor(float)": np.float32}


def bare(backend: str, weights: Path, threads: int) -> Callable[[], object]:
    """Load weights in a runtime and give the call; raises BenchError for an unknown runtime."""
    if backend == "tflite":
        return _tflite(weights, threads)
    if backend == "onnxruntime":
        return _onnxruntime(weights, threads)
    if backend == "openvino":
        return _openvino(weights, threads)
    raise BenchError("--backend", f"nobody knows how to run {backend} bare")


def _tflite(weights: Path, threads: int) -> Callable[[], object]:
    from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415 - only where it is asked for

    interpreter = Interpreter(str(weights), num_threads=threads)
    interpreter.allocate_tensors()
    invoke: Callable[[], object] = interpreter.invoke
    return invoke


def _onnxruntime(weights: Path, threads: int) -> Callable[[], object]:
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(
        str(weights), options, providers=["CPUExecutionProvider"]
    )
    taken = session.get_inputs()[0]
    nothing = {taken.name: np.zeros(taken.shape, _TYPES[taken.type])}
    return lambda: session.run(None, nothing)


def _openvino(weights: Path, threads: int) -> Callable[[], object]:
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment] # it would phone home
    import openvino  # noqa: PLC0415

    core = openvino.Core()
    options: dict[str, Any] = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
    if core.get_property("CPU", "INFERENCE_PRECISION_HINT").to_string() == "bf16":
        options["INFERENCE_PRECISION_HINT"] = openvino.Type.f32  # as the runtime's backend does
    request = core.compile_model(str(weights), "CPU", options).create_infer_request()
    return lambda: request.infer(share_outputs=True)
