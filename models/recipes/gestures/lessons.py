"""Which examples teach, which choose the threshold, and which are only there to be judged.

No row is ever chosen by chance: neighbours are frames of one film. Films of left hands teach, those
of right hands, which are other films, choose (their first half) and judge (their second). Where a
kind has but one film, its beginning teaches and its end judges, with a gap between. Drawn poses are
divided by pose, so that two views of one never part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edge.core.features import FEATURES
from models.recipes.gestures import drawn_bodies, drawn_hands, noise, recorded
from models.recipes.gestures.classes import GESTURES, POSES
from models.recipes.gestures.examples import Examples, blocks, joined
from models.recipes.gestures.network import Course

_CHOOSE, _JUDGE = ("drawn 8",), ("drawn 9",)
_FIRST, _SECOND = 0.4, 0.7  # of "others": the rest judges
_SEEN, _CHOSEN = 0.6, 0.8  # of bodies


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """Examples of one task. Those that judge are named for the card."""

    course: Course
    teach: Mapping[str, Examples]  # by where they are from
    choose: Mapping[str, Examples]
    judge: Mapping[str, Examples]
    foreign: tuple[str, ...]  # of `teach`: left out once, to be judged by a network without it


def of_hands(rng: np.random.Generator, shared: Path, humans: Path, count: int) -> Lesson:
    """Gestures; raises EdgeposeError or OSError where a set is missing."""
    kit, others = recorded.hands(shared), recorded.others(shared)
    drawn = drawn_hands.draw(rng, drawn_hands.Drawer.load(humans), count)
    strange = (*recorded.STRANGE, *drawn_hands.STRANGE)
    learned = kit.where(~np.isin(kit.kind, strange))
    left = np.char.find(learned.recording, "_left") >= 0
    right = learned.where(~left)
    parts = _drawn(drawn.where(~np.isin(drawn.kind, strange)))
    judge = blocks(right, 0.5, 1.0)
    end = blocks(others, _SECOND, 1.0)
    noisy = _noisy(rng, noise.hands)
    return Lesson(
        Course(FEATURES["hand-1"], GESTURES, noise.hands),
        {
            "drawn": parts[0],
            "kit": learned.where(left),
            "others": blocks(others, 0.0, _FIRST),
        },
        {
            "drawn": noisy(parts[1]),
            "kit": noisy(blocks(right, 0.0, 0.5)),
            "others": noisy(blocks(others, _FIRST, _SECOND)),
        },
        {
            "kit, other films": judge,
            "kit, other films, with noise": noisy(judge),
            "others, other part": end,
            "drawn, other hands, with noise": noisy(parts[2]),
            "gestures never learned": joined([kit.of_kinds(strange), drawn.of_kinds(strange)]),
            "others, a network without others": others,
        },
        ("others",),
    )


def of_bodies(rng: np.random.Generator, shared: Path, humans: Path, count: int) -> Lesson:
    """Poses; raises EdgeposeError or OSError where a set is missing."""
    kit = recorded.bodies(shared)
    parts = _drawn(drawn_bodies.draw(rng, drawn_bodies.Drawer.load(humans), count))
    judge = blocks(kit, _CHOSEN, 1.0)
    noisy = _noisy(rng, noise.bodies)
    return Lesson(
        Course(FEATURES["body-1"], POSES, noise.bodies),
        {"drawn": parts[0], "kit": blocks(kit, 0.0, _SEEN)},
        {"drawn": noisy(parts[1]), "kit": noisy(blocks(kit, _SEEN, _CHOSEN))},
        {
            "kit, other part": judge,
            "kit, other part, with noise": noisy(judge),
            "drawn, other poses, with noise": noisy(parts[2]),
            "kit, a network without kit": kit,
        },
        ("kit",),
    )


def _noisy(
    rng: np.random.Generator, change: Callable[[np.random.Generator, Examples], Examples]
) -> Callable[[Examples], Examples]:
    """Add noise once, and leave out what the noise made doubtful."""

    def made(examples: Examples) -> Examples:
        changed = change(rng, examples)
        return changed.where(changed.kind != "")

    return made


def _drawn(drawn: Examples) -> tuple[Examples, Examples, Examples]:
    choose, judge = np.isin(drawn.recording, _CHOOSE), np.isin(drawn.recording, _JUDGE)
    return drawn.where(~choose & ~judge), drawn.where(choose), drawn.where(judge)
