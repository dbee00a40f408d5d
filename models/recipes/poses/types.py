"""What a sampled pose is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.floating]
Bools: TypeAlias = NDArray[np.bool_]

KINDS = (
    "standing", "walking", "reaching", "bench", "bending", "squatting", "sitting", "kneeling",
    "crawling", "push-up", "lying-back", "lying-front", "lying-side", "falling", "getting-up",
    "sport",
)  # fmt: skip


class Skeleton(Protocol):
    """What is needed of a rig: bones, parents first, metres, in rest pose facing +z."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the bones (B)."""

    @property
    def parents(self) -> NDArray[np.integer]:
        """Index of each bone's parent (B,), -1 for the root."""

    @property
    def heads(self) -> Floats:
        """Where each bone begins (B, 3), m."""

    @property
    def tails(self) -> Floats:
        """Where each bone ends (B, 3), m."""


@dataclass(frozen=True, slots=True)
class BodyPose:
    """Turns of all bones (B, 3, 3) in rest axes, one of KINDS, and the lowest vertex's y, m."""

    turns: Floats
    kind: str
    lift: float
