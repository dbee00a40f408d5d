"""A pinhole camera: where it is, where it looks, and where points land on its picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.recipes.rendering.types import Floats

NEAR, FAR = 0.05, 120.0  # m: nothing nearer or farther is drawn


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """At position (3,) m; rotation (3, 3) takes world to camera (x right, y down, z ahead)."""

    position: Floats
    rotation: Floats
    focal: float
    width: int
    height: int

    def seen_from(self, points: Floats) -> Floats:
        """World points (N, 3) in camera axes (N, 3), m."""
        turned = (points - self.position) @ self.rotation.T
        return turned.astype(np.float32)

    def project(self, points: Floats) -> tuple[Floats, Floats]:
        """Pixels (N, 2), the corner of the top left pixel being (0, 0), and depths (N,) m.

        Points beside or behind the lens (depth below NEAR) land far outside the picture.
        """
        axes = self.seen_from(points)
        depth = axes[:, 2]
        xy = axes[:, :2] * (self.focal / np.maximum(depth, NEAR))[:, None]
        xy = xy + np.array([self.width / 2, self.height / 2], np.float32)
        xy = np.where(depth[:, None] < NEAR, -1e6, xy)
        return xy.astype(np.float32), depth.astype(np.float32)

    def clip_matrix(self) -> Floats:
        """World to OpenGL's clip space (4, 4), upside down: the first row read is the top."""
        view = np.eye(4)
        view[:3, :3] = self.rotation
        view[:3, 3] = -self.rotation @ self.position
        lens = np.zeros((4, 4))
        lens[0, 0] = 2 * self.focal / self.width
        lens[1, 1] = 2 * self.focal / self.height
        lens[2, 2] = (FAR + NEAR) / (FAR - NEAR)
        lens[2, 3] = -2 * FAR * NEAR / (FAR - NEAR)
        lens[3, 2] = 1.0
        matrix: Floats = (lens @ view).astype(np.float32)
        return matrix


def look_at(position: ArrayLike, target: ArrayLike, roll: float = 0.0) -> Floats:
    """World to camera (3, 3) looking from position at target; roll (radians) turns the picture.

    Looking straight up or down, the picture's top is -z.
    """
    ahead = np.asarray(target, np.float64) - np.asarray(position, np.float64)
    ahead /= max(float(np.linalg.norm(ahead)), 1e-9)
    up = np.array([0.0, 1.0, 0.0]) if abs(ahead[1]) < 0.9999 else np.array([0.0, 0.0, -1.0])  # noqa: PLR2004 - straight
    right = np.cross(ahead, up)
    right /= np.linalg.norm(right)
    down = np.cross(ahead, right)
    cos, sin = np.cos(roll), np.sin(roll)
    rows = np.stack([cos * right + sin * down, cos * down - sin * right, ahead])
    return rows.astype(np.float32)


def focal_of(view_deg: float, width: int) -> float:
    """The focal length (px) that sees view_deg across a picture of this width (px)."""
    return float(width / 2 / np.tan(np.radians(view_deg) / 2))
