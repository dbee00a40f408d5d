"""TensorFlow Lite through ai-edge-litert, or the older tflite-runtime where only that exists."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from edge.backends import _checks
from edge.backends._pixels import feed_of
from edge.backends._quiet import quiet
from edge.core.types import Floats, Image
from edge.errors import BackendError, ModelError
from edge.manifest import Manifest

_REMEDY = "run: pip install ai-edge-litert"


class TFLite:
    """One .tflite file: float, uint8 or int8, XNNPACK where the runtime has it."""

    def __init__(self, manifest: Manifest, weights: Path, threads: int) -> None:
        self._manifest = manifest
        self._weights = weights
        self._threads = threads
        self._interpreter: Any = None
        self.input_size = (manifest.input.height, manifest.input.width)

    def __enter__(self) -> TFLite:
        """Prove, load and try the weights; raises ModelError, Problems or BackendError."""
        content = self._manifest.prove(self._weights)
        self._interpreter = self._load(content)
        self._input = self._interpreter.get_input_details()[0]
        heads = {head["name"]: head for head in self._interpreter.get_output_details()}
        self._feed = feed_of(
            self._manifest.input, self._manifest.file(self._weights.name), self._input["dtype"]
        )
        _checks.input_fits(self._weights, self._input["shape"].tolist(), self._feed.shape)
        _checks.outputs_exist(self._weights, self._manifest, heads)
        self._heads = {name: heads[spec.tensor] for name, spec in self._manifest.outputs.items()}
        _checks.trial_run(self._weights, self._manifest, self)
        return self

    def feed(self, image: Image) -> npt.NDArray[Any]:
        """uint8 RGB (1, H, W, 3) -> the model's type."""
        return self._feed(image)

    def infer(self, fed: npt.NDArray[Any]) -> dict[str, Floats]:
        """Float32 tensors by the manifest's names."""
        self._interpreter.set_tensor(self._input["index"], fed)
        self._interpreter.invoke()
        return {name: self._read(head) for name, head in self._heads.items()}

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._interpreter = None

    def _load(self, content: bytes) -> Any:
        try:
            with quiet():
                interpreter = _runtime().Interpreter(
                    model_content=content, num_threads=self._threads
                )
                interpreter.allocate_tensors()
        except SystemError as error:  # tflite-runtime 2.14 was built for numpy 1
            raise BackendError("tflite-runtime", "does not work with numpy 2", _REMEDY) from error
        except (ValueError, RuntimeError) as error:
            raise _checks.damaged(self._weights, "TensorFlow Lite", error) from error
        return interpreter

    def _read(self, head: dict[str, Any]) -> Floats:
        values: npt.NDArray[Any] = self._interpreter.get_tensor(head["index"])  # a copy
        if values.dtype == np.float32:
            return values
        scale, zero = head["quantization"]
        if not scale:
            problem = f"gives '{head['name']}' as {values.dtype} without a scale"
            raise ModelError(str(self._weights), problem, "export it with float32 outputs")
        floats = values.astype(np.float32)
        floats -= np.float32(zero)
        floats *= np.float32(scale)
        return floats


def _runtime() -> Any:
    try:
        return _checks.package("ai_edge_litert.interpreter", _REMEDY)
    except BackendError as missing:
        try:
            return _checks.package("tflite_runtime.interpreter", _REMEDY)
        except BackendError:
            raise missing from None


PLUGIN = TFLite
