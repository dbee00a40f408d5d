"""What to write: "tflite:int8" is a format, a file in writers/, and one of its variants."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from typing import Any

from converters import writers
from converters.errors import ConvertError
from converters.model import FloatModel, Job, Written
from edge.registry import nearest

DEFAULTS = ("tflite:int8", "openvino:int8", "onnx:int8")  # one for each runtime


@dataclass(frozen=True, slots=True)
class Target:
    """One variant of one format."""

    format: str
    variant: str

    def __str__(self) -> str:
        return f"{self.format}:{self.variant}"

    @staticmethod
    def of(words: str) -> Target:
        """Parse "format:variant"; raises ConvertError with the nearest right one."""
        known = [f"{kind}:{variant}" for kind in formats() for variant in _writer(kind).VARIANTS]
        if words not in known:
            raise ConvertError("--to", f"unknown target '{words}'", nearest(words, known))
        kind, _, variant = words.partition(":")
        return Target(kind, variant)

    def write(self, model: FloatModel, job: Job) -> Written:
        """Make its files."""
        written: Written = _writer(self.format).write(model, job)
        return written


def formats() -> tuple[str, ...]:
    """Every format there is a writer for."""
    names = (module.name for module in pkgutil.iter_modules(writers.__path__))
    return tuple(sorted(name for name in names if not name.startswith("_")))


def variants() -> dict[str, str]:
    """Every target and what it is, in one line each."""
    return {
        f"{kind}:{variant}": words
        for kind in formats()
        for variant, words in _writer(kind).VARIANTS.items()
    }


def _writer(kind: str) -> Any:
    return importlib.import_module(f"converters.writers.{kind}")
