"""The texts of a model's folder: its manifest, its card and its report."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from converters.families import FAMILIES
from converters.folder import CARD, REPORT, write
from converters.model import FloatModel, Written
from converters.parity.measure import Parity
from converters.report.card import card
from converters.report.page import page
from converters.result import Result
from edge import __version__
from edge.manifest import FILE_NAME, Manifest, load

CONVERTED_BY = f"edgepose-convert {__version__}"
_DIGITS = 5  # of a measure: more would promise what another machine does not keep


def place(
    folder: Path, draft: Result, model: FloatModel, written: Mapping[str, Written]
) -> Manifest:
    """Write weights and their manifest into a new folder; read them back as a device does."""
    folder.mkdir()
    for files in written.values():
        for name, content in files.files.items():
            write(folder / name, content)
    _text(folder / FILE_NAME, manifest(draft, model, written))
    return load(folder / FILE_NAME)


def save(folder: Path, result: Result, model: FloatModel, written: Mapping[str, Written]) -> None:
    """Complete the folder: what was measured goes into the manifest, the card and the report."""
    _text(folder / FILE_NAME, manifest(result, model, written))
    load(folder / FILE_NAME)  # what a device could not read must not be shipped
    _text(folder / CARD, card(result))
    _text(folder / REPORT, page(result))


def _text(path: Path, words: str) -> None:
    write(path, words.encode())


def manifest(result: Result, model: FloatModel, written: Mapping[str, Written]) -> str:
    """Text of manifest.toml; without trials, of a model that nobody has measured yet."""
    family = FAMILIES[result.decoder]
    refused = {(trial.target, trial.backend) for trial in result.trials if trial.refused}
    table: dict[str, Any] = {
        "name": result.name,
        "title": result.title,
        "licence": result.licence,
        "homepage": result.homepage,
        "converted_by": CONVERTED_BY,
        "skeleton": family.skeleton,
        **({"parity": "passed" if result.passed else "failed"} if result.trials else {}),
        "weights": [
            entry
            for target, files in written.items()
            for entry in _weights(
                files, [kind for kind in files.backends if (target, kind) not in refused]
            )
        ],
        "input": {
            "height": model.size[0],
            "width": model.size[1],
            "mean": list(result.mean),
            "std": list(result.std),
        },
        "outputs": {
            head: {"tensor": head, "shape": list(shape)} for head, shape in model.heads.items()
        },
        "decoder": {"kind": result.decoder, **result.decoding},
        "origin": dict(result.origin),
        "converted_with": dict(sorted(result.versions.items())),
        "calibration": dict(result.calibration),
        "measured": {t.target: _figures(t.parity) for t in result.trials if t.parity},
    }
    return tomli_w.dumps({key: value for key, value in table.items() if value != {}})


def _weights(written: Written, backends: list[str]) -> list[dict[str, Any]]:
    """The first file is opened, and needs the others beside it."""
    return [
        {
            "path": name,
            "format": written.format,
            "sha256": hashlib.sha256(content).hexdigest(),
            "size": len(content),
            "backends": backends if index == 0 else [],
        }
        for index, (name, content) in enumerate(written.files.items())
    ]


def _figures(parity: Parity) -> dict[str, Any]:
    figures: dict[str, Any] = {"passed": parity.passed, "pictures": parity.pictures}
    for measure in parity.measures:
        if not math.isnan(measure.value):
            figures[measure.key] = float(f"{measure.value:.{_DIGITS}g}")
    return figures
