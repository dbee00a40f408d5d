"""Every picture compared on, in several views: of few people, chance decides less.

Who is just seen or just not may be either a moment later. Mirrored, or with an edge trimmed away,
the same picture falls on other cells of the model, and asks the same question again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from converters.pictures import Picture
from edge.core.types import Image

_TRIMMED = 20  # a twentieth of each side, at one corner


def _top_left(image: Image) -> Image:
    height, width = image.shape[:2]
    return image[height // _TRIMMED :, width // _TRIMMED :]


def _bottom_right(image: Image) -> Image:
    height, width = image.shape[:2]
    return image[: height - height // _TRIMMED, : width - width // _TRIMMED]


def _mirrored(image: Image) -> Image:
    return image[:, ::-1]


_VIEWS: Sequence[tuple[Callable[[Image], Image], ...]] = (
    (),
    (_mirrored,),
    (_top_left,),
    (_bottom_right,),
    (_mirrored, _top_left),
    (_mirrored, _bottom_right),
)
COUNT = len(_VIEWS)


def views(pictures: Sequence[Picture]) -> tuple[Picture, ...]:
    """All pictures as they are, in order, then all in each other view; no pixel is copied."""
    return tuple(_seen(picture, changes) for changes in _VIEWS for picture in pictures)


def _seen(picture: Picture, changes: Sequence[Callable[[Image], Image]]) -> Picture:
    image = picture.image
    for change in changes:
        image = change(image)
    return replace(picture, image=image)
