"""What is wrong with a procedure that can be read."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from edge.sop.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend, or to think about."""

    key: str  # of the procedure file, as step[2].when
    problem: str
    hint: str = ""
    severity: Literal["error", "warning"] = "error"  # error: it cannot work as it is written


@dataclass(frozen=True, slots=True)
class Known:
    """What there is beside the procedure; None: nobody can say, and it is not checked."""

    zones: Collection[str] = ()  # of the camera, beside the procedure's own
    gestures: Collection[str] | None = None
    poses: Collection[str] | None = None
    signals: Collection[str] | None = None


def warning(key: str, problem: str, hint: str = "") -> Finding:
    """Something that may be meant so."""
    return Finding(key, problem, hint, "warning")


def close(name: str, known: Collection[str]) -> str:
    """The known name that a mistyped one is like; empty where none is."""
    return next(iter(difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)), "")


def nearest(name: str, known: Collection[str]) -> str:
    """Say what it may have meant, or else all that there are."""
    meant = close(name, known)
    return f"did you mean '{meant}'?" if meant else f"known: {', '.join(sorted(known))}"


def key_of(procedure: Procedure, name: str, setting: str = "") -> str:
    """The key of a step, or of one of its settings."""
    number = 1 + next(i for i, step in enumerate(procedure.steps) if step.name == name)
    return f"step[{number}].{setting}" if setting else f"step[{number}]"
