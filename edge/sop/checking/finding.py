"""What is wrong with a procedure that can be read."""

from __future__ import annotations

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


def key_of(procedure: Procedure, name: str, setting: str = "") -> str:
    """The key of a step, or of one of its settings."""
    number = 1 + next(i for i, step in enumerate(procedure.steps) if step.name == name)
    return f"step[{number}].{setting}" if setting else f"step[{number}]"
