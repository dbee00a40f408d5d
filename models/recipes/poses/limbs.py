"""Moving arms and legs of the figure: two-bone inverse kinematics, raising limbs off the floor."""

from __future__ import annotations

import numpy as np

from models.recipes.poses import rotation
from models.recipes.poses.figure import CARRIERS, INDEX, JOINTS, PARENTS, POINT, Figure
from models.recipes.poses.types import Bools, Floats

_UP = np.array([0.0, 1.0, 0.0])
_NUDGE = np.array([1e-6, 0.0, 0.0])
_NEAR = 0.985  # share of a limb's length it may stretch to, so that hinges stay defined


def _branch(joint: int) -> list[int]:
    """A joint and all that hang on it."""
    inside = [joint]
    inside += [j for j in range(joint + 1, len(JOINTS)) if _hangs(j, joint)]
    return inside


def _hangs(joint: int, on: int) -> bool:
    while joint > on:
        joint = PARENTS[joint]
    return joint == on


BRANCH = tuple(_branch(joint) for joint in range(len(JOINTS)))
# Points that move when a joint turns; a joint's own point hangs on its parent.
MOVED = tuple(
    [p for p in range(len(CARRIERS)) if (PARENTS[p] if p < len(JOINTS) else CARRIERS[p]) in branch]
    for branch in BRANCH
)


def turn_branch(turned: Floats, points: Floats, joint: int, turn: Floats) -> None:
    """Turn all that hangs on a joint by world rotations (N, 3, 3), about its point, in place."""
    turned[:, BRANCH[joint]] = turn[:, None] @ turned[:, BRANCH[joint]]
    centre = points[:, joint, None]
    moved = points[:, MOVED[joint]] - centre
    points[:, MOVED[joint]] = moved @ np.swapaxes(turn, -1, -2) + centre


def middle(start: Floats, target: Floats, lengths: tuple[float, float], pole: Floats) -> Floats:
    """Where elbows or knees (N, 3) go between start and target (N, 3), bent towards `pole`."""
    upper, lower = lengths
    reach = target - start
    far = rotation.length(reach)
    along = reach / np.maximum(far, 1e-9)
    far = np.clip(far, abs(upper - lower) + 0.02, (upper + lower) * _NEAR)
    cosine = (upper**2 + far**2 - lower**2) / (2 * upper * far)
    across = rotation.unit(pole - along * np.sum(pole * along, axis=-1, keepdims=True))
    spread = np.sqrt(np.maximum(1 - cosine**2, 0.0))
    bent: Floats = start + upper * (along * cosine + across * spread)
    return bent


def reach(figure: Figure, joints: Floats, name: str, target: Floats, pole: Floats) -> Floats:
    """Poses (N, J, 3, 3) with a limb's end at targets (N, 3): "elbow.L" the arm, "knee.R" the leg.

    Targets are in the frame of `Figure.place`; what is too far is pointed at. The middle joint
    bends towards `pole` (N, 3), a world direction.
    """
    turned, points = figure.place(joints)
    low = INDEX[name]
    top = PARENTS[low]
    lengths = (
        float(np.linalg.norm(figure.offsets[low])),
        float(np.linalg.norm(figure.offsets[low + 1])),
    )
    start = points[:, top]
    bend = middle(start, target, lengths, pole)
    upper, lower = rotation.unit(bend - start), rotation.unit(target - bend)
    hinge = rotation.cross(rotation.unit(pole), rotation.unit(target - start))
    hinge = hinge if name.startswith("knee") else -hinge
    new = joints.copy()
    above = turned[:, PARENTS[top]]
    first, second = _along(upper, hinge), _along(lower, hinge)
    new[:, top] = np.swapaxes(above, -1, -2) @ first
    new[:, low] = np.swapaxes(first, -1, -2) @ second
    return new


def _along(direction: Floats, hinge: Floats) -> Floats:
    """Orientations whose -y is the limb and whose x is its hinge."""
    made = rotation.frame(-direction, hinge)
    return np.stack([made[..., 1], made[..., 0], -made[..., 2]], axis=-1)


def set_world(figure: Figure, joints: Floats, name: str, world: Floats) -> Floats:
    """Poses whose one joint has the given orientations (N, 3, 3) in the world."""
    turned, _ = figure.place(joints)
    new = joints.copy()
    joint = INDEX[name]
    new[:, joint] = np.swapaxes(turned[:, PARENTS[joint]], -1, -2) @ world
    return new


def flat_hand(side: str, heading: Floats) -> Floats:
    """World orientations of hands laid flat, fingers to directions (N, 3), palms down."""
    level = rotation.unit(heading * (1.0, 0.0, 1.0))
    up = np.broadcast_to(_UP if side == "L" else -_UP, level.shape)
    return np.stack([up, -level, rotation.cross(up, -level)], axis=-1)


def flat_foot(turned: Floats, side: str) -> Floats:
    """World orientations of feet flat on the floor that point where their shanks face."""
    ahead = turned[:, INDEX[f"knee.{side}"], :, 2]
    return rotation.about(1, np.degrees(np.arctan2(ahead[:, 0], ahead[:, 2])))


def raise_end(
    body: tuple[Floats, Floats], name: str, end: str, level: Floats, *, drop: Bools
) -> None:
    """Turn joint `name` so that point `end` is at least at y = level (N,), m.

    `body` is what `Figure.place` gives, and changed in place. Where `drop` (N,) is true, the end
    also sinks to the level: a limb at rest does not hover.
    """
    turned, points = body
    joint, point = INDEX[name], POINT[end]
    offset = points[:, point] - points[:, joint]
    length = np.linalg.norm(offset, axis=-1)
    height = np.clip(level - points[:, joint, 1], -length * 0.999, length * 0.999)
    move = (offset[:, 1] < height) | drop
    level_way = offset * (1.0, 0.0, 1.0)
    flat = rotation.length(level_way)
    # Straight up or down has no level direction: outward from the trunk then.
    outward = (points[:, joint] - points[:, 0]) * (1.0, 0.0, 1.0) + _NUDGE
    level_way = np.where(flat > 1e-3, level_way, outward)  # noqa: PLR2004
    wanted = rotation.unit(level_way) * np.sqrt(length**2 - height**2)[:, None]
    wanted[:, 1] = height
    turn = rotation.shortest(offset, np.where(move[:, None], wanted, offset))
    turn_branch(turned, points, joint, turn)


def swing_end(turned: Floats, points: Floats, name: str, level: Floats, *, drop: Bools) -> None:
    """Turn an upper limb `name` about its own axis until its end is at y = level (N,), in place."""
    joint = INDEX[name]
    bend, end = joint + 1, joint + 2
    axis = rotation.unit(points[:, bend] - points[:, joint])
    offset = points[:, end] - points[:, bend]
    fixed = axis * np.sum(offset * axis, axis=-1, keepdims=True)
    # The end's height over the turning angle is a cosine: height = middle + swing cos(a - top).
    side = offset - fixed
    cosine, sine = side[:, 1], rotation.cross(axis, side)[:, 1]
    swing = np.hypot(cosine, sine)
    top = np.arctan2(sine, cosine)
    centre = points[:, bend, 1] + fixed[:, 1]
    away = np.arccos(np.clip((level - centre) / np.maximum(swing, 1e-9), -1.0, 1.0))
    # Of the two angles at the level, the nearer to where it is now.
    near = np.where(top >= 0, top - away, top + away)
    move = ((centre + cosine < level) | drop) & (swing > 0.02)  # noqa: PLR2004 - m
    angle = np.where(move, near, 0.0)
    turn_branch(turned, points, joint, rotation.from_vector(axis * angle[:, None]))
