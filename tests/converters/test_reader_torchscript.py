"""PyTorch: whole networks, as TorchScript or from Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from converters import heads
from converters.model import FloatModel, Request, Size
from edge.errors import ModelError
from tests.converters.tiny_originals import heads_of, kinds, picture

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
# Upstream calls TorchScript old; people's files are.
pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning")
SIZE = (33, 49)
DEPTHS = (17, 34, 32, 32)


def read(file: Path, size: Size | None = SIZE) -> FloatModel:
    from converters.readers import torch as reader  # noqa: PLC0415 - needs the packages

    return reader.read(file, Request(size, heads.pick("posenet", NAMED)))


class Network(torch.nn.Module):  # type: ignore[misc, name-defined]  # torch may be absent
    """As deep as a test needs, with PoseNet's heads."""

    def __init__(self) -> None:
        super().__init__()
        self.first = torch.nn.Conv2d(3, 8, 3, 2, 1)
        self.norm = torch.nn.BatchNorm2d(8)
        self.deep = torch.nn.Conv2d(8, 8, 3, 1, 1, groups=8)
        self.heads = torch.nn.ModuleList(torch.nn.Conv2d(8, n, 1) for n in DEPTHS)
        for each in self.parameters():
            torch.nn.init.normal_(each, 0, 0.5)

    def forward(self, x: Any) -> Any:
        x = torch.nn.functional.relu6(self.norm(self.first(x)))
        x = torch.nn.functional.relu(self.deep(x))
        return tuple(head(x) for head in self.heads)


NAMED = {head: f"output_{number}" for number, head in enumerate(heads.FAMILIES["posenet"][0])}


def check(model: FloatModel, module: Any, size: Size) -> None:
    image = picture(size)
    with torch.no_grad():
        expected = module.eval()(torch.from_numpy(image).permute(0, 3, 1, 2))
    for values, wanted in zip(heads_of(model, image).values(), expected, strict=True):
        np.testing.assert_allclose(values, wanted.permute(0, 2, 3, 1).numpy(), atol=1e-4)
    assert kinds(model.content) == ["CONV_2D", "DEPTHWISE_CONV_2D", *["CONV_2D"] * 4]


def script(network: Any, file: Path, **options: bool) -> Path:
    torch.jit.trace(network.eval(), torch.zeros(1, 3, 17, 17), **options).save(file)
    return file


@pytest.mark.parametrize("name", ["net.ts", "net.pt"])
def test_torchscript_is_exported_and_read(name: str, tmp_path: Path) -> None:
    network = Network()
    check(read(script(network, tmp_path / name)), network, SIZE)


def test_a_module_is_read_from_python() -> None:
    from converters.readers import torch as reader  # noqa: PLC0415

    network = Network()
    check(reader.read_module(network, (19, 21), heads.pick("posenet", NAMED)), network, (19, 21))


def pickled(folder: Path) -> Path:
    torch.save(Network(), folder / "net.pt")
    return folder / "net.pt"


def a_list(folder: Path) -> Path:
    network = torch.nn.Conv2d(3, 4, 1)
    network.forward = lambda x: [x, x]
    return script(network, folder / "net.ts", strict=False)


def for_one_size(folder: Path) -> Path:
    network = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3, 4))
    torch.jit.trace(network, torch.zeros(1, 3, 1, 1)).save(folder / "net.ts")
    return folder / "net.ts"


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (pickled, "is no file of weights alone\n.*torch.save.net.state_dict"),
        (a_list, "it must give a tensor, or a tuple of them"),
        (for_one_size, "PyTorch cannot export it at 33x49"),
    ],
)
def test_networks_that_cannot_be_read_are_refused(make: Any, problem: str, tmp_path: Path) -> None:
    file = make(tmp_path)
    with pytest.raises(ModelError, match=problem) as caught:
        read(file)
    assert str(caught.value).startswith(str(file))
    assert len(str(caught.value).splitlines()) == 2


def test_torchscript_needs_a_size(tmp_path: Path) -> None:
    file = script(Network(), tmp_path / "net.ts")
    with pytest.raises(ModelError, match=r"has no input size of its own\n.*--input 257x257"):
        read(file, size=None)
