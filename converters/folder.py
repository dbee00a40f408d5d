"""A model's folder appears whole or not at all: made beside its place, then moved into it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from converters.errors import ConvertError
from edge.manifest import FILE_NAME, PLAIN_NAME


def check(out: Path) -> None:
    """Raise ConvertError unless a model may be written to this folder."""
    if not PLAIN_NAME.fullmatch(out.name):
        hint = "letters, digits, '.', '_' and '-': it becomes the model's name"
        raise ConvertError(f"--out {out}", f"'{out.name}' is no plain name", hint)
    if out.exists() and not out.is_dir():
        raise ConvertError(f"--out {out}", "is a file", "name a folder for the model")
    if out.is_dir() and any(out.iterdir()) and not (out / FILE_NAME).is_file():
        hint = f"choose a new folder, such as {out / 'my-model'}"
        raise ConvertError(f"--out {out}", "has files in it that are no model", hint)


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """Give a new empty folder on the same disk; it is gone afterwards, whatever happened.

    Raises ConvertError where no folder can be made.
    """
    # Not in parents that are still to be made: when all fails, they must not be left either.
    near = next(folder for folder in out.absolute().parents if folder.exists())
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.partial-", dir=near))
    except OSError as error:
        problem = f"nothing can be written in {near}: {error.strerror}"
        raise ConvertError(f"--out {out}", problem, "choose another --out") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(made: Path, out: Path) -> None:
    """Move a finished folder out of the staged one; a model that was there before stays in it."""
    made.chmod(0o755)  # temporary folders are private
    out.parent.mkdir(parents=True, exist_ok=True)
    old = made.with_name(f"{made.name}.old")
    try:
        if out.exists():
            out.rename(old)
        made.rename(out)
    finally:
        if old.exists() and not out.exists():
            old.rename(out)
