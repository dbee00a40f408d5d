"""The operator at the bench: where the hands are, and a body that follows them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from models.recipes.film.curves import Floats, between, smooth, through
from models.recipes.film.layout import OPERATOR, TOP, place
from models.recipes.film.procedure import Script
from models.recipes.poses import limbs, rotation
from models.recipes.poses.draft import Draft
from models.recipes.poses.figure import INDEX, POINT

_GRASP = (0.0, -0.075, 0.0)  # m, from the wrist to between bent fingertips, in the hand's axes
_PALM = 0.045  # m, and that far into the palm


def targets(script: Script, hand: str, t: Floats) -> Floats:
    """Where a hand's fingertips are (N, 3), m, at times t (N,)."""
    moves = script.moves[hand]
    at = np.tile(moves[0].to, (len(t), 1)).astype(np.float64)
    for before, move in pairwise(moves):
        share = between(t, move.begin, move.end)
        at += share[:, None] * (move.to - before.to)
        at[:, 1] += move.arc * 16 * share**2 * (1 - share) ** 2
    sign = 1.0 if hand == "L" else -1.0
    for begin, end, screwing in script.busy:
        strength = between(t, begin, begin + 0.3) * (1 - between(t, end - 0.3, end))
        pace = 2 * np.pi * (1.3 if screwing else 0.9)
        phase = pace * (t - begin) + (0.0 if sign > 0 else 1.9)
        small = 0.4 if screwing and sign > 0 else 1.0  # the other hand only holds
        wander = np.stack(
            [0.016 * np.sin(phase), 0.010 * np.sin(1.7 * phase), 0.014 * np.cos(phase)]
        )
        at += small * strength[:, None] * wander.T
    return at


def grips(script: Script, hand: str, t: Floats) -> Floats:
    """How far a hand is closed (N,), 0 to 1."""
    keys = script.grips[hand]
    return through([key[0] for key in keys], [key[1] for key in keys], t)


def at_work(script: Script, t: Floats) -> Floats:
    """How far the arms are at the bench (N,): 0 hanging, 1 at work."""
    first = script.moves["L"][0]
    return between(t, first.begin, first.end) * (1 - between(t, script.end, script.end + 0.9))


def sway(t: Floats, seed: float) -> Floats:
    """How a standing body is never still (N,), about -1 to 1 (Winter 1995: below 1 Hz)."""
    waves = ((0.23, 0.6), (0.41, 0.3), (0.77, 0.15))
    found = np.zeros(len(t))
    for k, (pace, size) in enumerate(waves):
        found += size * np.sin(2 * np.pi * pace * t + seed * (k + 1))
    return found


def leaning(hands: dict[str, Floats], share: Floats) -> Floats:
    """How far to the left the hands' middle is (N,), m, smoothed as a trunk moves."""
    middle = (hands["L"][:, 0] + hands["R"][:, 0]) / 2 - OPERATOR[0]
    return smooth(middle * share, 2.5)


def bend(draft: Draft, lean: Floats, share: Floats, yaw: Floats, t: Floats) -> None:
    """Turn hips and trunk to the work, in place; `yaw` (N,) is where the body faces, deg."""
    ahead = 7 * share + 2 + 0.5 * sway(t, 1.0)
    side = 18 * lean + 0.5 * sway(t, 2.3)
    draft.root(
        rotation.about(1, yaw + 10 * lean) @ rotation.about(2, -side) @ rotation.about(0, ahead)
    )
    for name, part in (("spine", 0.6), ("chest", 0.4)):
        draft.joints[:, INDEX[name]] = (
            rotation.about(0, part * (15 * share + 4 + 8 * np.abs(lean)))
            @ rotation.about(2, -part * 38 * lean)
            @ rotation.about(1, part * 16 * lean)
        )


def look(draft: Draft, hands: dict[str, Floats], hips: Floats, share: Floats) -> None:
    """Turn the head to the hand farther from the fixture, in place."""
    away = {side: np.linalg.norm(at - place("fixture"), axis=1) ** 2 for side, at in hands.items()}
    weight = away["L"] / (away["L"] + away["R"] + 1e-4)
    spot = hands["R"] + weight[:, None] * (hands["L"] - hands["R"])
    spot = smooth(spot, 2.0)
    turned, points = draft.figure.place(draft.joints)
    way = spot - hips - points[:, POINT["head"]]
    way = np.einsum("nji,nj->ni", turned[:, INDEX["chest"]], way)
    yaw = np.degrees(np.arctan2(way[:, 0], way[:, 2]))
    down = np.degrees(np.arctan2(-way[:, 1], np.hypot(way[:, 0], way[:, 2])))
    yaw, down = share * np.clip(yaw, -55, 55) * 0.8, 5 + share * (np.clip(down, 0, 60) * 0.75 - 5)
    for name, part in (("neck", 0.6), ("head", 0.4)):
        draft.joints[:, INDEX[name]] = rotation.about(1, part * yaw) @ rotation.about(
            0, part * down
        )


def reach(draft: Draft, hands: dict[str, Floats], hips: Floats, share: Floats) -> None:
    """Bring both hands to their targets where `share` (N,) is 1; arms before are kept at 0."""
    hanging = draft.joints.copy()
    arms = []
    for side, sign in (("L", 1.0), ("R", -1.0)):
        spot = hands[side] - hips
        near = np.exp(-((np.abs(hands[side][:, 0] - place("fixture")[0]) / 0.16) ** 2))
        shoulder = draft.points()[:, POINT[f"shoulder.{side}"]]
        heading = rotation.unit((spot - shoulder) * (1.0, 0.0, 1.0))
        heading = heading + (near * sign * -0.75)[:, None] * (1.0, 0.0, 0.0)
        high = np.clip((hands[side][:, 1] - TOP - 0.05) / 0.1, 0.0, 1.0)
        world = limbs.flat_hand(side, heading)
        world = world @ rotation.about(2, -sign * (42 - 14 * high))
        world = world @ rotation.about(1, sign * (12 + 36 * near))
        inward = np.array([-sign * _PALM, *_GRASP[1:]])
        wrist = spot - np.einsum("nij,j->ni", world, inward)
        pole = np.broadcast_to((sign * 0.75, -1.0, -0.45), spot.shape)
        draft.touch(side, wrist, pole)
        draft.joints[:] = limbs.set_world(draft.figure, draft.joints, f"wrist.{side}", world)
        arms += [INDEX[f"{name}.{side}"] for name in ("clavicle", "shoulder", "elbow", "wrist")]
    weight = share[:, None]
    draft.joints[:, arms] = rotation.between(hanging[:, arms], draft.joints[:, arms], weight)
