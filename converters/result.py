"""What a conversion found out, for the manifest, the card, the report and the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from converters.parity.measure import Parity
from edge.core.types import Image, Pose


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """One variant, in one inference runtime."""

    target: str  # "tflite:int8"; the reference is "tflite:float32"
    backend: str  # "tflite", "onnxruntime", "openvino"
    size: int  # bytes of all its files
    parity: Parity | None  # against the reference; None for the reference itself
    refused: str = ""  # why the runtime could not open it; then there is no parity
    latency_ms: tuple[float, ...] = ()  # one thread, interleaved with all other trials


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """One parity picture as the float model and each trial see it."""

    name: str  # the picture's
    image: Image  # (H, W, 3) RGB
    reference: tuple[Pose, ...]  # px of the image
    seen: Mapping[tuple[str, str], tuple[Pose, ...]]  # (target, backend) -> poses, px of the image


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """A whole conversion."""

    name: str  # the model's
    title: str
    licence: str
    homepage: str
    decoder: str  # "posenet", "palm", "hand"
    decoding: Mapping[str, Any]  # its settings that were given, or that its original has
    input: tuple[int, int]  # height, width px
    mean: tuple[float, float, float]  # it takes (pixel - mean) / std, R, G, B
    std: tuple[float, float, float]
    origin: Mapping[str, str]  # upstream file name -> sha256
    versions: Mapping[str, str]  # package -> version that made it
    calibration: Mapping[str, str | int]  # source, pictures, with people, seed, sha256 of the set
    trials: tuple[Trial, ...]  # the reference first
    sights: tuple[Sight, ...]

    @property
    def passed(self) -> bool:
        """Whether every quantized variant opened and is within its limits."""
        return all(not t.refused and (not t.parity or t.parity.passed) for t in self.trials)
