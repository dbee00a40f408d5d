"""How things move over time (s): smooth ways between points, smooth curves through keys."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.recipes.poses import rotation

Floats = NDArray[np.floating]


def ease(share: ArrayLike) -> Floats:
    """Minimum-jerk progress of a reach, 0 to 1 (Flash and Hogan 1985); clipped beyond."""
    s = np.clip(np.asarray(share, np.float64), 0.0, 1.0)
    eased: Floats = s**3 * (10 - 15 * s + 6 * s**2)
    return eased


def between(t: ArrayLike, begin: float, end: float) -> Floats:
    """`ease` of the times t (N,) from begin to end."""
    return ease((np.asarray(t) - begin) / max(end - begin, 1e-9))


def through(times: ArrayLike, values: ArrayLike, t: ArrayLike) -> Floats:
    """A curve through values (K, ...) at times (K,), at t (N,): cubic, without overshoot.

    Slopes are weighted harmonic means (Fritsch and Butland 1984); it rests before and after.
    """
    at, y = np.asarray(times, np.float64), np.asarray(values, np.float64)
    t = np.clip(np.asarray(t, np.float64), at[0], at[-1])
    step = np.diff(at).reshape(-1, *[1] * (y.ndim - 1))
    rise = np.diff(y, axis=0) / step
    slope = np.zeros_like(y)
    first, second = 2 * step[1:] + step[:-1], step[1:] + 2 * step[:-1]
    before, after = rise[:-1], rise[1:]
    same = before * after > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (first + second) / (first / before + second / after)
    slope[1:-1] = np.where(same, mean, 0.0)
    k = np.clip(np.searchsorted(at, t, side="right") - 1, 0, len(at) - 2)
    h = step[k]
    s = ((t - at[k]) / np.diff(at)[k]).reshape(-1, *[1] * (y.ndim - 1))
    low, high = (1 + 2 * s) * (1 - s) ** 2, s**2 * (3 - 2 * s)
    bend = s * (1 - s) ** 2 * h * slope[k] + s**2 * (s - 1) * h * slope[k + 1]
    found: Floats = low * y[k] + high * y[k + 1] + bend
    return found


def turning(times: ArrayLike, poses: Floats, t: ArrayLike) -> Floats:
    """Rotations (N, J, 3, 3) at t (N,) through those of key poses (K, J, 3, 3) at times (K,)."""
    quaternions = rotation.to_quaternion(poses)
    for k in range(1, len(quaternions)):
        same = (quaternions[k] * quaternions[k - 1]).sum(axis=-1, keepdims=True) >= 0
        quaternions[k] = np.where(same, quaternions[k], -quaternions[k])
    return rotation.from_quaternion(through(times, quaternions, t))


def smooth(values: Floats, width: float) -> Floats:
    """Values (N, ...) averaged over time by a Gaussian of this deviation (frames)."""
    if width <= 0:
        return values
    reach = int(np.ceil(3 * width))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    kernel /= kernel.sum()
    flat = values.reshape(len(values), -1)
    padded = np.concatenate([flat[:1].repeat(reach, 0), flat, flat[-1:].repeat(reach, 0)])
    columns = [np.convolve(column, kernel, mode="valid") for column in padded.T]
    return np.stack(columns, axis=1).reshape(values.shape)
