"""Where an original comes from: known by its hash, or as the user says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from edge.manifest import Manifest
from edge.modelstore import ModelStore

UNKNOWN = "LicenseRef-unknown"  # SPDX's way to say so
NOWHERE = "unknown"


def files(path: Path) -> tuple[Path, ...]:
    """Every file of an original: a TensorFlow.js model has shards beside its JSON."""
    if path.suffix != ".json":
        return (path,)
    groups = json.loads(path.read_text(encoding="utf-8"))["weightsManifest"]
    return (path, *(path.with_name(shard) for group in groups for shard in group["paths"]))


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
