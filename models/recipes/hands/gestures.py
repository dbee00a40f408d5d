"""Named gestures, and grips round things of some size, as angles of joints.

Thumbs of gestures that touch were found by searching for angles where pads meet and nothing
passes through anything.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from models.recipes.hands.bending import Angles

_SPREAD, _CLOSED = (15.0, 2.0, -11.0, -24.0), (3.0, 0.0, -3.0, -6.0)
_STRAIGHT, _CURLED, _LOOSE = (0.0, 3.0, 0.0), (84.0, 102.0, 62.0), (20.0, 25.0, 15.0)
# The thumb: opposition, flexion at its base, middle and end.
_OUT, _BESIDE, _ACROSS = (0.0, -8.0, 2.0, 0.0), (5.0, 18.0, 8.0, 5.0), (66.0, -9.0, 34.0, 50.0)
_UP, _REST, _FOLDED = (0.0, -12.0, 0.0, -8.0), (15.0, 4.0, 12.0, 12.0), (72.0, -2.0, 36.0, 48.0)


def _hand(
    thumb: tuple[float, ...],
    bends: tuple[tuple[float, ...], ...],
    spread: tuple[float, ...] = _CLOSED,
    cup: float = 0.0,
) -> Angles:
    rows = [(apart, *bend) for apart, bend in zip(spread, bends, strict=True)]
    return Angles(np.array(rows, float), np.array(thumb, float), cup)


def _counted(thumb: tuple[float, ...], pattern: str) -> Angles:
    """Index to little finger straight (|) or curled (o)."""
    straight = [mark == "|" for mark in pattern]
    bends = tuple(_STRAIGHT if is_straight else _CURLED for is_straight in straight)
    spread = tuple(
        wide if ok else near for ok, wide, near in zip(straight, _SPREAD, _CLOSED, strict=True)
    )
    return _hand(thumb, bends, spread)


def _pinch(
    thumb: tuple[float, ...], finger: int, touching: tuple[float, ...], others: tuple[float, ...]
) -> Angles:
    """A finger that meets the thumb: its spread and bends, and the bends of the others."""
    rows = [(apart, *others) for apart in (6.0, 1.0, -5.0, -12.0)]
    rows[finger] = touching
    return Angles(np.array(rows, float), np.array(thumb, float))


GESTURES: Final[dict[str, Angles]] = {
    "open": _hand(_OUT, (_STRAIGHT,) * 4, _SPREAD),
    "flat": _hand(_BESIDE, (_STRAIGHT,) * 4),
    "stretched": _hand((-8, -14, -5, -12), ((-15, 2, 0),) * 4, (20, 4, -14, -30)),
    "relaxed": _hand(_REST, (_LOOSE, (25, 30, 17), (30, 35, 20), (32, 38, 22))),
    "fist": _hand(_ACROSS, (_CURLED,) * 4, cup=8),
    "thumb up": _counted(_UP, "oooo"),
    "point": _counted(_ACROSS, "|ooo"),
    "gun": _counted(_UP, "|ooo"),
    "two": _counted(_FOLDED, "||oo"),
    "three": _counted(_FOLDED, "|||o"),
    "three with thumb": _counted(_OUT, "||oo"),
    "four": _counted((50, 16, 30, 35), "||||"),
    "horns": _counted(_ACROSS, "|oo|"),
    "call": _counted(_UP, "ooo|"),
    "claw": _hand((20, -5, 15, 40), ((8, 80, 50),) * 4, _SPREAD),
    "hook": _hand(_REST, ((5, 95, 60),) * 4),
    "table": _hand((45, 5, 5, 0), ((60, 8, 3),) * 4),
    "pinch": _pinch((41, 7, 11, 22), 0, (0, 48, 51, 23), (50, 55, 35)),
    "ok": _pinch((41, 7, 11, 22), 0, (0, 48, 51, 23), (8, 10, 5)),
    "pinch middle": _pinch((63, 5, 9, 19), 1, (2, 49, 58, 27), (25, 30, 15)),
    "pinch ring": _pinch((75, 11, 9, 14), 2, (6, 40, 60, 32), (20, 25, 15)),
    "pinch little": _pinch((75, 17, 15, 19), 3, (2, 40, 46, 22), (15, 20, 10)),
    "tripod": _hand((45, 7, 11, 22), ((48, 51, 23), (50, 54, 30), (60, 75, 40), (62, 78, 42))),
    "key": _hand((12, 14, 15, 25), ((50, 60, 35), (60, 75, 40), (65, 80, 45), (68, 82, 45))),
}
_SEGMENTS: Final = (0.021, 0.018, 0.013)  # m, about half of what lies on both sides of each joint
FLESH: Final = 0.010  # m, from a finger's bone to its skin


def round_grip(radius: float) -> Angles:
    """A hand closed round a cylinder of `radius` (m): each joint turns as its segments need."""
    bends = np.degrees(2 * np.arctan(np.array(_SEGMENTS) / (radius + FLESH)))
    bends = np.minimum(bends, (80.0, 95.0, 60.0))
    wide = float(np.clip(1 - radius / 0.05, 0, 1))  # the thumb of a wide grip stays opposite
    thumb = (52.0, -8 + 4 * wide, 8 + 18 * wide, 10 + 25 * wide)
    return _hand(thumb, (tuple(bends),) * 4, cup=6)


def ball_grip(radius: float) -> Angles:
    """A hand round a ball of `radius` (m): as round a cylinder, and spread."""
    grip = round_grip(radius)
    fingers = grip.fingers.copy()
    fingers[:, 0] = _SPREAD
    fingers[:, 1] *= 0.6
    return Angles(fingers, np.array([48.0, -6, 8, 18]), 4.0)


def flat_grip(thickness: float) -> Angles:
    """A hand holding a box or a phone of `thickness` (m) from behind, fingers round one edge."""
    bend = (18 + 200 * thickness, 42.0, 38.0)
    return _hand((35, 0, 8, 10), (bend,) * 4, (5, 1, -4, -9), 4.0)
