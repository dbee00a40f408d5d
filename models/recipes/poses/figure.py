"""A simple figure of 21 joints behind the rig's many bones: poses are sampled and mixed in it.

Its neutral stance is the anatomist's: upright, arms and legs straight down, palms to the thighs,
toes ahead. A joint's rotation (3, 3) is relative to its parent in neutral world axes, so that the
same numbers mean the same bend on both sides, save for the mirror, and for every source of motion.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from models.recipes.poses import rotation
from models.recipes.poses.types import Floats, Skeleton

_SIDE = ("clavicle", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "toes")
JOINTS = (
    "root", "spine", "chest", "neck", "head",
    *(f"{name}.L" for name in _SIDE), *(f"{name}.R" for name in _SIDE),
)  # fmt: skip
INDEX = {name: number for number, name in enumerate(JOINTS)}
_SIDE_PARENTS = ("chest", "clavicle", "shoulder", "elbow", "root", "hip", "knee", "ankle")
_LIMB_PARENTS = tuple(
    INDEX.get(f"{parent}.{side}", INDEX.get(parent, 0)) for side in "LR" for parent in _SIDE_PARENTS
)
PARENTS = (-1, 0, 1, 2, 3, *_LIMB_PARENTS)
# Further points that can touch the floor, each with the joint that carries it; balls have radii.
_TIPS = ("hand", "heel", "toe")
POINTS = (*JOINTS, "crown", "nose", *(f"{tip}.{side}" for side in "LR" for tip in _TIPS))
POINT = {name: number for number, name in enumerate(POINTS)}
_CARRIERS = {"hand": "wrist", "heel": "ankle", "toe": "ankle"}
CARRIERS = (
    *range(len(JOINTS)), INDEX["head"], INDEX["head"],
    *(INDEX[f"{_CARRIERS[tip]}.{side}"] for side in "LR" for tip in _TIPS),
)  # fmt: skip
# What each point but the first hangs on, and the joints by how far down the tree they are.
_HUNG = np.array([*PARENTS[1:], *CARRIERS[len(JOINTS) :]])
_DEEP = [0]
for _above in PARENTS[1:]:
    _DEEP.append(_DEEP[_above] + 1)
_LEVELS = [
    (np.flatnonzero(np.equal(_DEEP, level)), _HUNG[np.flatnonzero(np.equal(_DEEP, level)) - 1])
    for level in range(1, max(_DEEP) + 1)
]
# Mirroring swaps these joints and flips x.
MIRROR = (0, 1, 2, 3, 4, *range(13, 21), *range(5, 13))
_FLIP = np.array([[1.0, -1, -1], [-1, 1, 1], [-1, 1, 1]])
# The last bone that follows a joint, whose orientation is the joint's.
_LAST = {
    "root": "root", "spine": "spine03", "chest": "spine01", "neck": "neck03", "head": "head",
    "clavicle": "clavicle", "shoulder": "upperarm02", "elbow": "lowerarm02", "wrist": "wrist",
    "hip": "upperleg02", "knee": "lowerleg02", "ankle": "foot", "toes": "toe1-1",
}  # fmt: skip
_PIVOT = {"spine": "spine04", "neck": "neck02", "shoulder": "upperarm01", "elbow": "lowerarm01",
          "hip": "upperleg01", "knee": "lowerleg01"}  # fmt: skip
_TRUNK = {"spine": ("spine05", "spine04", "spine03"), "chest": ("spine02", "spine01"),
          "neck": ("neck01", "neck02", "neck03"), "head": ("head",), "root": ("root",)}  # fmt: skip
_TOES = ("toe1-1", "toe2-1", "toe3-1", "toe4-1", "toe5-1")


def _bone(name: str, table: dict[str, str]) -> str:
    """The bone a table gives for a joint, on the joint's side."""
    stem, dot, side = name.partition(".")
    return table.get(stem, stem) + dot + side


@dataclass(frozen=True, slots=True)
class Figure:
    """The figure of one rig: neutral orientations of bones (B, 3, 3) and offsets (P, 3), m."""

    bones: dict[str, int]
    parents: tuple[int, ...]
    axes: Floats
    neutral: Floats
    offsets: Floats

    def place(self, joints: Floats) -> tuple[Floats, Floats]:
        """Orientations (N, J, 3, 3) and points (N, P, 3), m from the hips' middle, of N poses."""
        turned = np.empty_like(joints)
        points = np.zeros((len(joints), len(POINTS), 3))
        turned[:, 0] = joints[:, 0]
        for these, above in _LEVELS:
            turned[:, these] = turned[:, above] @ joints[:, these]
        steps = (turned[:, _HUNG] @ self.offsets[1:, :, None])[..., 0]
        for these, above in _LEVELS:
            points[:, these] = points[:, above] + steps[:, these - 1]
        last = len(JOINTS)
        points[:, last:] = points[:, _HUNG[last - 1 :]] + steps[:, last - 1 :]
        return turned, points

    def expand(self, joints: Floats) -> Floats:
        """One pose's joints (J, 3, 3) as turns of all the rig's bones (B, 3, 3), float32."""
        turns = np.tile(np.eye(3), (len(self.parents), 1, 1))
        for name, chain in _TRUNK.items():
            share = joints[INDEX[name]]
            part = share if len(chain) == 1 else rotation.power(share, 1 / len(chain))
            for bone in chain:
                turns[self.bones[bone]] = part
        both = [self._whole(joints, f"{name}.{side}") for side in "LR" for name in _SIDE]
        names = [f"{name}.{side}" for side in "LR" for name in _SIDE]
        whole = dict(zip(names, both, strict=True))
        # Twist is spread along upper arm, thigh and forearm, as the skin does.
        long = [f"{name}.{side}" for side in "LR" for name in ("shoulder", "hip", "elbow")]
        axes = np.stack([self.axes[self.bones[_bone(name, _LAST)]] for name in long])
        twists = rotation.twist(np.stack([whole[name] for name in long]), axes)
        for side, forearm in (("L", 2), ("R", 5)):
            swing = whole[f"elbow.{side}"] @ twists[forearm].T
            hand = twists[forearm] @ whole[f"wrist.{side}"]
            twists[forearm] = rotation.twist(hand, axes[forearm])
            whole[f"elbow.{side}"], whole[f"wrist.{side}"] = swing, twists[forearm].T @ hand
        halves = rotation.power(twists, 0.5)
        for name, half in zip(long, halves, strict=True):
            stem, side = name.split(".")
            last = self.bones[_bone(name, _LAST)]
            turns[last] = half
            if stem == "elbow":
                turns[self.parents[last]] = whole[name]
                turns[self.bones[f"wrist.{side}"]] = half @ whole[f"wrist.{side}"]
            else:
                turns[self.parents[last]] = whole[name] @ half.T
        for side in "LR":
            turns[self.bones[f"clavicle.{side}"]] = whole[f"clavicle.{side}"]
            turns[self.bones[f"lowerleg01.{side}"]] = whole[f"knee.{side}"]
            turns[self.bones[f"foot.{side}"]] = whole[f"ankle.{side}"]
            for toe in _TOES:
                turns[self.bones[f"{toe}.{side}"]] = whole[f"toes.{side}"]
        return turns.astype(np.float32)

    def contract(self, turns: Floats) -> Floats:
        """The joints (J, 3, 3) of a pose given as turns of all bones (B, 3, 3)."""
        turned = np.asarray(turns, dtype=np.float64).copy()
        for bone, parent in enumerate(self.parents):
            if parent >= 0:
                turned[bone] = turned[parent] @ turned[bone]
        last = [self.bones[_bone(name, _LAST)] for name in JOINTS]
        whole = turned[last] @ np.swapaxes(self.neutral[last], -1, -2)
        joints: Floats = relative(whole[None])[0]
        return joints

    def _whole(self, joints: Floats, name: str) -> Floats:
        """A limb joint's turn in rest axes, before it is spread along bones."""
        own = self.neutral[self.bones[_bone(name, _LAST)]]
        parent = JOINTS[PARENTS[INDEX[name]]]
        above = self.neutral[self.bones[_bone(parent, _LAST)]]
        whole: Floats = above.T @ joints[INDEX[name]] @ own
        return whole


def relative(turned: Floats) -> Floats:
    """Joint rotations (N, J, 3, 3) from orientations in the world: what `place` undoes."""
    above = np.swapaxes(turned[:, list(PARENTS[1:])], -1, -2)
    return np.concatenate([turned[:, :1], above @ turned[:, 1:]], axis=1)


def mirrored(joints: Floats) -> Floats:
    """Poses (..., J, 3, 3) seen in a mirror: left for right."""
    swapped: Floats = joints[..., list(MIRROR), :, :] * _FLIP
    return swapped


def make_figure(rig: Skeleton) -> Figure:
    """The figure behind a rig with MakeHuman's bone names; KeyError where a bone is missing."""
    bones = {name: number for number, name in enumerate(rig.names)}
    heads = np.asarray(rig.heads, dtype=np.float64)
    tails = np.asarray(rig.tails, dtype=np.float64)
    at = {name: heads[number] for name, number in bones.items()}
    set_at = {}
    for side in "LR":
        set_at.update(_limbs(at, side))
    neutral = np.tile(np.eye(3), (len(bones), 1, 1))
    for name, number in bones.items():
        parent = int(rig.parents[number])
        neutral[number] = set_at.get(name, neutral[parent] if parent >= 0 else np.eye(3))
    spots = _spots(at, tails, bones)
    offsets = np.zeros((len(POINTS), 3))
    for point, name in enumerate(POINTS[1:], start=1):
        carrier = PARENTS[point] if point < len(JOINTS) else CARRIERS[point]
        turn = neutral[bones[_bone(JOINTS[carrier], _LAST)]]
        offsets[point] = turn @ (spots[name] - spots[JOINTS[carrier]])
    parents = tuple(int(parent) for parent in rig.parents)
    return Figure(bones, parents, rotation.unit(tails - heads), neutral, offsets)


def _limbs(at: dict[str, Floats], side: str) -> dict[str, Floats]:
    """The rotations that bring one side's limbs from rest to neutral."""
    elbow, wrist = at[f"lowerarm01.{side}"], at[f"wrist.{side}"]
    upper, lower = elbow - at[f"upperarm01.{side}"], wrist - elbow
    hinge = np.cross(upper, lower)  # at rest elbows are bent, which shows about which axis
    knuckles = [at[f"finger{finger}-1.{side}"] for finger in (2, 3, 4, 5)]
    palm = np.mean(knuckles, axis=0) - wrist
    knee, foot = at[f"lowerleg01.{side}"], at[f"foot.{side}"]
    down = partial(_neutral, (0.0, -1.0, 0.0))
    return {
        f"upperarm01.{side}": down((-1.0, 0.0, 0.0), upper, hinge),
        f"lowerarm01.{side}": down((-1.0, 0.0, 0.0), lower, hinge),
        f"wrist.{side}": down((0.0, 0.0, 1.0), palm, knuckles[0] - knuckles[3]),
        f"upperleg01.{side}": down((0.0, 0.0, 1.0), knee - at[f"upperleg01.{side}"], [0, 0, 1]),
        f"lowerleg01.{side}": down((0.0, 0.0, 1.0), foot - knee, [0, 0, 1]),
        f"foot.{side}": np.eye(3),
    }


def _neutral(
    axis: tuple[float, ...], hint: tuple[float, ...], own: ArrayLike, side: ArrayLike
) -> Floats:
    turn: Floats = rotation.frame(axis, hint) @ rotation.frame(own, side).T
    return turn


def _spots(at: dict[str, Floats], tails: Floats, bones: dict[str, int]) -> dict[str, Floats]:
    """Where the figure's points are at rest, m."""
    spots = {name: at[_bone(name, _PIVOT | {"wrist": "wrist", "ankle": "foot", "toes": "toe1-1"})]
             for name in JOINTS if name not in ("root", "chest")}  # fmt: skip
    spots["root"] = (at["upperleg01.L"] + at["upperleg01.R"]) / 2
    spots["chest"] = (at["spine02"] + at["spine01"]) / 2
    head = at["head"]
    spots["crown"] = tails[bones["head"]] + (0.0, 0.02, 0.0)
    spots["nose"] = np.array([0.0, at["eye.L"][1] - 0.03, at["eye.L"][2] + 0.05])
    spots["head"] = head
    for side in "LR":
        foot, toe = at[f"foot.{side}"], at[f"toe2-1.{side}"]
        spots[f"hand.{side}"] = tails[bones[f"finger3-3.{side}"]]
        spots[f"heel.{side}"] = np.array([foot[0], toe[1], foot[2] - 0.05])
        spots[f"toe.{side}"] = tails[bones[f"toe2-3.{side}"]]
    return spots
