"""ONNX Runtime as its build for GPUs is on boards where not all of it starts.

The seam is the few calls that our backend makes; below, the real runtime of this machine computes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

GPU_BUILD = ("TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider")


class Session:
    """ONNX Runtime's session as it is on a board whose providers do not all start."""

    def __init__(self, real: Any, active: tuple[str, ...]) -> None:
        self._real = real
        self.active = active

    def get_providers(self) -> list[str]:
        return list(self.active)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class GpuRuntime:
    """The runtime's build for GPUs, which lists all providers wherever it is; `broken` raise."""

    def __init__(self, real: Any, *, active: tuple[str, ...], broken: tuple[str, ...] = ()) -> None:
        self.real = real
        self.active = active
        self.broken = broken
        self.asked: list[list[str]] = []
        self.options: dict[str, Any] = {}
        self.__version__ = real.__version__
        self.SessionOptions = real.SessionOptions

    def get_available_providers(self) -> list[str]:
        return list(GPU_BUILD)

    def InferenceSession(  # noqa: N802 - the runtime's own name
        self, content: bytes, options: Any, *, providers: Any, enable_fallback: int
    ) -> Session:
        assert not enable_fallback  # its own way prints, and tries what we did not ask for
        names = [name for name, _ in providers]
        self.asked.append(names)
        self.options = dict(providers)
        for folder in (opts.get("trt_engine_cache_path") for _, opts in providers):
            if folder and list(Path(folder).glob("*cut-short*")):
                message = "TensorRT EP could not deserialize engine from cache"
                raise RuntimeError(message)
        if names[0] in self.broken:
            message = "/src/ort.cc:560 void f(A&, const B&) Please install TensorRT libraries."
            raise RuntimeError(message)
        cpu = ["CPUExecutionProvider"]
        real = self.real.InferenceSession(content, options, providers=cpu, enable_fallback=0)
        return Session(real, tuple(name for name in names if name in self.active))
