"""A model's folder appears whole or not at all: made beside its place, then moved into it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from converters.errors import ConvertError
from edge.errors import EdgeposeError
from edge.manifest import FILE_NAME, PLAIN_NAME, load

CARD, REPORT = "CARD.md", "report.html"
_SHOWN = 3


def check_name(out: Path) -> None:
    """Raise ConvertError unless a model may have this folder's name."""
    if not PLAIN_NAME.fullmatch(out.name):
        hint = "letters, digits, '.', '_' and '-': it becomes the model's name"
        raise ConvertError(f"--out {out}", f"'{out.name}' is no plain name", hint)


def check(out: Path, original: Path) -> None:
    """Raise ConvertError unless a model may be written to this folder, and replace what is there.

    Only what an earlier conversion made is replaced, and never the original itself.
    """
    check_name(out)
    where, another = f"--out {out}", f"choose a new folder, such as {out}-2"
    if out.exists() and not out.is_dir():
        raise ConvertError(where, "is a file", "name a folder for the model")
    if out.is_mount():
        raise ConvertError(where, "is a mount point, and cannot be replaced", another)
    if out.resolve() in (original.resolve(), *original.resolve().parents):
        raise ConvertError(where, "is where the original is", another)
    if out.is_dir() and (strangers := sorted(_strangers(out))):
        names = ", ".join(strangers[:_SHOWN]) + (" .." if len(strangers) > _SHOWN else "")
        raise ConvertError(where, f"has what no conversion made: {names}", another)
    near = _near(out)
    if not os.access(near, os.W_OK):
        raise ConvertError(where, f"nothing can be written in {near}", "choose another --out")


def _strangers(out: Path) -> set[str]:
    """Names of what is in a folder and not of a converted model."""
    names = {entry.name for entry in out.iterdir()}
    if FILE_NAME not in names:
        return names
    try:
        manifest = load(out / FILE_NAME)
    except EdgeposeError:
        return names
    if not manifest.converted_by:
        return names
    return names - {FILE_NAME, CARD, REPORT, *(file.path for file in manifest.weights)}


def _near(out: Path) -> Path:
    """The folder above that is there already: when all fails, its parents must not be left."""
    return next(folder for folder in out.absolute().parents if folder.exists())


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """Give a new empty folder on the same disk; it is gone afterwards, whatever happened.

    Raises ConvertError where no folder can be made.
    """
    near = _near(out)
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


def write(path: Path, content: bytes) -> None:
    """Write a file; an OSError names it, also when the disk is full."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
