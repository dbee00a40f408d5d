"""Which peers there are."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from benchmarks import peers
from benchmarks.errors import BenchError
from benchmarks.fps.turn import Job
from edge.registry import nearest

_OURS = ("clip", "find", "record", "seer")  # files of the folder that are no peers
_OWN = ("benchmarks", "edge")


class NotInstalled(BenchError):
    """A package that a peer needs is not in this Python; another may have it."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Peer:
    """One peer, not yet loaded."""

    name: str
    about: str
    package: str  # as pip takes it, with bounds
    weights: bool  # whether it is given any
    make: Callable[[Job], Any]

    @property
    def distribution(self) -> str:
        """Its package's name alone."""
        return re.split(r"[^\w.-]", self.package, maxsplit=1)[0]

    @property
    def version(self) -> str | None:
        """Of its package in this Python; None where there is none."""
        try:
            return metadata.version(self.distribution)
        except metadata.PackageNotFoundError:
            return None

    def open(self, job: Job) -> Any:
        """Load it; raises BenchError, NotInstalled where this Python lacks a package."""
        try:
            return self.make(job)
        except ModuleNotFoundError as error:
            if (error.name or "").split(".")[0] in _OWN:
                raise
            problem = f"needs {error.name}, which {sys.executable} does not have"
            hint = "name a Python that has it: --peer-python FILE (python3 -m venv peers; "
            other = f"peers/bin/pip install '{self.package}'); here it could change other versions"
            raise NotInstalled(self.name, problem, f"{hint}{other}") from error


def names() -> tuple[str, ...]:
    """Names of all peers, sorted."""
    files = (module.name for module in pkgutil.iter_modules(peers.__path__))
    return tuple(sorted(name for name in files if name not in _OURS and name[0] != "_"))


def find(name: str) -> Peer:
    """Give a peer; raises BenchError with the nearest name."""
    if name not in names():
        raise BenchError("--peer", f"unknown peer '{name}'", nearest(name, names()))
    module = importlib.import_module(f"benchmarks.peers.{name}")
    return Peer(name, module.ABOUT, module.PACKAGE, module.WEIGHTS, module.open)
