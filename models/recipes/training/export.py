"""Trained weights as a network that `edgepose-convert` reads."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from models.recipes.training.checkpoint import load
from models.recipes.training.networks import HEADS, BodyNetwork, BodyShape, Head


def body_network(checkpoint: Path) -> BodyNetwork:
    """The averaged network of a checkpoint, ready to be run; raises OSError or ValueError."""
    found = load(checkpoint, "body")
    network = BodyNetwork(BodyShape.of_plain(found.shape))
    network.load_state_dict(found.average)
    fold_units(network)
    return network.eval()


@torch.no_grad()
def fold_units(network: nn.Module) -> None:
    """Let the weights of heads give px themselves, which spares a multiplication."""
    for head in network.modules():
        if isinstance(head, Head) and head.unit != 1.0:
            head.convolution.weight *= head.unit
            if head.convolution.bias is not None:
                head.convolution.bias *= head.unit
            head.unit = 1.0


def write_body(checkpoint: Path, file: Path, size: tuple[int, int] = (257, 257)) -> None:
    """Write TorchScript; it takes any size, `size` is the one it is traced at.

    Its outputs are output_0 .. output_3 to the converter, in the order of HEADS: see `head_flags`.
    """
    network = body_network(checkpoint)
    picture: Tensor = torch.zeros(1, 3, *size)
    with torch.no_grad():
        traced = torch.jit.trace(network, (picture,))  # type: ignore[no-untyped-call]
    traced.save(str(file))


def head_flags() -> list[str]:
    """What tells `edgepose-convert posenet` which output is which head."""
    return [
        flag for number, name in enumerate(HEADS) for flag in ("--head", f"{name}=output_{number}")
    ]
