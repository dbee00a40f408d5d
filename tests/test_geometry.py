"""Plane geometry: there and back, areas, angles, polygons."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.core.geometry import (
    Crop,
    Letterbox,
    area,
    around,
    clip,
    heading,
    inside,
    overlap,
    rotation,
    scaled,
    tilt_deg,
)
from edge.core.types import Box, Pose

SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
L_SHAPE = ((0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (1.0, 2.0), (0.0, 2.0))

coordinates = st.integers(-2000, 2000).map(float)
boxes = st.tuples(coordinates, coordinates, coordinates, coordinates)


def test_a_wide_picture_fills_the_width_of_a_square_input() -> None:
    assert Letterbox.fit((0, 0, 640, 480), (256, 256)) == Letterbox(0, 0, 0.4, 256, 192)


def test_a_tall_picture_fills_the_height() -> None:
    assert Letterbox.fit((0, 0, 480, 640), (256, 256)) == Letterbox(0, 0, 0.4, 192, 256)


def test_a_part_of_a_picture_is_enlarged_to_fill_the_input() -> None:
    box = Letterbox.fit((100, 50, 164, 114), (256, 256))
    assert (box.left, box.top, box.scale, box.width, box.height) == (100, 50, 4.0, 256, 256)


@given(st.integers(1, 4000), st.integers(1, 4000), st.integers(17, 800), st.integers(17, 800))
def test_a_letterbox_never_sticks_out_of_the_input(w: int, h: int, rows: int, columns: int) -> None:
    box = Letterbox.fit((0, 0, w, h), (rows, columns))
    assert 1 <= box.width <= columns
    assert 1 <= box.height <= rows


def test_corners_of_the_input_go_back_to_corners_of_the_picture() -> None:
    """The middles of the outer pixels lie half a (large) pixel inside of both pictures' edges."""
    box = Letterbox.fit((100, 50, 740, 530), (240, 320))
    xy = np.array([(-0.5, -0.5), (319.5, 239.5), (0.0, 0.0)], np.float32)
    back = box.back(xy)
    assert back.dtype == np.float32
    assert back.tolist() == [[99.5, 49.5], [739.5, 529.5], [100.5, 50.5]]


crops = st.builds(
    Crop,
    x=st.floats(-500, 2500),
    y=st.floats(-500, 2500),
    side=st.floats(8, 2000),
    angle=st.floats(-math.pi, math.pi),
)


@given(crops, st.sampled_from([(224, 224), (192, 256), (33, 21)]))
def test_a_crop_takes_the_middle_to_the_middle_and_keeps_lengths(
    crop: Crop, into: tuple[int, int]
) -> None:
    height, width = into
    ends = [(0, 0), (width - 1, height - 1), ((width - 1) / 2, (height - 1) / 2)]
    a, b, middle = crop.back(np.array(ends, np.float32), into).tolist()
    assert middle == pytest.approx((crop.x, crop.y), abs=0.01)
    scale = crop.side / min(into)
    assert math.dist(a, b) == pytest.approx(scale * math.hypot(width - 1, height - 1), rel=1e-3)


@given(crops, st.floats(-1, 2), st.floats(-1, 2))
def test_there_and_back_through_a_crop(crop: Crop, x: float, y: float) -> None:
    into = (224, 224)
    matrix = np.vstack([crop.matrix(into).astype(np.float64), (0, 0, 1)])
    point = np.array((crop.x + x * crop.side, crop.y + y * crop.side, 1.0))
    there = np.linalg.solve(matrix, point)[:2]
    (back,) = crop.back(there[None], into).tolist()
    assert back == pytest.approx(point[:2], abs=0.02)


@given(crops)
def test_what_the_crop_points_at_is_upright_in_the_input(crop: Crop) -> None:
    top, bottom = np.array([(111.5, 0.0), (111.5, 223.0)], np.float32)
    (x0, y0), (x1, y1) = crop.back(np.array([bottom, top]), (224, 224)).tolist()
    ahead = crop.along(right=0.0, up=1.0)
    assert math.cos(heading(x1 - x0, y1 - y0) - crop.angle) == pytest.approx(1.0, abs=1e-4)
    away = heading(ahead[0] - crop.x, ahead[1] - crop.y)
    assert math.cos(away - crop.angle) == pytest.approx(1.0, abs=1e-4)


def test_angles_go_clockwise_from_up() -> None:
    assert heading(0.0, -3.0) == 0.0
    assert heading(2.0, 0.0) == pytest.approx(math.pi / 2)
    assert rotation(math.pi / 2) @ (0.0, -1.0) == pytest.approx((1.0, 0.0), abs=1e-6)
    assert Crop(10, 20, 5, math.pi / 2).along(right=1.0, up=2.0) == pytest.approx((12, 21))


def test_area_of_a_box_turned_inside_out_is_nothing() -> None:
    assert area((0, 0, 4, 3)) == 12
    assert area((4, 0, 0, 3)) == 0
    assert area((4, 3, 0, 0)) == 0


@given(boxes, boxes)
def test_overlap_is_mutual_and_no_larger_than_either(a: Box, b: Box) -> None:
    assert overlap(a, b) == overlap(b, a)
    assert overlap(a, b) <= min(area(a), area(b))


def test_overlap_of_known_boxes() -> None:
    assert overlap((0, 0, 10, 10), (5, 6, 20, 20)) == 20
    assert overlap((0, 0, 10, 10), (10, 0, 20, 10)) == 0


def test_scaled_and_around() -> None:
    assert scaled((1, 2, 3, 4), 2.0) == (2, 4, 6, 8)
    xy = np.array([(3, 9), (1, 5), (2, 7)], np.float32)
    assert around(Pose("body17", xy, np.ones(3, np.float32))) == (1, 5, 3, 9)


@given(boxes, st.integers(0, 1000), st.integers(0, 1000))
def test_a_clipped_box_lies_in_the_picture(box: Box, w: int, h: int) -> None:
    x0, y0, x1, y1 = clip(box, (w, h))
    assert 0 <= x0 <= x1 <= w
    assert 0 <= y0 <= y1 <= h


def test_clipping_keeps_what_is_inside() -> None:
    assert clip((-5, 10, 30, 700), (640, 480)) == (0, 10, 30, 480)
    assert clip((5, 10, 30, 70), (640, 480)) == (5, 10, 30, 70)


@pytest.mark.parametrize(
    ("dx", "dy", "deg"),
    [(0, -1, 0), (1, -1, 45), (-1, -1, 45), (1, 0, 90), (-1, 0, 90), (0, 1, 180)],
)
def test_tilt_counts_from_upright_to_either_side(dx: float, dy: float, deg: float) -> None:
    assert tilt_deg(dx, dy) == pytest.approx(deg)


@pytest.mark.parametrize(
    ("point", "polygon", "hit"),
    [
        ((0.5, 0.5), SQUARE, True),
        ((1.5, 0.5), SQUARE, False),
        ((-0.1, 0.5), SQUARE, False),
        ((0.5, 1.1), SQUARE, False),
        ((0.0, 0.5), SQUARE, True),
        ((0.5, 0.0), SQUARE, True),
        ((1.0, 0.5), SQUARE, False),
        ((0.5, 1.0), SQUARE, False),
        ((1.5, 0.5), L_SHAPE, True),
        ((0.5, 1.5), L_SHAPE, True),
        ((1.5, 1.5), L_SHAPE, False),
    ],
)
def test_inside(
    point: tuple[float, float], polygon: tuple[tuple[float, float], ...], *, hit: bool
) -> None:
    assert inside(*point, polygon) is hit
    assert inside(*point, polygon[::-1]) is hit, "whichever way round it is drawn"
