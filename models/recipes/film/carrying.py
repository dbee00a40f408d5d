"""Where the carried things are: in their place, in a hand, or where it let them go."""

from __future__ import annotations

import numpy as np

from models.recipes.film.curves import Floats, between
from models.recipes.film.layout import place
from models.recipes.film.procedure import Script

_HANDS = {"L": 0, "R": 1}
_TIPS = (4, 8, 12)  # thumb, index and middle finger
_SETTLES = 0.15  # s, to slip from where the hand has it to where it lies


def places(script: Script, t: float, hands: Floats) -> dict[str, Floats]:
    """Middles (3,) m of the things to be seen at t; `hands` (2, 21, 3) m, left first.

    Parts are seen from when they are taken; the tool always is.
    """
    found: dict[str, Floats] = {"tool": place("tool")}
    for carry in script.carries:
        if t < carry.begin:
            continue
        held = hands[_HANDS[carry.hand], _TIPS].mean(axis=0) - (0.0, 0.012, 0.0) + carry.off
        if carry.thing in found:
            taken = float(between(t, carry.begin, carry.begin + _SETTLES))
            held = found[carry.thing] + taken * (held - found[carry.thing])
        let_go = float(between(t, carry.end, carry.end + _SETTLES))
        found[carry.thing] = held + let_go * (np.asarray(carry.to) - held)
    return found
