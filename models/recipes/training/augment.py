"""Stored pictures to pictures that teach: turned, scaled, moved, cut out, pasted and covered.

Turning fully, and cutting people out onto other backgrounds, are what brings synthetic people
furthest on real pictures (Dwibedi et al., arXiv:1708.01642; Tremblay et al., arXiv:1804.06516).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from edge.core.skeletons import BODY17
from models.recipes.training.backdrops import backdrop
from models.recipes.training.courses import AugmentSettings
from models.recipes.training.photometry import photographed
from models.recipes.training.targets import person_sizes

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
_MIRROR = np.array(BODY17.mirror)
_HALF = 0.5
_MOSTLY = 0.8
_BEYOND = 255  # label of what lies outside a stored picture


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One stored picture and its truth."""

    rgb: Bytes  # (H, W, 3)
    labels: Bytes  # (H, W), 0 is background
    people: Floats  # (N, 17, 3) x, y px and COCO's visibility; x is NaN where it is not known


def augmented(
    rng: np.random.Generator,
    source: Source,
    other: Callable[[], Source],
    size: int,
    settings: AugmentSettings,
) -> tuple[Bytes, Floats]:
    """Give a picture (size, size, 3) and its people (N, 17, 3); `other` gives another source."""
    height, width = frame_of(rng, size, settings)
    rgb, people = _placed(rng, source, other, (height, width), settings)
    if rng.random() < settings.pasted:
        rgb, people = _pasted(rng, rgb, people, other(), settings)
    if rng.random() < settings.erased:
        rgb, people = _erased(rng, rgb, people)
    if rng.random() < settings.photographed:
        rgb = photographed(rng, rgb)
    if (height, width) != (size, size):
        whole = np.zeros((size, size, 3), np.uint8)
        whole[:height, :width] = rgb
        rgb = whole
    return rgb, people[(people[..., 2] > 0).any(axis=1)]


def geometry(
    rng: np.random.Generator, source: Source, frame: tuple[int, int], settings: AugmentSettings
) -> tuple[Floats, bool]:
    """A matrix (2, 3) from stored px to those of a frame (height, width), and whether it mirrors.

    One person is looked at: they get any size and come to lie anywhere.
    """
    height, width = frame
    side = min(frame)
    if len(source.people):
        focus = source.people[rng.integers(len(source.people))]
        extent = max(float(person_sizes(focus[None])[0]), 8.0)
        # Large ones are met more often, and there is more of them to learn.
        grown = (settings.largest * side / settings.smallest) ** (rng.random() ** 0.6)
        scale = min(settings.smallest * grown / extent, 2.5)
        middle = np.nanmean(focus[:, :2], axis=0)
    else:
        scale = float(np.exp(rng.uniform(-0.7, 0.5))) * side / min(source.rgb.shape[:2])
        middle = rng.uniform(0.3, 0.7, 2) * source.rgb.shape[1::-1]
    turned = rng.random() < settings.turned
    angle = np.deg2rad(rng.uniform(-180, 180) if turned else rng.normal(0, settings.tilt / 2))
    stretch = np.exp(rng.uniform(-settings.aspect, settings.aspect) / 2)
    mirrored = bool(rng.random() < _HALF)
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, -sin], [sin, cos]])
    linear = np.diag([scale * stretch, scale / stretch]) @ turn
    if mirrored:
        linear[:, 0] *= -1
    edge = 0.3 if rng.random() < settings.central else 0.08
    margin = rng.uniform(edge, 1 - edge, 2) * (width, height)
    moved = margin - linear @ middle
    return np.column_stack([linear, moved]).astype(np.float32), mirrored


def moved(people: Floats, matrix: Floats, frame: tuple[int, int], *, mirrored: bool) -> Floats:
    """People (N, 17, 3) through a matrix (2, 3); outside a frame (height, width) is unseen."""
    result = people.copy()
    result[..., :2] = people[..., :2] @ matrix[:, :2].T + matrix[:, 2]
    if mirrored:
        result = result[:, _MIRROR]
    x, y = result[..., 0], result[..., 1]
    inside = (x >= 0) & (y >= 0) & (x <= frame[1] - 1) & (y <= frame[0] - 1)
    result[..., 2] *= inside
    return result


def covered(people: Floats, mask: npt.NDArray[np.bool_]) -> Floats:
    """People behind a mask (H, W): their keypoints under it are hidden."""
    result = people.copy()
    x, y = (
        np.clip(np.nan_to_num(people[..., axis]), 0, mask.shape[1 - axis] - 1).astype(int)
        for axis in (0, 1)
    )
    result[..., 2] = np.where(mask[y, x], np.minimum(people[..., 2], 1), people[..., 2])
    return result


def frame_of(rng: np.random.Generator, size: int, settings: AugmentSettings) -> tuple[int, int]:
    """Height and width of what is not black; most cameras are wide."""
    if rng.random() >= settings.bars:
        return size, size
    short = int(size * rng.choice([0.75, 0.75, 0.5625, rng.uniform(0.5, 1.0)]))
    return (short, size) if rng.random() < 0.8 else (size, short)  # noqa: PLR2004 - share


def _placed(
    rng: np.random.Generator,
    source: Source,
    other: Callable[[], Source],
    frame: tuple[int, int],
    settings: AugmentSettings,
) -> tuple[Bytes, Floats]:
    matrix, mirrored = geometry(rng, source, frame, settings)
    rgb, labels = _warped(source, matrix, frame)
    people = moved(source.people, matrix, frame, mirrored=mirrored)
    beyond = labels == _BEYOND
    lost = float(beyond.mean())
    if rng.random() < (_MOSTLY if lost > _HALF else settings.replaced):
        beyond |= labels == 0
    elif lost == 0:
        return rgb, people
    return _over(backdrop(rng, other, frame), rgb, ~beyond), people


def _pasted(
    rng: np.random.Generator, rgb: Bytes, people: Floats, other: Source, settings: AugmentSettings
) -> tuple[Bytes, Floats]:
    if not len(other.people):
        return rgb, people
    frame = rgb.shape[0], rgb.shape[1]
    matrix, mirrored = geometry(rng, other, frame, settings)
    front, labels = _warped(other, matrix, frame)
    mask = (labels > 0) & (labels != _BEYOND)
    arrived = moved(other.people, matrix, frame, mirrored=mirrored)
    both = np.concatenate([covered(people, mask), arrived])
    return _over(rgb, front, mask), both


def _erased(rng: np.random.Generator, rgb: Bytes, people: Floats) -> tuple[Bytes, Floats]:
    """Something in front, of one colour."""
    mask = polygon(rng, people, rgb.shape[:2])
    if mask is None:
        return rgb, people
    hidden = mask > 0
    rgb = rgb.copy()
    rgb[hidden] = rng.integers(0, 256, 3)
    return rgb, covered(people, hidden)


def polygon(
    rng: np.random.Generator, people: Floats, frame: tuple[int, ...]
) -> npt.NDArray[np.uint8] | None:
    """Where something is, 1 in a mask (height, width): near somebody, or anywhere; or nothing."""
    height, width = frame
    at = rng.uniform(0, 1, 2) * (width, height)
    reach = rng.uniform(0.08, 0.35) * min(height, width)
    if len(people):
        one = people[rng.integers(len(people))]
        at = one[rng.integers(len(one)), :2]
        reach = rng.uniform(0.06, 0.3) * float(person_sizes(one[None])[0])
    if not np.isfinite(at).all():
        return None
    corners = int(rng.integers(3, 7))
    angles = np.sort(rng.uniform(0, 2 * np.pi, corners))
    around = np.column_stack([np.cos(angles), np.sin(angles)]) * rng.uniform(0.5, 1.5, (corners, 2))
    shape = np.rint(np.clip(at + around * reach, -9999, 9999)).astype(np.int32)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [shape.reshape(-1, 1, 2)], 1)
    return mask


def _warped(source: Source, matrix: Floats, frame: tuple[int, int]) -> tuple[Bytes, Bytes]:
    """Picture and labels in a frame; what is made small goes by way of half, else it glitters."""
    rgb = source.rgb
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    fine = matrix.copy()
    while scale < 0.55 and min(rgb.shape[:2]) > 32:  # noqa: PLR2004 - a third is lost at 0.66
        half = rgb.shape[1] // 2, rgb.shape[0] // 2
        rgb = cv2.resize(rgb, half, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
        fine[:, 2] += fine[:, :2] @ np.array([0.5, 0.5], np.float32)
        fine[:, :2] *= 2
        scale *= 2
    area = frame[1], frame[0]
    made = cv2.warpAffine(rgb, fine, area, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    labels = cv2.warpAffine(
        source.labels, matrix, area, flags=cv2.INTER_NEAREST, borderValue=(_BEYOND,) * 4
    )
    return made.astype(np.uint8, copy=False), labels.astype(np.uint8, copy=False)


def _over(behind: Bytes, front: Bytes, mask: npt.NDArray[np.bool_]) -> Bytes:
    """One picture over another, with an edge as soft as a lens makes it."""
    soft = cv2.blur(mask.astype(np.float32), (3, 3))
    made = cv2.blendLinear(front, behind, soft, 1.0 - soft)
    return made.astype(np.uint8, copy=False)
