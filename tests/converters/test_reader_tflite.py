"""Float .tflite files: kept as they are, unpacked, or refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from converters import flat, heads
from converters.graph import Graph
from converters.model import Request, Size
from converters.readers import tflite
from edge.errors import ModelError
from tests.converters.tiny_originals import heads_of, picture, run

SIZE = (6, 8)
DRAW = np.random.default_rng(2)


def request(size: Size | None = None) -> Request:
    return Request(size, heads.pick("palm", {}))


def palms(change: Callable[[Any], object] = lambda _: None, *, fixed: bool = False) -> bytes:
    """Make a .tflite with a palm detector's outputs and one more, changed before it is packed."""
    graph = Graph((1, *SIZE, 3), "input_1")
    x = graph.conv2d(graph.image, drawn(4, 3, 3, 3), drawn(4), stride=(2, 2))
    x = graph.relu(x, 6.0)
    outputs = {
        name: graph.conv2d(x, drawn(depth, 1, 1, 4), drawn(depth))
        for name, depth in (("Identity", 18), ("Identity_1", 1), ("more", 2))
    }
    if fixed:
        outputs["Identity"] = graph.reshape(outputs["Identity"], (1, 12, 18))
    model = graph.finish(outputs)
    change(model)
    return flat.pack(model)


def drawn(*shape: int) -> Any:
    return DRAW.normal(0, 0.5, shape).astype(np.float32)


def written(folder: Path, content: bytes) -> Path:
    file = folder / "palms.tflite"
    file.write_bytes(content)
    return file


def test_wanted_outputs_are_kept_and_named_the_rest_goes(tmp_path: Path) -> None:
    content = palms()
    model = tflite.read(written(tmp_path, content), request())
    assert model.heads == {"boxes": (1, 3, 4, 18), "scores": (1, 3, 4, 1)}
    assert model.image == "input_1"
    assert len(model.content) < len(content)
    image = picture(SIZE)
    for found, expected in zip(run(model.content, image), run(content, image), strict=False):
        np.testing.assert_array_equal(found, expected)


def halved(model: Any) -> None:
    """Keep the first filter as float16, as MediaPipe's files do."""
    graph = model.subgraphs[0]
    index = int(graph.operators[0].inputs[1])
    filters = graph.tensors[index]
    values = flat.constant(model, index)
    assert values is not None
    half = schema.TensorT()
    half.name, half.shape, half.type = b"half", filters.shape, schema.TensorType.FLOAT16
    half.buffer = len(model.buffers)
    model.buffers.append(flat.buffer(values.astype(np.float16)))
    filters.buffer = 0
    graph.tensors.append(half)
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.DEQUANTIZE
    model.operatorCodes.append(code)
    op = schema.OperatorT()
    op.opcodeIndex = len(model.operatorCodes) - 1
    op.inputs, op.outputs = [len(graph.tensors) - 1], [index]
    graph.operators.insert(0, op)


def test_float16_weights_become_float32(tmp_path: Path) -> None:
    content = palms(halved)
    model = tflite.read(written(tmp_path, content), request())
    parsed = flat.parse(model.content, "made")
    assert {tensor.type for tensor in parsed.subgraphs[0].tensors} == {schema.TensorType.FLOAT32}
    assert [flat.kind(parsed, op) for op in parsed.subgraphs[0].operators] == ["CONV_2D"] * 3
    image = picture(SIZE)
    for found, expected in zip(run(model.content, image), run(content, image), strict=False):
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_size_can_be_chosen_where_layers_allow_it(tmp_path: Path) -> None:
    model = tflite.read(written(tmp_path, palms()), request((10, 12)))
    assert (model.size, model.heads["boxes"]) == ((10, 12), (1, 5, 6, 18))
    assert heads_of(model, picture((10, 12)))["boxes"].shape == (1, 5, 6, 18)
    with pytest.raises(ModelError, match=r"cannot take 10x12: .*\n.*leave --input away.*6x8"):
        tflite.read(written(tmp_path, palms(fixed=True)), request((10, 12)))


def quantized(model: Any) -> None:
    tensor = model.subgraphs[0].tensors[0]
    tensor.type = schema.TensorType.UINT8
    tensor.quantization = schema.QuantizationParametersT()
    tensor.quantization.scale, tensor.quantization.zeroPoint = [0.1], [3]


def custom(model: Any) -> None:
    code = model.operatorCodes[0]
    code.builtinCode, code.deprecatedBuiltinCode = schema.BuiltinOperator.CUSTOM, 32
    code.customCode = b"PosenetDecoderOp"


def doubled(model: Any) -> None:
    model.subgraphs.append(model.subgraphs[0])


def headless(model: Any) -> None:
    graph = model.subgraphs[0]
    graph.tensors[graph.outputs[1]].name = b"something"


def grey(model: Any) -> None:
    model.subgraphs[0].tensors[0].shape = [1, *SIZE, 1]


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (quantized, "is quantized already"),
        (custom, "operator PosenetDecoderOp is not supported"),
        (doubled, "has 2 subgraphs"),
        (headless, "no output is 'scores'; there are: Identity, something, more\n.*--head scores="),
        (grey, r"takes \[1, 6, 8, 1\]"),
    ],
)
def test_models_that_cannot_be_converted_are_refused(
    harm: Callable[[Any], object], problem: str, tmp_path: Path
) -> None:
    file = written(tmp_path, palms(harm))
    with pytest.raises(ModelError, match=problem) as caught:
        tflite.read(file, request())
    assert str(caught.value).startswith(str(file))
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("share", [0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_file_that_was_cut_short_is_refused(share: float, tmp_path: Path) -> None:
    content = palms()
    file = written(tmp_path, content[: int(len(content) * share)])
    with pytest.raises(ModelError, match=r"is not a TFLite model|is cut short or damaged"):
        tflite.read(file, request())


def test_a_text_and_a_folder_are_refused(tmp_path: Path) -> None:
    file = written(tmp_path, b"a text, and no model at all")
    with pytest.raises(ModelError, match=r"palms.tflite: is not a TFLite model\n"):
        tflite.read(file, request())
    with pytest.raises(ModelError, match="cannot be read: Is a directory"):
        tflite.read(tmp_path, request())


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("palm_detection_lite", "palm"),
        ("palm_detection_full", "palm"),
        ("hand_landmark_lite", "hand"),
    ],
)
def test_real_models_compute_the_same_once_unpacked(shared: Path, name: str, family: str) -> None:
    file = shared / f"weights/hand/{name}.tflite"
    model = tflite.read(file, Request(None, heads.pick(family, {})))
    image = np.abs(picture(model.size))
    for found, expected in zip(
        run(model.content, image), run(file.read_bytes(), image), strict=True
    ):
        assert np.abs(found - expected).max() < 1e-4 * max(1, np.abs(expected).max())
