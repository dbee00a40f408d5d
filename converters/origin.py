"""Where an original comes from: known by its hash, or as the user says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from edge import registry
from edge.manifest import FILE_NAME, Manifest, load
from edge.modelstore import ModelStore

UNKNOWN = "LicenseRef-unknown"  # SPDX's way to say so
NOWHERE = "unknown"


def files(path: Path) -> tuple[Path, ...]:
    """Every file of an original: a TensorFlow.js model has shards beside its JSON, others may, too.

    A file of weights beside an ONNX model is named as a path below its folder.
    """
    kind = path.suffix.lower()
    if kind == ".json":
        groups = json.loads(path.read_text(encoding="utf-8"))["weightsManifest"]
        beside = [shard for group in groups for shard in group["paths"]]
    elif kind == ".onnx":
        beside = _external(path)
    else:
        beside = []
    return (path, *(path.parent / name for name in beside))


def _external(path: Path) -> list[str]:
    """Names of the files that an ONNX model keeps its weights in, if it has them elsewhere."""
    import onnx  # noqa: PLC0415 - other formats do without

    model = onnx.load(str(path), load_external_data=False)
    entries = (entry for each in model.graph.initializer for entry in each.external_data)
    return sorted({str(entry.value) for entry in entries if entry.key == "location"})


def hashes(paths: tuple[Path, ...]) -> dict[str, str]:
    """File name -> sha256."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def known(origin: Mapping[str, str], store: ModelStore) -> Manifest | None:
    """Give the manifest that has just these files, if edgepose knows the original."""
    wanted = set(origin.values())
    for model in store.models():
        manifest = model.manifest
        if not manifest.converted_by and wanted <= {file.sha256 for file in manifest.weights}:
            return manifest
    return None


def beside(path: Path, sha256: str) -> Manifest | None:
    """Give the manifest in a file's own folder, if it lists the file; raises as `load` does."""
    found = path.parent / FILE_NAME
    if not found.is_file() or sha256 not in found.read_text(encoding="utf-8", errors="replace"):
        return None
    return load(found)


def decoding(parent: Manifest | None, decoder: str) -> dict[str, Any]:
    """Settings of a decoder that an original's manifest changes, by name."""
    if parent is None or registry.kind_of(parent.decoder) != decoder:
        return {}
    settings: Any = parent.decoder  # a dataclass, as every plugin is
    usual: Any = type(settings)()
    return {
        one.name: value
        for one in fields(settings)
        if (value := getattr(settings, one.name)) != getattr(usual, one.name)
    }
