"""The locator of palms: a single-shot detector with the runtime's anchors, at strides 8 and 16."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from models.recipes.training.hands.locator_targets import CODES, SIDES
from models.recipes.training.networks import Residual, convolved, separable

_RARE = -4.0  # the logit that anchors begin with


@dataclass(frozen=True, slots=True)
class LocatorShape:
    """What a locator is built from; stored beside its weights."""

    size: int = 192  # px, height and width of its input, a multiple of 16
    channels: tuple[int, int, int, int] = (32, 32, 96, 256)  # at strides 4, 4, 8 and 16
    middle: int = 2  # layers at stride 8
    dilations: tuple[int, ...] = (1, 2, 1, 4, 1, 2)  # of the residual ones at stride 16

    def as_plain(self) -> dict[str, Any]:
        """For a checkpoint."""
        return asdict(self)

    @staticmethod
    def of_plain(values: Mapping[str, Any]) -> LocatorShape:
        """From a checkpoint."""
        rows = {name: tuple(values[name]) for name in ("channels", "dilations")}
        return LocatorShape(**{**values, **rows})


class LocatorNetwork(nn.Module):
    """Pictures (B, 3, size, size), (x - 127.5) / 127.5 -> boxes (B, N, 18) px, logits (B, N, 1)."""

    def __init__(self, shape: LocatorShape) -> None:
        super().__init__()
        first, early, middle, late = shape.channels
        self.shape = shape
        self.trunk = nn.Sequential(  # the body network's, shorter
            convolved(3, first, kernel=7, stride=4),
            separable(first, early),
            separable(early, middle, stride=2),
            *(separable(middle, middle) for _ in range(shape.middle)),
            separable(middle, late, stride=2),
            *(Residual(late, dilation) for dilation in shape.dilations),
        )
        self.near = 3 + shape.middle  # layers of the trunk up to stride 8
        self.around = convolved(late, middle)  # what is around, for small palms
        self.joined = Residual(middle, 1)
        self.heads = nn.ModuleList(
            AnchorHead(taken, sides) for taken, sides in zip((middle, late), SIDES, strict=True)
        )

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Give the decoder's two heads."""
        near = self.trunk[: self.near](pictures)
        far = self.trunk[self.near :](near)
        around = nn.functional.interpolate(self.around(far), scale_factor=2.0, mode="nearest")
        found = [
            head(x) for head, x in zip(self.heads, (self.joined(near + around), far), strict=True)
        ]
        boxes, scores = (torch.cat(parts, dim=1) for parts in zip(*found, strict=True))
        return boxes, scores

    def fold(self) -> None:
        """Let the weights give px themselves; it cannot be trained on."""
        for head in self.heads:
            if isinstance(head, AnchorHead):
                head.fold()


class AnchorHead(nn.Module):
    """The anchors of one stride: lengths are learned in sides of the palms that each is for."""

    def __init__(self, taken: int, sides: tuple[float, ...]) -> None:
        super().__init__()
        self.count = len(sides)
        self.boxes = nn.Conv2d(taken, self.count * CODES, 1)
        self.scores = nn.Conv2d(taken, self.count, 1)
        self.folded = False
        for layer in (self.boxes, self.scores):
            nn.init.normal_(layer.weight, std=0.01)
        nn.init.constant_(self.scores.bias, _RARE)  # type: ignore[arg-type]  # it has one
        like = torch.zeros(self.count, CODES)
        like[:, 2:4] = 1.0  # width and height
        with torch.no_grad():
            self.boxes.bias.copy_(like.flatten())  # type: ignore[union-attr]
        units = torch.tensor(sides).repeat_interleave(CODES)
        self.units: Tensor
        self.register_buffer("units", units, persistent=False)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Give boxes (B, cells * anchors, 18) px and logits (B, cells * anchors, 1)."""
        boxes = self.boxes(x)
        if not self.folded:
            boxes = boxes.float() * self.units[:, None, None]
        return _rows(boxes, CODES), _rows(self.scores(x), 1)

    @torch.no_grad()
    def fold(self) -> None:
        """Let the weights give px themselves."""
        for values in self.boxes.parameters():
            values.mul_(self.units.reshape(-1, *(1,) * (values.ndim - 1)))
        self.folded = True


def _rows(values: Tensor, depth: int) -> Tensor:
    batch, channels, height, width = values.shape
    rows = height * width * channels // depth
    return values.permute(0, 2, 3, 1).reshape(batch, rows, depth)
