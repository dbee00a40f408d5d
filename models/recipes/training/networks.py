"""The body network: separable convolutions with PoseNet's four heads, made to learn fast on CPUs.

Separable layers and ReLU6 as in MobileNetV1 (Howard et al., arXiv:1704.04861), residuals around
the late ones. Two things differ, each measured by pictures a second while training on a CPU: one
step of four in the first layer instead of two layers at half resolution, and dilated depthwise
layers so that a cell sees the whole picture: people on the floor are as wide as it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from models.recipes.training.targets import OFFSET_UNIT, STEP_UNIT

HEADS = {"heatmaps": 17, "offsets": 34, "displacement_fwd": 32, "displacement_bwd": 32}
STRIDE = 16
_RARE = -3.0  # the logit that a network begins with: few cells show a given keypoint


@dataclass(frozen=True, slots=True)
class BodyShape:
    """What a body network is built from; stored beside its weights."""

    width: float = 0.5  # of 512 channels in the late layers
    middle: int = 2  # layers at stride 8
    dilations: tuple[int, ...] = (1, 2, 1, 4, 1, 2, 1, 4, 1)  # of the late layers

    def as_plain(self) -> dict[str, Any]:
        """For a checkpoint."""
        return asdict(self)

    @staticmethod
    def of_plain(values: Mapping[str, Any]) -> BodyShape:
        """From a checkpoint."""
        return BodyShape(**{**values, "dilations": tuple(values["dilations"])})


class BodyNetwork(nn.Module):
    """Pictures (B, 3, H, W), (x - 127.5) / 127.5 -> four heads (B, C, (H-1)/16+1, (W-1)/16+1).

    Heads come as a tuple in the order of HEADS: logits, then px. H and W are a multiple of 16,
    plus 1: there, padding on both sides is what TensorFlow calls SAME.
    """

    def __init__(self, shape: BodyShape) -> None:
        super().__init__()
        early, middle, late = (int(size * shape.width) for size in (64, 192, 512))
        self.shape = shape
        self.trunk = nn.Sequential(
            convolved(3, early, kernel=7, stride=4),
            separable(early, early),
            separable(early, middle, stride=2),
            *(separable(middle, middle) for _ in range(shape.middle)),
            separable(middle, late, stride=2),
            *(Residual(late, dilation) for dilation in shape.dilations),
        )
        self.heads = nn.ModuleDict(
            {
                "heatmaps": Head(late, HEADS["heatmaps"], start=_RARE),
                "offsets": Head(late, HEADS["offsets"], unit=OFFSET_UNIT),
                "displacement_fwd": Head(late, HEADS["displacement_fwd"], unit=STEP_UNIT),
                "displacement_bwd": Head(late, HEADS["displacement_bwd"], unit=STEP_UNIT),
            }
        )

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Give the heads."""
        seen = self.trunk(pictures)
        a, b, c, d = (head(seen) for head in self.heads.values())
        return a, b, c, d


class Head(nn.Module):
    """A pointwise layer whose outputs are taken times a unit, so that all heads learn alike."""

    def __init__(self, taken: int, made: int, *, unit: float = 1.0, start: float = 0.0) -> None:
        super().__init__()
        self.unit = unit
        self.convolution = nn.Conv2d(taken, made, 1)
        nn.init.normal_(self.convolution.weight, std=0.01)
        nn.init.constant_(self.convolution.bias, start)  # type: ignore[arg-type]  # it has one

    def forward(self, x: Tensor) -> Tensor:
        """Give (B, made, h, w) in the head's own measure."""
        made: Tensor = self.convolution(x)
        return made * self.unit if self.unit != 1.0 else made


class Depthwise(nn.Conv2d):
    """A 3x3 convolution of each channel alone, in the form that trains fastest on a CPU.

    PyTorch has a fast one in bfloat16 for plain layers only: where it steps by two float32 is
    five times as fast, and a dilated one is done as a plain one on every n-th row and column.
    """

    def __init__(self, channels: int, stride: int, dilation: int) -> None:
        super().__init__(
            channels, channels, 3, stride, dilation, dilation, groups=channels, bias=False
        )

    def forward(self, x: Tensor) -> Tensor:
        """Give (B, channels, h, w)."""
        if not self.training or x.device.type != "cpu":
            return super().forward(x)
        if self.stride[0] != 1:
            with torch.autocast("cpu", enabled=False):
                return super().forward(x.float())
        step = int(self.dilation[0])
        if step == 1:
            return super().forward(x)
        return self._plain_on_every(x, step)

    def _plain_on_every(self, x: Tensor, step: int) -> Tensor:
        height, width = x.shape[2:]
        spare = (0, -width % step, 0, -height % step)
        rows = nn.functional.pad(x, spare).permute(0, 2, 3, 1)
        batch, h, w, channels = rows.shape
        cut = rows.reshape(batch, h // step, step, w // step, step, channels)
        many = cut.permute(2, 4, 0, 1, 3, 5).reshape(-1, h // step, w // step, channels)
        made = nn.functional.conv2d(
            many.permute(0, 3, 1, 2), self.weight, padding=1, groups=channels
        )
        back = made.permute(0, 2, 3, 1).reshape(step, step, batch, h // step, w // step, channels)
        whole = back.permute(2, 3, 0, 4, 1, 5).reshape(batch, h, w, channels)
        return whole[:, :height, :width].permute(0, 3, 1, 2)


class Residual(nn.Module):
    """A separable layer that adds to what it was given, cut off at 6: 8 bits stay enough."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.depthwise = nn.Sequential(
            Depthwise(channels, 1, dilation), nn.BatchNorm2d(channels), nn.ReLU6(inplace=True)
        )
        last = nn.BatchNorm2d(channels)
        nn.init.constant_(last.weight, 0.2)  # begins as nearly nothing (arXiv:1706.02677)
        self.pointwise = nn.Sequential(nn.Conv2d(channels, channels, 1, bias=False), last)

    def forward(self, x: Tensor) -> Tensor:
        """Give the shape that was taken."""
        return nn.functional.relu6(x + self.pointwise(self.depthwise(x)))


def convolved(taken: int, made: int, *, kernel: int = 1, stride: int = 1) -> nn.Sequential:
    """A convolution, normalised, between 0 and 6."""
    layer = nn.Conv2d(taken, made, kernel, stride, kernel // 2, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(made), nn.ReLU6(inplace=True))


def separable(taken: int, made: int, *, stride: int = 1) -> nn.Sequential:
    """Each channel alone, then each cell alone."""
    return nn.Sequential(
        Depthwise(taken, stride, 1),
        nn.BatchNorm2d(taken),
        nn.ReLU6(inplace=True),
        *convolved(taken, made),
    )
