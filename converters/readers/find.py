"""Which file of a folder is the model, and which reader reads it: by the end of its name."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

from converters.model import FloatModel, Request
from edge.errors import ModelError

Read = Callable[[Path, Request], FloatModel]
_READERS = {
    ".json": "tfjs",
    ".tflite": "tflite",
    ".onnx": "onnx",
    ".pt": "torch",
    ".pth": "torch",
    ".ts": "torch",
    ".safetensors": "torch",
}
_KNOWN = f"a model ends in {', '.join(_READERS)}"


def find(path: Path, stride: int) -> tuple[Read, Path]:
    """Give the reader and the file of a file or folder; of TensorFlow.js models that of a stride.

    Raises ModelError where there is no model, or more than one.
    """
    file = _within(path, stride) if path.is_dir() else path
    if not file.exists():
        raise ModelError(str(path), "is not there", "give a model's file or its folder")
    kind = _READERS.get(file.suffix.lower())
    if kind is None:
        raise ModelError(str(path), f"'{file.suffix}' is no format that is read", _KNOWN)
    read: Read = importlib.import_module(f"converters.readers.{kind}").read
    return read, file


def _within(folder: Path, stride: int) -> Path:
    """Give the one model in a folder."""
    found = sorted(file for file in folder.iterdir() if _is_model(file))
    if not found:
        raise ModelError(str(folder), "has no model in it", _KNOWN)
    strided = [file for file in found if file.name.startswith("model-stride")]
    fitting = [file for file in strided if file.stem == f"model-stride{stride}"]
    if strided and not fitting:
        there = ", ".join(file.name for file in strided)
        hint = "choose another --stride, or give the file itself"
        raise ModelError(str(folder), f"has no model of stride {stride}, but {there}", hint)
    rest = [*fitting, *(file for file in found if file not in strided)]
    if len(rest) > 1:
        there = ", ".join(file.name for file in rest)
        raise ModelError(str(folder), f"has several models: {there}", "give the file itself")
    return rest[0]


def _is_model(file: Path) -> bool:
    """Any JSON may lie beside a model; TensorFlow.js calls its own model*.json."""
    known = file.suffix.lower() in _READERS and not file.name.startswith(".")
    return known and (file.suffix.lower() != ".json" or file.name.startswith("model"))
