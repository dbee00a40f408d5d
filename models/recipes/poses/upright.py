"""Poses of people on their feet: standing, walking, reaching, at a bench, bending, squatting."""

from __future__ import annotations

import numpy as np

from models.recipes.poses import rotation
from models.recipes.poses.draft import Draft, Step
from models.recipes.poses.figure import INDEX, Figure
from models.recipes.poses.types import Floats


def feet(draft: Draft, height: Floats, width: tuple[float, float], stride: float) -> None:
    """Stand with the hips `height` (N,), m over the ankles, feet apart and one ahead by chance."""
    ahead = draft.about(0.0, stride / 2)
    across = draft.about(0.0, 0.03)
    steps = {}
    for side, sign in (("L", 1.0), ("R", -1.0)):
        apart = draft.evenly(*width)
        ankle = np.stack([sign * apart + across, -height, sign * ahead], axis=1)
        steps[side] = Step(ankle, draft.about(10.0, 9.0), np.zeros(draft.count))
    draft.stand(steps)


def leg_length(figure: Figure) -> float:
    """Hip to ankle with a straight leg, m."""
    both = figure.offsets[[INDEX["knee.L"], INDEX["ankle.L"]]]
    return float(np.linalg.norm(both, axis=-1).sum())


def idle_arm(draft: Draft, side: str) -> None:
    """One arm as people hold it when they stand: mostly hanging, else one of many ways."""
    around = draft.about
    hang = (around(4.0, 9.0), around(9.0, 4.0), around(0.0, 15.0))
    draft.arm(side, hang, (around(18.0, 9.0), around(15.0, 20.0)))
    sign = 1.0 if side == "L" else -1.0
    way = int(draft.rng.integers(0, 12))
    if way < 5:  # noqa: PLR2004 - most arms hang
        return
    targets = {
        5: (0.2, 0.13, 0.03),  # hand on the hip
        6: (0.02, 0.22, 0.2),  # before the belly
        7: (-0.1, 0.33, 0.16),  # folded
        8: (0.1, 0.68, 0.12),  # at the face or ear
        9: (0.12, 0.3, 0.38),  # holding something ahead
        10: (0.12, 0.04, -0.16),  # behind the back
        11: (0.3, 0.8, 0.15),  # raised
    }
    spot = np.array(targets[way]) + np.stack([around(0.0, 0.05) for _ in range(3)], axis=1)
    spot[:, 0] *= sign
    pole = np.broadcast_to((sign, -0.6, -0.6), spot.shape)
    turned, points = draft.figure.place(draft.joints)
    world = turned[:, INDEX["chest"]]
    base = points[:, INDEX["chest"]] - np.einsum("nij,j->ni", world, (0.0, 0.28, 0.0))
    target = base + np.einsum("nij,nj->ni", world, spot)
    draft.touch(side, target, np.einsum("nij,nj->ni", world, pole))
    draft.wrist(side)


def standing(draft: Draft) -> None:
    """Standing still."""
    draft.root(rotation.about(0, draft.about(0.0, 4.0)) @ rotation.about(2, draft.about(0.0, 3.0)))
    draft.trunk(draft.about(4.0, 7.0))
    draft.look(draft.about(5.0, 14.0), turn=28.0)
    feet(draft, leg_length(draft.figure) * draft.evenly(0.95, 0.99), (0.06, 0.17), 0.12)
    for side in "LR":
        idle_arm(draft, side)


def walking(draft: Draft) -> None:
    """Any moment of a step, slow shuffle to long stride."""
    around, zero = draft.about, np.zeros(draft.count)
    draft.root(rotation.about(0, around(3.0, 4.0)))
    draft.trunk(around(5.0, 7.0))
    draft.look(around(5.0, 10.0))
    stride = draft.evenly(0.08, 0.42)
    phase = draft.evenly(0.0, 2 * np.pi)
    tall = leg_length(draft.figure)
    steps = {}
    for side, sign in (("L", 1.0), ("R", -1.0)):
        ahead = sign * stride * np.cos(phase)
        # A foot that travels forward is in the air.
        swing = np.maximum(sign * -np.sin(phase), 0.0)
        drop = np.sqrt(np.maximum((0.97 * tall) ** 2 - (0.8 * stride) ** 2, 0.1))
        behind = np.maximum(-ahead, 0.0)
        up = 0.35 * swing * stride + 0.22 * behind
        ankle = np.stack([sign * draft.evenly(0.05, 0.11), up - drop, ahead], axis=1)
        steps[side] = Step(ankle, around(6.0, 6.0), 90 * behind + 55 * swing * stride)
        back = -sign * 70 * stride * np.cos(phase)
        arm = (back + around(2.0, 6.0), around(9.0, 4.0), around(0.0, 12.0))
        draft.arm(side, arm, (around(22.0, 9.0) + np.maximum(back, zero), around(12.0, 15.0)))
        if draft.rng.random() < 0.2:  # noqa: PLR2004 - carrying, on the phone, ...
            idle_arm(draft, side)
    draft.stand(steps)


def reaching(draft: Draft) -> None:
    """One hand or both at something between the floor and above the head."""
    height = draft.evenly(-0.5, 0.95)
    low = np.maximum(-height, 0.0)
    draft.root(rotation.about(0, 90 * low + draft.about(6.0, 6.0)))
    draft.trunk(draft.about(8.0, 6.0) + 50 * low)
    draft.look(-25 * height + draft.about(10.0, 8.0), turn=15.0)
    feet(draft, leg_length(draft.figure) * (draft.evenly(0.9, 0.985) - 0.5 * low), (0.07, 0.2), 0.3)
    across, ahead = draft.evenly(-0.25, 0.55), draft.evenly(0.25, 0.65)
    both = draft.rng.random() < 0.4  # noqa: PLR2004
    first = int(draft.rng.integers(0, 2))
    for number, (side, sign) in enumerate((("L", 1.0), ("R", -1.0))):
        if number != first and not both:
            idle_arm(draft, side)
            continue
        x = sign * (draft.evenly(0.05, 0.25) if both else across)
        spot = np.stack([x, height, ahead], axis=1)
        draft.touch(side, spot, np.broadcast_to((sign * 0.6, -1.0, -0.3), spot.shape))
        draft.wrist(side, 10.0, 20.0)


def hands_at_work(draft: Draft, table: Floats) -> None:
    """Both hands on or over a table whose top is at y = `table` (N,), m from the hips."""
    for side, sign in (("L", 1.0), ("R", -1.0)):
        chest = draft.at("chest")
        spot = np.stack(
            [
                sign * draft.about(0.14, 0.08),
                table + np.abs(draft.about(0.05, 0.08)),
                chest[:, 2] + draft.evenly(0.22, 0.52),
            ],
            axis=1,
        )
        pole = np.stack(
            [sign * draft.evenly(0.3, 1.2), -draft.evenly(0.5, 1.0), -np.ones(len(spot))], 1
        )
        draft.touch(side, spot, pole)
        inward = np.stack(
            [-sign * draft.evenly(-0.1, 0.9), np.zeros(len(spot)), np.ones(len(spot))], 1
        )
        draft.lay_hand(side, inward)
        sign_turn = -sign * draft.evenly(0.0, 90.0)  # palm down to palm in
        draft.joints[:, INDEX[f"wrist.{side}"]] = draft.joints[
            :, INDEX[f"wrist.{side}"]
        ] @ rotation.about(1, -sign_turn)
        draft.joints[:, INDEX[f"wrist.{side}"]] = draft.joints[
            :, INDEX[f"wrist.{side}"]
        ] @ rotation.about(0, draft.about(5.0, 12.0))


def bench(draft: Draft) -> None:
    """Working at a bench, both hands, standing."""
    draft.root(rotation.about(0, draft.evenly(0.0, 22.0)))
    draft.trunk(draft.evenly(0.0, 35.0), turn=12.0)
    draft.look(draft.evenly(5.0, 50.0), turn=14.0)
    tall = leg_length(draft.figure)
    feet(draft, tall * draft.evenly(0.93, 0.985), (0.07, 0.2), 0.25)
    hands_at_work(draft, draft.evenly(-0.12, 0.2))


def bending(draft: Draft) -> None:
    """Bent over: to the floor, over something, hands on knees."""
    deep = draft.evenly(0.25, 1.0)
    draft.root(rotation.about(0, 75 * deep + draft.about(0.0, 5.0)))
    draft.trunk(20 + 35 * deep + draft.about(0.0, 6.0), turn=14.0)
    draft.look(draft.about(5.0, 20.0))
    feet(draft, leg_length(draft.figure) * draft.evenly(0.78, 0.97), (0.07, 0.22), 0.25)
    low_hands(draft)


def low_hands(draft: Draft) -> None:
    """Arms of someone bent or crouched: down to the floor, on the knees, or hanging."""
    floor = np.minimum(draft.at("toe.L")[:, 1], draft.at("toe.R")[:, 1])
    for side, sign in (("L", 1.0), ("R", -1.0)):
        shoulder, knee = draft.at(f"shoulder.{side}"), draft.at(f"knee.{side}")
        aim = np.stack([draft.about(0.0, 0.12), -draft.evenly(0.3, 0.6), draft.about(0.1, 0.14)], 1)
        spot = shoulder + aim
        on_knee = draft.chance(0.3)[:, None]
        spot = np.where(on_knee, knee + np.array([sign * 0.02, 0.09, 0.03]), spot)
        spot[:, 1] = np.maximum(spot[:, 1], floor + 0.08)
        draft.touch(side, spot, np.broadcast_to((sign, 0.0, -0.6), spot.shape))
        draft.wrist(side)


def squatting(draft: Draft) -> None:
    """Crouched on both feet, half or all the way down."""
    low = draft.evenly(0.0, 1.0)
    draft.root(rotation.about(0, draft.about(20.0, 9.0) + 10 * low))
    draft.trunk(draft.about(28.0, 9.0))
    draft.look(draft.about(-8.0, 14.0))
    height = leg_length(draft.figure) * (0.72 - 0.45 * low)
    steps = {}
    for side, sign in (("L", 1.0), ("R", -1.0)):
        apart, ahead = draft.evenly(0.09, 0.2), 0.05 + draft.about(0.05, 0.06)
        ankle = np.stack([sign * apart, -height, ahead], axis=1)
        raised = np.where(draft.chance(0.5), draft.evenly(5.0, 45.0) * low, 0.0)
        steps[side] = Step(ankle, draft.about(20.0, 10.0), raised)
    draft.stand(steps)
    low_hands(draft)
