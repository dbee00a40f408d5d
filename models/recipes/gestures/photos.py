"""The same classifier on photographs, through the models that find hands: far from what it learned.

A photograph shows one gesture, and its folder says which. Palms are found by a palm model, and
joints by a hand model, as the runtime does it with the first frame of a film.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from edge.config import ModelChoice
from edge.core.types import Frame, Pose
from edge.decode.labels import NONE
from edge.runtime.assemble import predictor
from edge.runtime.hands import HandFinder, Hands
from edge.runtime.labels import Labeller
from edge.sources._opencv import picture_file


def look(folder: Path, classifier: str, hand: str, palm: str) -> dict[str, Any]:
    """By class: how many photographs, in how many a hand was found, and what was answered."""
    made = [predictor(ModelChoice(name)) for name in (classifier, hand, palm)]
    answers: dict[str, list[str]] = {}
    with ExitStack() as stack:
        for one in made:
            stack.enter_context(one.backend)
        labeller = Labeller(made[:1])
        for path, truth in _photos(folder):
            image = picture_file(path)
            if image is None:
                continue
            # Without memory, each photograph is a film of its own.
            found = HandFinder(Hands(max_hands=1), made[1], made[2]).find(
                Frame(np.asarray(image), 0.0, 0), ()
            )
            named = labeller.named(found)
            answers.setdefault(truth, []).append(_answer(named))
    return {
        truth: {
            "photos": len(said),
            "hands": sum(one != "" for one in said),
            "said": {one or "no hand": said.count(one) for one in sorted(set(said))},
        }
        for truth, said in answers.items()
    }


def table(found: Mapping[str, Mapping[str, Any]]) -> str:
    """One row for each hand model and each folder of photographs."""
    rows = [
        "| hand model | folder | photos | hands found | said |",
        "| --- | --- | ---: | ---: | --- |",
    ]
    for hand, classes in found.items():
        for truth, figures in classes.items():
            words = ", ".join(f"{name} {count}" for name, count in figures["said"].items())
            rows.append(
                f"| {hand} | {truth} | {figures['photos']} | {figures['hands']} | {words} |"
            )
    return "\n".join(rows)


def words(of: str) -> str:
    """A card's section around a table."""
    return (
        "Forty photographs of people at home (MediaPipe's test data, Apache-2.0), by\n"
        "`python -m models.recipes gestures photos`; none of them taught anything. All ten of the\n"
        "folder `none` show a pointing hand or a thumb down, which that set does not name.\n\n"
        f"{of}\n"
    )


def _answer(hands: tuple[Pose, ...]) -> str:
    return (hands[0].label or NONE) if hands else ""


def _photos(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*.jpg")):
        yield path, path.parent.name
