"""Drafting many poses of the figure at once, by the angles a physiotherapist would name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from models.recipes.poses import ground, limbs, rotation
from models.recipes.poses.figure import INDEX, JOINTS, POINT, Figure
from models.recipes.poses.limits import ball, hinge_elbow
from models.recipes.poses.types import Bools, Floats


def upright(count: int) -> Floats:
    """Neutral poses (N, J, 3, 3)."""
    return np.tile(np.eye(3), (count, len(JOINTS), 1, 1))


class Step(NamedTuple):
    """A foot: its ankle (N, 3), m from the hips' middle, turned out and heel raised (N,), deg."""

    ankle: Floats
    yaw: Floats
    raised: Floats


@dataclass(frozen=True, slots=True)
class Draft:
    """Poses being drafted: the joints (N, J, 3, 3) are changed in place, chance from `rng`."""

    figure: Figure
    rng: np.random.Generator
    joints: Floats

    @property
    def count(self) -> int:
        """How many poses."""
        return len(self.joints)

    def about(self, middle: float, spread: float) -> Floats:
        """Numbers (N,) about a middle, never further than two spreads."""
        return middle + spread * np.clip(self.rng.standard_normal(self.count), -2.0, 2.0)

    def evenly(self, least: float, most: float) -> Floats:
        """Numbers (N,) evenly between two."""
        return self.rng.uniform(least, most, self.count)

    def chance(self, share: float) -> Bools:
        """True (N,) with this probability."""
        return self.rng.random(self.count) < share

    def root(self, matrix: Floats) -> None:
        """Set the body's orientation (N, 3, 3)."""
        self.joints[:, 0] = matrix

    def trunk(self, flex: Floats, side: float = 5.0, turn: float = 8.0) -> None:
        """Bend the back forward by angles (N,), sideways and round by chance; degrees."""
        for name, share in (("spine", 0.6), ("chest", 0.4)):
            self.joints[:, INDEX[name]] = (
                rotation.about(0, share * flex)
                @ rotation.about(2, self.about(0.0, share * side))
                @ rotation.about(1, self.about(0.0, share * turn))
            )

    def look(self, down: Floats, turn: float = 20.0, side: float = 6.0) -> None:
        """Bend the neck forward by angles (N,), and turn it by chance; degrees."""
        round_ = self.about(0.0, turn)
        for name, share in (("neck", 0.65), ("head", 0.35)):
            self.joints[:, INDEX[name]] = (
                rotation.about(1, share * round_)
                @ rotation.about(0, share * down)
                @ rotation.about(2, self.about(0.0, share * side))
            )

    def arm(
        self, side: str, shoulder: tuple[Floats, Floats, Floats], elbow: tuple[Floats, Floats]
    ) -> None:
        """Set upper arm (forward, outward, inward turn) and forearm (bend, pronation); degrees."""
        whole = ball(*shoulder, side)
        self.set_arm(side, whole)
        self.joints[:, INDEX[f"elbow.{side}"]] = hinge_elbow(*elbow, side)
        self.wrist(side)

    def set_arm(self, side: str, whole: Floats) -> None:
        """Set the upper arm's turn (N, 3, 3) against the chest; the collar bone takes its part."""
        sign = 1.0 if side == "L" else -1.0
        raised = np.degrees(np.arccos(np.clip(whole[:, 1, 1], -1.0, 1.0)))
        lift = 0.28 * np.maximum(raised - 55.0, 0.0)
        ahead = 14.0 * np.clip(-whole[:, 2, 1], -1.0, 1.0)
        collar = rotation.about(2, sign * lift) @ rotation.about(1, -sign * ahead)
        self.joints[:, INDEX[f"clavicle.{side}"]] = collar
        self.joints[:, INDEX[f"shoulder.{side}"]] = np.swapaxes(collar, -1, -2) @ whole

    def wrist(self, side: str, flex: float = 0.0, spread: float = 14.0) -> None:
        """Bend the wrist a little by chance."""
        sign = 1.0 if side == "L" else -1.0
        self.joints[:, INDEX[f"wrist.{side}"]] = rotation.about(
            2, -sign * self.about(flex, spread)
        ) @ rotation.about(0, self.about(-4.0, 8.0))

    def leg(self, side: str, hip: tuple[Floats, Floats, Floats], knee: Floats) -> None:
        """Set the thigh (forward, outward, inward turn) and the knee's bend; degrees."""
        self.joints[:, INDEX[f"hip.{side}"]] = ball(*hip, side)
        self.joints[:, INDEX[f"knee.{side}"]] = rotation.about(0, knee)

    def ankle(self, side: str, point: Floats) -> None:
        """Point the toes down by angles (N,), degrees."""
        self.joints[:, INDEX[f"ankle.{side}"]] = rotation.about(0, point)

    def points(self) -> Floats:
        """Where the points are (N, P, 3), m from the hips' middle."""
        return self.figure.place(self.joints)[1]

    def stand(self, steps: dict[str, Step]) -> None:
        """Put both feet, moved together until the body is over them; hips sink where too far."""
        moved = np.zeros((self.count, 3))
        longest = 0.985 * np.linalg.norm(self.figure.offsets[[10, 11]], axis=-1).sum()
        _, points = self.figure.place(self.joints)
        hips = points[:, [INDEX["hip.L"], INDEX["hip.R"]]]
        for again in range(3):
            ankles = np.stack([steps[side].ankle for side in "LR"], axis=1) + moved[:, None]
            level = np.linalg.norm((ankles - hips)[..., [0, 2]], axis=-1)
            room = np.sqrt(np.maximum(longest**2 - level**2, 0.05))
            moved[:, 1] += np.maximum((hips - ankles)[..., 1] - room, 0.0).max(axis=1)
            for side in "LR":
                self._step(side, steps[side], steps[side].ankle + moved)
            if again < 2:  # noqa: PLR2004
                moved += ground.off_balance(self.points())

    def _step(self, side: str, step: Step, ankle: Floats) -> None:
        sign = 1.0 if side == "L" else -1.0
        facing = self.joints[:, 0, :, 2]
        heading = np.degrees(np.arctan2(facing[:, 0], facing[:, 2])) + sign * step.yaw
        world = rotation.about(1, heading)
        pole = world[..., 2] + (0.0, 0.15, 0.0)
        self.joints[:] = limbs.reach(self.figure, self.joints, f"knee.{side}", ankle, pole)
        world = world @ rotation.about(0, step.raised)
        self.joints[:] = limbs.set_world(self.figure, self.joints, f"ankle.{side}", world)
        toes = np.clip(-step.raised, -60.0, 0.0)
        self.joints[:, INDEX[f"toes.{side}"]] = rotation.about(0, toes)

    def touch(self, side: str, target: Floats, pole: Floats) -> None:
        """Bring a wrist to targets (N, 3), m from the hips' middle, elbow towards `pole`."""
        new = limbs.reach(self.figure, self.joints, f"elbow.{side}", target, pole)
        collar = self.joints[:, INDEX[f"clavicle.{side}"]]
        self.set_arm(side, collar @ new[:, INDEX[f"shoulder.{side}"]])
        # The collar bone moved the shoulder: reach again from where it is now.
        self.joints[:] = limbs.reach(self.figure, self.joints, f"elbow.{side}", target, pole)

    def lay_hand(self, side: str, heading: Floats) -> None:
        """Lay a hand flat, palm down, fingers towards directions (N, 3)."""
        world = limbs.flat_hand(side, heading)
        self.joints[:] = limbs.set_world(self.figure, self.joints, f"wrist.{side}", world)

    def at(self, name: str) -> Floats:
        """Where one point is (N, 3), m from the hips' middle."""
        spot: Floats = self.points()[:, POINT[name]]
        return spot
