"""The checks every backend makes while it opens, so that a wrong model never sees a frame."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from edge.errors import BackendError, EdgeposeError, ModelError, Problems
from edge.manifest import Manifest
from edge.ports import Backend
from edge.registry import nearest


def package(name: str, remedy: str) -> Any:
    """Import an inference runtime; raises BackendError with the remedy when it is missing."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise BackendError(name, f"cannot be imported: {error}", remedy) from error


def damaged(weights: Path, runtime: str, error: Exception) -> ModelError:
    """Say that a runtime refused a file, in the first line of its own words."""
    hint = "the file is damaged or of another kind, though its hash is right: make the model again"
    return ModelError(str(weights), f"{runtime} cannot open it: {first_line(error)}", hint)


def first_line(error: Exception) -> str:
    """The first line of what an error says, or its kind where it says nothing."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def input_fits(weights: Path, actual: Sequence[int], expected: Sequence[int]) -> None:
    """Raise ModelError unless the shapes agree; 0 or less in `actual` is a free size."""
    free = len(actual) == len(expected) and all(
        have in (want, 0) or have < 0 for have, want in zip(actual, expected, strict=True)
    )
    if not free:
        problem = f"takes {list(actual)}, the manifest says {list(expected)}"
        raise ModelError(str(weights), problem, "correct [input] in the manifest, or the weights")


def outputs_exist(weights: Path, manifest: Manifest, tensors: Iterable[str]) -> None:
    """Raise Problems naming every output of the manifest that the file lacks."""
    known = tuple(tensors)
    errors: list[EdgeposeError] = [
        ModelError(
            str(weights), f"has no tensor '{spec.tensor}' for '{name}'", nearest(spec.tensor, known)
        )
        for name, spec in manifest.outputs.items()
        if spec.tensor not in known
    ]
    if errors:
        raise Problems(errors)


def trial_run(weights: Path, manifest: Manifest, backend: Backend) -> None:
    """Infer once on black, or on zeros; raises Problems naming every output of another shape.

    Only a run shows the true shapes, and it pays for lazy allocation before the first frame.
    """
    vector = manifest.input.vector
    if vector is None:
        heads = backend.infer(backend.feed(np.zeros((1, *backend.input_size, 3), np.uint8)))
    else:
        heads = backend.infer(np.zeros((1, vector.length), np.float32))
    errors: list[EdgeposeError] = [
        ModelError(
            str(weights),
            f"gives '{name}' as {list(heads[name].shape)}, the manifest says {list(spec.shape)}",
            f"correct [outputs.{name}] in the manifest, or the weights",
        )
        for name, spec in manifest.outputs.items()
        if heads[name].shape != spec.shape
    ]
    if errors:
        raise Problems(errors)
