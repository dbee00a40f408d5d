"""What readers have in common: reading files, and saying what is wrong with one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from converters.model import Request
from edge.errors import ModelError

DEFAULT_SIZE = (257, 257)  # px, of a PoseNet that takes any: what its own demos began with

TWICE = "give the float model it was made from: quantizing twice loses what the first left"


def content(path: Path, hint: str = "") -> bytes:
    """Bytes of a file; raises ModelError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(str(path), f"cannot be read: {error.strerror}", hint) from error


@contextmanager
def well_formed(where: str, problem: str, hint: str) -> Iterator[None]:
    """Turn what a file that breaks its format's rules leads to into ModelError."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise ModelError(where, f"{problem} ({reason})", hint) from error


def chosen(where: str, request: Request, outputs: Sequence[str]) -> Mapping[str, str]:
    """Head -> output, as the request picks them; an error about that names the file."""
    try:
        return request.pick(outputs)
    except ModelError as error:
        raise ModelError(f"{where}: {error.where}", error.problem, error.hint) from error
