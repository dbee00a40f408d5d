"""ONNX files: sizes, what is refused and how, and a real one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from converters import heads
from converters.model import Request
from converters.readers import tflite
from edge.errors import ModelError
from tests.converters.tiny_onnx import (
    SIZE,
    check,
    convert,
    drawn,
    everything,
    model_of,
    onnx,
    op,
    reader,
)
from tests.converters.tiny_originals import heads_of, picture

POOL: dict[str, Any] = {"kernel_shape": [3, 3], "strides": [2, 2]}


def fully_convolutional(image: Sequence[Any]) -> Any:
    nodes = [op("Conv", "x w", pads=[1] * 4, strides=[2, 2])]
    return model_of(nodes, {"w": drawn(6, 3, 3, 3)}, image=image)


def test_a_size_can_be_chosen() -> None:
    assert convert(fully_convolutional(("n", 3, "h", "w")), (17, 33)).heads == {"y": (1, 9, 17, 6)}
    assert convert(fully_convolutional((1, 3, 9, 13)), (17, 33)).heads == {"y": (1, 9, 17, 6)}
    assert convert(fully_convolutional((1, 3, 9, 13))).size == (9, 13)


def test_a_size_must_be_chosen_where_there_is_none() -> None:
    with pytest.raises(ModelError, match="--input 257x257"):
        convert(fully_convolutional((1, 3, "h", "w")))


def test_a_size_that_layers_do_not_allow_is_refused() -> None:
    nodes = [op("Flatten", "x", "f"), op("Gemm", "f w")]
    model = model_of(nodes, {"w": drawn(3 * SIZE[0] * SIZE[1], 4)})
    assert check(model).heads == {"y": (1, 4)}
    with pytest.raises(ModelError, match=r"tiny.onnx: .*\n.*choose another --input"):
        convert(model, (17, 33))


@pytest.mark.parametrize(
    ("node", "constants", "problem"),
    [
        (op("Softmax", "x"), {}, r"operator Softmax \('the_y'\) is not.*\n.*supported: Add,"),
        (op("Conv", "x w"), {"w": drawn(4, 3, 3)}, r"cannot load it: .*\n.*or export it again"),
        (op("Clip", "x a b"), {"a": np.float32(-1), "b": np.float32(1)}, "to -1 .. 1 is not"),
        (op("MaxPool", "x", **(POOL | {"pads": [0, 0, 2, 2]})), {}, "other than TensorFlow's SAME"),
        (op("MaxPool", "x", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1), {}, "ceil_mode"),
        (op("Pad", "x p", mode="reflect"), {"p": np.array([0, 0, 1, 1] * 2)}, "anything but zeros"),
        (op("Gemm", "f w", alpha=2.0), {"w": drawn(351, 2)}, "with alpha, beta or transA"),
    ],
)
def test_what_tflite_does_not_do_is_refused_with_the_operator(
    node: Any, constants: dict[str, Any], problem: str
) -> None:
    nodes = [op("Flatten", "x", "f"), node] if "f" in node.input else [node]
    with pytest.raises(ModelError, match=problem) as caught:
        convert(model_of(nodes, constants))
    assert str(caught.value).startswith("tiny.onnx: ")
    assert len(str(caught.value).splitlines()) == 2


def test_a_quantized_model_is_refused() -> None:
    constants = {"scale": np.float32(0.1), "zero": np.uint8(128)}
    nodes = [op("QuantizeLinear", "x scale zero", "q"), op("DequantizeLinear", "q scale zero")]
    with pytest.raises(ModelError, match=r"is quantized already\n.*the float model"):
        convert(model_of(nodes, constants))


def test_grouped_convolutions_are_refused() -> None:
    nodes = [op("Conv", "x v", "c"), op("Conv", "c w", group=2)]
    with pytest.raises(ModelError, match="in 2 groups of 4 channels"):
        convert(model_of(nodes, {"v": drawn(4, 3, 1, 1), "w": drawn(4, 2, 1, 1)}))


def test_an_operator_that_no_wanted_output_needs_does_not_matter(tmp_path: Path) -> None:
    model = model_of([op("Relu", "x"), op("Softmax", "x", "z")], outputs=["y", "z"])
    file = tmp_path / "two.onnx"
    onnx.save(model, file)
    assert reader.read(file, Request(None, lambda _: {"y": "y"})).heads == {"y": (1, *SIZE, 3)}


def test_a_conversion_that_computes_something_else_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(reader._OPERATORS, "Sigmoid", reader._OPERATORS["Relu"])
    with pytest.raises(ModelError, match="output 'y' would be off by"):
        convert(model_of([op("Sigmoid", "x")]))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a text, and no model", "is not an ONNX model"),
        (b"", "is not an ONNX model"),
        (None, "is not an ONNX model, or cut short"),
    ],
)
def test_files_that_are_no_model_are_refused(
    content: bytes | None, problem: str, tmp_path: Path
) -> None:
    whole = fully_convolutional((1, 3, 9, 13)).SerializeToString()
    file = tmp_path / "tiny.onnx"
    file.write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(ModelError, match=problem) as caught:
        reader.read(file, Request(None, everything))
    assert str(file) in str(caught.value)


def test_weights_kept_in_another_file_are_read_or_missed(tmp_path: Path) -> None:
    file = tmp_path / "tiny.onnx"
    model = fully_convolutional((1, 3, 9, 13))
    onnx.save(model, file, save_as_external_data=True, location="tiny.data", size_threshold=0)
    request = Request(None, everything)
    assert reader.read(file, request).heads == {"y": (1, 5, 7, 6)}
    (tmp_path / "tiny.data").unlink()
    with pytest.raises(ModelError, match="lacks its weights"):
        reader.read(file, request)


@pytest.mark.parametrize(
    ("image", "kind", "problem"),
    [
        ((1, 4, 9, 13), "FLOAT", r"takes \[1, 4, 9, 13\]"),
        ((1, 3, 9), "FLOAT", r"takes \[1, 3, 9\]"),
        ((1, 3, 9, 13), "UINT8", "takes uint8"),
        ((1, 3, 9, 13), "FLOAT16", "takes float16"),
    ],
)
def test_inputs_that_are_no_float32_picture_are_refused(
    image: Sequence[int], kind: str, problem: str
) -> None:
    model = model_of([op("Relu", "x")], image=image)
    model.graph.input[0].type.tensor_type.elem_type = getattr(onnx.TensorProto, kind)
    with pytest.raises(ModelError, match=problem):
        convert(model)


def test_real_hand_landmarks_equal_those_of_the_tflite_file(shared: Path) -> None:
    request = Request(None, heads.pick("hand", {}))
    folder = shared / "weights/hand"
    ours = reader.read(folder / "hand_landmark_lite.onnx", request)
    theirs = tflite.read(folder / "hand_landmark_lite.tflite", request)
    image = np.abs(picture((224, 224)))
    expected = heads_of(theirs, image)
    for head, values in heads_of(ours, image).items():
        assert np.abs(values - expected[head]).max() < 1e-3  # px, m, or of 1
