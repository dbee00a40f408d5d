"""Trained weights of hands as networks that `edgepose-convert any` reads."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from models.recipes.training.checkpoint import load
from models.recipes.training.hands.locator_network import LocatorNetwork, LocatorShape
from models.recipes.training.hands.network import HEADS, HandNetwork, HandShape, Served
from models.recipes.training.hands.tasks import LANDMARKS, LOCATOR

_OPSET = 17


def hand_network(checkpoint: Path) -> HandNetwork:
    """The averaged landmark network of a checkpoint; raises OSError or ValueError."""
    found = load(checkpoint, LANDMARKS)
    network = HandNetwork(HandShape.of_plain(found.shape))
    network.load_state_dict(found.average)
    return network.eval()


def write_landmarks(checkpoint: Path, file: Path) -> int:
    """Write ONNX; gives the side of its input, px. It takes (x - 127.5) / 127.5."""
    network = hand_network(checkpoint)
    size = network.shape.size
    write(Served(network).eval(), file, size, tuple(HEADS))
    return size


def locator_network(checkpoint: Path) -> LocatorNetwork:
    """The averaged locator of a checkpoint, which gives px; raises OSError or ValueError."""
    found = load(checkpoint, LOCATOR)
    network = LocatorNetwork(LocatorShape.of_plain(found.shape))
    network.load_state_dict(found.average)
    network.fold()
    return network.eval()


def write_locator(checkpoint: Path, file: Path) -> int:
    """Write ONNX; gives the side of its input, px. It takes (x - 127.5) / 127.5."""
    network = locator_network(checkpoint)
    write(network, file, network.shape.size, ("boxes", "scores"))
    return network.shape.size


def write(network: nn.Module, file: Path, size: int, heads: Sequence[str]) -> None:
    """Write ONNX of a network that takes (1, 3, size, size), its outputs named for the decoder."""
    picture: Tensor = torch.zeros(1, 3, size, size)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # this exporter is old, but needs nothing else
        torch.onnx.export(
            network,
            (picture,),
            str(file),
            dynamo=False,
            opset_version=_OPSET,
            input_names=["image"],
            output_names=list(heads),
        )


def flags(decoder: str) -> list[str]:
    """What `edgepose-convert any` is told beside the files, for decoder "hand" or "palm"."""
    return ["--decoder", decoder, "--mean", "127.5", "--std", "127.5"]
