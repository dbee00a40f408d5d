"""Building a float model: what is fused, and what must not be."""

from __future__ import annotations

import numpy as np
import pytest

from converters import flat
from converters.graph import Graph
from tests.converters.tiny_originals import Floats, kinds, picture, run

SIZE = (4, 6)


def eye(*bias: float) -> tuple[Floats, Floats]:
    """Give a convolution that changes nothing but for its bias."""
    return np.eye(3, dtype=np.float32).reshape(3, 1, 1, 3), np.array(bias, np.float32)


def test_a_bias_joins_a_convolution_that_has_none() -> None:
    graph = Graph((1, *SIZE, 3))
    x = graph.bias(graph.conv2d(graph.image, *eye(0, 0, 0)), np.array([1, 2, 3], np.float32))
    content = flat.pack(graph.finish({"y": graph.relu(x)}))
    assert kinds(content) == ["CONV_2D"]
    expected = np.maximum(picture(SIZE) + np.array([1, 2, 3]), 0)
    np.testing.assert_allclose(run(content, picture(SIZE))[0], expected, atol=1e-6)


def test_a_second_bias_is_added_to_the_first() -> None:
    graph = Graph((1, *SIZE, 3))
    x = graph.bias(graph.conv2d(graph.image, *eye(3, 2, 1)), np.array([1, 2, 3], np.float32))
    content = flat.pack(graph.finish({"y": x}))
    np.testing.assert_allclose(run(content, picture(SIZE))[0], picture(SIZE) + 4, atol=1e-6)


def test_what_is_itself_an_output_is_not_overwritten() -> None:
    graph = Graph((1, *SIZE, 3))
    x = graph.conv2d(graph.image, *eye(0, 0, 0))
    content = flat.pack(graph.finish({"before": x, "after": graph.relu(x, 6.0)}))
    before, after = run(content, picture(SIZE))
    assert before.min() < 0 <= after.min()


def test_equal_graphs_give_equal_bytes() -> None:
    def made() -> bytes:
        graph = Graph((1, *SIZE, 3))
        return flat.pack(graph.finish({"y": graph.conv2d(graph.image, *eye(1, 2, 3))}))

    assert made() == made()


@pytest.mark.parametrize(
    ("order", "operator"),
    [((0, 1, 3, 2), "TRANSPOSE"), ((1, 2, 0, 3), "RESHAPE"), ((0, 3, 1, 2), "TRANSPOSE")],
)
def test_axes_of_one_entry_move_without_their_values(order: tuple[int, ...], operator: str) -> None:
    graph = Graph((1, *SIZE, 3))
    content = flat.pack(graph.finish({"y": graph.transpose(graph.image, order)}))
    assert kinds(content) == [operator]
    (found,) = run(content, picture(SIZE))
    np.testing.assert_array_equal(found, picture(SIZE).transpose(order))


def test_a_shape_between_two_others_is_left_out() -> None:
    graph = Graph((1, *SIZE, 3))
    flattened = graph.reshape(graph.reshape(graph.image, (24, 3)), (1, 72))
    content = flat.pack(graph.finish({"y": flattened}))
    assert kinds(content) == ["RESHAPE"]
    np.testing.assert_array_equal(run(content, picture(SIZE))[0], picture(SIZE).reshape(1, -1))
