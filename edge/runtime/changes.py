"""What differs from the empty scene, where no model sees anybody.

A pose model goes blind when a person lies; the floor does not. A small grey picture of the scene
is learned wherever nobody is, and what differs from it afterwards is something that was not there.
It proves nothing by itself: rules use it to keep following a person whom the model has lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from edge.core.types import Box, Change, Floats, Image

_WIDTH = 96  # px: a person across the room is still a dozen pixels, and noise is averaged away
_STEP = 16.0  # grey levels that no sensor noise reaches after averaging
_JUMP = 4.0  # grey levels of the whole picture in one frame: a lamp, not the sun
_SHAKEN = 0.25  # of what is empty: no person leaves that much of a picture changed
_MOVED = 8.0  # grey levels between two frames
_LEARN_S = 2.0  # s, the background follows the light
_ABSORB_S = 60.0  # s, a thing that was put down becomes background
_FEW = 8  # of so many pixels one is enough for a median
_LEAST = 0.002  # of the picture: smaller changes are noise


Mask = npt.NDArray[np.bool_]


@dataclass(slots=True, eq=False)
class _Scene:
    """The empty scene as far as it is known."""

    t: float  # s, last seen
    last: Floats  # (h, w) grey, the last frame
    empty: Floats  # (h, w) grey
    known: Mask  # (h, w) seen without a person there


class Changes:
    """Learns the empty scene of one camera; call `see` once a frame."""

    def __init__(self) -> None:
        self.steady = True  # False: so much changed at once that the camera was moved
        self._scene: _Scene | None = None

    def see(self, image: Image, t: float, people: Iterable[Box]) -> tuple[Change, ...]:
        """RGB (H, W, 3), boxes (px) of people seen or lost -> changed regions, largest first."""
        scale = _WIDTH / image.shape[1]
        small = (_WIDTH, max(1, round(image.shape[0] * scale)))
        grey = cv2.resize(
            cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), small, interpolation=cv2.INTER_AREA
        )
        now = cv2.GaussianBlur(grey, (3, 3), 0).astype(np.float32)
        scene = self._scene
        if scene is None or scene.empty.shape != now.shape:
            scene = self._scene = _Scene(t, now, now.copy(), np.zeros(now.shape, np.bool_))
        free = ~_mask(now.shape, people, scale)
        changed = _compare(scene, now, free)
        empty = scene.known & free
        self.steady = float(changed[empty].sum()) <= _SHAKEN * max(int(empty.sum()), 1)
        if not self.steady:
            scene.known &= ~free  # learn it anew
            changed &= ~free
        moved = np.abs(now - scene.last) > _MOVED
        _learn(scene, now, max(t - scene.t, 0.0), free, changed)
        scene.last, scene.t = now, t
        return _regions(changed, moved, 1.0 / scale)


def _compare(scene: _Scene, now: Floats, free: Mask) -> Mask:
    """Pixels unlike the empty scene, once it has followed a lamp switched on or off."""
    lit = scene.known & free
    if lit.any():
        jump = np.median((now - scene.empty)[lit][::_FEW])
        scene.empty += jump if abs(jump) > _JUMP else 0.0
    changed: Mask = (np.abs(now - scene.empty) > _STEP) & scene.known
    return changed


def _learn(scene: _Scene, now: Floats, dt: float, free: Mask, changed: Mask) -> None:
    """What is free of people is the empty scene; what changed there becomes it slowly."""
    new = free & ~scene.known
    scene.empty[new] = now[new]
    scene.known |= new
    rate = np.where(changed, dt / (dt + _ABSORB_S), dt / (dt + _LEARN_S)).astype(np.float32)
    step = np.where(free, rate, 0.0) * (now - scene.empty)
    # Day and night come to the places under people, too: they go as the rest of the picture goes.
    steady = free & ~changed
    if steady.any():
        step[~free] = step[steady].mean()
    scene.empty += step


def _mask(shape: tuple[int, ...], people: Iterable[Box], scale: float) -> Mask:
    """True where a person is or may be: their boxes and a quarter more on every side."""
    mask = np.zeros(shape, np.bool_)
    for x0, y0, x1, y1 in people:
        dx, dy = 0.25 * (x1 - x0), 0.25 * (y1 - y0)
        rows = slice(max(0, int((y0 - dy) * scale)), max(0, int((y1 + dy) * scale) + 1))
        mask[rows, max(0, int((x0 - dx) * scale)) : max(0, int((x1 + dx) * scale) + 1)] = True
    return mask


def _regions(changed: Mask, moved: Mask, scale: float) -> tuple[Change, ...]:
    joined = cv2.morphologyEx(changed.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    least = _LEAST * changed.size
    regions = []
    for label in range(1, count):
        x, y, w, h, pixels = (int(value) for value in stats[label])
        if pixels < least:
            continue
        mine = labels[y : y + h, x : x + w] == label
        moving = float((moved[y : y + h, x : x + w] & mine).sum()) / pixels
        box = (x * scale, y * scale, (x + w) * scale, (y + h) * scale)
        regions.append(Change(box, pixels * scale * scale, moving))
    return tuple(sorted(regions, key=lambda region: -region.area))
