"""What differs from the empty room, in made-up pictures of it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from edge.core.types import Box, Change, Image
from edge.runtime.changes import Changes

SIZE = (480, 640)  # height, width px
FLOOR = (300.0, 330.0, 480.0, 390.0)  # px, where somebody will lie
FPS = 5.0


def room(seq: int, *, light: float = 1.0, more: float = 0.0) -> Image:
    """An empty room: a wall, a floor, a door, and the sensor's noise."""
    return _room(seq % 8, light, more)


@cache
def _room(seed: int, light: float, more: float) -> Image:
    picture = np.full((*SIZE, 3), 150.0)
    picture[300:] = 90.0
    picture[80:300, 60:160] = 60.0
    noise = np.random.default_rng(seed).normal(0.0, 6.0, picture.shape)
    return np.clip(picture * light + more + noise, 0, 255).astype(np.uint8)


def with_body(picture: Image, box: Box, grey: int = 200) -> Image:
    x0, y0, x1, y1 = (int(value) for value in box)
    picture = picture.copy()
    picture[y0:y1, x0:x1] = grey
    return picture


class Camera:
    """Shows pictures one after another, at an even pace."""

    def __init__(self) -> None:
        self._changes = Changes()
        self._seq = 0

    def see(self, picture: Image, *people: Box) -> tuple[Change, ...]:
        self._seq += 1
        return self._changes.see(picture, self._seq / FPS, people)

    @property
    def steady(self) -> bool:
        return self._changes.steady

    def empty(self, seconds: float = 4.0, *people: Box) -> list[tuple[Change, ...]]:
        return [self.see(room(self._seq), *people) for _ in range(round(seconds * FPS))]


def test_the_empty_room_never_changes() -> None:
    assert set(Camera().empty(20.0)) == {()}


@pytest.mark.parametrize("grey", [10, 200])
def test_somebody_who_appears_and_stays_is_one_change_in_the_right_place(grey: int) -> None:
    camera = Camera()
    camera.empty()
    for seq in range(round(10 * FPS)):
        (change,) = camera.see(with_body(room(seq), FLOOR, grey))
        assert change.box == pytest.approx(FLOOR, abs=14.0)  # two small pixels
        size = (FLOOR[2] - FLOOR[0]) * (FLOOR[3] - FLOOR[1])
        assert 0.8 * size < change.area < 1.4 * size
        assert change.moving == 0.0 or seq == 0


def test_who_moves_is_moving_and_who_lies_still_is_not() -> None:
    camera = Camera()
    camera.empty()
    x0, y0, x1, y1 = FLOOR
    for step in range(5):
        left = x0 - 150.0 + 30.0 * step
        (change,) = camera.see(with_body(room(step), (left, y0, left + x1 - x0, y1)))
        assert change.moving > 0.1
    camera.see(with_body(room(6), FLOOR))
    (change,) = camera.see(with_body(room(7), FLOOR))
    assert change.moving == 0.0


@pytest.mark.parametrize(("light", "more"), [(0.9, 0.0), (1.1, 0.0), (1.0, -40.0), (1.0, 60.0)])
def test_another_light_is_no_change(light: float, more: float) -> None:
    camera = Camera()
    camera.empty()
    for seq in range(10):
        assert camera.see(room(seq, light=light, more=more)) == ()


def test_a_body_is_found_although_the_light_changes() -> None:
    camera = Camera()
    camera.empty()
    for seq in range(4):
        dimmed = (with_body(room(seq), FLOOR) * 0.85).astype(np.uint8)
        changes = camera.see(dimmed)
        assert changes[0].box == pytest.approx(FLOOR, abs=14.0)


def test_where_somebody_has_always_been_nothing_is_known() -> None:
    """The floor under who was there from the first frame on was never seen empty."""
    camera = Camera()
    for seq in range(20):
        assert camera.see(with_body(room(seq), FLOOR), FLOOR) == ()
    # The model loses them; they are still there, and their place is still theirs.
    assert camera.see(with_body(room(21), FLOOR), FLOOR) == ()
    # Had they been gone, the change could not be told either.
    assert camera.see(room(22), FLOOR) == ()


def test_a_place_is_learned_when_somebody_leaves_it() -> None:
    camera = Camera()
    camera.empty(4.0, FLOOR)
    camera.empty(4.0)
    (change,) = camera.see(with_body(room(50), FLOOR), FLOOR)
    assert change.box == pytest.approx(FLOOR, abs=14.0)


@pytest.mark.parametrize("seconds", [60, 300])
def test_a_person_who_lies_for_minutes_is_not_learned_as_floor(seconds: float) -> None:
    camera = Camera()
    camera.empty()
    for seq in range(round(seconds * FPS)):
        changes = camera.see(with_body(room(seq), FLOOR, grey=125), FLOOR)
    assert changes[0].box == pytest.approx(FLOOR, abs=14.0)


def test_a_camera_that_is_moved_says_so_once_and_learns_the_new_view() -> None:
    camera = Camera()
    camera.empty()
    turned = [np.roll(room(seq), 120, axis=1)[::-1] for seq in range(20)]
    seen = [(camera.see(picture), camera.steady) for picture in turned]
    assert seen[0] == ((), False)
    assert set(seen[1:]) == {((), True)}


def test_a_person_close_by_does_not_move_the_camera() -> None:
    camera = Camera()
    camera.empty()
    camera.see(with_body(room(1), (220.0, 150.0, 420.0, 480.0)))
    assert camera.steady


def test_a_thing_put_down_becomes_part_of_the_room() -> None:
    camera = Camera()
    camera.empty()
    seen = [camera.see(with_body(room(seq), FLOOR)) for seq in range(round(300 * FPS))]
    assert seen[round(5 * FPS)] != ()
    assert seen[-1] == ()


def test_something_small_is_no_change_and_larger_comes_first() -> None:
    camera = Camera()
    camera.empty()
    assert camera.see(with_body(room(1), (300.0, 350.0, 312.0, 362.0))) == ()
    small = (100.0, 340.0, 160.0, 400.0)
    both = camera.see(with_body(with_body(room(2), FLOOR), small))
    assert [change.box for change in both] == [
        pytest.approx(FLOOR, abs=14.0),
        pytest.approx(small, abs=14.0),
    ]


def test_another_picture_size_begins_anew() -> None:
    camera = Camera()
    camera.empty()
    assert camera.see(with_body(room(1), FLOOR)[:, :400]) == ()
