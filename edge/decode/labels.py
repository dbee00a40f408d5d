"""What a classifier makes of one pose's vector: the name of a gesture, or of a pose of the body.

Heads: `scores`, the probability of each class; `place`, where the vector lies among all, measured
so that one kind of example is a ball of about the same size everywhere; `known`, for each kind that
was learned, the squared distance from its middle, less the squared length of `place`.

What a user has taught is a place and a radius, kept in the manifest: the weights stay what their
hash says, and a device needs nothing but this file to teach them more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from edge.core.settings import setting
from edge.core.types import Floats, Pose

NONE = "none"  # the class of whatever is no class


@dataclass(frozen=True, slots=True)
class Taught:
    """One class that was added by showing it."""

    name: str = field(metadata={"doc": "what it is called"})
    place: tuple[float, ...] = field(metadata={"doc": "the middle of its examples"})
    radius: float = setting(0.0, "how far from there still counts", low=0)
    examples: int = setting(0, "frames it was learned from", low=0)


@dataclass(frozen=True, slots=True)
class Labels:
    """Decoder of the heads `scores`, `place` and `known`."""

    classes: tuple[str, ...] = field(metadata={"doc": f"of `scores`; '{NONE}' is none"})
    kinds: tuple[str, ...] = setting((), "of `known`: ways to do a class")
    threshold: float = setting(0.5, "least probability that is believed", low=0, high=1)
    taught: tuple[Taught, ...] = setting((), "classes added by `edgepose gestures teach`")

    @property
    def names(self) -> tuple[str, ...]:
        """Every label that can be given."""
        learned = (name for name in self.classes if name != NONE)
        return tuple(dict.fromkeys((*learned, *(one.name for one in self.taught))))

    def __call__(self, heads: Mapping[str, Floats], _size: tuple[int, int]) -> tuple[Pose, ...]:
        """Heads (1, C), (1, P), (1, K) -> one pose without joints that has the label, or none."""
        scores, place, known = (heads[name][0] for name in ("scores", "place", "known"))
        self._fit(scores, place, known)
        name, score = self._taught(place, known) or self._learned(scores)
        if not name:
            return ()
        nothing = np.zeros(0, np.float32)
        return (Pose("", nothing.reshape(0, 2), nothing, label=name, label_score=score),)

    def _learned(self, scores: Floats) -> tuple[str, float]:
        best = int(scores.argmax())
        score = float(scores[best])
        name = self.classes[best]
        return (name, score) if score >= self.threshold and name != NONE else ("", 0.0)

    def _taught(self, place: Floats, known: Floats) -> tuple[str, float] | None:
        """The nearest taught class, if it is near enough and nearer than all that was learned."""
        if not self.taught:
            return None
        middles = np.array([one.place for one in self.taught], np.float32)
        distances = np.square(middles - place).sum(axis=1)
        best = int(distances.argmin())
        square, one = float(distances[best]), self.taught[best]
        learned = float(known.min() + np.square(place).sum()) if len(known) else np.inf
        if not square <= min(one.radius**2, learned):
            return None
        return one.name, 1.0 - 0.5 * square / max(one.radius**2, 1e-9)

    def _fit(self, scores: Floats, place: Floats, known: Floats) -> None:
        """Raise ValueError where the heads are of other sizes than the names here."""
        if len(scores) != len(self.classes) or len(known) != len(self.kinds):
            message = f"{len(self.classes)} classes and {len(self.kinds)} kinds have names"
            raise ValueError(message)
        if any(len(one.place) != len(place) for one in self.taught):
            message = f"what was taught has another size than `place`, which has {len(place)}"
            raise ValueError(message)


PLUGIN = Labels
