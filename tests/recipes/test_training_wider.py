"""A wider network begins with what a narrow one knew; rounding is felt forwards alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="needs PyTorch: pip install 'edgepose[torch]'")

import torch

from models.recipes.training.checkpoint import Checkpoint, soup
from models.recipes.training.eight_bits import feel_eight_bits
from models.recipes.training.networks import BodyNetwork, BodyShape
from models.recipes.training.widen import widened

NARROW = BodyShape(width=0.125, middle=1, dilations=(1, 2))
WIDE = BodyShape(width=0.2, middle=1, dilations=(1, 2))


def network(shape: BodyShape, seed: int) -> BodyNetwork:
    torch.manual_seed(seed)
    made = BodyNetwork(shape)
    made.train()(torch.randn(4, 3, 65, 65))  # statistics that are not those of a new network
    return made.eval()


def test_a_wider_one_gives_what_the_narrow_one_gives() -> None:
    narrow, wide = network(NARROW, 1), network(WIDE, 2)
    pictures = torch.randn(2, 3, 65, 65)
    before = [head.clone() for head in wide(pictures)]
    wide.load_state_dict(widened(narrow.state_dict(), wide.state_dict()))
    for made, wanted, was in zip(wide(pictures), narrow(pictures), before, strict=True):
        assert torch.allclose(made, wanted, atol=1e-3)
        assert not torch.allclose(was, wanted, atol=1e-3)


def test_copies_of_a_channel_are_not_heard_alike() -> None:
    """Else they would learn the same, for ever."""
    narrow, wide = network(NARROW, 1), network(WIDE, 2)
    weights = widened(narrow.state_dict(), wide.state_dict())["heads.heatmaps.convolution.weight"]
    count = int(512 * NARROW.width)
    assert not torch.allclose(weights[:, 0], weights[:, count])


def test_an_average_is_halfway_and_of_one_network_alone() -> None:
    found = [
        Checkpoint("body", {}, {}, {"w": torch.tensor([w]), "n": torch.tensor(3)}, {}, seen, 1)
        for w, seen in ((1.0, 5), (2.0, 9))
    ]
    made = soup(found)
    assert made.average["w"].tolist() == [1.5]
    assert made.average["n"] == 3
    assert made.seen == 9
    with pytest.raises(ValueError, match="same network"):
        soup([found[0], replace(found[1], shape={"width": 1})])


def test_only_the_same_layers_are_widened() -> None:
    narrow = network(NARROW, 1)
    deeper = network(BodyShape(width=0.2, middle=2, dilations=(1, 2)), 2)
    with pytest.raises(ValueError, match="same layers"):
        widened(narrow.state_dict(), deeper.state_dict())


def test_rounding_is_felt_forwards_and_gradients_pass() -> None:
    plain, rounding = network(NARROW, 1), network(NARROW, 1)
    feel_eight_bits(rounding)
    pictures = torch.randn(2, 3, 65, 65)
    for one, two in zip(plain(pictures), rounding(pictures), strict=True):
        assert 0 < (one - two).abs().max() < 0.1  # steps of 6 / 255
        assert two.unique().numel() <= 256
    rounding.train()(pictures)[0].square().sum().backward()
    assert all(weight.grad is not None for weight in rounding.trunk.parameters())
