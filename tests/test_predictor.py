"""A picture or a turned square of it goes into a model, and what the model says comes back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.core.geometry import Crop
from edge.core.types import Floats, Image, Pose
from edge.manifest import InputSpec, Manifest
from edge.runtime.predictor import Predictor
from tests.fakes import Context

INPUT = (96, 128)  # height, width px


class Eye(Context):
    """A backend that hands the picture on."""

    input_size = INPUT

    def feed(self, image: Image) -> Image:
        return image

    def infer(self, image: Image) -> dict[str, Floats]:
        return {"picture": image.astype(np.float32)}


def brightest(heads: Mapping[str, Floats], _size: tuple[int, int]) -> tuple[Pose, ...]:
    """One joint in the middle of what is bright; its metres point up in the input."""
    rows, columns = np.nonzero(heads["picture"][0, :, :, 0] > 128)
    xy = np.array([(columns.mean(), rows.mean())], np.float32)
    world = np.array([(0.0, -0.1, 0.05)], np.float32)
    return (Pose("hand21", xy, np.ones(1, np.float32), world=world),)


def predictor() -> Predictor:
    facts: dict[str, Any] = dict.fromkeys(("name", "title", "licence", "homepage"), "eye")
    manifest = Manifest(
        **facts,
        skeleton="hand21",
        weights=(),
        input=InputSpec(*INPUT),
        outputs={},
        decoder=brightest,
    )
    return Predictor(manifest, Eye())


def dot(x: int, y: int, radius: int) -> Image:
    image = np.zeros((480, 640, 3), np.uint8)
    cv2.circle(image, (x, y), radius, (255, 255, 255), -1)
    return image


def test_a_whole_picture_comes_back_in_its_own_pixels() -> None:
    sight = predictor().whole(dot(500, 100, 12))
    assert sight.poses[0].xy[0] == pytest.approx((500, 100), abs=1.5)
    assert sight.small.shape == (96, 128, 3)
    assert sight.scale == pytest.approx(0.2)


@given(
    st.floats(-math.pi, math.pi), st.floats(120, 400), st.floats(-0.3, 0.3), st.floats(-0.3, 0.3)
)
def test_a_turned_square_comes_back_in_the_pictures_pixels(
    angle: float, side: float, right: float, up: float
) -> None:
    crop = Crop(320.0, 240.0, side, angle)
    x, y = (round(value) for value in crop.along(right * side, up * side))
    (pose,) = predictor().inside(dot(x, y, 6), crop)
    assert pose.xy[0] == pytest.approx((x, y), abs=0.02 * side)


def test_metres_are_turned_back_with_the_square() -> None:
    crop = Crop(320.0, 240.0, 200.0, math.pi / 2)  # the input's up is the picture's right
    (pose,) = predictor().inside(dot(320, 240, 8), crop)
    assert pose.world is not None
    assert pose.world[0] == pytest.approx((0.1, 0.0, 0.05), abs=1e-6)


def test_beyond_the_border_the_last_pixels_go_on() -> None:
    white = np.full((480, 640, 3), 255, np.uint8)
    (pose,) = predictor().inside(white, Crop(0.0, 0.0, 200.0, 0.3))
    assert pose.xy[0] == pytest.approx((0.0, 0.0), abs=0.5), "white to every side"
