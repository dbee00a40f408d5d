"""Hands cut out of pictures as the runtime cuts them, for the model that sees only such squares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from converters.pictures import Picture
from converters.progress import Bar
from edge.core.geometry import Crop
from edge.runtime.handcrops import from_landmarks, from_palm
from edge.runtime.predictor import Predictor, cut


def hands(
    pictures: Sequence[Picture], palm: Predictor, hand: Predictor, bar: Bar
) -> tuple[Picture, ...]:
    """Every hand twice: where its palm shows it, and where its landmarks then do."""
    found = []
    for number, picture in enumerate(pictures, start=1):
        for count, pose in enumerate(palm.whole(picture.image).poses, start=1):
            first = from_palm(pose)
            name = f"{picture.name}, hand {count}"
            found.append(_cut(picture, first, name, hand))
            found.extend(
                _cut(picture, from_landmarks(seen), f"{name}, followed", hand)
                for seen in hand.inside(picture.image, first)
            )
        bar(number, len(pictures))
    return tuple(found)


def _cut(picture: Picture, crop: Crop, name: str, hand: Predictor) -> Picture:
    size = hand.manifest.input
    image = np.empty((size.height, size.width, 3), np.uint8)
    cut(picture.image, crop, image)
    return Picture(name, image, picture.film)
