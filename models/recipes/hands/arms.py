"""Putting arms where hands are wanted: two bones by trigonometry, and the forearm's own turn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.recipes.hands.anatomy import about, anatomy_of, joints_of, mirrored, mirrored_turn
from models.recipes.humans.rig import Rig
from models.recipes.poses.limbs import middle
from models.recipes.poses.rotation import unit
from models.recipes.poses.types import Floats

PRONATION = (-85.0, 85.0)  # deg: palm up to palm down, with the elbow bent and the forearm level


def _frame(first: Floats, second: Floats) -> Floats:
    """Columns: the first direction, the axis that turns it into the second, their product."""
    axis = unit(np.cross(first, second))
    return np.stack([first, axis, np.cross(first, axis)], axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class Goal:
    """Where a wrist goes (3,) m, as `rig.pose` has places, and which way the elbow points (3,).

    `facing` is where the palm shall look (3,), as far as the forearm turns, or its pronation, deg.
    """

    wrist: Floats
    pole: Floats
    facing: Floats | float


def reach(rig: Rig, posed: tuple[Floats, Floats], turns: Floats, side: str, goal: Goal) -> Floats:
    """Return the turns (B, 3, 3) with the wrist at `side` at its goal, or as near as it gets.

    `posed` is what `rig.pose` gives for the turns of all that the arms hang on.
    """
    bones = joints_of(rig, side)
    whole, places = posed
    heads = mirrored(rig.heads.astype(np.float64), side)
    at = [bones[name] for name in ("upperarm01", "lowerarm01", "wrist")]
    shoulder, elbow, hand = heads[at]
    start = mirrored(places[at[0]].astype(np.float64), side)
    lengths = (float(np.linalg.norm(elbow - shoulder)), float(np.linalg.norm(hand - elbow)))
    target = mirrored(np.asarray(goal.wrist, np.float64), side)
    bend = middle(start[None], target[None], lengths, mirrored(goal.pole, side)[None])[0]
    upper, lower = unit(bend - start), unit(target - bend)
    upper_rest, lower_rest = unit(elbow - shoulder), unit(hand - elbow)
    turn_upper = _frame(upper, lower) @ _frame(upper_rest, lower_rest).T
    # The frames share the hinge, so the forearm's differs by the elbow's angle only.
    hinge = unit(np.cross(upper, lower))
    hinge_rest = unit(np.cross(upper_rest, lower_rest))
    turn_lower = _axes(lower, hinge) @ _axes(lower_rest, hinge_rest).T
    palm = anatomy_of(rig, side).palm
    # Without pronation the thumb points to the upper arm's side of the forearm.
    thumb = unit(-upper + lower * (upper @ lower))
    if isinstance(goal.facing, float):
        angle = goal.facing
    else:
        face = mirrored(np.asarray(goal.facing, np.float64), side)
        inward = np.cross(lower, thumb)
        angle = float(np.degrees(np.arctan2(face @ np.cross(lower, inward), face @ inward)))
    angle = float(np.clip(angle, *PRONATION))
    across = turn_lower @ palm.across
    now = np.degrees(np.arctan2(across @ np.cross(lower, thumb), across @ thumb))
    twist = (angle - now + 180) % 360 - 180
    new = np.array(turns, np.float32)
    above = mirrored_turn(whole[rig.parents[at[0]]].astype(np.float64), side)
    new[at[0]] = mirrored_turn(above.T @ turn_upper, side)
    new[bones["upperarm02"]] = np.eye(3)
    new[at[1]] = mirrored_turn(turn_upper.T @ turn_lower @ about(lower_rest, 0.4 * twist), side)
    new[bones["lowerarm02"]] = mirrored_turn(about(lower_rest, 0.6 * twist), side)
    return new


def _axes(first: Floats, second: Floats) -> Floats:
    return np.stack([first, second, np.cross(first, second)], axis=-1)
