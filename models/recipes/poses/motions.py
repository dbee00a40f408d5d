"""All recorded and drawn motions, as poses of the figure sorted by kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.recipes.poses import bvh, deepmimic, ground, kaykit, limits
from models.recipes.poses.falls import alike
from models.recipes.poses.figure import INDEX, Figure, mirrored
from models.recipes.poses.rotation import between, from_vector
from models.recipes.poses.types import Bools, Floats, Skeleton

# What a clip shows, by how its name begins; of several the first counts. Clips that lie down,
# fall or get up are sorted frame by frame: those in which the trunk rests are of a lying kind.
_KINDS = {
    "standing": ("standing", "Idle", "Waving", "Cheering"),
    "reaching": ("Interact", "Use_Item", "Throw"),
    "squatting": ("PickUp", "Crouching"),
    "sitting": ("sit", "Sit_Chair", "Sit_Floor_Idle", "Sit_Ups"),
    "crawling": ("crawl", "Crawling"),
    "push-up": ("Push_Ups",),
    "walking": ("walk", "stealthy_walk", "zombie_walk", "Walking", "Sneaking",
                "Skeletons_Walking"),
    "getting-up": ("getup", "Lie_", "Sit_Floor", "Skeletons_Awaken_Floor",
                   "Skeletons_Death_Resurrect", "Skeletons_Inactive_Floor"),
    "falling": ("Death", "Skeletons_Death", "roll"),
    "sport": ("Hit", "Skeletons_Taunt", "benchmark", "fight", "fly", "gym", "run", "Running",
              "Jump", "Dodge", "jog", "jump", "kick", "punch", "spin", "dance", "cartwheel",
              "sideflip", "backflip"),
}  # fmt: skip
_SORTED = ("getting-up", "falling")
_RESTS = 0.12  # of the trunk above the lowest point, m
_SUNK = 0.22  # deeper frames are left out: hands in the belly
_NOISE_DEG = 3.5


@dataclass(frozen=True, slots=True)
class Motions:
    """Poses (F, J, 3, 3) of one kind, and the frame after each (F,), itself at a clip's end."""

    joints: Floats
    after: NDArray[np.intp]

    def sample(self, rng: np.random.Generator, figure: Figure) -> Floats:
        """A pose (J, 3, 3) between two frames, varied, and sometimes mixed with another's."""
        frame = int(rng.integers(0, len(self.joints)))
        pose = between(self.joints[frame], self.joints[self.after[frame]], rng.random())
        if rng.random() < 0.3:  # noqa: PLR2004
            other = alike(pose, self.joints[int(rng.integers(0, len(self.joints)))])
            pose = between(pose, other, rng.uniform(0.0, 0.45))
        noise = rng.normal(0.0, np.radians(_NOISE_DEG), (len(pose), 3))
        noise[INDEX["root"]] *= 0.5
        pose = limits.clamp((from_vector(noise) @ pose)[None])
        if lying(figure, pose)[0]:
            pose = ground.settle(figure, pose, np.zeros((1, 5), dtype=int))
        return mirrored(pose[0]) if rng.random() < 0.5 else pose[0]  # noqa: PLR2004


def load(humans: Path, figure: Figure, rig: Skeleton) -> dict[str, Motions]:
    """Motions by kind, of all clips in the folder `humans`; OSError where a file is unreadable."""
    parts: dict[str, list[Floats]] = {}
    for name, joints in _clips(humans, figure, rig):
        kind = next((k for k, heads in _KINDS.items() if name.startswith(heads)), None)
        if kind is None:
            continue
        kept = limits.clamp(joints)
        kept = kept[ground.sunk(figure, kept) < _SUNK]
        kinds = np.full(len(kept), kind, dtype=object)
        if kind in _SORTED and len(kept):
            kinds = np.where(lying(figure, kept), _side(kept), kinds)
        for each in set(kinds):
            parts.setdefault(str(each), []).append(kept[kinds == each])
    return {kind: _joined(clips) for kind, clips in parts.items()}


def lying(figure: Figure, joints: Floats) -> Bools:
    """Whether poses (N, J, 3, 3) rest on the trunk, and that is level (N,)."""
    turned, points = figure.place(joints)
    low = ground.bottoms(turned, points).min(axis=1) - points[..., 1].min(axis=1)
    rise = np.abs(turned[:, [INDEX["root"], INDEX["chest"]], 1, 1]).max(axis=1)
    flat: Bools = (low < _RESTS) & (rise < 0.45)  # noqa: PLR2004 - of upright
    return flat


def _side(joints: Floats) -> NDArray[np.str_]:
    """Which lying kind poses are of (N,), by where the front faces."""
    up = joints[:, INDEX["root"], 1, 2]
    names = np.where(up > 0, "lying-back", "lying-front")
    return np.where(np.abs(up) < 0.55, "lying-side", names)  # noqa: PLR2004 - 33 degrees


def _joined(clips: list[Floats]) -> Motions:
    after = np.arange(1, sum(len(clip) for clip in clips) + 1)
    ends = np.cumsum([len(clip) for clip in clips]) - 1
    after[ends] = ends
    return Motions(np.concatenate(clips), after)


def _clips(humans: Path, figure: Figure, rig: Skeleton) -> Iterator[tuple[str, Floats]]:
    for path in sorted((humans / "poses").glob("*.bvh*")):
        try:
            turns = bvh.read(path, rig)
        except ValueError:  # for MakeHuman's old skeleton: few, and walking is there without
            continue
        yield path.name, np.stack([figure.contract(each) for each in turns])
    for path in sorted((humans / "motions").rglob("humanoid3d_*.txt*")):
        yield path.name.removeprefix("humanoid3d_"), deepmimic.read(path)
    for path in sorted((humans / "motions").rglob("Med_*.glb")):
        yield from kaykit.read(path).items()
