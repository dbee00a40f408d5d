"""Hands are found, and found again, at the cost that is promised."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from edge.runtime.hands import Hands
from tests.fakes import standing
from tests.hand_figure import hand
from tests.hand_room import Room, Watch, beyond


def test_the_palm_detector_rests_while_enough_hands_stay() -> None:
    room = Room([hand((150, 200)), hand((450, 200), side="left")])
    told = Watch(room).see(50)
    assert [len(seen) for seen, _, _ in told] == [2] * 50
    assert [palms for _, palms, _ in told] == [1] + [0] * 49
    assert {looks for _, _, looks in told} == {2}
    assert {one.side for one in told[-1][0]} == {"left", "right"}


def test_while_a_hand_is_missing_palms_are_looked_for_now_and_then() -> None:
    told = Watch(Room([hand()]), Hands(search_s=0.5)).see(50)
    assert [len(seen) for seen, _, _ in told] == [1] * 50
    assert [palms for _, palms, _ in told] == [1, 0, 0, 0, 0] * 10
    assert sum(looks for _, _, looks in told) == 50, "the same hand again costs no second look"


def test_an_empty_room_costs_a_palm_search_now_and_then_and_nothing_else() -> None:
    told = Watch(Room(), Hands(search_s=1.0)).see(30)
    assert sum(palms for _, palms, _ in told) == 3
    assert sum(looks for _, _, looks in told) == 0


def test_a_hand_that_leaves_is_not_there_and_is_found_again_when_it_comes_back() -> None:
    room = Room([hand((100, 200))])
    watch = Watch(room, Hands(max_hands=1, search_s=0.5))
    watch.see(5)
    room.hands = []
    assert [len(seen) for seen, _, _ in watch.see(10)] == [0] * 10
    room.hands = [hand((500, 300))]
    told = watch.see(10)
    assert all(told[5 + i][0] for i in range(5)), "within half a second"
    assert sum(palms for _, palms, _ in told) == 1


def test_a_moving_hand_is_followed_without_being_detected_again() -> None:
    room = Room([hand((100, 300))])
    watch = Watch(room, Hands(max_hands=1))
    for step in range(40):
        room.hands = [hand((100 + 10 * step, 300), deg=3 * step)]
        ((seen, _, looks),) = watch.see()
        assert (len(seen), looks) == (1, 1)
        assert seen[0].xy == pytest.approx(room.hands[0].xy)
    assert room.palms == 1


def test_two_palms_on_one_hand_are_one_hand() -> None:
    seen = hand((200, 200))
    shaken = replace(seen, xy=seen.xy + np.float32(6.0), score=seen.score * np.float32(0.9))
    room = Room([seen, shaken])
    told = Watch(room).see(3)
    assert [len(found) for found, _, _ in told] == [1] * 3


def test_hands_close_together_are_two() -> None:
    told = Watch(Room([hand((200, 200)), hand((250, 200), side="left")])).see(20)
    assert [len(seen) for seen, _, _ in told[-10:]] == [2] * 10


def test_hands_are_found_beyond_wrists_and_are_the_bodys_left_and_right() -> None:
    body = standing(100, 100)
    room = Room([replace(beyond(body, i), side="") for i in range(2)])
    told = Watch(room, palms=False).see(10, [body])
    for seen, palms, looks in told:
        assert {one.side: one.xy[0, 0] > 200 for one in seen} == {"left": True, "right": False}
        assert (palms, looks) == (0, 2)


def test_a_hand_is_followed_where_its_wrist_is_no_longer_seen() -> None:
    body = standing(100, 100)
    room = Room([beyond(body, 0)])
    watch = Watch(room, palms=False)
    watch.see(2, [body])
    told = watch.see(10)
    assert [(len(seen), looks) for seen, _, looks in told] == [(1, 1)] * 10
    assert told[-1][0][0].side == "left"


def test_wrists_without_a_hand_are_tried_in_three_squares_and_then_rest() -> None:
    body = standing(100, 100)
    body.score[8] = 0.0
    room = Room()
    told = Watch(room, Hands(search_s=0.5), palms=False).see(12, [body])
    assert [looks for _, _, looks in told] == [1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0]
    near, wide, out = room.squares[:3]
    assert min(wide.side, out.side) > near.side
    assert room.squares[3:] == [near, wide, out]


def test_wrists_without_hands_do_not_keep_others_from_their_turns() -> None:
    bodies = [standing(100 * i, 100) for i in range(6)]
    room = Room([beyond(bodies[0], i) for i in range(2)])
    told = Watch(room, palms=False).see(100, bodies)
    assert {looks for _, _, looks in told} == {2}
    assert sum(len(seen) for seen, _, _ in told) > 40


def test_one_hand_beyond_two_wrists_is_one_and_keeps_its_side() -> None:
    body = standing(100, 100)
    body.xy[[7, 9]] = body.xy[[8, 10]] + np.array((14.0, 0.0), np.float32)
    room = Room([beyond(body, 1)])
    told = Watch(room, palms=False).see(40, [body])
    assert [[one.side for one in seen] for seen, _, _ in told] == [["right"]] * 40


def test_a_person_too_far_away_to_show_fingers_costs_nothing() -> None:
    body = standing()
    small = replace(body, xy=body.xy * np.float32(0.4))
    assert [looks for _, _, looks in Watch(Room(), palms=False).see(10, [small])] == [0] * 10
