"""What is far behind everything: skies, panoramas, walls of noise; and the light they give."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from models.recipes.rendering.types import Bytes, Material, Mesh
from models.recipes.scenes import textures
from models.recipes.scenes.colors import draw_srgb, to_bytes

Random = np.random.Generator
_RADIUS: Final = 55.0  # m
_WIDTH: Final = 1024  # px


def panoramas(humans: Path) -> list[Bytes]:
    """The panoramas (H, W, 3) uint8 sRGB of humans/light/*.hdr; an empty list without any."""
    return [
        picture
        for path in sorted((humans / "light").glob("*.hdr"))
        if (picture := _read(path)) is not None
    ]


def _read(path: Path) -> Bytes | None:
    bright = cv2.imread(str(path), cv2.IMREAD_ANYDEPTH | cv2.IMREAD_COLOR)
    if bright is None:
        warnings.warn(f"{path.name} is no readable panorama: left out", stacklevel=2)
        return None
    linear = np.asarray(cv2.cvtColor(bright.astype(np.float32), cv2.COLOR_BGR2RGB), np.float32)
    # Exposed so that its middle tones are a camera's; gamma 2 as the renderer has it.
    linear = linear * np.float32(0.22 / max(float(np.median(linear.mean(axis=2))), 1e-6))
    return to_bytes(np.sqrt(np.clip(linear, 0, 1)) * 255)


def _sky(random: Random) -> Bytes:
    """A sky with clouds over a hazy horizon with hills or houses."""
    top, low = draw_srgb(random, 0.0) * 0.5 + (40, 70, 120), np.array([200, 205, 210.0])
    share = np.linspace(0, 1, 192)[:, None, None] ** random.uniform(0.5, 2)
    image = top + (low - top) * share + np.zeros((1, 192, 1))
    cloud = np.clip(textures.noise(random, 192, 1.6) - random.uniform(-0.5, 2), 0, 1)[..., None]
    image = image * (1 - cloud) + 235 * cloud
    sky = cv2.resize(np.tile(image.astype(np.float32), (1, 2, 1)), (_WIDTH, 256))
    whole = np.concatenate([sky, np.zeros_like(sky) + draw_srgb(random, 0.0)])
    dark = draw_srgb(random, 0.1) * 0.6
    for _ in range(int(random.integers(0, 40))):
        x, wide, high = (
            int(random.integers(0, _WIDTH)),
            int(random.integers(8, 90)),
            int(random.exponential(18)) + 3,
        )
        whole[256 - high : 262, x : x + wide] = dark + random.normal(0, 14)
    return to_bytes(whole)


def dome(random: Random, pictures: Sequence[Bytes] = ()) -> Mesh:
    """A sphere seen from inside, with a panorama, a sky, or a print repeated all around."""
    kind = random.random()
    if pictures and kind < 0.45:  # noqa: PLR2004 - shares of kinds
        picture, repeat = pictures[int(random.integers(len(pictures)))], 1.0
    elif kind < 0.85:  # noqa: PLR2004
        picture, repeat = _sky(random), 1.0
    else:
        picture, repeat = (
            textures.draw(random, (*textures.PRINTS, "leaves", "leaves")),
            float(random.integers(3, 7)),
        )
    tint = random.uniform(0.4, 1.1) * random.uniform(0.9, 1.1, 3)
    material = Material(tint.astype(np.float32), picture, glow=1.0, two_sided=True)
    rows, columns = 17, 32
    v, u = np.mgrid[0 : 1 : rows * 1j, 0 : 1 : (columns + 1) * 1j]
    turn = random.uniform(0, 2 * np.pi)
    angle, down = u * 2 * np.pi + turn, v * np.pi
    points = np.stack(
        [np.sin(down) * np.sin(angle), np.cos(down), np.sin(down) * np.cos(angle)], -1
    )
    cell = (np.arange(rows - 1)[:, None] * (columns + 1) + np.arange(columns)).ravel()
    below, right, last = cell + columns + 1, cell + 1, cell + columns + 2
    faces = np.concatenate([np.stack([cell, right, below], 1), np.stack([right, last, below], 1)])
    flat = points.reshape(-1, 3).astype(np.float32)
    # The same way around as seen from inside: east to the right.
    uv = np.stack([-u * repeat, v * max(repeat / 2, 1.0)], axis=-1).reshape(-1, 2)
    return Mesh(
        flat * _RADIUS,
        faces.astype(np.int32),
        uv.astype(np.float32),
        material,
        casts=False,
        normals=-flat,
    )
