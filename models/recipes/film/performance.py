"""The whole performance: poses, places and fingers of every frame, and when what happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.recipes.film import gait, tumble, work
from models.recipes.film.curves import Floats, ease, smooth
from models.recipes.film.layout import AWAY, BENCH, FPS, OPERATOR
from models.recipes.film.procedure import Script, write
from models.recipes.humans.person import Person
from models.recipes.poses import fingers, rotation
from models.recipes.poses.draft import Draft, upright
from models.recipes.poses.figure import INDEX, Figure, make_figure
from models.recipes.poses.types import Skeleton

_PAUSE = 0.45  # s, between the last step and the first one away
_STOP = 0.25  # s, after the last step away


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """Frames at t (N,) s: joints (N, J, 3, 3), hips (N, 3) m, hands closed (N, 2), left first."""

    figure: Figure
    t: Floats
    joints: Floats
    hips: Floats
    closed: Floats
    script: Script
    times: tumble.Times
    leaves: float  # s, the first step away from the bench
    bends: dict[str, tuple[fingers.Bends, fingers.Bends]]  # a hand open and closed

    def turns(self, rig: Skeleton, frame: int) -> Floats:
        """The rig's turns (B, 3, 3) in a frame."""
        made = self.figure.expand(self.joints[frame])
        for number, side in enumerate("LR"):
            share = float(self.closed[frame, number])
            opened, shut = self.bends[side]
            mixed = (a + share * (b - a) for a, b in zip(opened, shut, strict=True))
            made = fingers.apply(rig, made, side, fingers.Bends(*mixed))
        return made

    def place(self, rig: Skeleton, frame: int) -> Floats:
        """Where `Person.pose` shall put the root bone (3,), m, so that the hips are right."""
        heads = np.asarray(rig.heads, np.float64)
        bones = self.figure.bones
        middle = (heads[bones["upperleg01.L"]] + heads[bones["upperleg01.R"]]) / 2
        off = self.joints[frame, 0] @ (middle - heads[bones["root"]])
        place: Floats = np.array([self.hips[frame, 0] - off[0], 0.0, self.hips[frame, 2] - off[2]])
        return place

    def summary(self) -> dict[str, Any]:
        """Times of steps and of the fall, s."""
        fall = self.times
        return {
            "steps": [_rounded(step) for step in self.script.steps],
            "forbidden": [_rounded(reach) for reach in self.script.forbidden],
            "leaves": round(self.leaves, 3),
            "fall": {
                "onset": round(fall.onset, 3),
                "impact": round(fall.impact, 3),
                "lying_until": round(fall.lying_until, 3),
                "up": round(fall.up, 3),
            },
        }


def _rounded(values: dict[str, float | str]) -> dict[str, float | str]:
    return {k: v if isinstance(v, str) else round(v, 3) for k, v in values.items()}


def perform(person: Person, variant: str, rng: np.random.Generator) -> Performance:
    """Act a variant of the procedure, and what comes after it, with this person's body."""
    rig = person.rig
    figure = make_figure(rig)
    script = write(variant, rng)
    leaves = script.end + _PAUSE
    plan = gait.walk_away(leaves)
    begin = plan["R"][-1].land + _STOP
    first = np.arange(int(np.ceil(begin * FPS)) + 1) / FPS
    ankle = _ankle_height(person, figure)
    feet = gait.follow(plan, ankle, first)
    joints, hips = _upright(figure, script, feet, first)
    last = gait.Feet(feet.ankles[-1:], feet.level[-1:], feet.yaw[-1:], feet.raised[-1:])
    keys, times = tumble.keys(figure, float(first[-1]), joints[-1], hips[-1], last)
    later = np.arange(len(first) - 1, int(np.ceil(keys[-1].t * FPS)) + 1) / FPS
    fallen, moved = tumble.perform(figure, keys, later, hips[-1])
    t = np.concatenate([first, later[1:]])
    whole = np.concatenate([joints, fallen[1:]])
    whole[:, INDEX["spine"]] = whole[:, INDEX["spine"]] @ rotation.about(
        0, 0.7 * np.sin(2 * np.pi * 0.27 * t)
    )  # breath
    closed = np.stack([work.grips(script, side, t) for side in "LR"], axis=1)
    closed[t > script.end] = 0.25
    bends = {side: (fingers.bends(rng, "relaxed"), fingers.bends(rng, "grip")) for side in "LR"}
    return Performance(
        figure, t, whole, np.concatenate([hips, moved[1:]]), smooth(closed, 1.0), script, times,
        leaves, bends,
    )  # fmt: skip


def _upright(figure: Figure, script: Script, feet: gait.Feet, t: Floats) -> tuple[Floats, Floats]:
    """Work at the bench and walk away: joints (N, J, 3, 3) and hips (N, 3), m."""
    hands = {side: work.targets(script, side, t) for side in "LR"}
    share = work.at_work(script, t)
    lean = work.leaning(hands, share)
    shift = np.stack([0.3 * lean + 0.006 * work.sway(t, 0.5), 0.006 * work.sway(t, 4.0)], axis=1)
    hips, yaw = gait.hips(figure, feet, shift, FPS)
    draft = Draft(figure, np.random.default_rng(0), upright(len(t)))
    work.bend(draft, lean, share, yaw, t)
    gait.stand(draft, feet, hips)
    # Behind the bench forearms stay up: hanging hands would seem to be in the bins.
    lifted = 1 - ease((hips[:, 0] - BENCH[1][0] + 0.35) / 0.35)
    gait.swing_arms(draft, feet, yaw, lifted)
    work.look(draft, hands, hips, share)
    work.reach(draft, hands, hips, share)
    return draft.joints, hips


def _ankle_height(person: Person, figure: Figure) -> float:
    """How high the ankles are over the soles of a standing person, m."""
    turns = figure.expand(upright(1)[0])
    posed = person.pose(np.asarray(turns, np.float32), 1, np.array([OPERATOR[0] + AWAY, 0, 0]))
    return float(posed.keypoints[15:17, 1].mean())
