"""The baseline does what its sources say: a torso far from upright for some time is a fall."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.events.torso_angle import BASELINE, TorsoAngle, scenes
from edge.core.types import Observation, Pose
from tests import figure
from tests.figure import STAND
from tests.lives import Act, Life, observations

STANDS = Act(STAND, 0.0, 2.0)
FALLS = Act(figure.RIGHT, 0.8, 3.0, falling=True)
LIFE = Life((STANDS, FALLS), size=(1280, 960), at=(640.0, 800.0))


def told(seen: list[Observation], rule: TorsoAngle = BASELINE) -> tuple[float, ...]:
    return rule.alerts(list(scenes(seen)))


def torso(shoulder: tuple[float, float], hip: tuple[float, float], score: float = 0.9) -> Pose:
    xy, scores = np.zeros((17, 2), np.float32), np.zeros(17, np.float32)
    xy[[5, 6]], xy[[11, 12]] = shoulder, hip
    scores[[5, 6, 11, 12]] = score
    return Pose("body17", xy, scores)


@pytest.mark.parametrize(
    ("shoulder", "angle"),
    [((0, -9), 0.0), ((9, -9), 45.0), ((-9, 0), 90.0), ((0, 9), 180.0)],
)
def test_the_angle_is_from_upright(shoulder: tuple[float, float], angle: float) -> None:
    assert BASELINE.tilt(torso(shoulder, (0, 0))) == pytest.approx(angle)


def test_one_shoulder_and_one_hip_are_enough_if_sure() -> None:
    pose = torso((9, -9), (0, 0))
    half = replace(pose, score=np.where(np.isin(np.arange(17), (5, 11)), 0.9, 0.1).astype("f4"))
    assert BASELINE.tilt(half) == pytest.approx(45.0)
    assert BASELINE.tilt(torso((9, -9), (0, 0), score=0.2)) is None


def test_a_fall_is_told_once_after_the_time_it_must_last() -> None:
    (at_once,) = told(observations(LIFE), TorsoAngle(hold_s=0.0))
    (later,) = told(observations(LIFE))
    assert 2.0 < at_once < 2.8  # on the way down
    assert later - at_once == pytest.approx(BASELINE.hold_s, abs=1.5 / LIFE.fps)
    assert told(observations(LIFE), TorsoAngle(hold_s=10.0)) == ()


def test_who_stands_up_and_falls_again_is_told_again() -> None:
    acts = (*LIFE.acts, Act(STAND, 1.5, 1.0), FALLS)
    assert len(told(observations(replace(LIFE, acts=acts)))) == 2


def test_time_goes_on_while_nobody_is_seen() -> None:
    blind = observations(replace(LIFE, blind=(2.75, 4.0)))
    (alert,) = told(blind)
    assert 4.0 <= alert < 4.2


def test_walking_is_no_fall_but_bending_is() -> None:
    """What an angle cannot tell apart, and why it is the baseline."""
    walks = (Act(STAND, 0.0, 3.0, walk_m_s=1.3),)
    bends = (STANDS, Act(figure.BEND, 1.0, 2.0))
    assert told(observations(replace(LIFE, acts=walks))) == ()
    assert len(told(observations(replace(LIFE, acts=bends, yaw=90.0)))) == 1
