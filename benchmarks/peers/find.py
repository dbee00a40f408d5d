"""Which peers there are."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from benchmarks import peers
from benchmarks.errors import BenchError
from edge.registry import nearest

_OURS = ("clip", "find", "record")  # files of the folder that are no peers


@dataclass(frozen=True, slots=True)
class Peer:
    """One peer, not yet loaded."""

    name: str
    about: str
    package: str
    open: Callable[..., Any]

    @property
    def version(self) -> str | None:
        """Of its package in this Python; None where there is none."""
        try:
            return metadata.version(self.package.replace("_", "-"))
        except metadata.PackageNotFoundError:
            return None


def names() -> tuple[str, ...]:
    """Names of all peers, sorted."""
    files = (module.name for module in pkgutil.iter_modules(peers.__path__))
    return tuple(sorted(name for name in files if name not in _OURS))


def find(name: str) -> Peer:
    """Give a peer; raises BenchError with the nearest name."""
    if name not in names():
        raise BenchError("--peer", f"unknown peer '{name}'", nearest(name, names()))
    module = importlib.import_module(f"benchmarks.peers.{name}")
    return Peer(name, module.ABOUT, module.PACKAGE, module.open)
