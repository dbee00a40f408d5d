"""Hands from the recipe's own articulations, seen from anywhere: exact landmarks, no pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.recipes.gestures import classes
from models.recipes.gestures.examples import Examples
from models.recipes.hands.anatomy import refined
from models.recipes.hands.bending import LEAST, MOST, Angles, bent, limited, mixed
from models.recipes.hands.gestures import GESTURES, round_grip
from models.recipes.humans.keypoints import hand21
from models.recipes.humans.rig import Rig, load_rig
from models.recipes.poses.types import Bools, Floats

_KINDS = {
    "open": "open", "stretched": "open", "flat": "flat", "relaxed": "relaxed", "fist": "fist",
    "thumb up": "thumb-up", "point": "point", "gun": "gun", "two": "peace", "three": "three",
    "three with thumb": "three-thumb", "four": "four", "horns": "rock", "call": "call",
    "hook": "hook", "table": "table", "pinch": "pinch", "ok": "ok",
    "pinch middle": "pinch-middle", "pinch ring": "pinch-far", "pinch little": "pinch-far",
    "tripod": "tripod",
}  # fmt: skip
_STRANGE = {"claw": "claw"}  # never learned from
STRANGE = tuple(_STRANGE.values())
_NAMES = tuple(_KINDS)
_CLASS_OF = dict(zip(_NAMES, classes.GESTURES.of(np.array(list(_KINDS.values()))), strict=True))
_WIDE = (0.02, 0.05)  # m, radius of what is held; a thinner thing is held by a fist
_THUMB = ((-15.0, -20.0, -5.0, -12.0), (70.0, 30.0, 50.0, 60.0))  # deg, least and most
_OTHER = 6  # times as many that are none of these as of each
_NOISE, _TOGETHER = 5.0, 5.0  # deg
_FACING = 0.75  # cosine; fingers that point at the camera more than this tell little
_NEAR, _FAR = 0.3, 1.2  # m from the camera
_PX = 600.0  # focal length
_VIEWS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Drawer:
    """Bends the hand of one rig."""

    rig: Rig
    rest: Floats  # (B, 3, 3)

    @classmethod
    def load(cls, humans: Path) -> Drawer:
        """Read the rig; OSError where it is missing."""
        rig = refined(load_rig(humans))
        return cls(rig, np.tile(np.eye(3, dtype=np.float32), (len(rig.names), 1, 1)))

    def points(self, rng: np.random.Generator, angles: Angles) -> Floats:
        """Landmarks (21, 3) m of a right hand of some proportions, from its wrist."""
        whole, places = self.rig.pose(bent(self.rig, self.rest, "R", angles))
        points: Floats = hand21(self.rig, whole, places, "R")
        points = points - points[0]
        for start in range(1, 21, 4):
            part = points[start + 1 : start + 4]
            part += (rng.uniform(0.88, 1.12) - 1.0) * (part - points[start])
        return points


def draw(rng: np.random.Generator, drawer: Drawer, count: int) -> Examples:
    """Draw `count` articulations of each gesture, and of what is none; each in several views."""
    kinds, hands = [], []
    for name, kind in (_KINDS | _STRANGE).items():
        for _ in range(count):
            kinds.append(kind)
            hands.append(drawer.points(rng, _about(rng, GESTURES[name])))
    for _ in range(_OTHER * count):
        kinds.append("other")
        hands.append(drawer.points(rng, _neither(rng)))
    every = np.repeat(np.array(hands), _VIEWS, axis=0)
    xy = project(rng, every)
    named = np.repeat(np.array(kinds), _VIEWS)
    score = np.ones(xy.shape[:2], np.float32)
    groups = np.repeat(np.arange(len(hands)) % 10, _VIEWS)  # of views of one hand: never apart
    return Examples(xy, score, named, np.char.add("drawn ", groups.astype(np.str_)))


def project(rng: np.random.Generator, hands: Floats) -> Floats:
    """Hands (N, 21, 3) m, turned by chance, as px (N, 21, 2) of a camera before them."""
    turned = _turned(rng, hands, lambda way: np.abs(way[:, 2]) < _FACING)
    away = rng.uniform(_NEAR, _FAR, (len(hands), 1))
    depth = np.maximum(away + turned[:, :, 2], 0.1)
    xy = _PX * turned[:, :, :2] / depth[:, :, None]
    return (xy * (1.0, -1.0)).astype(np.float32)  # y down


def _turned(rng: np.random.Generator, hands: Floats, good: Callable[[Floats], Bools]) -> Floats:
    """Turn each hand evenly over all directions until its palm's length is as wanted."""
    result = np.empty_like(hands)
    left = np.arange(len(hands))
    while len(left):
        axes = rng.standard_normal((len(left), 4))
        turns = _matrices(axes / np.linalg.norm(axes, axis=1, keepdims=True))
        made = hands[left] @ np.swapaxes(turns, 1, 2)
        way = made[:, 9] / np.maximum(np.linalg.norm(made[:, 9], axis=1, keepdims=True), 1e-9)
        fine = good(way)
        result[left[fine]] = made[fine]
        left = left[~fine]
    return result


def _matrices(quaternions: Floats) -> Floats:
    """Rotations (N, 3, 3) of unit quaternions (N, 4)."""
    w, x, y, z = quaternions.T
    rows = (
        (1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)),
        (2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)),
        (2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)),
    )
    return np.stack([np.stack(row, axis=1) for row in rows], axis=1)


def _about(rng: np.random.Generator, angles: Angles) -> Angles:
    """A gesture as somebody else does it."""
    fingers = angles.fingers + rng.normal(0, _NOISE, (4, 4))
    fingers[:, 1:] += rng.normal(0, _TOGETHER) + rng.normal(0, _TOGETHER, (4, 1))
    thumb = angles.thumb + rng.normal(0, _NOISE, 4)
    return limited(replace(angles, fingers=fingers, thumb=thumb))


def _neither(rng: np.random.Generator) -> Angles:
    """Half-way between gestures of two classes, holding something wide, or each finger anywhere."""
    way = rng.random()
    if way < 0.5:  # noqa: PLR2004 - share
        first, second = rng.choice(_NAMES, 2, replace=False)
        while _CLASS_OF[first] == _CLASS_OF[second]:
            second = rng.choice(_NAMES)
        return _about(rng, mixed(GESTURES[first], GESTURES[second], rng.uniform(0.4, 0.6)))
    if way < 0.7:  # noqa: PLR2004
        return _about(rng, round_grip(rng.uniform(*_WIDE)))
    fingers = rng.uniform(LEAST, MOST)
    fingers[:, 3] = 0.6 * fingers[:, 2] + rng.normal(0, 12, 4)  # as tendons do
    return limited(Angles(fingers, rng.uniform(*_THUMB), float(rng.uniform(0, 12))))
