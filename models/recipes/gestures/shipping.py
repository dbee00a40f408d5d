"""A classifier as a folder of models/: weights, manifest.toml, CARD.md."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tomli_w

from edge.manifest import FILE_NAME, load
from models.recipes.gestures.classes import Classes
from models.recipes.gestures.export import tflite
from models.recipes.gestures.making import Made
from models.recipes.gestures.network import Course
from models.recipes.made_from import commit

_CARD = "CARD.md"
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class About:
    """What a task's card says besides figures."""

    title: str
    use: str
    data: str
    limits: str
    run: str


def save(out: Path, made: Made, course: Course, about: About, seed: int) -> None:
    """Write the folder and read it back as a device does; raises OSError or Problems."""
    out.mkdir(parents=True, exist_ok=True)
    features, classes = course.features, course.classes
    content = tflite(made.layers)
    name = f"{out.name}.tflite"
    (out / name).write_bytes(content)
    shapes = {
        "scores": [1, len(classes.names)],
        "place": [1, len(made.layers.place[1])],
        "known": [1, len(classes.kinds)],
    }
    table: dict[str, Any] = {
        "name": out.name,
        "title": about.title,
        "licence": "Apache-2.0",
        "homepage": "models/recipes/README.md in edgepose",
        "converted_by": "models/recipes/gestures",
        "skeleton": features.skeleton,
        "weights": [
            {
                "path": name,
                "format": "tflite",
                "sha256": hashlib.sha256(content).hexdigest(),
                "size": len(content),
                "backends": ["tflite"],
            }
        ],
        "input": {"features": features.name},
        "outputs": {head: {"tensor": head, "shape": shape} for head, shape in shapes.items()},
        "decoder": {
            "kind": "labels",
            "classes": list(classes.names),
            "kinds": list(classes.kinds),
            "threshold": made.threshold,
        },
        "measured": {name: _plain(found) for name, found in made.figures.items()},
        "converted_with": {name: version(name) for name in ("ai-edge-litert", "torch")},
    }
    (out / FILE_NAME).write_text(tomli_w.dumps(table))
    load(out / FILE_NAME)
    (out / _CARD).write_text("\n".join(_card(out / name, made, classes, about, seed)))


def _plain(found: Mapping[str, Any]) -> dict[str, Any]:
    """Figures without what is only for the card."""
    return {
        key: round(value, _DIGITS) if isinstance(value, float) else value
        for key, value in found.items()
        if key != "confusion" and value is not None
    }


def _card(weights: Path, made: Made, classes: Classes, about: About, seed: int) -> Iterator[str]:
    yield f"# {about.title}\n"
    yield f"- **Name**: `{weights.stem}`, {weights.stat().st_size / 1000:.0f} kB of float32"
    yield f"- **Answers**: {', '.join(f'`{one}`' for one in classes.names)}"
    yield f"- **Threshold**: {made.threshold}; below it, a pose stays unnamed"
    yield "- **Licence**: Apache-2.0\n- **Comes from**: models/recipes/README.md in edgepose\n"
    yield f"## What it is for\n\n{about.use}\n"
    yield "## How well it does\n"
    yield "By `python -m models.recipes gestures`; which examples judge what, and why none is drawn"
    yield "by chance, is said in `models/recipes/gestures/lessons.py`.\n"
    yield from _summary(made)
    first = next(iter(made.figures))
    for title in (first, *(one for one in made.figures if "without" in one)):
        yield f"\n{title[:1].upper()}{title[1:]}: truth in rows, answers in columns.\n"
        yield from _confusion(made.figures[title]["confusion"])
    yield f"\n## What it was made from\n\n{about.data}\n"
    yield "| examples | number |\n| --- | ---: |"
    yield from (f"| {source} | {count} |" for source, count in made.examples.items())
    yield f"| seed | {seed} |\n| made from commit | {commit()} |\n"
    yield f"## Limits\n\n{about.limits}\n"
    yield f"## How to run it\n\n{about.run}\n"


def _summary(made: Made) -> Iterator[str]:
    yield "| judged on | examples | accuracy | mean recall | named, and rightly | none, but named |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name, found in made.figures.items():
        keys = ("accuracy", "mean_recall", "precision", "false_names")
        cells = ("" if found[key] is None else f"{found[key]:.3f}" for key in keys)
        yield f"| {name} | {found['examples']} | {' | '.join(cells)} |"


def _confusion(table: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    heads = list(dict.fromkeys([*table, *(name for row in table.values() for name in row)]))
    yield f"| | {' | '.join(heads)} |"
    yield f"| --- |{' ---: |' * len(heads)}"
    for truth, row in table.items():
        yield f"| **{truth}** | {' | '.join(str(row.get(name, '')) for name in heads)} |"
