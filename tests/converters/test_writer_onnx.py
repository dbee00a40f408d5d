"""ONNX out: the same numbers as TensorFlow Lite, operator by operator."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from converters.errors import ConvertError
from converters.graph import options
from converters.model import FloatModel
from converters.writers import onnx as writer
from converters.writers import tflite
from edge.core.types import Image
from tests.converters.tiny_network import (
    Floats,
    Network,
    every_operator,
    heads,
    job,
    network,
    pictures,
    separable,
    taken,
)

onnx = pytest.importorskip("onnx")
runtime = pytest.importorskip("onnxruntime")
PICTURE = pictures(1, seed=50)[0]


def written(model: FloatModel, variant: str) -> bytes:
    files = writer.write(model, job(variant)).files
    assert list(files) == ["tiny.onnx"]
    return files["tiny.onnx"]


def run(content: bytes, image: Image | Floats) -> dict[str, Floats]:
    session = runtime.InferenceSession(content)
    names = [head.name for head in session.get_outputs()]
    given = session.run(names, {session.get_inputs()[0].name: image})
    return dict(zip(names, given, strict=True))


def same(model: FloatModel) -> None:
    found = run(written(model, "float32"), taken(PICTURE))
    for name, values in heads(model.content, taken(PICTURE)).items():
        np.testing.assert_allclose(found[name], values, rtol=1e-4, atol=1e-5, err_msg=name)


@pytest.mark.parametrize("build", [every_operator, separable])
def test_float32_gives_the_numbers_of_the_original(build: Callable[..., dict[str, int]]) -> None:
    same(network(build))


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("stride", [(1, 1), (2, 2), (2, 1), (3, 3)])
@pytest.mark.parametrize("dilation", [(1, 1), (2, 2)])
def test_windows_lie_where_tensorflow_lays_them(
    padding: str, stride: tuple[int, int], dilation: tuple[int, int]
) -> None:
    def build(net: Network) -> dict[str, int]:
        settings = {"stride": stride, "dilation": dilation, "padding": padding}
        return {"y": net.conv(net.graph.image, 4, **settings)}

    same(network(build))


@pytest.mark.parametrize("kind", ["MAX", "AVERAGE"])
@pytest.mark.parametrize("padding", ["SAME", "VALID"])
def test_pools_do_not_count_what_is_padded(kind: str, padding: str) -> None:
    def build(net: Network) -> dict[str, int]:
        x = net.conv(net.graph.image, 4)
        return {"y": net.graph.pool(kind, x, (3, 3), stride=(2, 2), padding=padding)}

    same(network(build))


@pytest.mark.parametrize(
    "settings", [{}, {"halfPixelCenters": True}, {"alignCorners": True}], ids=str
)
def test_resizing_takes_the_pixels_it_was_told_to(settings: dict[str, bool]) -> None:
    def build(net: Network) -> dict[str, int]:
        size = net.graph.constant(np.array((23, 31), np.int32))
        resize = options("ResizeBilinear", **settings)
        return {
            "y": net.graph.add("RESIZE_BILINEAR", (net.graph.image, size), (1, 23, 31, 3), resize)
        }

    same(network(build))


@pytest.mark.parametrize("build", [every_operator, separable])
def test_int8_has_the_levels_of_the_tflite_file(build: Callable[..., dict[str, int]]) -> None:
    model = network(build)
    lite = next(iter(tflite.write(model, job("int8")).files.values()))
    expected = heads(lite, (PICTURE[None] ^ 128).view(np.int8))
    found = run(written(model, "int8"), PICTURE[None])
    for name, values in expected.items():
        spread = float(values.std())
        assert float(np.abs(found[name] - values).mean()) <= 0.05 * spread, name


def test_a_file_has_what_older_runtimes_read_and_a_batch_of_one_picture() -> None:
    model = onnx.load_model_from_string(written(network(), "int8"))
    onnx.checker.check_model(model, full_check=True)
    assert model.ir_version <= 10
    assert [each.version for each in model.opset_import] == [17]
    sizes = [each.dim_value for each in model.graph.input[0].type.tensor_type.shape.dim]
    assert sizes == [1, 16, 24, 3]


def test_an_operator_without_counterpart_is_named() -> None:
    def build(net: Network) -> dict[str, int]:
        return {"y": net.graph.add("SIN", (net.graph.image,), net.graph.shape(net.graph.image))}

    with pytest.raises(ConvertError, match="operator SIN has no counterpart"):
        written(network(build), "float32")


def test_a_mean_over_channels_is_refused_rather_than_mixed_up() -> None:
    def build(net: Network) -> dict[str, int]:
        axes = net.graph.constant(np.array((3,), np.int32))
        settings = options("Reducer", keepDims=True)
        return {"y": net.graph.add("MEAN", (net.graph.image, axes), (1, 16, 24, 1), settings)}

    with pytest.raises(ConvertError, match=r"MEAN over axes \[3\]"):
        written(network(build), "float32")
