"""One model's figures and its failures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.errors import BenchError
from converters.progress import Bar
from edge.core.types import Image
from edge.sources._opencv import picture_file
from edge.sources.images import SUFFIXES
from models.recipes.evaluation import bodies, hands, lying, sheet
from models.recipes.evaluation.bodies import Photo
from models.recipes.evaluation.hands import MarkedHand
from models.recipes.evaluation.lying import Shot
from models.recipes.evaluation.quick import photographs, urfd
from models.recipes.evaluation.subjects import Subject

_STAGES = 4


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What models of bodies are shown."""

    photos: tuple[Photo, ...]
    turned: tuple[Photo, ...]  # the same on their sides and heads
    shots: tuple[Shot, ...]
    empty: tuple[Image, ...]


def material(shared: Path, every: int, empty: Path | None) -> Material:
    """Read it; `empty` is a folder of pictures without anybody, else the empty rooms of URFD."""
    every_photo = photographs(shared)
    around = tuple(bodies.turned(photo, n) for n in (1, 2, 3) for photo in every_photo)
    shots, rooms = lying.shots(urfd(shared), every)
    return Material(every_photo, around, shots, pictures(empty) if empty else rooms)


def body(one: Subject, shown: Material, bar: Bar) -> tuple[dict[str, Any], Image]:
    """Figures with the keys of the JSON, and the failure sheet."""
    with one.look() as look:
        cases, seen = bodies.cases(shown.photos, look)
        bar(1, _STAGES)
        turned = bodies.cases(shown.turned, look)[0]
        bar(2, _STAGES)
        sightings = lying.sightings(shown.shots, look)
        bar(3, _STAGES)
        nobody = lying.false_people(shown.empty, look)
    figures = {
        "about": one.about,
        "prominent": bodies.prominent_figures(cases),
        "turned": bodies.prominent_figures(turned),
        "everybody": bodies.everybody_figures(shown.photos, seen),
        "urfd": lying.figures(sightings),
        "empty": nobody,
    }
    return figures, sheet.body(cases, sightings)


def hand(one: Subject, shown: tuple[MarkedHand, ...]) -> tuple[dict[str, Any], Image]:
    """Figures by crop, and the failure sheet."""
    cases = hands.cases(one, shown)
    return hands.figures(cases), sheet.hand(cases)


def pictures(folder: Path) -> tuple[Image, ...]:
    """Every picture of a folder; raises BenchError where there is none."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    read = [picture_file(file) for file in files if file.suffix.lower() in SUFFIXES]
    found = tuple(image for image in read if image is not None)
    if not found:
        raise BenchError(
            str(folder), "has no pictures", f"they end in {' '.join(sorted(SUFFIXES))}"
        )
    return found
