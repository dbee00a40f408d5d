"""The landmark network: a square crop to 21 joints, presence, which hand, and metres.

Direct regression learns slowly, and a soft argmax is nothing that small runtimes quantize well. So
the joints are read from sigmoid heatmaps by one fully connected layer, which begins as the mean
place under each heatmap: heatmaps of a fixed mass make that mean linear. Heatmaps of 14x14 cells
come out of 7x7 cells with four channels for each joint; nothing has to be made larger.

The trunk is the body network's, two layers shorter: it begins with that one's weights, which know
arms, cloth and skin already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from models.recipes.training.networks import Residual, convolved, separable

JOINTS = 21
HEADS = {"landmarks": 63, "presence": 1, "handedness": 1, "world": 63}
SPREAD = 1.1  # standard deviation of a heatmap's bell, in its cells
MASS = 2 * torch.pi * SPREAD**2  # its sum
METRES = 0.1  # what an output of 1 stands for
_FINE = 2  # cells of a heatmap for one of the trunk, along each side
_STRIDE = 16
_RARE = -3.5  # the logit that heatmaps begin with
_CALM = 0.1  # what a wide last layer is taken times, so that one step does not throw joints about


@dataclass(frozen=True, slots=True)
class HandShape:
    """What a landmark network is built from; stored beside its weights."""

    size: int = 112  # px, height and width of its input, a multiple of 16
    channels: tuple[int, int, int, int] = (32, 32, 96, 256)  # at strides 4, 4, 8 and 16
    middle: int = 2  # layers at stride 8
    dilations: tuple[int, ...] = (1, 2, 1, 4, 1, 2, 1)  # of the residual ones at stride 16
    features: int = 16  # channels that are kept, beside heatmaps, for what heatmaps do not say

    def as_plain(self) -> dict[str, Any]:
        """For a checkpoint."""
        return asdict(self)

    @staticmethod
    def of_plain(values: Mapping[str, Any]) -> HandShape:
        """From a checkpoint."""
        rows = {name: tuple(values[name]) for name in ("channels", "dilations")}
        return HandShape(**{**values, **rows})


class HandNetwork(nn.Module):
    """Crops (B, 3, size, size), (x - 127.5) / 127.5, to heatmaps, then HEADS; see `forward`."""

    def __init__(self, shape: HandShape) -> None:
        super().__init__()
        first, early, middle, late = shape.channels
        cells = (shape.size // _STRIDE) ** 2
        self.shape, self.calm = shape, _CALM
        self.trunk = nn.Sequential(
            convolved(3, first, kernel=7, stride=4),
            separable(first, early),
            separable(early, middle, stride=2),
            *(separable(middle, middle) for _ in range(shape.middle)),
            separable(middle, late, stride=2),
            *(Residual(late, dilation) for dilation in shape.dilations),
        )
        self.heat = nn.Conv2d(late, JOINTS * _FINE**2, 1)
        self.kept = convolved(late, shape.features)
        self.places = nn.Linear(JOINTS * _FINE**2 * cells, HEADS["landmarks"])
        self.rest = nn.ModuleDict(
            {name: nn.Linear(shape.features * cells, count) for name, count in HEADS.items()}
        )
        self._begin()

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Give logits of heatmaps (B, 84, h, w), landmarks, presence, handedness, world.

        Landmarks (B, 63) are x, y, z from the middle of the crop, of its side; presence and
        handedness (B, 1) are logits; world (B, 63) is in tenths of a metre.
        """
        seen = self.trunk(pictures)
        heat = self.heat(seen)
        kept = self.kept(seen).flatten(1)
        landmarks, presence, handedness, world = (layer(kept) for layer in self.rest.values())
        return (
            heat,
            self.calm * (self.places(torch.sigmoid(heat).flatten(1)) + landmarks),
            self.calm * presence,
            self.calm * handedness,
            self.calm * world,
        )

    @torch.no_grad()
    def _begin(self) -> None:
        """Let the joints begin as the mean places of their heatmaps."""
        nn.init.normal_(self.heat.weight, std=0.01)
        nn.init.constant_(self.heat.bias, _RARE)  # type: ignore[arg-type]  # it has one
        for layer in self.rest.values():
            nn.init.normal_(layer.weight, std=0.01)  # type: ignore[arg-type]
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type]
        cells = self.shape.size // _STRIDE * _FINE
        place = (torch.arange(cells) + 0.5) / cells - 0.5
        y, x = torch.meshgrid(place, place, indexing="ij")
        weights = torch.zeros(JOINTS, 3, JOINTS, cells, cells)
        for joint in range(JOINTS):
            for axis, value in enumerate((x, y)):
                weights[joint, axis, joint] = value / (MASS * self.calm)
        split = split_cells(weights.reshape(-1, JOINTS, cells, cells))
        self.places.weight.copy_(split.flatten(1))
        nn.init.zeros_(self.places.bias)


def split_cells(heatmaps: Tensor) -> Tensor:
    """Heatmaps (B, 21, 2h, 2w) as the network gives them, (B, 84, h, w)."""
    return nn.functional.pixel_unshuffle(heatmaps, _FINE)


class Served(nn.Module):
    """A trained network as the runtime's decoder takes it: px, probabilities and metres."""

    def __init__(self, network: HandNetwork) -> None:
        super().__init__()
        self.network = network
        _fold_units(network)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Crops (1, 3, size, size) to the heads in the order of HEADS."""
        seen = self.network.trunk(pictures)
        kept = self.network.kept(seen).flatten(1)
        heat = torch.sigmoid(self.network.heat(seen)).flatten(1)
        landmarks, presence, handedness, world = (
            layer(kept) for layer in self.network.rest.values()
        )
        return (
            self.network.places(heat) + landmarks,
            torch.sigmoid(presence),
            torch.sigmoid(handedness),
            world,
        )


@torch.no_grad()
def _fold_units(network: HandNetwork) -> None:
    """Let the last layers give px and metres themselves; the network is of no other use then."""
    size = network.shape.size
    units = {"landmarks": size, "presence": 1.0, "handedness": 1.0, "world": METRES}
    for name, layer in network.rest.items():
        _times(layer, network.calm * units[name])
    _times(network.places, network.calm * size)
    middle = torch.tensor([(size - 1) / 2, (size - 1) / 2, 0.0])
    network.places.bias.add_(middle.repeat(JOINTS))


def _times(layer: nn.Module, factor: float) -> None:
    for values in layer.parameters():
        values.mul_(factor)
