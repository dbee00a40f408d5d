"""PyTorch: PoseNet's weights, by their names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from converters import heads
from converters.model import FloatModel, Request, Size
from edge.errors import ModelError
from tests.converters.tiny_originals import Floats, convolved, heads_of, kinds, picture

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
safetensors = pytest.importorskip("safetensors.torch")
SIZE = (33, 49)
NARROW = [4, 8, 8, 8, 12, 12, *[12] * 8]  # channels after each layer, as in the 0.50 network
WIDE = [*NARROW[:12], 16, 16]  # the 1.0 network widens, and steps, once more
DEPTHS = {"heatmap": 17, "offset": 34, "displacement_fwd": 32, "displacement_bwd": 32}


def read(file: Path, stride: int = 16, size: Size = SIZE) -> FloatModel:
    from converters.readers import torch as reader  # noqa: PLC0415 - needs the packages

    return reader.read(file, Request(size, heads.pick("posenet", {}), stride))


def state(channels: list[int]) -> dict[str, Any]:
    """Draw the weights of a PoseNet in posenet-pytorch's naming."""
    draw = torch.Generator().manual_seed(4)

    def layer(name: str, *shape: int) -> dict[str, Any]:
        weights = torch.randn(shape, generator=draw) * (6 / np.prod(shape[1:])) ** 0.5
        bias = torch.randn(shape[0], generator=draw) * 0.2
        return {f"{name}.weight": weights, f"{name}.bias": bias}

    made = layer("features.conv0.conv", channels[0], 3, 3, 3)
    for number in range(1, 14):
        taken, given = channels[number - 1 : number + 1]
        made |= layer(f"features.conv{number}.depthwise", taken, 1, 3, 3)
        made |= layer(f"features.conv{number}.pointwise", given, taken, 1, 1)
    for head, depth in DEPTHS.items():
        made |= layer(head, depth, channels[-1], 1, 1)
    return made


def computed(weights: dict[str, Any], image: Floats, steps: dict[int, tuple[int, int]]) -> Floats:
    """Heatmaps as logits; `steps` has stride and dilation of each layer that is not (1, 1)."""

    def layer(name: str, x: Floats, stride: int = 1, gap: int = 1) -> Floats:
        filters = weights[f"{name}.weight"].numpy()
        depthwise = name.endswith("depthwise")
        order = (2, 3, 0, 1) if depthwise else (2, 3, 1, 0)
        made = convolved(x, filters.transpose(order), stride=stride, gap=gap, depthwise=depthwise)
        return np.asarray(made + weights[f"{name}.bias"].numpy(), np.float32)

    x = np.clip(layer("features.conv0.conv", image, 2), 0, 6)
    for number in range(1, 14):
        x = np.clip(layer(f"features.conv{number}.depthwise", x, *steps.get(number, (1, 1))), 0, 6)
        x = np.clip(layer(f"features.conv{number}.pointwise", x), 0, 6)
    return layer("heatmap", x)


TWO = (2, 1)  # a step
LOOK = (1, 2)  # a look further
CASES = [
    (NARROW, 16, {2: TWO, 4: TWO, 6: TWO}),
    (NARROW, 8, {2: TWO, 4: TWO} | dict.fromkeys(range(7, 14), LOOK)),
    (WIDE, 32, {2: TWO, 4: TWO, 6: TWO, 12: TWO}),
    (WIDE, 16, {2: TWO, 4: TWO, 6: TWO, 13: LOOK}),
    (WIDE, 8, {2: TWO, 4: TWO} | dict.fromkeys(range(7, 13), LOOK) | {13: (1, 4)}),
]


@pytest.mark.parametrize(("channels", "stride", "steps"), CASES)
def test_weights_become_the_network_of_the_stride_asked_for(
    channels: list[int], stride: int, steps: dict[int, tuple[int, int]], tmp_path: Path
) -> None:
    weights = state(channels)
    torch.save(weights, tmp_path / "posenet.pth")
    model = read(tmp_path / "posenet.pth", stride)
    image = picture(SIZE)
    expected = computed(weights, image, steps)
    assert expected.shape == (1, 32 // stride + 1, -(-49 // stride), 17)
    found = heads_of(model, image)["heatmaps"]
    np.testing.assert_allclose(found, expected, atol=1e-3 * np.abs(expected).max())
    assert set(kinds(model.content)) == {"CONV_2D", "DEPTHWISE_CONV_2D"}


def test_wrapped_prefixed_and_safe_files_hold_the_same_network(tmp_path: Path) -> None:
    weights = state(NARROW)
    prefixed = {f"module.{name}": values for name, values in weights.items()}
    torch.save(weights, tmp_path / "plain.pth")
    torch.save({"epoch": 3, "state_dict": prefixed}, tmp_path / "wrapped.pt")
    safetensors.save_file(weights, tmp_path / "safe.safetensors")
    plain = read(tmp_path / "plain.pth").content
    assert read(tmp_path / "wrapped.pt").content == plain
    assert read(tmp_path / "safe.safetensors").content == plain


def a_tensor(folder: Path) -> Path:
    torch.save(torch.zeros(3), folder / "net.pt")
    return folder / "net.pt"


def other_names(folder: Path) -> Path:
    torch.save({"backbone.weight": torch.zeros(3)}, folder / "net.pt")
    return folder / "net.pt"


def other_shapes(folder: Path) -> Path:
    torch.save(
        state(NARROW) | {"features.conv5.pointwise.weight": torch.zeros(12, 9, 1, 1)},
        folder / "net.pt",
    )
    return folder / "net.pt"


def one_missing(folder: Path) -> Path:
    weights = state(NARROW)
    del weights["features.conv9.depthwise.bias"]
    torch.save(weights, folder / "net.pt")
    return folder / "net.pt"


def text(folder: Path) -> Path:
    (folder / "net.pt").write_text("a text, and no model")
    return folder / "net.pt"


def safe_text(folder: Path) -> Path:
    (folder / "net.safetensors").write_text("a text, and no model")
    return folder / "net.safetensors"


def cut(folder: Path) -> Path:
    torch.save(state(NARROW), folder / "net.pt")
    content = (folder / "net.pt").read_bytes()
    (folder / "net.pt").write_bytes(content[: len(content) // 2])
    return folder / "net.pt"


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (a_tensor, "holds a Tensor, not weights by name"),
        (other_names, "has no 'features.conv0.conv.weight'"),
        (other_shapes, r"'features.conv5.pointwise.weight' is \[12, 9, 1, 1\], after 12 channels"),
        (one_missing, "has no 'features.conv9.depthwise.bias'"),
        (text, "is not a PyTorch file"),
        (safe_text, "is no safetensors file"),
        (cut, "is not a PyTorch file, or cut short"),
    ],
)
def test_what_cannot_be_read_is_refused_in_two_lines(
    make: Any, problem: str, tmp_path: Path
) -> None:
    file = make(tmp_path)
    with pytest.raises(ModelError, match=problem) as caught:
        read(file)
    assert str(caught.value).startswith(str(file))
    assert len(str(caught.value).splitlines()) == 2


def test_a_missing_torch_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.save(state(NARROW), tmp_path / "net.pt")
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModelError, match=r"needs PyTorch to be read\n.*pip install torch"):
        read(tmp_path / "net.pt")


@pytest.mark.parametrize("stride", [8, 16])
def test_the_same_weights_from_tensorflow_js_compute_the_same(
    stride: int, shared: Path, tmp_path: Path
) -> None:
    from converters.readers import _shards, tfjs  # noqa: PLC0415

    file = shared / f"weights/posenet/tfjs_mobilenet_float_050/model-stride{stride}.json"
    weights = _shards.weights(file, tfjs._document(file)["weightsManifest"])
    torch.save(renamed(weights), tmp_path / "posenet.pth")
    ours = read(tmp_path / "posenet.pth", stride, (97, 129))
    theirs = tfjs.read(file, Request((97, 129), heads.pick("posenet", {})))
    image = picture((97, 129))
    expected = heads_of(theirs, image)
    for head, values in heads_of(ours, image).items():
        np.testing.assert_allclose(values, expected[head], atol=1e-3)


def renamed(weights: dict[str, Any]) -> dict[str, Any]:
    """TensorFlow.js names and axes to PyTorch's."""
    made = {}
    for name, values in weights.items():
        layer = name.split("/")[-2]
        if layer.startswith("Conv2d_"):
            _, number, *part = layer.split("_")
            place = f"features.conv{number}.{part[0] if part else 'conv'}"
        else:
            place = layer.removesuffix("_2")
        if values.ndim == 1:
            made[f"{place}.bias"] = torch.tensor(values)
        else:
            order = (2, 3, 0, 1) if place.endswith("depthwise") else (3, 2, 0, 1)
            made[f"{place}.weight"] = torch.tensor(values.transpose(order).copy())
    return made
