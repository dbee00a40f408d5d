"""Which model does what: its skeleton says it, and only some of them go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from edge.errors import ConfigError
from edge.runtime.predictor import Predictor

_WHAT = {"body17": "bodies", "palm9": "palms", "hand21": "hand landmarks"}  # by skeleton
_IDLE = (
    "palm9",
    "a palm model never runs beside a body model",
    "leave it out: a body's wrists show where its hands are",
)
# Skeletons that do not go together: the one that is wrong, why, and what helps.
_MISFITS = {
    frozenset({"body17", "palm9"}): _IDLE,
    frozenset({"body17", "palm9", "hand21"}): _IDLE,
    frozenset({"palm9"}): (
        "palm9",
        "finds palms, and no model takes them further",
        "add a model of hand landmarks, such as hand-landmark-lite",
    ),
    frozenset({"hand21"}): (
        "hand21",
        "takes hands that another model has found, and there is none",
        "add a palm model, such as palm-detection-lite, or a body model",
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class Roles:
    """The predictors of one camera: a body; a palm and a hand; a body and a hand; and namers."""

    body: Predictor | None
    palm: Predictor | None
    hand: Predictor | None
    classifiers: Mapping[str, Predictor] = field(default_factory=dict)  # by skeleton

    @property
    def predictors(self) -> tuple[Predictor, ...]:
        """Those there are."""
        found = (self.body, self.palm, self.hand, *self.classifiers.values())
        return tuple(one for one in found if one is not None)

    def finds(self, skeleton: str) -> bool:
        """Whether there is a model that finds poses of this skeleton."""
        finders = (self.body, self.palm, self.hand)
        return any(one and one.manifest.skeleton == skeleton for one in finders)


def roles(predictors: Sequence[Predictor], file: str) -> Roles:
    """Give each predictor its role; raises ConfigError with the place of one that has none."""
    places: dict[str, int] = {}
    namers: dict[str, int] = {}
    for number, predictor in enumerate(predictors, start=1):
        skeleton = predictor.manifest.skeleton
        names = not predictor.manifest.finds
        same = namers if names else places
        if skeleton in same:
            verb = "names" if names else "finds"
            problem = f"{verb} {_WHAT[skeleton]}, as model[{same[skeleton]}] does"
            raise ConfigError(f"{file}: model[{number}]", problem, "leave one of them out")
        same[skeleton] = number
    misfit = _MISFITS.get(frozenset(places))
    if misfit:
        wrong, problem, hint = misfit
        raise ConfigError(f"{file}: model[{places[wrong]}]", problem, hint)
    for skeleton, number in namers.items():
        if skeleton not in places:
            problem = f"names {_WHAT[skeleton]}, and no model finds any"
            hint = "add a model that does: see `edgepose models list`"
            raise ConfigError(f"{file}: model[{number}]", problem, hint)
    found = {skeleton: predictors[number - 1] for skeleton, number in places.items()}
    classifiers = {skeleton: predictors[number - 1] for skeleton, number in namers.items()}
    return Roles(found.get("body17"), found.get("palm9"), found.get("hand21"), classifiers)
