"""The workplace: where bins, fixture, tool and tray are, in the world and in the picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.recipes.rendering.camera import Camera, look_at
from models.recipes.rendering.types import Floats

WIDTH, HEIGHT, FPS = 640, 480, 15
TOP = 0.93  # m, the table's
BENCH = ((-2.05, -0.17), (-0.25, 0.46))  # m, x and z of two corners of the table's top
OPERATOR = (-1.15, -0.37)  # m, x and z of where the operator stands
AWAY = 0.0  # m, x of where the operator walks to and falls
_EYE, _AIM, _FOCAL = (-0.385, 2.15, 3.0), (-0.385, 0.9, -0.3), 568.0


@dataclass(frozen=True, slots=True)
class Spot:
    """Something on the table that hands go to: its middle on the top and half its size, m."""

    name: str
    title: str
    middle: tuple[float, float]  # x from the operator, z
    half: tuple[float, float]
    high: float  # m over the table, what a hand in it takes up
    grasp: float  # m over the table, where fingertips go


# The operator faces the camera: their right hand is at the picture's left, and negative x.
SPOTS = (
    Spot("press", "the press, forbidden", (-0.74, 0.06), (0.11, 0.12), 0.16, 0.07),
    Spot("tool", "the screwdriver's holder", (-0.50, 0.05), (0.09, 0.11), 0.15, 0.09),
    Spot("bin_housing", "the bin of housings", (-0.27, 0.08), (0.1, 0.11), 0.12, 0.05),
    Spot("fixture", "the fixture", (0.0, 0.03), (0.125, 0.13), 0.16, 0.07),
    Spot("bin_board", "the bin of boards", (0.27, 0.08), (0.1, 0.11), 0.12, 0.05),
    Spot("bin_cover", "the bin of covers", (0.50, 0.05), (0.09, 0.11), 0.12, 0.05),
    Spot("tray", "the tray for what is done", (0.74, 0.06), (0.11, 0.12), 0.12, 0.05),
)
SPOT = {spot.name: spot for spot in SPOTS}


def place(name: str, across: float = 0.0, up: float = 0.0, along: float = 0.0) -> Floats:
    """Where fingertips go at a spot (3,), m, moved by so much (x, y, z)."""
    spot = SPOT[name]
    x, z = spot.middle
    return np.array([OPERATOR[0] + x + across, TOP + spot.grasp + up, z + along])


def camera() -> Camera:
    """The camera that looks at the bench from the front, at 2 m."""
    eye = np.array(_EYE, np.float32)
    return Camera(eye, look_at(eye, _AIM), _FOCAL, WIDTH, HEIGHT)


def zone(name: str, seen_by: Camera) -> list[list[float]]:
    """A spot's outline in the picture: points x, y as shares of its width and height."""
    spot = SPOT[name]
    x, z = spot.middle
    corners = [
        (OPERATOR[0] + x + a * spot.half[0], TOP + y, z + b * spot.half[1])
        for a in (-1, 1)
        for b in (-1, 1)
        for y in (0.0, spot.high)
    ]
    xy, _ = seen_by.project(np.array(corners, np.float32))
    hull = cv2.convexHull(xy)[:, 0] / (WIDTH, HEIGHT)
    return [[round(float(u), 4), round(float(v), 4)] for u, v in hull]
