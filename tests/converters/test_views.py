"""The views in which a picture is compared: the same people, elsewhere in the model's input."""

from __future__ import annotations

import numpy as np

from converters.pictures import Picture
from converters.views import COUNT, views
from edge.core.types import Image


def picture(name: str, height: int = 40, width: int = 60) -> Picture:
    y, x = np.mgrid[:height, :width]
    image: Image = np.stack([y, x, np.full_like(y, len(name))], axis=2).astype(np.uint8)
    return Picture(name, image)


def test_pictures_as_they_are_come_first() -> None:
    pictures = (picture("a"), picture("bb"), picture("ccc"))
    seen = views(pictures)
    assert len(seen) == COUNT * len(pictures)
    for one, same in zip(pictures, seen, strict=False):
        assert np.array_equal(one.image, same.image)
    assert [one.name for one in seen] == ["a", "bb", "ccc"] * COUNT


def test_no_two_views_are_the_same_and_none_loses_more_than_an_edge() -> None:
    seen = views((picture("a"),))
    assert len({one.sha256 for one in seen}) == COUNT
    for one in seen:
        rows, columns = one.image[:, 0, 0], one.image[0, :, 1]
        assert len(rows) >= 38
        assert len(columns) >= 57
        assert set(np.abs(np.diff(columns.astype(int)))) == {1}
        assert np.all(np.diff(rows.astype(int)) == 1), "nobody stands on their head"


def test_a_tiny_picture_has_views() -> None:
    assert all(one.image.size for one in views((picture("a", 1, 1),)))
