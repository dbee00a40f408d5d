"""Reading MakeHuman's text files (CC0): meshes, targets, rigs, fitted clothes; plain or gzipped.

Source: makehuman (github.com/makehumancommunity/makehuman, data/) and MPFB, listed in
models/recipes/README.md with the commits. Their unit is the decimetre; here it is the metre.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from edge.errors import EdgeposeError

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

METRES = 0.1  # of a MakeHuman unit


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A mesh as it is in a file: triangles, and where each corner lies in the texture."""

    vertices: Floats  # (N, 3), m
    faces: Ints  # (M, 3), indices of vertices
    uv: Floats  # (T, 2), 0..1, v downwards, as rows of a texture
    uv_faces: Ints  # (M, 3), indices of uv
    groups: dict[str, Ints]  # name -> indices of faces


def read_text(folder: Path, name: str) -> str:
    """Return the text of `name`, or of its gzipped form."""
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            data = path.read_bytes()
            return (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    hint = "models/recipes/README.md lists the files and where they come from"
    raise EdgeposeError(str(folder / name), "there is no such file, nor one ending in .gz", hint)


def read_json(folder: Path, name: str) -> Any:
    """Return the parsed JSON of `name`, or of its gzipped form."""
    return json.loads(read_text(folder, name))


def read_surface(folder: Path, name: str) -> Surface:
    """Read a Wavefront OBJ file; polygons are cut into fans of triangles."""
    vertices: list[list[float]] = []
    uv: list[list[float]] = []
    faces: list[list[int]] = []
    uv_faces: list[list[int]] = []
    groups: dict[str, list[int]] = {}
    group: list[int] = groups.setdefault("", [])
    for line in read_text(folder, name).splitlines():
        word, _, rest = line.partition(" ")
        if word == "v":
            vertices.append([float(part) for part in rest.split()[:3]])
        elif word == "vt":
            across, up = rest.split()[:2]
            uv.append([float(across), 1 - float(up)])
        elif word == "g":
            group = groups.setdefault(rest.strip(), [])
        elif word == "f":
            corners = [part.split("/") for part in rest.split()]
            places = [int(corner[0]) - 1 for corner in corners]
            marks = [
                int(corner[1]) - 1 if len(corner) > 1 and corner[1] else 0 for corner in corners
            ]
            for k in range(1, len(places) - 1):
                group.append(len(faces))
                faces.append([places[0], places[k], places[k + 1]])
                uv_faces.append([marks[0], marks[k], marks[k + 1]])
    return Surface(
        np.array(vertices, np.float32) * METRES,
        np.array(faces, np.int32),
        np.array(uv or [[0, 0]], np.float32),
        np.array(uv_faces, np.int32),
        {key: np.array(value, np.int32) for key, value in groups.items()},
    )


def read_target(folder: Path, name: str, count: int) -> Floats:
    """Read a morph target: how far each of `count` vertices moves, (count, 3) in m."""
    moves = np.zeros((count, 3), np.float32)
    rows = [line.split() for line in read_text(folder, name).splitlines()]
    table = np.array([row for row in rows if len(row) == 4 and row[0].isdigit()], np.float64)  # noqa: PLR2004
    if len(table):
        moves[table[:, 0].astype(int)] = table[:, 1:] * METRES
    return moves
