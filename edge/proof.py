"""Bytes that are what they should be, by size and sha256."""

from __future__ import annotations

import hashlib
from pathlib import Path

from edge.errors import ModelError


def proven(path: Path, size: int, sha256: str, hint: str) -> bytes:
    """Read one file; raises ModelError with the hint unless size (bytes) and sha256 are right."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(str(path), f"cannot be read: {error.strerror}", hint) from error
    if len(content) != size:
        problem = f"is {len(content)} bytes instead of {size}: cut short, or another file"
        raise ModelError(str(path), problem, hint)
    digest = hashlib.sha256(content).hexdigest()
    if digest != sha256:
        problem = f"has sha256 {digest[:12]}... instead of {sha256[:12]}...: changed or damaged"
        raise ModelError(str(path), problem, hint)
    return content
