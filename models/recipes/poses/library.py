"""The library of poses: what people do, at every moment, in a mix that suits a fall detector."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.recipes.poses import falls, motions, parametric, rotation
from models.recipes.poses.figure import Figure, make_figure
from models.recipes.poses.fingers import relaxed
from models.recipes.poses.motions import Motions
from models.recipes.poses.types import KINDS, BodyPose, Floats, Skeleton

_SEED, _ROUNDS = 0, 16  # of the poses that falls are mixed from
# The largest share of a kind that comes from motions, and from how many frames on.
_MOVED, _MANY = 0.35, 300
# A quarter lies, another falls or gets up: what public data sets have least of. Many sit: on a
# chair people are bent as those are who fall.
MIX = {
    "lying-back": 0.1, "lying-front": 0.08, "lying-side": 0.1,
    "falling": 0.16, "getting-up": 0.09,
    "standing": 0.07, "walking": 0.06, "reaching": 0.04, "bench": 0.04, "bending": 0.045,
    "squatting": 0.025, "sitting": 0.13, "kneeling": 0.02, "crawling": 0.015, "push-up": 0.01,
    "sport": 0.015,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Library:
    """Where poses come from."""

    figure: Figure
    rig: Skeleton
    bank: dict[str, Floats]
    motions: dict[str, Motions]

    @classmethod
    def load(cls, humans: Path, rig: Skeleton) -> Library:
        """Read the motions under `humans`; OSError where they are missing."""
        figure = make_figure(rig)
        bank = parametric.bank(figure, np.random.default_rng(_SEED), _ROUNDS)
        return cls(figure, rig, bank, motions.load(humans, figure, rig))

    def sample(self, rng: np.random.Generator, kind: str | None = None) -> BodyPose:
        """One pose, facing anywhere; of one of KINDS, or of the mix; ValueError for others."""
        if kind is None:
            kind = str(rng.choice(list(MIX), p=np.array(list(MIX.values())) / sum(MIX.values())))
        if kind not in KINDS:
            raise ValueError(f"no such kind of pose: {kind}")
        joints, lift = self._joints(rng, kind)
        joints = joints.copy()
        joints[0] = rotation.about(1, rng.uniform(0.0, 360.0)) @ joints[0]
        turns = self.figure.expand(joints)
        for side in "LR":
            turns = relaxed(rng, self.rig, turns, side)
        return BodyPose(turns, kind, lift)

    def _joints(self, rng: np.random.Generator, kind: str) -> tuple[Floats, float]:
        """Joints (J, 3, 3) of a kind, from motions where there are many, and the lift, m."""
        moved = self.motions.get(kind)
        if moved and rng.random() < min(_MOVED, len(moved.joints) / _MANY):
            jumps = kind == "sport" and rng.random() < 0.3  # noqa: PLR2004
            return moved.sample(rng, self.figure), float(rng.uniform(0.0, 0.35) if jumps else 0.0)
        if kind == "falling":
            return falls.falling(self.figure, rng, self.bank)
        if kind == "getting-up":
            return falls.getting_up(self.figure, rng, self.bank), 0.0
        return parametric.joints(self.figure, rng, kind), 0.0
