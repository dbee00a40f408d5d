"""What is told apart. A kind is one way of doing it; several kinds can be one class.

The network learns kinds, which are finer, and answers with classes: so "none" is not one heap, and
a gesture that somebody teaches later is not yet thrown together with others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edge.decode.labels import NONE

Names = npt.NDArray[np.str_]

_GESTURES = {
    "open": ("open", "flat"),
    "fist": ("fist",),
    "point": ("point",),
    "peace": ("peace",),
    "three": ("three", "three-thumb"),
    "four": ("four",),
    "ok": ("ok",),
    "pinch": ("pinch", "pinch-middle", "tripod"),
    "thumb_up": ("thumb-up",),
    "thumb_down": ("thumb-down",),
    "rock": ("rock", "rock-thumb"),
    "call": ("call",),
    NONE: (
        *("thumb-aside", "gun", "relaxed", "hook", "table", "pinch-far", "other"),
        *("zero", "beak", "edge", "water"),
    ),
}
_POSES = {
    "stand": ("stand",),
    "arms_raised_left": ("raised-left",),
    "arms_raised_right": ("raised-right",),
    "arms_raised_both": ("raised-both", "hands-up"),
    "arms_crossed": ("crossed",),
    "t": ("t",),
    "squat": ("squat",),
    "sit": ("sit",),
    "kneel": ("kneel",),
    "bend": ("bend",),
    NONE: ("between", "lying", "hands-on-floor"),
}
# Mirroring a picture makes one of the other; all others stay what they are.
_MIRRORED = {"raised-left": "raised-right", "raised-right": "raised-left"}


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes and their kinds, in the network's order."""

    table: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """Every class."""
        return tuple(self.table)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind."""
        return tuple(kind for kinds in self.table.values() for kind in kinds)

    def of(self, kinds: Names) -> Names:
        """The class of each kind (N,); what nobody has learned is "none"."""
        owner = {kind: name for name, kinds in self.table.items() for kind in kinds}
        return np.array([owner.get(str(kind), NONE) for kind in kinds])

    def mirrored(self, kinds: Names) -> Names:
        """What kinds (N,) are in a mirrored picture."""
        return np.array([_MIRRORED.get(str(kind), str(kind)) for kind in kinds])


GESTURES = Classes(_GESTURES)
POSES = Classes(_POSES)
