"""One model in its inference runtime: a picture, or a turned square of it, in; poses out."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from edge.core.geometry import Crop, Letterbox, rotation
from edge.core.types import Floats, Image, Pose
from edge.manifest import Manifest
from edge.ports import Backend


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A whole picture as a network takes it."""

    small: Image  # (h, w, 3) of the input, without what is black around
    box: Letterbox  # where in the input the picture is
    fed: Any  # what the backend infers


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """What a network gave for a whole picture, not yet read."""

    fitted: Fitted
    heads: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What a model made of a whole picture."""

    poses: tuple[Pose, ...]  # px of the picture
    small: Image  # (h, w, 3) the picture as the model got it
    scale: float  # px of the small picture in one of the whole


class Predictor:
    """A manifest and the backend that runs it; the caller enters and leaves the backend.

    Threads may share it: inferences take turns.
    """

    def __init__(self, manifest: Manifest, backend: Backend) -> None:
        self.manifest = manifest
        self.backend = backend
        self._size = (manifest.input.height, manifest.input.width)
        self._turn = threading.Lock()

    def fit(self, image: Image) -> Fitted:
        """Lay a whole picture (H, W, 3) into an input; in any thread."""
        pixels = self._input()
        box = letterbox(image, pixels[0])
        return Fitted(pixels[0, : box.height, : box.width], box, self.backend.feed(pixels))

    def glance(self, fitted: Fitted) -> Glance:
        """Run the network; in any thread."""
        return Glance(fitted, self._infer(fitted.fed))

    def sight(self, glance: Glance) -> Sight:
        """Read the poses out of what the network gave."""
        box = glance.fitted.box
        poses = tuple(replace(pose, xy=box.back(pose.xy)) for pose in self._poses(glance.heads))
        return Sight(poses, glance.fitted.small, box.scale)

    def whole(self, image: Image) -> Sight:
        """Poses in a whole picture (H, W, 3)."""
        return self.sight(self.glance(self.fit(image)))

    def inside(self, image: Image, crop: Crop) -> tuple[Pose, ...]:
        """Poses in a turned square of a picture, px of the picture; metres turned back as well."""
        pixels = self._input()
        cut(image, crop, pixels[0])
        found = self._poses(self._infer(self.backend.feed(pixels)))
        return tuple(_turned_back(pose, crop, self._size) for pose in found)

    def _input(self) -> Image:
        # Not one buffer for all: a picture is still looked at while the next one is inferred.
        return np.empty((1, *self._size, 3), np.uint8)

    def _infer(self, fed: Any) -> dict[str, Floats]:
        with self._turn:
            return self.backend.infer(fed)

    def _poses(self, heads: Mapping[str, Floats]) -> tuple[Pose, ...]:
        return self.manifest.decoder(heads, self._size)


def letterbox(image: Image, into: Image) -> Letterbox:
    """Lay a picture (H, W, 3) into an input (h, w, 3): evenly scaled, top left, black around."""
    height, width = image.shape[:2]
    box = Letterbox.fit((0.0, 0.0, width, height), (into.shape[0], into.shape[1]))
    into[box.height :] = 0
    into[:, box.width :] = 0
    cv2.resize(image, (box.width, box.height), dst=into[: box.height, : box.width])
    return box


def cut(image: Image, crop: Crop, into: Image) -> None:
    """Lay a turned square of a picture (H, W, 3) into an input (h, w, 3)."""
    height, width = into.shape[:2]
    # Beyond the picture's border its last pixels go on, as they did when MediaPipe's were taught.
    cv2.warpAffine(
        image,
        crop.matrix((height, width)),
        (width, height),
        dst=into,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )


def _turned_back(pose: Pose, crop: Crop, size: tuple[int, int]) -> Pose:
    world = pose.world
    if world is not None:
        world = world.copy()
        world[:, :2] = world[:, :2] @ rotation(crop.angle).T  # "@=" is new in NumPy 1.25
    return replace(pose, xy=crop.back(pose.xy, size), world=world)
