"""ONNX: every operator computes what ONNX's own reference does, whatever the layout."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from edge.errors import ModelError
from tests.converters.tiny_onnx import SIZE, check, convert, drawn, model_of, op
from tests.converters.tiny_originals import heads_of, kinds, picture


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"pads": [1, 1, 1, 1]},
        {"pads": [1, 1, 1, 1], "strides": [2, 2]},
        {"pads": [0, 0, 1, 1], "strides": [2, 2]},
        {"pads": [2, 0, 1, 3], "strides": [2, 1]},
        {"pads": [2, 2, 2, 2], "dilations": [2, 2]},
        {"auto_pad": "SAME_UPPER", "strides": [2, 2]},
        {"auto_pad": "SAME_LOWER", "strides": [2, 2]},
        {"auto_pad": "VALID", "strides": [3, 2]},
    ],
)
@pytest.mark.parametrize("groups", [1, 3])
def test_convolutions(attributes: dict[str, Any], groups: int) -> None:
    constants = {"w": drawn(6, 3 // groups, 3, 3), "b": drawn(6)}
    check(model_of([op("Conv", "x w b", group=groups, **attributes)], constants))


@pytest.mark.parametrize("side", ["SAME_UPPER", "SAME_LOWER"])
def test_a_line_of_zeros_goes_to_the_side_asked_for(side: str) -> None:
    check(model_of([op("Conv", "x w", auto_pad=side)], {"w": drawn(6, 3, 2, 2)}))


def test_padding_that_tensorflow_has_a_word_for_needs_no_operator() -> None:
    constants = {"w": drawn(6, 3, 3, 3)}
    same = check(model_of([op("Conv", "x w", pads=[1] * 4, strides=[2, 2])], constants))
    assert kinds(same.content) == ["CONV_2D"]
    other = check(model_of([op("Conv", "x w", pads=[2] * 4, strides=[2, 2])], constants))
    assert kinds(other.content) == ["PAD", "CONV_2D"]


POOL: dict[str, Any] = {"kernel_shape": [3, 3], "strides": [2, 2]}


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        ("MaxPool", POOL | {"pads": [1, 1, 1, 1]}),
        ("MaxPool", {"kernel_shape": [2, 2], "strides": [2, 2]}),
        ("AveragePool", POOL | {"pads": [1, 1, 1, 1]}),
        ("AveragePool", POOL | {"pads": [1, 1, 1, 1], "count_include_pad": 1}),
        ("AveragePool", POOL),
        ("GlobalAveragePool", {}),
        ("ReduceMean", {"axes": [2, 3], "keepdims": 0}),
        ("ReduceMean", {"axes": [-1, -2], "keepdims": 1}),
        ("ReduceMean", {"axes": [1], "keepdims": 0}),
        ("Relu", {}),
        ("LeakyRelu", {"alpha": 0.3}),
        ("Sigmoid", {}),
        ("Flatten", {}),
        ("Flatten", {"axis": 3}),
    ],
)
def test_operators_without_constants(kind: str, attributes: dict[str, Any]) -> None:
    check(model_of([op(kind, "x", **attributes)]))


def test_an_output_that_was_turned_is_given_as_it_is() -> None:
    made = convert(model_of([op("Transpose", "x", perm=[0, 1, 3, 2])]))
    image = picture(SIZE)
    np.testing.assert_array_equal(heads_of(made, image)["y"], image.transpose(0, 3, 2, 1))


@pytest.mark.parametrize(
    ("node", "constants"),
    [
        (op("Clip", "x low high"), {"low": np.float32(0), "high": np.float32(6)}),
        (op("Clip", "x low"), {"low": np.float32(0)}),
        (op("PRelu", "x slopes"), {"slopes": drawn(3, 1, 1)}),
        (op("Add", "x a"), {"a": drawn(3, 1, 1)}),
        (op("Sub", "a x"), {"a": drawn(1, 3, *SIZE)}),
        (op("Mul", "a x"), {"a": np.float32(0.3)}),
        (op("Div", "x a"), {"a": drawn(1, 1, SIZE[0], 1) + 3}),
        (op("Add", "x x"), {}),
        (
            op("BatchNormalization", "x s b m v", epsilon=0.01),
            {"s": drawn(3), "b": drawn(3), "m": drawn(3), "v": drawn(3) ** 2},
        ),
        (op("Pad", "x pads"), {"pads": np.array([0, 1, 2, 3, 0, 0, 1, 2])}),
        (op("Resize", "x  sizes", mode="linear"), {"sizes": np.array([1, 3, 18, 39])}),
    ],
)
def test_operators_with_constants(node: Any, constants: dict[str, Any]) -> None:
    if node.op_type == "Resize":
        node.input[:] = ["x", "", "", "sizes"]
    check(model_of([node], constants))


@pytest.mark.parametrize(
    ("mode", "place", "rounding"),
    [
        ("linear", "half_pixel", "floor"),
        ("linear", "align_corners", "floor"),
        ("linear", "asymmetric", "floor"),
        ("nearest", "asymmetric", "floor"),
        ("nearest", "half_pixel", "round_prefer_floor"),
    ],
)
@pytest.mark.parametrize("by", [2, 3])
def test_images_grow(mode: str, place: str, rounding: str, by: int) -> None:
    node = op("Resize", "x", mode=mode, coordinate_transformation_mode=place, nearest_mode=rounding)
    node.input[:] = ["x", "", "scales"]
    check(model_of([node], {"scales": np.array([1, 1, by, by], np.float32)}))


def test_zeros_stand_for_padding_where_a_maximum_cannot_be_less() -> None:
    pads: dict[str, Any] = {"pads": [1, 1, 1, 1], "kernel_shape": [2, 2]}
    made = check(model_of([op("Relu", "x", "r"), op("MaxPool", "r", **pads)]))
    assert kinds(made.content) == ["RELU", "PAD", "MAX_POOL_2D"]
    with pytest.raises(ModelError, match="other than TensorFlow's SAME"):
        convert(model_of([op("MaxPool", "x", **pads)]))


def test_layers_that_end_in_numbers() -> None:
    nodes = [
        op("Conv", "x w", "c", pads=[1] * 4, strides=[2, 2]),
        op("GlobalAveragePool", "c", "g"),
        op("Squeeze", "g axes", "s"),
        op("Gemm", "s a bias", "p"),
        op("Gemm", "s b", "q", transB=1),
        op("Unsqueeze", "q two", "u"),
        op("Sigmoid", "p", "y"),
    ]
    constants = {
        "w": drawn(8, 3, 3, 3),
        "axes": np.array([2, 3]),
        "a": drawn(8, 5),
        "bias": drawn(5),
        "b": drawn(4, 8),
        "two": np.array([2]),
    }
    made = check(model_of(nodes, constants, outputs=["y", "u"]))
    assert made.heads == {"y": (1, 5), "u": (1, 4, 1)}
    assert "TRANSPOSE" not in kinds(made.content)


def anchors(*, channels_last: bool) -> Any:
    """The end of a detector: boxes of two layers, behind one another."""
    nodes, ends = [], []
    for number, stride in enumerate((1, 2)):
        nodes.append(op("Conv", f"x w{number}", f"c{number}", strides=[stride, stride]))
        end = f"c{number}"
        if channels_last:
            end = f"t{number}"
            nodes.append(op("Transpose", f"c{number}", end, perm=[0, 2, 3, 1]))
        nodes.append(op("Reshape", f"{end} shape", f"r{number}"))
        ends.append(f"r{number}")
    nodes.append(op("Concat", " ".join(ends), axis=1))
    constants = {"w0": drawn(6, 3, 1, 1), "w1": drawn(6, 3, 1, 1), "shape": np.array([1, -1, 2])}
    return model_of(nodes, constants)


def test_values_keep_onnx_s_order_where_they_lose_their_axes() -> None:
    made = check(anchors(channels_last=False))
    assert kinds(made.content).count("TRANSPOSE") == 2
    assert made.heads == {"y": (1, (9 * 13 + 5 * 7) * 3, 2)}


def test_transpositions_that_undo_one_another_cost_nothing() -> None:
    assert "TRANSPOSE" not in kinds(check(anchors(channels_last=True)).content)


def test_a_picture_with_its_channels_last_is_taken_as_it_is() -> None:
    nodes = [
        op("Transpose", "x", "t", perm=[0, 3, 1, 2]),
        op("Conv", "t w", "c", pads=[1] * 4),
        op("Transpose", "c", perm=[0, 2, 3, 1]),
    ]
    made = check(model_of(nodes, {"w": drawn(6, 3, 3, 3)}, image=(1, *SIZE, 3)))
    assert kinds(made.content) == ["CONV_2D"]
    assert made.heads == {"y": (1, *SIZE, 6)}


def test_batch_norms_and_activations_become_part_of_their_convolutions() -> None:
    nodes = [
        op("Conv", "x w", "c", pads=[1] * 4),
        op("BatchNormalization", "c s b m v", "n"),
        op("Clip", "n low high", "r"),
        op("Conv", "r d", "e", group=6),
        op("Relu", "e"),
    ]
    constants = {name: drawn(6) for name in "sbm"} | {"v": drawn(6) ** 2 + 1}
    constants |= {"w": drawn(6, 3, 3, 3), "d": drawn(6, 1, 3, 3)}
    made = check(model_of(nodes, constants | {"low": np.float32(0), "high": np.float32(6)}))
    assert kinds(made.content) == ["CONV_2D", "DEPTHWISE_CONV_2D"]
