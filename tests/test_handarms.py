"""Hands that the hand model loses go on where it last saw them, by the arms; none is seen twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from edge.core.engine import Engine
from edge.core.track import Scene, Tracker
from edge.core.types import Observation, Pose, Side
from tests.fakes import standing
from tests.hand_figure import hand

WRISTS = {"left": 9, "right": 10}
FPS = 15


def arms(off: tuple[float, float] = (0.0, 0.0), x: float = 200.0) -> Pose:
    """A body whose wrists are a little off."""
    body = standing(x, 100.0)
    xy = body.xy.copy()
    xy[[7, 8, 9, 10]] += np.array(off, np.float32)
    return replace(body, xy=xy)


def seen_hand(body: Pose, side: Side) -> Pose:
    """The true hand of an arm, fingers down, beyond its true wrist."""
    x, y = body.xy[WRISTS[side]].tolist()
    return hand((x, y), palm_px=11.0, deg=180.0, side=side)


def scenes(*instants: tuple[Pose, ...]) -> list[Scene]:
    engine, found = Engine(Tracker(), ()), []
    memory = engine.start()
    for number, poses in enumerate(instants):
        seen = Observation(number / FPS, number, (640, 480), poses)
        memory, scene, _ = engine.step(memory, seen)
        found.append(scene)
    return found


def now(scene: Scene, side: str) -> list[tuple[float, float]]:
    return [one.xy for one in scene.hands if one.seen == scene.t and one.side == side]


@pytest.mark.parametrize("off", [(8.0, 3.0), (-6.0, -4.0)])
def test_an_arm_that_is_off_goes_on_from_where_the_hand_was_seen(off: tuple[float, float]) -> None:
    true, body = arms(), arms(off)
    both = (body, seen_hand(true, "left"), seen_hand(true, "right"))
    found = scenes(*[both] * 20, *[(body,)] * 15)
    for side in ("left", "right"):
        (before,), (after,) = now(found[19], side), now(found[-1], side)
        assert np.hypot(after[0] - before[0], after[1] - before[1]) < 0.3 * np.hypot(*off)


def test_where_two_hands_are_seen_wrong_wrists_show_no_third() -> None:
    true = arms()
    wrong = arms((60.0, -20.0))
    both = (seen_hand(true, "left"), seen_hand(true, "right"))
    for scene in scenes(*[(wrong, *both)] * 20)[5:]:
        assert [len(now(scene, side)) for side in ("left", "right")] == [1, 1]


def test_a_hand_found_elsewhere_is_not_remembered_where_it_was() -> None:
    true, far = arms(), arms((120.0, 0.0))
    here = (true, seen_hand(true, "left"), seen_hand(true, "right"))
    there = (true, seen_hand(far, "left"), seen_hand(true, "right"))
    last = scenes(*[here] * 15, *[(true,)] * 2, *[there] * 8)[-1]
    assert len([one for one in last.hands if one.side == "left"]) == 1


def test_hands_of_two_people_are_all_kept() -> None:
    one, other = arms(), arms(x=420.0)
    four = [seen_hand(body, side) for body in (one, other) for side in ("left", "right")]
    last = scenes(*[(one, other, *four)] * 15, *[(one, other, *four[:3])] * 3)[-1]
    assert len(last.hands) == 4
