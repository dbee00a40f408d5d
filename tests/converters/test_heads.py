"""Which output is which head, by the names that upstream models have, and what it must be."""

from __future__ import annotations

import numpy as np
import pytest

from converters import flat, heads
from converters.graph import Graph
from converters.model import FloatModel, Size
from edge.errors import ModelError
from tests.converters.tiny_originals import heads_of, kinds, picture

FOUR = ("heatmaps", "offsets", "displacement_fwd", "displacement_bwd")
BODY_PIX = ("part_heatmaps", "long_offsets", "short_offsets", "heatmaps", "part_offsets")
HAND = ("landmarks", "presence", "handedness", "world")


@pytest.mark.parametrize(
    ("family", "outputs", "expected"),
    [
        (
            "posenet",
            [f"MobilenetV1/{n}/BiasAdd" for n in ("offset_2", "heatmap_2", "displacement_fwd_2")]
            + ["MobilenetV1/displacement_bwd_2/BiasAdd"],
            dict(zip(FOUR, (1, 0, 2, 3), strict=True)),
        ),
        (
            "posenet",  # body-pix: parts and far offsets are another matter
            [f"float_{name}" for name in BODY_PIX] + ["displacement_fwd_2", "displacement_bwd_2"],
            dict(zip(FOUR, (3, 2, 5, 6), strict=True)),
        ),
        (
            "posenet",
            ["float_heatmaps", "float_short_offsets", "float_mid_offsets"],
            {"heatmaps": 0, "offsets": 1, "mid_offsets": 2},
        ),
        ("posenet", ["heatmap", "offset", "displacement_fwd", "displacement_bwd"], None),
        ("palm", ["Identity", "Identity_1"], {"boxes": 0, "scores": 1}),
        ("palm", ["classificators", "regressors"], {"boxes": 1, "scores": 0}),
        ("palm", ["Identity:0", "Identity_1:0"], {"boxes": 0, "scores": 1}),
        ("hand", ["Identity", "Identity_1", "Identity_2", "Identity_3"], None),
    ],
)
def test_heads_are_known_by_upstream_s_names(
    family: str, outputs: list[str], expected: dict[str, int] | None
) -> None:
    if expected is None:
        names = FOUR if family == "posenet" else HAND
        expected = {name: number for number, name in enumerate(names)}
    found = heads.pick(family, {})(outputs)
    assert found == {head: outputs[number] for head, number in expected.items()}


def test_the_user_s_names_come_first() -> None:
    outputs = ["a", "offset_2", "displacement_fwd_2", "displacement_bwd_2", "heatmap_old"]
    assert heads.pick("posenet", {"heatmaps": "a"})(outputs)["heatmaps"] == "a"


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        ({}, "no output is 'heatmaps'; there are: a, offset_2.*\n.*--head heatmaps=TENSOR"),
        ({"heatmap": "a"}, "--head heatmap: posenet has no such head\n.*did you mean 'heatmaps'"),
        ({"heatmaps": "b"}, "--head heatmaps: the model has no output 'b'\n.*a, offset_2"),
    ],
)
def test_a_head_that_is_missing_is_named(named: dict[str, str], problem: str) -> None:
    with pytest.raises(ModelError, match=problem):
        heads.pick("posenet", named)(["a", "offset_2", "displacement_fwd_2", "displacement_bwd_2"])


def posenet(size: Size, stride: int = 16, *, depth: int = 17, squash: bool = False) -> FloatModel:
    """Make a model with PoseNet's heads, each of one convolution."""
    graph = Graph((1, *size, 3))
    draw = np.random.default_rng(1)

    def head(channels: int) -> int:
        filters = draw.normal(0, 1, (channels, 3, 3, 3)).astype(np.float32)
        bias = np.zeros(channels, np.float32)
        return graph.conv2d(graph.image, filters, bias, stride=(stride, stride))

    made = dict(zip(FOUR, (head(depth), head(34), head(32), head(32)), strict=True))
    if squash:
        for name in ("heatmaps", "offsets"):
            made[name] = graph.add("LOGISTIC", (made[name],), graph.shape(made[name]))
    return FloatModel.of(graph.finish(made), "tiny")


@pytest.mark.parametrize(
    ("size", "stride"), [((257, 257), 16), ((353, 481), 16), ((33, 17), 16), ((265, 257), 8)]
)
def test_sizes_that_posenet_takes_pass(size: Size, stride: int) -> None:
    model = posenet(size, stride)
    assert heads.conform(model, "posenet", "tiny") is model


@pytest.mark.parametrize(
    ("size", "stride", "hint"),
    [
        ((256, 256), 16, "--input 241x241 or 257x257"),
        ((257, 320), 16, "--input 257x305 or 257x321"),
        ((260, 257), 8, "--input 257x257 or 265x257"),
        ((1, 257), 16, "--input 17x257"),
    ],
)
def test_other_sizes_are_refused_with_the_nearest(size: Size, stride: int, hint: str) -> None:
    with pytest.raises(ModelError, match=f"cannot take .* at a stride of {stride}") as caught:
        heads.conform(posenet(size, stride), "posenet", "tiny")
    assert caught.value.hint.endswith(hint)


def test_a_head_of_another_depth_is_refused() -> None:
    with pytest.raises(ModelError, match=r"'heatmaps' is \[1, 3, 3, 18\], its last .* be 17"):
        heads.conform(posenet((33, 33), depth=18), "posenet", "tiny")


def test_a_decoder_of_logits_gets_logits() -> None:
    squashed = posenet((33, 33), squash=True)
    model = heads.conform(squashed, "posenet", "tiny")
    assert kinds(model.content).count("LOGISTIC") == 1  # of the offsets, whose it is
    image = picture((33, 33))
    logits = heads_of(model, image)["heatmaps"]
    expected = heads_of(squashed, image)["heatmaps"]
    np.testing.assert_allclose(1 / (1 + np.exp(-logits)), expected, atol=1e-5)
    assert flat.outputs(flat.parse(model.content, "")).keys() == set(FOUR)
