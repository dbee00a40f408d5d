"""Falling and getting up: any moment of a way through key poses.

A fall tilts as an upside-down pendulum does, slowly at first; knees buckle or stay stiff, arms
shoot out to where the floor comes from. Getting up goes through poses that carry the body.
"""

from __future__ import annotations

import numpy as np

from models.recipes.poses import ground, limits, rotation
from models.recipes.poses.draft import Draft
from models.recipes.poses.figure import INDEX, Figure
from models.recipes.poses.types import Floats

_DRAFTS = 4
_LYING = ("lying-back", "lying-front", "lying-side")
_STARTS = ("standing", "walking", "reaching", "bending", "sitting-chair", "squatting")
_START_SHARES = (0.3, 0.28, 0.07, 0.07, 0.22, 0.06)
_COLLAPSES = ("kneeling", "squatting", "sitting-floor", "crawling")
_WAYS_UP = (
    ("crawling", "kneeling", "standing"),
    ("push-up", "crawling", "kneeling", "standing"),
    ("sitting-floor", "kneeling", "standing"),
    ("sitting-floor", "squatting", "bending", "standing"),
    ("sitting-floor", "crawling", "kneeling", "bending"),
    ("crawling", "squatting", "standing"),
    ("sitting-chair", "bending", "standing"),
)


def alike(first: Floats, second: Floats) -> Floats:
    """The second pose (J, 3, 3) turned about the vertical until it faces as the first does."""
    both = second[0] @ first[0].T
    yaw = np.arctan2(both[2, 0] - both[0, 2], both[0, 0] + both[2, 2])
    turned = second.copy()
    turned[0] = rotation.about(1, np.degrees(yaw)) @ second[0]
    return turned


def falling(
    figure: Figure, rng: np.random.Generator, bank: dict[str, Floats]
) -> tuple[Floats, float]:
    """A moment of a fall: joints (J, 3, 3) and how high the lowest point is, m."""
    start = _one(bank, rng, str(rng.choice(_STARTS, p=_START_SHARES)))
    end = alike(start, _one(bank, rng, str(rng.choice(_LYING))))
    end[0] = rotation.about(1, rng.normal(0.0, 18.0)) @ end[0]
    share = _tilted(rng)
    if rng.random() < 0.3:  # noqa: PLR2004 - collapses into a heap first
        heap = alike(start, _one(bank, rng, str(rng.choice(_COLLAPSES))))
        end = alike(heap, end)
        start, end, share = (start, heap, 2 * share) if share < 0.5 else (heap, end, 2 * share - 1)  # noqa: PLR2004
    whole = rng.uniform(0.0, 1.0, (_DRAFTS, len(start))) * 0.5 - 0.25
    whole[:, 0] = 0.0
    bump = 4 * share * (1 - share)
    shares = np.clip(share + whole * bump, 0.0, 1.0)
    mixed = rotation.between(start[None], end[None], shares)
    _react(figure, rng, mixed, end, bump)
    lift = rng.uniform(0.0, 0.15) * bump if rng.random() < 0.15 else 0.0  # noqa: PLR2004
    return _freest(figure, mixed), float(lift)


def _tilted(rng: np.random.Generator) -> float:
    """How far a fall has come, 0 to 1: by time like a pendulum's, or by angle, evenly."""
    moment = rng.random()
    if rng.random() < 0.75:  # noqa: PLR2004 - by time most pictures would be of people upright
        return 0.06 + 0.94 * moment
    pace = rng.uniform(1.0, 3.5)
    return float((np.cosh(pace * moment) - 1) / (np.cosh(pace) - 1))


def _one(bank: dict[str, Floats], rng: np.random.Generator, kind: str) -> Floats:
    pose: Floats = bank[kind][int(rng.integers(0, len(bank[kind])))]
    return pose


def getting_up(figure: Figure, rng: np.random.Generator, bank: dict[str, Floats]) -> Floats:
    """A moment of getting up: joints (J, 3, 3)."""
    way = _WAYS_UP[int(rng.integers(0, len(_WAYS_UP)))]
    lowest = 1 if way[0] == "sitting-chair" else 0  # nobody comes from the floor onto a chair
    stage = int(rng.integers(lowest, len(way)))
    before = str(rng.choice(_LYING)) if stage == 0 else way[stage - 1]
    first = _one(bank, rng, before)
    second = alike(first, _one(bank, rng, way[stage]))
    share = rng.random()
    apart = (rng.random((_DRAFTS, len(first))) - 0.5) * 0.5 * 4 * share * (1 - share)
    apart[:, 0] = 0.0
    mixed = rotation.between(first[None], second[None], np.clip(share + apart, 0.0, 1.0))
    return _freest(figure, _on_floor(figure, mixed, rng))


def _freest(figure: Figure, mixed: Floats) -> Floats:
    made = limits.clamp(mixed)
    best: Floats = made[int(np.argmin(ground.sunk(figure, made)))]
    return best


def _react(
    figure: Figure, rng: np.random.Generator, mixed: Floats, end: Floats, bump: float
) -> None:
    """Let knees buckle, arms reach where the body goes and the head stay up, in place."""
    draft = Draft(figure, rng, mixed)
    # Where the head goes, seen from the body at the end: up is the way the front faces then.
    front, left = float(end[0, 1, 2]), float(end[0, 1, 0])
    buckle = bump * rng.uniform(0.0, 1.0) ** 1.3
    for side in "LR":
        fold = buckle * draft.evenly(30.0, 85.0)
        knee, hip = INDEX[f"knee.{side}"], INDEX[f"hip.{side}"]
        mixed[:, knee] = mixed[:, knee] @ rotation.about(0, fold)
        mixed[:, hip] = rotation.about(0, -0.6 * fold) @ mixed[:, hip]
    weight = np.clip(bump * draft.evenly(0.2, 1.3), 0.0, 1.0)
    if rng.random() < 0.3:  # noqa: PLR2004 - fainted: no reaction
        return
    reacting = mixed.copy()
    other = Draft(figure, rng, reacting)
    for side, sign in (("L", 1.0), ("R", -1.0)):
        toward = -left * sign  # the left side is down where its x points down
        flex = -60 * front + 35 * abs(left)
        arm = (
            other.about(flex, 22.0),
            other.about(30 + 45 * max(toward, 0.0) + 25 * abs(front), 18.0),
            other.about(0.0, 22.0),
        )
        other.arm(side, arm, (other.evenly(8.0, 65.0), other.evenly(0.0, 60.0)))
    other.look(other.about(28.0 * front, 10.0))
    arms = [INDEX[f"{name}.{side}"] for side in "LR" for name in ("clavicle", "shoulder", "elbow")]
    joints = [*arms, INDEX["neck"], INDEX["head"]]
    mixed[:, joints] = rotation.between(mixed[:, joints], reacting[:, joints], weight[:, None])


def _on_floor(figure: Figure, mixed: Floats, rng: np.random.Generator) -> Floats:
    """Hands near the floor are put on it: they carry the body on its way up."""
    draft = Draft(figure, rng, mixed.copy())
    names = [f"{name}.{side}" for side in "LR" for name in ("ankle", "knee", "toe")]
    floor = np.min([draft.at(name)[:, 1] for name in ("root", *names)], axis=0) - 0.02
    for side, sign in (("L", 1.0), ("R", -1.0)):
        wrist = draft.at(f"wrist.{side}")
        reachable = draft.at(f"shoulder.{side}")[:, 1] - floor < 0.62  # noqa: PLR2004 - m
        near = (wrist[:, 1] - floor < 0.25) & reachable  # noqa: PLR2004 - m
        if not near.any():
            continue
        before = draft.joints.copy()
        spot = wrist.copy()
        spot[:, 1] = floor + 0.06
        back = draft.figure.place(draft.joints)[0][:, INDEX["chest"]]
        pole = np.einsum("nij,j->ni", back, (sign, -0.2, -0.8)) + np.array([0.0, 0.4, 0.0])
        draft.touch(side, spot, pole)
        draft.lay_hand(side, wrist - draft.at(f"shoulder.{side}"))
        draft.joints[~near] = before[~near]
    return draft.joints
