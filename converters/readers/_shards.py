"""The weights of a TensorFlow.js model: files beside its JSON, cut anywhere, read as one.

Format: tfjs-core's WeightsManifestConfig; numbers may be kept as 8 or 16 bit levels or as float16.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from converters.flat import Array
from converters.readers import _files
from edge.errors import ModelError


def weights(path: Path, manifest: Sequence[Mapping[str, Any]]) -> dict[str, Array]:
    """All constants by name; raises ModelError for a shard of another length, or none."""
    found: dict[str, Array] = {}
    for group in manifest:
        if away := [shard for shard in group["paths"] if Path(shard).name != shard]:
            problem = f"names '{away[0]}', which is not beside it"
            raise ModelError(str(path), problem, "put its shards and it into one folder")
        shards = [path.with_name(shard) for shard in group["paths"]]
        found |= _group(path, group["weights"], shards)
    return found


def _group(
    path: Path, entries: Sequence[Mapping[str, Any]], shards: Sequence[Path]
) -> dict[str, Array]:
    hint = f"it belongs beside {path.name}"
    content = b"".join(_files.content(shard, hint) for shard in shards)
    found: dict[str, Array] = {}
    at = 0
    for entry in entries:
        stored = np.dtype(entry.get("quantization", entry)["dtype"])
        end = at + int(np.prod(entry["shape"], dtype=np.int64)) * stored.itemsize
        if end > len(content):
            problem = f"ends {end - len(content)} bytes before '{entry['name']}' does"
            raise ModelError(str(shards[-1]), problem, "cut short: fetch it again")
        found[entry["name"]] = _values(entry, content[at:end], stored)
        at = end
    if at != len(content):
        problem = f"has {len(content) - at} bytes more than {path.name} describes"
        raise ModelError(str(shards[-1]), problem, "fetch both from the same place")
    return found


def _values(entry: Mapping[str, Any], content: bytes, stored: np.dtype[Any]) -> Array:
    values = np.frombuffer(content, stored).reshape(entry["shape"])
    levels = entry.get("quantization", {})
    if "scale" in levels:
        # In double precision, like tfjs: the smallest level must not be lost.
        values = values * float(levels["scale"]) + float(levels["min"])
    return values.astype(np.float32 if entry["dtype"] == "float32" else np.int32)
