"""Rotations, any number at once: matrices (..., 3, 3), rotation vectors (..., 3) in radians."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from models.recipes.poses.types import Floats

_TINY = 1e-9


def about(axis: int, degrees: ArrayLike) -> Floats:
    """Rotations about a world axis (0 x, 1 y, 2 z): angles (...) to matrices (..., 3, 3)."""
    angle = np.radians(np.asarray(degrees, dtype=np.float64))
    i, j = (axis + 1) % 3, (axis + 2) % 3
    out = np.zeros((*angle.shape, 3, 3))
    out[..., axis, axis] = 1.0
    out[..., i, i] = out[..., j, j] = np.cos(angle)
    out[..., j, i] = np.sin(angle)
    out[..., i, j] = -out[..., j, i]
    return out


def from_quaternion(quaternion: ArrayLike) -> Floats:
    """Matrices of quaternions (..., 4), scalar first; they need not be of unit length."""
    q = np.asarray(quaternion, dtype=np.float64)
    w, x, y, z = (q[..., part] for part in range(4))
    double = 2 / np.maximum(w * w + x * x + y * y + z * z, _TINY**2)
    out = np.empty((*q.shape[:-1], 3, 3))
    out[..., 0, 0] = 1 - double * (y * y + z * z)
    out[..., 1, 1] = 1 - double * (x * x + z * z)
    out[..., 2, 2] = 1 - double * (x * x + y * y)
    for row, column, product, rest in (
        (1, 0, x * y, w * z),
        (0, 2, x * z, w * y),
        (2, 1, y * z, w * x),
    ):
        out[..., row, column] = double * (product + rest)
        out[..., column, row] = double * (product - rest)
    return out


def to_quaternion(matrix: Floats) -> Floats:
    """Quaternions (..., 4), scalar first and never negative (the largest of four exact forms)."""
    m = [[matrix[..., row, column] for column in range(3)] for row in range(3)]
    a, b, c = m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1]
    d, e, f = m[0][1] + m[1][0], m[0][2] + m[2][0], m[1][2] + m[2][1]
    x, y, z = m[0][0], m[1][1], m[2][2]
    forms = np.empty((*x.shape, 4, 4))
    rows = (
        (1 + x + y + z, a, b, c), (a, 1 + x - y - z, d, e),
        (b, d, 1 - x + y - z, f), (c, e, f, 1 - x - y + z),
    )  # fmt: skip
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            forms[..., row, column] = value
    best = np.argmax(np.diagonal(forms, axis1=-2, axis2=-1), axis=-1)
    q = np.take_along_axis(forms, best[..., None, None], axis=-2)[..., 0, :]
    q = q / np.maximum(length(q), _TINY)
    return np.where(q[..., :1] < 0, -q, q)


def to_vector(matrix: Floats) -> Floats:
    """Rotation vectors (..., 3), at most half a turn long."""
    q = to_quaternion(matrix)
    sine = length(q[..., 1:])
    angle = 2 * np.arctan2(sine, q[..., :1])
    return q[..., 1:] * np.where(sine > _TINY, angle / np.maximum(sine, _TINY), 2.0)


def from_vector(vector: ArrayLike) -> Floats:
    """Matrices of rotation vectors (..., 3)."""
    v = np.asarray(vector, dtype=np.float64)
    angle = length(v)
    q = np.empty((*v.shape[:-1], 4))
    q[..., :1] = np.cos(angle / 2)
    q[..., 1:] = v * np.where(angle > _TINY, np.sin(angle / 2) / np.maximum(angle, _TINY), 0.5)
    return from_quaternion(q)


def power(matrix: Floats, share: ArrayLike) -> Floats:
    """A share of each rotation; `share` (...) spreads over the leading axes."""
    return from_vector(to_vector(matrix) * np.asarray(share)[..., None])


def between(first: Floats, second: Floats, share: ArrayLike) -> Floats:
    """Spherical interpolation: 0 is the first, 1 the second."""
    return first @ power(np.swapaxes(first, -1, -2) @ second, share)


def twist(matrix: Floats, axis: Floats) -> Floats:
    """The part of each rotation about a unit axis (..., 3), as matrices."""
    q = to_quaternion(matrix)
    along = np.sum(q[..., 1:] * axis, axis=-1, keepdims=True)
    # Half a turn about a perpendicular axis leaves the twist undefined: none, then.
    scalar = np.where(np.abs(q[..., :1]) + np.abs(along) > _TINY, q[..., :1], 1.0)
    return from_quaternion(np.concatenate([scalar, along * axis], axis=-1))


def length(vector: Floats) -> Floats:
    """Lengths (..., 1) of vectors (..., 3); faster than the library's on small arrays."""
    found: Floats = np.sqrt(np.einsum("...i,...i->...", vector, vector))[..., None]
    return found


def unit(vector: Floats) -> Floats:
    """Vectors (..., 3) brought to length 1."""
    return vector / np.maximum(length(vector), _TINY)


def cross(first: ArrayLike, second: ArrayLike) -> Floats:
    """Cross products (..., 3); faster than the library's on small arrays."""
    a, b = np.asarray(first), np.asarray(second)
    out = np.empty(np.broadcast_shapes(a.shape, b.shape))
    for i, j, k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        out[..., i] = a[..., j] * b[..., k] - a[..., k] * b[..., j]
    return out


def frame(direction: ArrayLike, hint: ArrayLike) -> Floats:
    """Matrices with columns: the direction, the hint made perpendicular to it, their product."""
    first = unit(np.asarray(direction, dtype=np.float64))
    near = np.asarray(hint, dtype=np.float64)
    second = unit(near - first * np.sum(first * near, axis=-1, keepdims=True))
    third = cross(first, second)
    out = np.empty((*third.shape, 3))
    out[..., 0], out[..., 1], out[..., 2] = first, second, third
    return out


def shortest(start: Floats, end: Floats) -> Floats:
    """The smallest rotations that bring directions (..., 3) to others."""
    first, second = unit(start), unit(end)
    axis = cross(first, second)
    sine = length(axis)
    angle = np.arctan2(sine, np.sum(first * second, axis=-1, keepdims=True))
    return from_vector(axis / np.maximum(sine, _TINY) * angle)
