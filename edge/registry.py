"""The directory is the registry: a plugin's kind is the name of its file.

Listing reads names only; a plugin, and whatever heavy package it needs, is imported when it
is loaded. Files that begin with an underscore are helpers, not plugins.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterable
from typing import Any

from edge.errors import ConfigError


def kinds(family: str) -> tuple[str, ...]:
    """Every kind in a family ("sources", "backends", "events", "sinks"), in name order."""
    package = importlib.import_module(f"edge.{family}")
    names = (module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(sorted(name for name in names if not name.startswith("_")))


def load(family: str, kind: str) -> Any:
    """Give the `PLUGIN` of `edge/<family>/<kind>.py`; raises ConfigError for an unknown kind."""
    known = kinds(family)
    if kind not in known:
        raise ConfigError(f"edge.{family}", f"unknown kind '{kind}'", nearest(kind, known))
    return importlib.import_module(f"edge.{family}.{kind}").PLUGIN


def kind_of(plugin: object) -> str:
    """The kind of what a plugin's module made, settings included."""
    return type(plugin).__module__.rpartition(".")[2]


def nearest(name: str, known: Iterable[str]) -> str:
    """Say what a mistyped name may have meant: the closest known one, or else all of them."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"known: {', '.join(names)}" if names else "nothing is known here"
