"""photometry.photographed for many pictures at once, on any device."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

_BLOCK = 8  # px, of JPEG
_GREY = (0.299, 0.587, 0.114)  # ITU-R BT.601
# Steps of brightness at quality 50, ITU-T T.81, table K.1.
_STEPS = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    np.float32,
)


def photographed(rgb: Tensor, drawn: dict[str, Tensor]) -> Tensor:
    """Pictures (K, 3, H, W) as some camera might have taken them, 0 to 255."""
    matrix = drawn["photo_color"]
    rgb = torch.einsum("kij,kjhw->kihw", matrix[..., :3], rgb) + matrix[..., 3, None, None]
    rgb = 255.0 * (rgb.clamp(0, 255) / 255.0) ** drawn["photo_gamma"][:, None, None, None]
    rgb = _blurred(rgb, drawn["photo_kernel"])
    rgb = _grainy(rgb, drawn["photo_grain"], drawn["photo_grey"])
    return _stored(rgb.clamp(0, 255), drawn["photo_quality"])


def _blurred(rgb: Tensor, kernels: Tensor) -> Tensor:
    count, colors, height, width = rgb.shape
    reach = kernels.shape[-1] // 2
    padded = functional.pad(rgb, (reach,) * 4, mode="replicate")
    weights = kernels.repeat_interleave(colors, 0)[:, None]
    made = functional.conv2d(
        padded.reshape(1, count * colors, *padded.shape[2:]), weights, groups=count * colors
    )
    return made.view(count, colors, height, width)


def _grainy(rgb: Tensor, strength: Tensor, grey: Tensor) -> Tensor:
    grain = torch.randn_like(rgb)
    same = grain[:, :1].expand_as(grain)
    one = torch.where(grey[:, None, None, None] > 0, same, grain)
    # As strong as the sum of two even ones of the other form: 0.41 of 256 by 1/256.
    return rgb + one * (strength * 0.41)[:, None, None, None]


def _stored(rgb: Tensor, quality: Tensor) -> Tensor:
    """What JPEG leaves of brightness, in blocks of 8 px; colours lose what brightness loses."""
    count, colors, height, width = rgb.shape
    spare = (0, -width % _BLOCK, 0, -height % _BLOCK)
    padded = functional.pad(rgb, spare, mode="replicate") - 128.0
    rows, columns = padded.shape[2] // _BLOCK, padded.shape[3] // _BLOCK
    blocks = padded.view(count, colors, rows, _BLOCK, columns, _BLOCK).transpose(3, 4)
    to = _cosines(rgb.device)
    scale = torch.where(quality < 50, 50.0 / quality.clamp(min=1), 2.0 - quality / 50.0)  # noqa: PLR2004
    steps = torch.from_numpy(_STEPS).to(rgb.device) * scale[:, None, None].clamp(min=0.02)
    steps = steps.clamp(min=1)[:, None, None, None]
    coarse = ((to @ blocks @ to.T) / steps).round() * steps
    back = (to.T @ coarse @ to).transpose(3, 4).reshape(padded.shape)
    made = (back[..., :height, :width] + 128.0).clamp(0, 255)
    return torch.where((quality > 0)[:, None, None, None], made, rgb)


def _cosines(device: torch.device) -> Tensor:
    """The cosine transform of a block, (8, 8)."""
    at = torch.arange(_BLOCK, device=device, dtype=torch.float32)
    made = torch.cos((2 * at + 1) * at[:, None] * torch.pi / (2 * _BLOCK)) * 0.5
    made[0] *= 0.5**0.5
    return made
