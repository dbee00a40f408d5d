"""Colours drawn at random: mostly the dull ones that rooms have, sometimes loud ones."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.recipes.rendering.types import Bytes, Floats
from models.recipes.scenes.chance import chance


def draw_srgb(random: np.random.Generator, loud: float = 0.2) -> Floats:
    """One sRGB colour (3,) 0..255; loud is the share of saturated ones."""
    hue = random.uniform(0, 180)
    if random.random() < loud:
        saturation, value = random.uniform(120, 255), random.uniform(90, 255)
    elif chance(random, 0.4):  # the browns and creams of wood, skin and walls
        hue, saturation, value = (
            random.uniform(5, 25),
            random.uniform(20, 150),
            random.uniform(50, 250),
        )
    else:
        saturation, value = random.uniform(0, 70), random.uniform(20, 250)
    pixel = np.array([[[hue, saturation, value]]], np.uint8)
    rgb: Floats = cv2.cvtColor(pixel, cv2.COLOR_HSV2RGB)[0, 0].astype(np.float32)
    return rgb


def draw_linear(random: np.random.Generator, loud: float = 0.2) -> Floats:
    """One linear colour (3,) 0..1, as a material takes it."""
    linear: Floats = (draw_srgb(random, loud) / 255.0) ** 2
    return linear


def wall_srgb(random: np.random.Generator) -> Floats:
    """A wall's colour (3,) 0..255: mostly light and pale."""
    hue, saturation = random.uniform(0, 180), random.uniform(0, 60)
    value = random.uniform(150, 250) if chance(random, 0.8) else random.uniform(40, 150)
    pixel = np.array([[[hue, saturation, value]]], np.uint8)
    rgb: Floats = cv2.cvtColor(pixel, cv2.COLOR_HSV2RGB)[0, 0].astype(np.float32)
    return rgb


def to_bytes(image: NDArray[np.floating[Any]]) -> Bytes:
    """An image of floats 0..255, clipped to uint8."""
    clipped: Bytes = np.clip(image, 0, 255).astype(np.uint8)
    return clipped
