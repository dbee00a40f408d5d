"""Bodies from the recipe's own poses, seen by cameras on walls: exact keypoints, no pixels.

What a pose is called is decided by where its joints are in space, by one rule for all of them, and
not by how it was drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.recipes.gestures.classes import Names
from models.recipes.gestures.examples import Examples
from models.recipes.humans.rig import load_rig
from models.recipes.poses import parametric, rotation
from models.recipes.poses.draft import Draft
from models.recipes.poses.figure import INDEX, POINT, Figure, make_figure
from models.recipes.poses.types import Floats

_LOW, _FLOOR = ("lying-back", "lying-front", "lying-side"), ("crawling", "push-up")
_ON_FEET = ("standing", "walking", "bench", "reaching", "bending", "squatting")
_KINDS = (*_ON_FEET, "sitting", "kneeling", *_LOW, *_FLOOR)
_MANY = {"standing": 5, "sitting": 4, "kneeling": 2, "squatting": 3, "bending": 2, "walking": 2}
_ARMED = ("standing", "standing", "standing", "sitting", "kneeling", "walking")
_ARMS = ("left", "right", "both", "up", "cross", "t")
_VIEWS = 4
_PX = 500.0  # focal length
_FACE = (  # m from the nose, in the head's axes: nose, eyes, ears
    (0.0, 0.0, 0.0), (0.032, 0.035, -0.03), (-0.032, 0.035, -0.03),
    (0.075, 0.015, -0.12), (-0.075, 0.015, -0.12),
)  # fmt: skip
_LIMBS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
_STEEP = 60.0  # deg; crossed arms and a T are told from the front, a T also from behind
# Of the pose in space.
_RAISED, _BELOW = 0.05, 0.10  # m under the crown that a raised wrist may be; that a low one is
_LEVEL, _STRETCHED = 0.17, 0.8  # m from the shoulder's height; share of the arm's length
_TILTED, _BENT = 40.0, 45.0  # deg of the trunk
_STRAIGHT, _SQUAT = 0.87, 0.68  # hips above the ankles, of the leg's length


@dataclass(frozen=True, slots=True, eq=False)
class Drawer:
    """Poses of the figure of one rig."""

    figure: Figure

    @classmethod
    def load(cls, humans: Path) -> Drawer:
        """Read the rig; OSError where it is missing."""
        return cls(make_figure(load_rig(humans)))

    def poses(self, rng: np.random.Generator, count: int) -> tuple[Floats, Names]:
        """Joints (N, J, 3, 3) and what they were drawn as (N,); more of what is told apart."""
        made, named = [], []
        for kind in _KINDS:
            for _ in range(count * _MANY.get(kind, 1)):
                made.append(parametric.joints(self.figure, rng, kind))
                named.append(kind)
        for arms in _ARMS:
            for _ in range(count):
                kind = _ARMED[rng.integers(len(_ARMED))]
                made.append(self._armed(rng, parametric.joints(self.figure, rng, kind), arms))
                named.append(kind)
        return np.array(made), np.array(named)

    def _armed(self, rng: np.random.Generator, joints: Floats, arms: str) -> Floats:
        draft = Draft(self.figure, rng, joints[None].copy())
        for side, name in (("L", "left"), ("R", "right")):
            if arms in (name, "both"):
                _raise(draft, side)
            elif arms == "up" or (arms in ("left", "right") and rng.random() < 0.15):  # noqa: PLR2004
                _hands_up(draft, side) if arms == "up" else _stretch(draft, side)
            elif arms == "t":
                _stretch(draft, side)
            elif arms == "cross":
                _cross(draft, side, side == "L")
        new: Floats = draft.joints[0]
        return new


def draw(rng: np.random.Generator, drawer: Drawer, count: int) -> Examples:
    """Draw poses, `count` of each way to draw one, and each in several views."""
    joints, named = drawer.poses(rng, count)
    turned, points = drawer.figure.place(joints)
    keypoints = _body17(turned, points)
    kinds = _named(keypoints, points[:, POINT["crown"]], named)
    groups = np.arange(len(joints)) % 10  # of views of one pose: never apart
    every = np.repeat(np.arange(len(joints)), _VIEWS)
    xy, facing = _seen(rng, keypoints[every])
    named = kinds[every]
    hidden = (named == "crossed") & (facing < np.cos(np.radians(_STEEP)))
    hidden |= (named == "t") & (np.abs(facing) < np.cos(np.radians(_STEEP)))
    known = (named != "") & ~hidden
    score = np.ones(xy.shape[:2], np.float32)
    recordings = np.char.add("drawn ", groups[every].astype(np.str_))
    return Examples(xy, score, named, recordings).where(known)


def _body17(turned: Floats, points: Floats) -> Floats:
    """COCO's keypoints (N, 17, 3) m."""
    head = turned[:, INDEX["head"]]
    nose = points[:, POINT["nose"]]
    face = nose[:, None] + np.einsum("nij,kj->nki", head, np.array(_FACE))
    limbs = [points[:, POINT[f"{name}.{side}"]] for name in _LIMBS for side in "LR"]
    return np.concatenate((face, np.stack(limbs, axis=1)), axis=1)


def _named(body: Floats, crown: Floats, drawn: Names) -> Names:
    """What each pose is (N,), "" where two people might disagree."""
    shoulders, hips = body[:, 5:7], body[:, 11:13]
    trunk = shoulders.mean(axis=1) - hips.mean(axis=1)
    tilt = np.degrees(np.arccos(trunk[:, 1] / np.linalg.norm(trunk, axis=1)))
    leg = np.linalg.norm(body[:, 11] - body[:, 13], axis=1)
    leg = leg + np.linalg.norm(body[:, 13] - body[:, 15], axis=1)
    reach = (hips[:, :, 1].mean(axis=1) - body[:, 15:17, 1].min(axis=1)) / leg
    kinds = np.full(len(body), "", "<U16")
    kinds[np.isin(drawn, _LOW)] = "lying"
    kinds[np.isin(drawn, _FLOOR)] = "hands-on-floor"
    feet = np.isin(drawn, _ON_FEET) & (drawn != "bench")
    kinds[feet & (reach >= _STRAIGHT) & (tilt < _TILTED / 2)] = "stand"
    kinds[feet & (tilt > _BENT) & (reach > _SQUAT)] = "bend"
    kinds[feet & (reach <= _SQUAT) & (drawn == "squatting")] = "squat"
    kinds[(drawn == "bench") & (reach >= _STRAIGHT) & (tilt < _TILTED)] = "stand"
    kinds[np.isin(drawn, ("sitting", "bench")) & (reach < _SQUAT + 0.1)] = "sit"
    kinds[drawn == "kneeling"] = "kneel"
    arms = _arms(body, crown)
    upright = (tilt < _TILTED) & ~np.isin(drawn, (*_LOW, *_FLOOR))
    return np.where(upright & (arms != "low"), arms, kinds)


def _arms(body: Floats, crown: Floats) -> Names:
    """What both arms do (N,): "low" where that says nothing, "" where it is in doubt."""
    shoulder, elbow, wrist = (body[:, first : first + 2] for first in (5, 7, 9))
    high = wrist[:, :, 1] >= crown[:, None, 1] - _RAISED
    low = wrist[:, :, 1] <= shoulder[:, :, 1] - _BELOW
    length = np.linalg.norm(shoulder - elbow, axis=2) + np.linalg.norm(elbow - wrist, axis=2)
    across = shoulder[:, 0] - shoulder[:, 1]
    across = across / np.linalg.norm(across, axis=1, keepdims=True)
    out = ((wrist - shoulder) * across[:, None]).sum(axis=2) * (1.0, -1.0)
    level = np.abs(wrist[:, :, 1] - shoulder[:, :, 1]) < _LEVEL
    side = level & (out > _STRETCHED * length)
    middle = (shoulder.mean(axis=1) + body[:, 11:13].mean(axis=1)) / 2
    past = ((wrist - middle[:, None]) * across[:, None]).sum(axis=2) * (1.0, -1.0)
    ahead = np.linalg.norm(wrist - middle[:, None], axis=2) < 0.4  # noqa: PLR2004 - m
    crossed = (low & (past < -0.02) & ahead).all(axis=1)  # noqa: PLR2004 - m past the middle
    raised = (elbow[:, :, 1] > shoulder[:, :, 1] + 0.08).all(axis=1)
    arms = np.full(len(body), "between", "<U16")
    arms[low.all(axis=1)] = "low"
    arms[low.any(axis=1) & side.any(axis=1)] = "between"
    arms[crossed] = "crossed"
    arms[side.all(axis=1)] = "t"
    arms[high[:, 0] & (low | side)[:, 1]] = "raised-left"
    arms[high[:, 1] & (low | side)[:, 0]] = "raised-right"
    arms[high.all(axis=1)] = "hands-up"
    arms[high.all(axis=1) & raised] = "raised-both"
    # A hand near the height of the head may be a raised one to somebody.
    doubt = (wrist[:, :, 1] > crown[:, None, 1] - 0.2) & ~high
    arms[doubt.any(axis=1)] = ""
    return arms


def _seen(rng: np.random.Generator, bodies: Floats) -> tuple[Floats, Floats]:
    """Bodies (N, 17, 3) m as px (N, 17, 2) of a camera, and how much they face it, -1..1 (N,)."""
    yaw = rotation.about(1, rng.uniform(0.0, 360.0, len(bodies)))
    # Half of them face the camera more or less: so do people who want something of it.
    front = rng.random(len(bodies)) < 0.5  # noqa: PLR2004
    yaw[front] = rotation.about(1, rng.normal(0.0, 30.0, int(front.sum())))
    pitch = rotation.about(0, rng.uniform(-5.0, 45.0, len(bodies)))
    made = bodies @ np.swapaxes(yaw, 1, 2)
    across = made[:, 5] - made[:, 6]
    facing = across[:, 0] / np.maximum(np.linalg.norm(across[:, (0, 2)], axis=1), 1e-9)
    made = made @ np.swapaxes(pitch, 1, 2)
    away = rng.uniform(1.8, 7.0, (len(bodies), 1))
    depth = np.maximum(away - made[:, :, 2], 0.3)
    xy = _PX * made[:, :, :2] / depth[:, :, None]
    return (xy * (1.0, -1.0)).astype(np.float32), facing


def _raise(draft: Draft, side: str) -> None:
    flex, spread = draft.evenly(0.0, 1.0), draft.evenly(-5.0, 35.0)
    whole = (145.0 + 40.0 * flex, spread, draft.about(0.0, 20.0))
    draft.arm(side, whole, (draft.evenly(0.0, 75.0) * (1.0 - 0.5 * flex), draft.about(0.0, 30.0)))


def _hands_up(draft: Draft, side: str) -> None:
    whole = (draft.about(0.0, 12.0), draft.about(92.0, 12.0), draft.about(-88.0, 10.0))
    draft.arm(side, whole, (draft.about(88.0, 14.0), draft.about(0.0, 30.0)))


def _stretch(draft: Draft, side: str) -> None:
    whole = (draft.about(0.0, 10.0), draft.about(89.0, 7.0), draft.about(0.0, 30.0))
    draft.arm(side, whole, (np.abs(draft.about(0.0, 12.0)), draft.about(0.0, 30.0)))


def _cross(draft: Draft, side: str, first: bool) -> None:  # noqa: FBT001
    sign = 1.0 if side == "L" else -1.0
    turned, points = draft.figure.place(draft.joints)
    world = turned[:, INDEX["chest"]]
    base = points[:, INDEX["chest"]] - np.einsum("nij,j->ni", world, (0.0, 0.28, 0.0))
    spot = np.array((-0.12, 0.29 if first else 0.25, 0.17 if first else 0.21))
    spot = spot + draft.rng.normal(0.0, 0.03, (draft.count, 3))
    spot[:, 0] *= sign
    target = base + np.einsum("nij,nj->ni", world, spot)
    pole = np.einsum("nij,j->ni", world, (sign, -0.7, -0.4))
    draft.touch(side, target, pole)
    draft.wrist(side)
