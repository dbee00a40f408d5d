"""ONNX Runtime on the CPU, with its telemetry off."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from edge.backends import _checks
from edge.backends._pixels import channels_last, feed_of
from edge.core.types import Floats, Image
from edge.errors import ModelError
from edge.manifest import Manifest

_TYPES = {"tensor(uint8)": np.uint8, "tensor(int8)": np.int8, "tensor(float)": np.float32}
_ERRORS_ONLY = 3


class OnnxRuntime:
    """One .onnx file, NHWC or NCHW, float or with quantize / dequantize pairs inside."""

    def __init__(self, manifest: Manifest, weights: Path, threads: int) -> None:
        self._manifest = manifest
        self._weights = weights
        self._file = manifest.file(weights.name)
        self._threads = threads
        self._session: Any = None
        self.input_size = (manifest.input.height, manifest.input.width)

    def __enter__(self) -> OnnxRuntime:
        """Prove, load and try the weights; raises ModelError, Problems or BackendError."""
        self._session = self._load(self._manifest.prove(self._weights))
        taken = self._session.get_inputs()[0]
        self._input = taken.name
        self._feed = feed_of(self._manifest.input, self._file, _TYPES.get(taken.type, np.float16))
        sizes = [size if isinstance(size, int) else 0 for size in taken.shape]
        _checks.input_fits(self._weights, sizes, self._feed.shape)
        given = {head.name: head.type for head in self._session.get_outputs()}
        _checks.outputs_exist(self._weights, self._manifest, given)
        self._tensors = [spec.tensor for spec in self._manifest.outputs.values()]
        for tensor in self._tensors:
            if given[tensor] != "tensor(float)":
                problem = f"gives '{tensor}' as {given[tensor]}"
                raise ModelError(str(self._weights), problem, "export it with float32 outputs")
        _checks.trial_run(self._weights, self._manifest, self)
        return self

    def feed(self, image: Image) -> npt.NDArray[Any]:
        """uint8 RGB (1, H, W, 3) -> the model's type and layout."""
        return self._feed(image)

    def infer(self, fed: npt.NDArray[Any]) -> dict[str, Floats]:
        """Float32 tensors by the manifest's names."""
        heads = self._session.run(self._tensors, {self._input: fed})
        return {
            name: channels_last(head, self._file)
            for name, head in zip(self._manifest.outputs, heads, strict=True)
        }

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session = None

    def _load(self, content: bytes) -> Any:
        # From 1.29 on it phones home unless this is set before the import.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        runtime = _checks.package("onnxruntime", "run: pip install 'edgepose[onnx]'")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        try:
            return runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its exceptions share no base class but this
            raise _checks.damaged(self._weights, "ONNX Runtime", error) from error


PLUGIN = OnnxRuntime
