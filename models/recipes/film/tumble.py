"""Losing one's balance, falling on the side, lying, and getting up by way of the knees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.recipes.film.curves import Floats, turning
from models.recipes.film.gait import Feet, stand
from models.recipes.poses import ground, rotation
from models.recipes.poses.draft import Draft, upright
from models.recipes.poses.figure import INDEX, POINT, Figure
from models.recipes.poses.limits import ball, hinge_elbow

Angles = tuple[float, ...]
_SIDES = (("L", 1.0), ("R", -1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """A pose (J, 3, 3) at a time (s); what stays in its place on the way to it, with shares."""

    t: float
    pose: Floats
    anchors: dict[str, float]


Adder = Callable[[float, Draft, dict[str, float]], float]


@dataclass(frozen=True, slots=True)
class Times:
    """When what happens, s."""

    onset: float
    impact: float
    lying_until: float
    up: float


def shape(
    figure: Figure,
    root: Floats,
    back: tuple[Angles, Angles],
    legs: tuple[Angles, Angles],
    arms: tuple[Angles, Angles],
) -> Draft:
    """A pose by angles (deg), left limbs first; a Draft of one.

    back: of trunk and of neck: forward, left, turned left. legs: forward, outward, inward turn,
    knee, toes down. arms: forward, outward, inward turn, elbow, palm down.
    """
    draft = Draft(figure, np.random.default_rng(0), upright(1))
    draft.root(root[None])
    for names, (flex, left, turn) in zip((("spine", "chest"), ("neck", "head")), back, strict=True):
        for name, part in zip(names, (0.6, 0.4), strict=True):
            draft.joints[:, INDEX[name]] = (
                rotation.about(0, part * flex)
                @ rotation.about(2, -part * left)
                @ rotation.about(1, part * turn)
            )
    one = np.ones(1)
    for (side, _), leg, arm in zip(_SIDES, legs, arms, strict=True):
        draft.leg(side, (leg[0] * one, leg[1] * one, leg[2] * one), leg[3] * one)
        draft.ankle(side, leg[4] * one)
        draft.set_arm(side, ball(arm[0] * one, arm[1] * one, arm[2] * one, side))
        draft.joints[:, INDEX[f"elbow.{side}"]] = hinge_elbow(arm[3] * one, arm[4] * one, side)
    return draft


def facing(yaw: float, tilt: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> Floats:
    """A root (3, 3): turned to yaw, tilted to the own left, forward, rolled onto the front; deg."""
    whole: Floats = (
        rotation.about(1, yaw) @ rotation.about(2, -tilt)
        @ rotation.about(0, pitch) @ rotation.about(1, roll)
    )  # fmt: skip
    return whole


def keys(
    figure: Figure, begin: float, start: Floats, hips: Floats, feet: Feet
) -> tuple[list[Key], Times]:
    """Key poses from the last one of walking (J, 3, 3) with hips (3,) and feet (one moment)."""
    yaw = float(np.degrees(np.arctan2(start[0, 0, 2], start[0, 2, 2])))
    both = {"ankle.L": 0.5, "ankle.R": 0.5}
    found = [Key(begin, start, both)]

    def add(after: float, draft: Draft, anchors: dict[str, float]) -> float:
        found.append(Key(found[-1].t + after, draft.joints[0], anchors))
        return found[-1].t

    def on_feet(draft: Draft, move: Angles) -> Draft:
        stand(draft, feet, (hips + np.array(move))[None])
        return draft

    legs = ((0.0,) * 5, (0.0,) * 5)
    dizzy = shape(figure, facing(yaw, -2, 4), ((14, -4, 0), (26, -8, -6)), legs,
                  ((6, 14, 0, 28, 10), (60, 10, 20, 128, 10)))  # fmt: skip
    _to_head(dizzy)
    add(0.6, on_feet(dizzy, (0.0, -0.012, 0.0)), both)
    swaying = shape(figure, facing(yaw, 3, 5), ((12, 2, 3), (24, 6, 4)), legs,
                    ((10, 24, 0, 34, 10), (60, 10, 20, 128, 10)))  # fmt: skip
    _to_head(swaying)
    onset = add(0.6, on_feet(swaying, (0.035, -0.02, 0.005)), both)
    buckling = shape(figure, facing(yaw, 17, 6), ((10, -14, 4), (14, -14, 6)), legs,
                     ((12, 58, 0, 42, 10), (34, 34, 10, 80, 0)))  # fmt: skip
    add(0.36, on_feet(buckling, (0.16, -0.13, 0.02)), both)
    toppling = shape(figure, facing(yaw, 50, 8, -4), ((16, -20, 6), (6, -22, 4)),
                     ((52, 8, 0, 78, 10), (38, 18, 0, 56, 12)),
                     ((34, 70, 0, 52, 20), (22, 62, 0, 46, 0)))  # fmt: skip
    add(0.22, toppling, {"ankle.L": 0.8, "ankle.R": 0.2})
    landing = shape(figure, facing(yaw - 4, 80, 6, -6), ((22, -18, 4), (8, -24, 0)),
                    ((50, 4, 0, 66, 20), (38, -4, 0, 48, 22)),
                    ((86, 22, 0, 66, 40), (36, 26, 0, 52, 0)))  # fmt: skip
    impact = add(0.17, landing, {"ankle.L": 0.3, "knee.L": 0.4, "hip.L": 0.3})
    lying = shape(figure, facing(yaw - 8, 90, 4, -12), ((18, 0, 0), (4, 12, -4)),
                  ((36, 4, 0, 52, 26), (22, -6, 0, 34, 26)),
                  ((98, 6, 0, 46, 40), (34, 2, 20, 70, 20)))  # fmt: skip
    _settle(lying)
    add(0.42, lying, {"hip.L": 1.0})
    hurt = shape(figure, facing(yaw - 8, 90, 4, -6), ((24, 0, 0), (14, 10, 10)),
                 ((48, 4, 0, 66, 26), (34, -6, 0, 56, 26)),
                 ((98, 6, 0, 58, 40), (42, 2, 26, 88, 20)))  # fmt: skip
    _settle(hurt)
    add(2.1, lying, {"hip.L": 1.0})
    add(1.0, hurt, {"hip.L": 1.0})
    lying_until = add(1.7, hurt, {"hip.L": 1.0})
    up = _rise(figure, yaw, add)
    return found, Times(onset, impact, lying_until, up)


def _rise(figure: Figure, yaw: float, add: Adder) -> float:
    """From the side to hands and knees, to one knee, to the feet."""
    propped = shape(figure, facing(yaw + 10, 76, 10, 12), ((20, -22, 6), (8, -14, 8)),
                    ((60, 4, 0, 92, 26), (62, -4, 0, 92, 20)),
                    ((60, 30, 0, 74, 60), (58, 10, 10, 46, 40)))  # fmt: skip
    _hands_down(propped, "LR")
    add(0.7, propped, {"hip.L": 0.8, "knee.L": 0.2})
    turn = yaw + 62
    rolled = rotation.between(facing(yaw + 10, 76, 10, 12), facing(turn, 6, 70), 0.55)
    rolling = shape(figure, rolled, ((20, -14, 4), (2, -8, 4)),
                    ((68, 4, 0, 92, 36), (72, 2, 0, 92, 34)),
                    ((70, 20, 0, 40, 60), (70, 10, 0, 40, 50)))  # fmt: skip
    _hands_down(rolling, "LR")
    add(0.5, rolling, {"hip.L": 0.3, "knee.L": 0.7})
    crawling = shape(figure, facing(turn, 6, 70), ((16, 0, 0), (-6, 0, 0)),
                     ((74, 6, 0, 92, 40), (78, 6, 0, 94, 40)),
                     ((78, 6, 0, 12, 60), (82, 8, 0, 12, 60)))  # fmt: skip
    _hands_down(crawling, "LR")
    add(0.5, crawling, {"knee.L": 0.8, "knee.R": 0.2})
    kneeling = shape(figure, facing(turn, 0, 18), ((20, 0, 0), (8, 0, 0)),
                     ((14, 6, 0, 92, 40), (44, 6, 0, 100, 20)),
                     ((30, 10, 0, 40, 20), (44, 10, 0, 40, 30)))  # fmt: skip
    add(0.75, kneeling, {"knee.L": 1.0})
    half = shape(figure, facing(turn, 0, 20), ((24, 0, 0), (6, 0, 0)),
                 ((4, 5, 0, 84, 0), (100, 6, 0, 92, -12)),
                 ((26, 10, 0, 46, 20), (52, 6, 0, 40, 50)))  # fmt: skip
    add(0.6, half, {"knee.L": 1.0})
    pushing = shape(figure, facing(turn, 0, 36), ((24, 0, 0), (-4, 0, 0)),
                    ((26, 5, 0, 66, 6), (88, 6, 0, 66, -14)),
                    ((22, 10, 0, 40, 20), (48, 6, 0, 34, 50)))  # fmt: skip
    add(0.5, pushing, {"ankle.R": 1.0})
    stepping = shape(figure, facing(turn, 0, 14), ((12, 0, 0), (6, 0, 0)),
                     ((30, 5, 0, 52, 8), (26, 5, 0, 26, 0)),
                     ((8, 10, 0, 26, 20), (20, 8, 0, 26, 20)))  # fmt: skip
    add(0.5, stepping, {"ankle.R": 1.0})
    standing = shape(figure, facing(turn, 0, 1), ((4, 0, 0), (8, 0, 0)),
                     ((4, 5, 0, 6, 3), (2, 5, 0, 5, 2)),
                     ((4, 9, 0, 18, 20), (4, 9, 0, 18, 20)))  # fmt: skip
    up = add(0.5, standing, {"ankle.R": 1.0})
    looking = shape(figure, facing(turn, 0, 1), ((5, 0, -4), (14, 0, -28)),
                    ((4, 5, 0, 6, 3), (2, 5, 0, 5, 2)),
                    ((5, 9, 0, 22, 20), (8, 9, 0, 26, 20)))  # fmt: skip
    add(1.0, looking, {"ankle.R": 0.5, "ankle.L": 0.5})
    add(1.5, standing, {"ankle.R": 0.5, "ankle.L": 0.5})
    return float(up)


def _to_head(draft: Draft) -> None:
    """The right hand to the forehead."""
    turned, points = draft.figure.place(draft.joints)
    brow = points[:, POINT["nose"]] + turned[:, INDEX["head"]] @ np.array([-0.075, 0.03, 0.06])
    draft.touch("R", brow, turned[:, INDEX["chest"]] @ np.array([-1.0, -0.5, 0.2]))
    draft.joints[:, INDEX["wrist.R"]] = rotation.about(2, np.full(1, 25.0))


def _settle(draft: Draft) -> None:
    """Head, lower arm and lower leg rest on the floor; the others do not sink into it."""
    drop = np.array([[ground.DROP, ground.DROP, ground.FREE, ground.DROP, ground.FREE]])
    draft.joints[:] = ground.settle(draft.figure, draft.joints, drop)


def _hands_down(draft: Draft, sides: str) -> None:
    """Palms on the floor that hips and legs rest on, before the shoulders."""
    turned, points = draft.figure.place(draft.joints)
    low = ground.bottoms(turned, points)[:, :2].min(axis=1)  # the pelvis
    for side, _ in _SIDES:
        for name in ("knee", "ankle"):
            low = np.minimum(low, points[:, POINT[f"{name}.{side}"], 1] - ground.THICK[name])
    ahead = draft.joints[:, 0] @ np.array([0.0, 1.0, 0.0]) * (1.0, 0.0, 1.0)
    for side, sign in _SIDES:
        if side not in sides:
            continue
        spot = draft.at(f"shoulder.{side}") + 0.06 * rotation.unit(ahead)
        spot[:, 1] = low + 0.06
        outward = draft.joints[:, 0] @ np.array([sign, 0.0, 0.0])
        draft.touch(side, spot, outward - 0.4 * ahead + (0.0, 0.3, 0.0))
        draft.lay_hand(side, rotation.unit(ahead))


def perform(figure: Figure, found: list[Key], t: Floats, start: Floats) -> tuple[Floats, Floats]:
    """Poses (N, J, 3, 3) and hips (N, 3), m, at times t (N,); `start` (3,) is where hips begin.

    The body is moved so that what it rests on stays in its place; its height is left alone.
    """
    times = [key.t for key in found]
    joints = turning(times, np.stack([key.pose for key in found]), t)
    _, points = figure.place(joints)
    names = sorted({name for key in found for name in key.anchors})
    shares = np.array([[key.anchors.get(name, 0.0) for name in names] for key in found])
    which = np.clip(np.searchsorted(times, t, side="left"), 1, len(found) - 1)
    at = points[:, [POINT[name] for name in names]]
    moved = np.einsum("nk,nki->ni", shares[which[1:]], at[1:] - at[:-1])
    hips = start - np.concatenate([np.zeros((1, 3)), np.cumsum(moved, axis=0)])
    hips[:, 1] = start[1]
    return joints, hips
