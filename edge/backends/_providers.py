"""Where ONNX Runtime computes: on an NVIDIA GPU by TensorRT or CUDA, or on the CPU.

A provider that cannot start is left out of a session in silence, and one that has started may still
compute nothing of a model: only a record of what was computed tells.

TensorRT compiles a model for the very GPU, which takes minutes, so that its engines are kept. It
does not notice that weights have changed: a folder belongs to one file of weights, one version of
the runtime and one precision, and what is left of others is removed.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.backends._checks import first_line
from edge.errors import ConfigError

PROVIDERS = {  # best first
    "tensorrt": "TensorrtExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "cpu": "CPUExecutionProvider",
}
SPOKEN = {"tensorrt": "TensorRT", "cuda": "CUDA", "cpu": "the CPU"}
REMEDY = "install NVIDIA's onnxruntime-gpu for this JetPack and Python: systemd/jetson/README.md"
_PLACE = re.compile(r"^/\S+\.cc:\d+ .*?\)\s+(?=[A-Z])")  # of its source, and a function
_QUANTIZED = b"QuantizeLinear"  # how such a node is called in the file, in plain text


def chain(asked: str, offered: Collection[str], model: str) -> tuple[str, ...]:
    """What to ask for, best first and the CPU last; raises ConfigError for what is not offered."""
    here = [kind for kind, provider in PROVIDERS.items() if provider in offered]
    if asked == "auto":
        return tuple(here)
    if asked not in here:
        problem = f"provider = '{asked}' is not in this ONNX Runtime, which has {', '.join(here)}"
        raise ConfigError(model, problem, f'{REMEDY}; or write provider = "auto"')
    return tuple(here[here.index(asked) :])


def steps(profile: Path) -> dict[str, int]:
    """How many steps of a network each provider has computed, by a session's own record of it."""
    events = json.loads(profile.read_text(encoding="utf-8"))
    by = Counter(
        event["args"]["provider"] for event in events if "provider" in event.get("args", {})
    )
    return {kind: by[provider] for kind, provider in PROVIDERS.items() if by[provider]}


def reason(error: Exception) -> str:
    """The first line of what a runtime says, without where in its own code that was."""
    return _PLACE.sub("", first_line(error)).rstrip(".")


@dataclass(slots=True)
class Engines:
    """TensorRT's engines of one model, kept from one start to the next."""

    folder: Path | None  # None: there is no place for them, and each start builds them anew
    fp16: bool
    int8: bool  # the file says itself what is rounded to 8 bits

    @classmethod
    def of(cls, content: bytes, place: Path | None, version: str, *, fp16: bool) -> Engines:
        """Those of a file's bytes; `place` is the model's own folder, made when it is used."""
        named = hashlib.sha256(content).hexdigest()[:16]
        folder = place and place / f"{named}-{version}-{'fp16' if fp16 else 'fp32'}"
        return cls(folder, fp16, _QUANTIZED in content)

    def prepare(self) -> None:
        """Make the folder and remove those of other weights, runtimes and precisions."""
        if self.folder is None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for other in self.folder.parent.iterdir():
                if other != self.folder:
                    shutil.rmtree(other, ignore_errors=True)
        except OSError:  # a check by hand may not write where the service does
            self.folder = None

    def put_aside(self) -> bool:
        """Begin anew: what is kept may be cut short, or of another TensorRT. False: nothing is."""
        if self.folder is None or not any(self.folder.iterdir()) or self._aside.exists():
            return False
        self.folder.rename(self._aside)
        self.folder.mkdir()
        return True

    def take_back(self) -> None:
        """What was put aside was not to blame."""
        if self.folder is not None and self._aside.exists():
            shutil.rmtree(self.folder)
            self._aside.rename(self.folder)

    @property
    def _aside(self) -> Path:
        folder = self.folder or Path()
        return folder.with_name(f"{folder.name}.aside")

    def options(self) -> dict[str, Any]:
        """TensorRT's, as ONNX Runtime takes them."""
        options: dict[str, Any] = {"trt_fp16_enable": self.fp16, "trt_int8_enable": self.int8}
        if self.folder is not None:
            options |= {
                "trt_engine_cache_enable": True,
                "trt_engine_cache_path": str(self.folder),
                "trt_timing_cache_enable": True,
                "trt_timing_cache_path": str(self.folder),
            }
        return options
