"""What a lens, a sensor and a codec make of a picture; nothing moves, so that truth stays exact."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from models.recipes.rendering.types import Bytes, Floats
from models.recipes.scenes.chance import chance

Random = np.random.Generator
_LEVELS: Final = np.arange(256, dtype=np.float32) / 255.0


def sample(random: Random, rgb: Bytes) -> tuple[Bytes, int]:
    """The picture (H, W, 3) as a random camera would give it, and a JPEG quality to keep it at."""
    image = _toned(random, rgb)
    if chance(random, 0.35):
        image = _blurred(random, image)
    if chance(random, 0.3):
        image = _coarse(random, image)
    if chance(random, 0.75):
        image = _noisy(random, image)
    if chance(random, 0.25):
        image = _sharpened(image, random.uniform(0.3, 1.5))
    if chance(random, 0.1):  # infrared, or a monochrome sensor
        image = _bytes(cv2.merge([cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)] * 3))
    quality = int(random.integers(70, 96))
    if chance(random, 0.4):  # a stream before it came here
        image = _compressed(image, int(random.integers(15, 75)))
    return image, quality


def _toned(random: Random, rgb: Bytes) -> Bytes:
    """Automatic exposure, white balance, gamma, contrast: one table a channel; and a vignette."""
    gray = rgb[::4, ::4].astype(np.float32).mean() / 255.0
    # A camera would make the mean about 0.45; ours errs, and does not lift night to day.
    wanted = float(np.clip(random.normal(0.46, 0.1), 0.16, 0.75))
    gain = np.clip(wanted / max(float(gray), 0.02), 0.6, 4.0) ** random.uniform(0.6, 1.0)
    gamma = np.exp(random.normal(0, 0.14))
    contrast = np.exp(random.normal(0, 0.12))
    black = abs(random.normal(0, 0.03))
    balance = np.exp(random.normal(0, 0.06, 3))
    table = np.empty((256, 1, 3), np.uint8)
    for channel in range(3):
        curve = np.clip(_LEVELS * gain * balance[channel], 0, None)
        curve = curve / (1 + np.maximum(curve - 0.8, 0))  # highlights bend before they clip
        curve = np.clip(curve, 0, 1) ** gamma
        curve = (curve - 0.45) * contrast + 0.45
        table[:, 0, channel] = np.clip((black + (1 - black) * curve) * 255, 0, 255)
    image = _bytes(cv2.LUT(rgb, table))
    if chance(random, 0.35):
        height, width = rgb.shape[:2]
        y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        x = np.linspace(-1, 1, width, dtype=np.float32)[None]
        dark = 1 - np.float32(random.uniform(0.05, 0.35)) * (x * x + y * y) / 2
        image = _bytes(cv2.multiply(image, cv2.merge([dark] * 3), dtype=cv2.CV_8U))
    return image


def _blurred(random: Random, image: Bytes) -> Bytes:
    """Out of focus, or moved by a few pixels."""
    if chance(random, 0.6):
        return _bytes(cv2.GaussianBlur(image, (0, 0), random.uniform(0.4, 1.8)))
    long = int(random.integers(3, 8))
    kernel = np.zeros((long, long), np.float32)
    kernel[long // 2] = 1.0
    turn = cv2.getRotationMatrix2D((long / 2 - 0.5, long / 2 - 0.5), random.uniform(0, 180), 1.0)
    kernel = cv2.warpAffine(kernel, turn, (long, long)).astype(np.float32)
    return _bytes(cv2.filter2D(image, -1, kernel / max(float(kernel.sum()), 1e-6)))


def _coarse(random: Random, image: Bytes) -> Bytes:
    """Taken at a lower resolution and enlarged."""
    height, width = image.shape[:2]
    share = random.uniform(0.3, 0.9)
    small = cv2.resize(
        image,
        (max(int(width * share), 8), max(int(height * share), 8)),
        interpolation=cv2.INTER_AREA,
    )
    how = (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_NEAREST)[
        random.choice(3, p=[0.5, 0.4, 0.1])
    ]
    return _bytes(cv2.resize(small, (width, height), interpolation=how))


def _noisy(random: Random, image: Bytes) -> Bytes:
    """Shot noise (grows with the root of light), read noise, and blotches of colour."""
    strength = float(np.exp(random.uniform(np.log(0.8), np.log(14.0))))
    height, width = image.shape[:2]
    grain = _grain(random, (height, width))
    luma = grain * strength
    shot = cv2.LUT(image, np.sqrt(_LEVELS + 0.08).astype(np.float32))
    noise = cv2.multiply(shot, cv2.merge([luma] * 3))
    if chance(random, 0.5):
        half = (height // 2 + 1, width // 2 + 1)
        blotches = [cv2.resize(_grain(random, half), (width, height)) for _ in range(3)]
        noise = noise + cv2.merge(blotches) * np.float32(strength * random.uniform(0.2, 0.8))
    return _bytes(cv2.add(image, noise, dtype=cv2.CV_8U))


def _grain(random: Random, shape: tuple[int, int]) -> Floats:
    """Normal noise, cheaply: a part of one field drawn once, shifted and turned over by chance."""
    field = _FIELD
    y, x = (
        random.integers(0, field.shape[0] - shape[0]),
        random.integers(0, field.shape[1] - shape[1]),
    )
    part = field[y : y + shape[0], x : x + shape[1]]
    sign = np.float32(random.choice([-1, 1]))
    return np.ascontiguousarray(part[:: int(random.choice([-1, 1]))]) * sign


_FIELD: Final[Floats] = np.random.default_rng(0).standard_normal((1200, 1200), np.float32)


def _sharpened(image: Bytes, amount: float) -> Bytes:
    """Unsharp masking, with the halo that cheap cameras have."""
    return _bytes(
        cv2.addWeighted(image, 1 + amount, cv2.GaussianBlur(image, (0, 0), 1.2), -amount, 0)
    )


def _compressed(image: Bytes, quality: int) -> Bytes:
    """Through JPEG at this quality and back."""
    _, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return _bytes(cv2.imdecode(coded, cv2.IMREAD_COLOR))


def _bytes(image: object) -> Bytes:
    return np.asarray(image, np.uint8)
