"""One pose of a kind from joint angles alone: several drafts, of which the freest is kept."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.recipes.poses import chairs, ground, limits, lying, seated, sport, upright
from models.recipes.poses.draft import Draft
from models.recipes.poses.draft import upright as neutral
from models.recipes.poses.figure import Figure, mirrored
from models.recipes.poses.types import Floats

_DRAFTS = 6
_KEPT = 2
_TWISTED = 0.04  # m of flesh per unit of joint beyond its limit


def _bench(draft: Draft) -> None:
    standing = draft.rng.random() < 0.6  # noqa: PLR2004 - the rest sit
    (upright.bench if standing else chairs.at_bench)(draft)


MAKERS: dict[str, Callable[[Draft], None]] = {
    "standing": upright.standing,
    "walking": upright.walking,
    "reaching": upright.reaching,
    "bench": _bench,
    "bending": upright.bending,
    "squatting": upright.squatting,
    "sitting": seated.sitting,
    "sitting-chair": chairs.on_chair,  # parts of sitting, for falling and getting up
    "sitting-floor": seated.sitting_on_floor,
    "kneeling": seated.kneeling,
    "crawling": seated.crawling,
    "push-up": seated.push_up,
    "lying-back": lying.lying_back,
    "lying-front": lying.lying_front,
    "lying-side": lying.lying_side,
    "sport": sport.sport,
}


def drafts(
    figure: Figure, rng: np.random.Generator, kind: str, count: int
) -> tuple[Floats, Floats]:
    """Some poses (N, J, 3, 3) of a kind and how bad each is (N,); KeyError for falls.

    They face +z, or lie with the head to -z. Worse are limbs inside flesh, and twisted joints.
    """
    draft = Draft(figure, rng, neutral(count))
    MAKERS[kind](draft)
    made = limits.clamp(draft.joints)
    beyond = np.abs(made - draft.joints).sum(axis=(1, 2, 3))
    if kind.startswith("lying"):  # clamped before they were settled: now the floor comes first
        made = draft.joints
    return made, ground.sunk(figure, made) + _TWISTED * beyond


def joints(figure: Figure, rng: np.random.Generator, kind: str) -> Floats:
    """One pose (J, 3, 3) of a kind, the best of a few drafts; KeyError for falls."""
    made, bad = drafts(figure, rng, kind, _DRAFTS)
    best: Floats = made[int(np.argmin(bad))]
    return mirrored(best) if rng.random() < 0.5 else best  # noqa: PLR2004 - either side


def bank(figure: Figure, rng: np.random.Generator, rounds: int) -> dict[str, Floats]:
    """Poses (N, J, 3, 3) of each kind, two of eight drafts in every round: to mix falls from."""
    kept: dict[str, list[Floats]] = {kind: [] for kind in MAKERS}
    for kind, those in kept.items():
        for _ in range(rounds):
            made, bad = drafts(figure, rng, kind, 4 * _KEPT)
            best = made[np.argsort(bad)[:_KEPT]]
            those += [best, mirrored(best)]
    return {kind: np.concatenate(those) for kind, those in kept.items()}
