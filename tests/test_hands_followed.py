"""Hands that are followed stay themselves: in every frame, in order, left or right."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from edge.core.types import Pose
from edge.runtime.hands import Hands
from edge.runtime.predictor import Sight
from tests.fakes import standing
from tests.hand_figure import hand, palm_of
from tests.hand_room import IMAGE, Room, Watch, beyond


def sides_swapped(body: Pose) -> Pose:
    """The same body, its left keypoints taken for the right ones."""
    return replace(body, xy=body.xy[[0, *(j + 1 if j % 2 else j - 1 for j in range(1, 17))]])


def test_the_budget_holds_and_who_is_followed_stays_so() -> None:
    bodies = [standing(150 * i, 100) for i in range(4)]
    room = Room([beyond(body, i) for body in bodies for i in range(2)])
    told = Watch(room, Hands(max_hands=3), palms=False).see(80, bodies)
    assert {looks for _, _, looks in told} == {3}
    seen = Counter(round(one.xy[0, 0].item()) for found, _, _ in told for one in found)
    assert sorted(seen.values()) == [80] * 3


def test_a_followed_hand_is_seen_in_every_frame_whatever_else_there_is_to_try() -> None:
    bodies = [standing(100 * i, 100) for i in range(6)]
    room = Room([beyond(bodies[0], 0)])
    told = Watch(room, Hands(max_hands=1), palms=False).see(40, bodies)
    first = next(i for i, (seen, _, _) in enumerate(told) if seen)
    assert [len(seen) for seen, _, _ in told[first:]] == [1] * (40 - first)


@pytest.mark.parametrize("palms", [True, False])
def test_a_hand_hidden_for_a_moment_is_back_at_once(*, palms: bool) -> None:
    body = standing(100, 100)
    there = [beyond(body, i) for i in range(2)]
    room = Room(list(there))
    watch = Watch(room, palms=palms)
    watch.see(10, [body])
    room.hands = []
    assert [len(seen) for seen, _, _ in watch.see(4)] == [0] * 4, "no arm shows where they were"
    room.hands = there
    assert [len(seen) for seen, _, _ in watch.see(3)] == [2] * 3


def test_the_wrong_palm_does_not_keep_the_right_one_from_its_turn() -> None:
    room = Room([hand((500, 300))])
    ghost = palm_of(hand((100, 200)))
    room.whole = lambda _image: Sight((ghost, palm_of(room.hands[0])), IMAGE, 1.0)  # type: ignore[method-assign]
    told = Watch(room, Hands(max_hands=1)).see(10)
    assert [len(seen) for seen, _, _ in told] == [0] + [1] * 9


def test_hands_keep_their_order() -> None:
    room = Room([hand((100, 200)), hand((300, 200)), hand((500, 200))])
    watch = Watch(room, Hands(max_hands=3))
    watch.see()
    for step in range(20):
        for one in room.hands:
            one.score[:] = 0.6 + 0.3 * np.sin(step + one.xy[0, 0])
        ((seen, _, _),) = watch.see()
        assert [round(one.xy[0, 0].item()) for one in seen] == [100, 300, 500]


def test_the_side_is_what_most_looks_say_and_one_wrong_arm_changes_nothing() -> None:
    body = standing(100, 100)
    left = beyond(body, 0)
    room = Room([left])
    watch = Watch(room, palms=False)
    watch.see(10, [body])
    told = watch.see(5, [sides_swapped(body)])
    room.hands = [replace(left, side="right")]
    told += watch.see(1, [body])
    room.hands = [left]
    told += watch.see(5, [body])
    assert [[one.side for one in seen] for seen, _, _ in told] == [["left"]] * 11


def test_an_arm_that_is_wrong_about_the_side_is_outvoted() -> None:
    body = standing(100, 100)
    right = replace(beyond(body, 0), side="right")
    told = Watch(Room([right]), palms=False).see(20, [body])
    sides = [seen[0].side for seen, _, _ in told]
    assert (sides[0], sides[-1]) == ("left", "right")
    assert sides == sorted(sides), "it changes once"


def test_the_arm_decides_where_no_look_tells_the_side_and_may_change_its_mind() -> None:
    body = standing(100, 100)
    watch = Watch(Room([replace(beyond(body, 0), side="")]), palms=False)
    told = watch.see(1, [sides_swapped(body)]) + watch.see(20, [body])
    sides = [seen[0].side for seen, _, _ in told]
    assert (sides[0], sides[-1]) == ("right", "left")
    assert sides == sorted(sides, reverse=True), "it changes once"


def test_a_palm_whose_side_nobody_tells_has_none() -> None:
    told = Watch(Room([replace(hand((300, 200)), side="")])).see(10)
    assert {one.side for seen, _, _ in told for one in seen} == {""}


def test_places_do_not_pile_up() -> None:
    chance = np.random.default_rng(1)
    room = Room()
    watch = Watch(room, Hands(max_hands=2), palms=False)
    for _ in range(300):
        body = standing(*chance.uniform(50, 400, 2))
        room.hands = [beyond(body, i) for i in range(2)]
        watch.see(1, [body])
    assert len(watch._finder._places) <= 8
