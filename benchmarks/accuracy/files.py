"""Where the pictures are that a COCO file names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from benchmarks.errors import BenchError
from converters.parity.truth import same_file
from edge.sources.images import SUFFIXES

Found = list[tuple[Mapping[str, Any], Path]]


def locate(images: Path, entries: Iterable[Mapping[str, Any]]) -> tuple[Found, list[str]]:
    """Entries of a COCO file with their files, and the names of those that are not in the folder.

    A name may begin above the folder or below it: val2017/1.jpg is also 1.jpg in val2017, and
    1.jpg may lie in a folder of the folder. Raises BenchError where two files fit.
    """
    below: Mapping[str, list[str]] | None = None
    found: Found = []
    missing = []
    for entry in entries:
        name = str(entry["file_name"]).replace("\\", "/")
        file = images / name
        if not file.is_file():
            below = _names(images) if below is None else below
            fits = [one for one in below.get(PurePosixPath(name).name, ()) if same_file(one, name)]
            if len(fits) > 1:
                problem = f"has several pictures that may be {name}: {', '.join(sorted(fits)[:2])}"
                hint = "give the folder that the file's names start from"
                raise BenchError(str(images), problem, hint)
            if not fits:
                missing.append(name)
                continue
            file = images / fits[0]
        found.append((entry, file))
    return found, missing


def _names(images: Path) -> Mapping[str, list[str]]:
    """Each file name in a folder and below -> where it is."""
    names = defaultdict(list)
    for file in images.rglob("*"):
        if file.suffix.lower() in SUFFIXES:
            names[file.name].append(file.relative_to(images).as_posix())
    return names
