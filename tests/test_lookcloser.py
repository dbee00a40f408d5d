"""A closer look at small people: whose arms it takes, whom it leaves alone, what it costs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
import pytest

from edge.core.geometry import Crop
from edge.core.types import Image, Pose
from edge.runtime.handplaces import Place, reached
from edge.runtime.lookcloser import LookCloser, closer, with_arms
from edge.runtime.predictor import Predictor
from tests.fakes import standing

PICTURE = np.zeros((480, 640, 3), np.uint8)
HOW = LookCloser()


def body(height: float = 190.0, x: float = 200.0, score: float = 0.8) -> Pose:
    """Somebody upright, px."""
    pose = standing()
    low, high = pose.xy.min(axis=0), pose.xy.max(axis=0)
    xy = (pose.xy - low) * height / (high[1] - low[1]) + np.array((x, 150.0))
    pose = replace(pose, xy=xy.astype(np.float32))
    return replace(pose, score=np.full(17, score, np.float32))


@dataclass
class Eye:
    """A predictor that gives what it is told to, and remembers where it looked."""

    gives: tuple[Pose, ...] = ()
    looks: list[Crop] = field(default_factory=list)

    def inside(self, _: Image, crop: Crop) -> tuple[Pose, ...]:
        self.looks.append(crop)
        return self.gives


def look(eye: Eye, *poses: Pose, scale: float = 0.4, how: LookCloser = HOW) -> tuple[Pose, ...]:
    return closer(cast("Predictor", eye), PICTURE, poses, scale, how)


def moved(pose: Pose, px: float) -> Pose:
    return replace(pose, xy=pose.xy + np.float32(px))


def test_somebody_small_is_looked_at_from_near() -> None:
    far = body()
    eye = Eye((moved(far, 5.0),))
    assert look(eye, far) == eye.gives
    (crop,) = eye.looks
    assert crop.side == pytest.approx(1.15 * np.ptp(far.xy[:, 1]), rel=0.01)


def test_somebody_large_is_not_and_costs_nothing() -> None:
    eye = Eye((body(),))
    far = body(height=440.0)
    assert look(eye, far) == (far,)
    assert eye.looks == []


@pytest.mark.parametrize("given", [(), (body(x=520.0),), (body(score=0.3),)])
def test_who_is_not_recognised_from_near_stays_as_they_were(given: tuple[Pose, ...]) -> None:
    far = body()
    assert look(Eye(given), far) == (far,)


def test_the_largest_of_many_is_looked_at_and_the_order_kept() -> None:
    small, large = body(height=120.0, x=450.0), body(height=200.0)
    eye = Eye((moved(large, 2.0),))
    assert look(eye, small, large) == (small, eye.gives[0])
    assert len(eye.looks) == 1


def test_only_arms_are_taken_over() -> None:
    far = body()
    near = moved(far, 7.0)
    mixed = with_arms(far, near)
    arms = [7, 8, 9, 10]
    rest = [k for k in range(17) if k not in arms]
    assert np.array_equal(mixed.xy[arms], near.xy[arms])
    assert np.array_equal(mixed.xy[rest], far.xy[rest])
    assert with_arms(far, far) is far


def held(x: float, y: float) -> Place:
    return Place(Crop(x, y, 60.0, 0.0), sight=0.0)


def arm(x: float, y: float) -> Place:
    return Place.of_arm(Crop(x, y, 50.0, 0.0), "left")


def test_a_hand_that_every_arm_has_left_is_given_up_after_a_moment() -> None:
    places = [held(300.0, 200.0)]
    arms = [arm(120.0, 200.0), arm(180.0, 220.0)]
    for t in (0.0, 0.2, 0.4):
        places = reached(places, arms, t)
        assert len(places) == 1
    assert reached(places, arms, 0.5) == []


def test_a_hand_stays_while_an_arm_is_near_or_none_is_seen() -> None:
    places = [held(300.0, 200.0)]
    for t in np.arange(0.0, 3.0, 0.2):
        places = reached(places, [arm(310.0, 210.0), arm(100.0, 200.0)], float(t))
        places = reached(places, [], float(t) + 0.1)
    assert len(places) == 1


def test_being_out_of_reach_twice_for_a_moment_is_not_for_long() -> None:
    places = [held(300.0, 200.0)]
    for t in (0.0, 1.0, 2.0):
        places = reached(places, [arm(100.0, 200.0)], t)
        places = reached(places, [arm(300.0, 200.0)], t + 0.3)
    assert len(places) == 1
