"""What models, cameras and people add to keypoints; every example is changed anew each time."""

from __future__ import annotations

import numpy as np

from models.recipes.gestures.classes import POSES, Names
from models.recipes.gestures.examples import Examples
from models.recipes.poses.types import Bools, Floats

_UP, _ASIDE = 40.0, 55.0  # deg that a thumb may lean from the picture's up; from where it is aside
_FINGERS = np.repeat(np.arange(6), (1, 4, 4, 4, 4, 4))  # the wrist, then each finger's four joints
_BELOW_HEAD = slice(5, None)


def hands(rng: np.random.Generator, clean: Examples) -> Examples:
    """Hands as a model sees them: turned, squeezed, jittered by up to a tenth of the palm."""
    many = len(clean)
    middle = clean.xy.mean(axis=1, keepdims=True)
    xy = clean.xy - middle
    palm = _palm(xy)
    angle = np.where(
        rng.random(many) < 0.4,  # noqa: PLR2004
        rng.uniform(-180, 180, many),
        rng.normal(0, 25, many),
    )
    xy = xy @ np.swapaxes(_affine(rng, angle, 0.15), 1, 2)
    # A coarse model draws what it is unsure of towards the middle of the hand.
    drawn = rng.uniform(0, 0.15, many) * (rng.random(many) < 0.5)  # noqa: PLR2004
    xy = xy + drawn[:, None, None] * (xy.mean(axis=1, keepdims=True) - xy)
    sigma = rng.uniform(0.01, 0.08, many) * palm
    single = rng.standard_normal(xy.shape)
    together = rng.standard_normal((many, 6, 2))[:, _FINGERS]
    xy = xy + sigma[:, None, None] * (0.8 * single + 0.6 * together)
    return Examples(xy.astype(np.float32), clean.score, thumbs(xy, clean.kind), clean.recording)


def thumbs(xy: Floats, kinds: Names) -> Names:
    """Thumbs up, down or aside by where they point in the picture; "" where it is in doubt."""
    way = xy[:, 4] - xy[:, 2]
    lean = np.degrees(np.arctan2(np.abs(way[:, 0]), -way[:, 1]))  # from the picture's up
    names = np.full(len(kinds), "", "<U16")
    names[lean <= _UP] = "thumb-up"
    names[lean >= 180.0 - _UP] = "thumb-down"
    names[(lean >= _ASIDE) & (lean <= 180.0 - _ASIDE)] = "thumb-aside"
    return np.where(np.isin(kinds, ("thumb-up", "thumb-down")), names, kinds)


def bodies(rng: np.random.Generator, clean: Examples) -> Examples:
    """Bodies as a model sees them: mirrored, leaning, jittered, cut off, with joints unseen."""
    many = len(clean)
    mirror = rng.random(many) < 0.5  # noqa: PLR2004
    xy: Floats = clean.xy.copy()
    score, kinds = clean.score.copy(), clean.kind.copy()
    swap = np.array((0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15))
    xy[mirror] = xy[mirror][:, swap] * np.array((-1.0, 1.0), np.float32)
    score[mirror] = score[mirror][:, swap]
    kinds[mirror] = POSES.mirrored(kinds[mirror])
    there = score > 0
    torso = _torso(xy, there)
    xy = xy @ np.swapaxes(_affine(rng, rng.normal(0, 5, many), 0.08), 1, 2)
    sigma = rng.uniform(0.01, 0.10, many) * torso
    xy = xy + sigma[:, None, None] * rng.standard_normal(xy.shape)
    there &= rng.random(there.shape) >= rng.uniform(0, 0.12, (many, 1))
    there &= ~_cut_off(rng, xy)
    # Arms behind a body and legs behind a table are lost whole.
    for limb in ((7, 9), (8, 10), (13, 15), (14, 16)):
        lost = rng.random(many) < 0.03  # noqa: PLR2004
        there[:, limb] &= ~lost[:, None]
    return Examples(xy.astype(np.float32), there.astype(np.float32), kinds, clean.recording)


def _cut_off(rng: np.random.Generator, xy: Floats) -> Bools:
    """What is below the lower edge of a picture that ends somewhere in a fifth of the bodies."""
    low, high = xy[:, :, 1].max(axis=1), xy[:, _BELOW_HEAD, 1].min(axis=1)
    share = np.where(rng.random(len(xy)) < 0.2, rng.uniform(0.4, 0.95, len(xy)), 2.0)  # noqa: PLR2004
    edge = high + share * (low - high)
    below: Bools = xy[:, :, 1] > edge[:, None]
    return below


def _affine(rng: np.random.Generator, angle: Floats, squeeze: float) -> Floats:
    """A turn by degrees (N,) after an uneven scaling and shearing by chance: (N, 2, 2)."""
    radians = np.radians(angle)
    cos, sin = np.cos(radians), np.sin(radians)
    turn = np.stack((np.stack((cos, -sin), 1), np.stack((sin, cos), 1)), axis=1)
    shape = np.tile(np.eye(2), (len(angle), 1, 1))
    shape += rng.uniform(-squeeze, squeeze, shape.shape) * np.array(((1, 0.7), (0.0, 1)))
    made: Floats = turn @ shape
    return made


def _palm(xy: Floats) -> Floats:
    """Palm length, px (N,)."""
    long = np.linalg.norm(xy[:, 9] - xy[:, 0], axis=1)
    broad = np.linalg.norm(xy[:, 5] - xy[:, 17], axis=1)
    longest: Floats = np.maximum(long, 1.5 * broad)
    return longest


def _torso(xy: Floats, there: Bools) -> Floats:
    """Shoulders to hips, px (N,), or a third of what there is."""
    torso = np.linalg.norm(xy[:, 5:7].mean(axis=1) - xy[:, 11:13].mean(axis=1), axis=1)
    known = there[:, (5, 6, 11, 12)].all(axis=1)
    span = (xy.max(axis=1) - xy.min(axis=1)).max(axis=1)
    size: Floats = np.where(known, np.maximum(torso, 0.15 * span), 0.3 * span)
    return size
