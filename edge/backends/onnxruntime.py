"""ONNX Runtime, by TensorRT, CUDA or the CPU, with its telemetry off."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from edge.backends import _checks
from edge.backends._pixels import channels_last, feed_of
from edge.backends._providers import PROVIDERS, REMEDY, SPOKEN, Engines, chain, reason, steps
from edge.core.types import Floats, Image
from edge.errors import BackendError, EdgeposeError, ModelError
from edge.manifest import Manifest
from edge.ports import Placement

_TYPES = {"tensor(uint8)": np.uint8, "tensor(int8)": np.int8, "tensor(float)": np.float32}
_ERRORS_ONLY = 3
_LONGEST_S = 1800.0  # that TensorRT may take to build engines, on the slowest board


class OnnxRuntime:
    """One .onnx file, NHWC or NCHW, float or with quantize / dequantize pairs inside."""

    def __init__(self, manifest: Manifest, weights: Path, threads: int) -> None:
        self._manifest = manifest
        self._weights = weights
        self._file = manifest.file(weights.name)
        self._threads = threads
        self._session: Any = None
        self._placement = Placement(provider="cpu")  # whoever wants more says so
        self.input_size = (manifest.input.height, manifest.input.width)
        self.model = manifest.name
        self.provider = "cpu"
        self.fallback = ""
        self.patience_s = 0.0

    def place(self, placement: Placement) -> None:
        """Say where to compute; called before entering."""
        self._placement = placement
        gpu = placement.provider == "tensorrt" or (placement.provider == "auto" and placement.gpu)
        self.patience_s = _LONGEST_S if gpu else 0.0

    def __enter__(self) -> OnnxRuntime:
        """Prove, load and try the weights; raises an EdgeposeError, with all that is wrong."""
        content = self._manifest.prove(self._weights)
        runtime = _runtime()
        asked = self._placement
        kinds = chain(asked.provider, runtime.get_available_providers(), self.model)
        engines = Engines.of(content, asked.engines, runtime.__version__, fp16=asked.fp16)
        if kinds[0] == "tensorrt":
            engines.prepare()
        failed: dict[str, str] = {}
        while not self._tried(runtime, content, kinds, engines, failed):
            if kinds[0] == "tensorrt" and engines.put_aside():
                continue
            if kinds[0] == "tensorrt":
                engines.take_back()
            kinds = kinds[1:]
        self.fallback = self._explained(failed)
        return self

    def _tried(
        self,
        runtime: Any,
        content: bytes,
        kinds: Sequence[str],
        engines: Engines,
        failed: dict[str, str],
    ) -> bool:
        """Load and infer once with these providers; only what the last one says is raised."""
        with TemporaryDirectory(prefix="edgepose-") as record:
            try:
                self._session = self._load(runtime, content, kinds, engines, Path(record))
                self._check()
                _checks.trial_run(self._weights, self._manifest, self)
                done = steps(Path(self._session.end_profiling())) if kinds[1:] else {}
            except EdgeposeError:
                raise
            except Exception as error:  # its exceptions share no base class but this
                if len(kinds) == 1:
                    raise _checks.damaged(self._weights, "ONNX Runtime", error) from error
                failed[kinds[0]] = f"{SPOKEN[kinds[0]]} failed: {reason(error)}"
                return False
        self.provider = next(iter(done), kinds[-1])
        active = self._session.get_providers()
        for kind in kinds[: kinds.index(self.provider)]:
            started = PROVIDERS[kind] in active
            how = "computes no step of this model" if started else "did not start"
            failed[kind] = f"{SPOKEN[kind]} {how}"
        return True

    def _explained(self, failed: Mapping[str, str]) -> str:
        """Why it is not computed where it could be; raises BackendError for a provider by name."""
        asked, got = self._placement, self.provider
        better = list(PROVIDERS)[: list(PROVIDERS).index(got)]
        why = "; ".join(failed[kind] for kind in better if kind in failed)
        if asked.provider not in ("auto", got):
            hint = f'what it said is above; provider = "auto" would go on with {SPOKEN[got]}'
            raise BackendError(self.model, why, hint)
        if not why and asked.provider == "auto" and asked.gpu and got == "cpu":
            why = f"this ONNX Runtime knows no GPU; {REMEDY}"
        return f"computed by {SPOKEN[got]}: {why}" if why else ""

    def _check(self) -> None:
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

    def _load(
        self,
        runtime: Any,
        content: bytes,
        kinds: Sequence[str],
        engines: Engines,
        record: Path,
    ) -> Any:
        options = runtime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        if kinds[1:]:  # several: the trial run shows which of them computes
            options.enable_profiling = True
            options.profile_file_prefix = str(record / "steps")
        settings = {"tensorrt": engines.options()}
        providers = [(PROVIDERS[kind], settings.get(kind, {})) for kind in kinds]
        # Its own way to fall back prints to standard output and tries what cannot be chosen here.
        return runtime.InferenceSession(content, options, providers=providers, enable_fallback=0)


def _runtime() -> Any:
    # From 1.29 on it phones home unless this is set before the import.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    return _checks.package("onnxruntime", "run: pip install 'edgepose[onnx]'")


PLUGIN = OnnxRuntime
