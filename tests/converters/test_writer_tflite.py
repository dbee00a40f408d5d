"""TFLite out: what each variant computes and takes, and what it costs."""

from __future__ import annotations

import numpy as np
import pytest

from converters import flat
from converters.errors import ConvertError
from converters.model import FloatModel
from converters.writers import tflite
from tests.converters.tiny_network import (
    HALF,
    SIZE,
    Build,
    Floats,
    Network,
    heads,
    job,
    network,
    pictures,
    separable,
    taken,
)

INSIDE = {"float32": 1e-6, "float16": 0.002, "dynamic": 0.05, "int8": 0.05, "int8-uint8": 0.05}
OTHERS = pictures(6, seed=50)  # that no calibration has seen


def written(model: FloatModel, variant: str) -> bytes:
    files = tflite.write(model, job(variant)).files
    assert list(files) == ["tiny.tflite"]
    return files["tiny.tflite"]


def seen(content: bytes, variant: str, seed: int = 0) -> dict[str, Floats]:
    """What a variant makes of a picture, given as the runtime gives it."""
    picture = OTHERS[seed]
    if variant == "int8-uint8":
        return heads(content, picture[None])
    if variant.startswith("int8"):
        return heads(content, (picture[None] ^ 128).view(np.int8))
    return heads(content, taken(picture))


def error(model: FloatModel, variant: str) -> float:
    """The worst head's mean error, as a share of how much it varies."""
    content = written(model, variant)
    errors: dict[str, list[float]] = {name: [] for name in model.heads}
    for seed in range(len(OTHERS)):
        true, found = heads(model.content, taken(OTHERS[seed])), seen(content, variant, seed)
        assert found.keys() == true.keys()
        for name, values in true.items():
            errors[name].append(float(np.abs(found[name] - values).mean() / values.std()))
    return max(float(np.mean(each)) for each in errors.values())


@pytest.mark.parametrize("variant", INSIDE)
@pytest.mark.parametrize("build", [None, separable])
def test_a_variant_computes_what_its_original_does(variant: str, build: Build) -> None:
    assert error(network(build), variant) <= INSIDE[variant]


def ends_in_floats(net: Network) -> dict[str, int]:
    """An operator that no quantizer here rounds gives a head."""
    x = net.conv(net.graph.image, 4)
    return {"maps": net.graph.add("ELU", (x,), net.graph.shape(x)), "more": net.conv(x, 2)}


@pytest.mark.parametrize("variant", ["int8", "int8-uint8"])
def test_heads_keep_their_names_where_their_operator_stays_in_float32(variant: str) -> None:
    assert error(network(ends_in_floats), variant) <= INSIDE[variant]


def test_one_scale_for_all_channels_is_worse_than_one_for_each() -> None:
    model = network(separable)
    assert error(model, "int8-per-tensor") > 1.3 * error(model, "int8")


def test_pixels_less_128_are_the_levels_of_the_input() -> None:
    content = written(network(), "int8")
    graph = flat.parse(content, "made").subgraphs[0]
    levels = graph.tensors[graph.inputs[0]].quantization
    zero = int(levels.zeroPoint[0])
    assert levels.scale[0] == pytest.approx(1 / HALF[0])
    assert abs(-128 - zero - -HALF[0]) <= 0.5  # pixel 0, in levels from what 0.0 is


def test_a_uint8_input_gives_the_very_same_numbers() -> None:
    by_pixels = seen(written(network(), "int8-uint8"), "int8-uint8")
    for name, values in seen(written(network(), "int8"), "int8").items():
        np.testing.assert_array_equal(by_pixels[name], values)


def test_int8_is_refused_where_no_scale_suits_all_colours() -> None:
    with pytest.raises(ConvertError, match="differ between channels"):
        tflite.write(network(), job("int8", mean=(120.0, 115.0, 100.0)))


def test_sums_next_to_prelu_stay_float32_and_convolutions_do_not() -> None:
    def types(build: Build) -> dict[str, set[int]]:
        model = flat.parse(written(network(build), "int8"), "made")
        found: dict[str, set[int]] = {}
        for op in model.subgraphs[0].operators:
            given = model.subgraphs[0].tensors[op.outputs[0]].type
            found.setdefault(flat.kind(model, op), set()).add(given)
        return found

    float32, int8 = 0, 9
    mixed = types(None)
    assert mixed["ADD"] == mixed["PRELU"] == {float32}
    assert mixed["CONV_2D"] == mixed["DEPTHWISE_CONV_2D"] == {int8}
    assert set.union(*types(separable).values()) == {int8}


def test_int8_is_small_and_says_where_its_weights_are_for_every_runtime() -> None:
    content = written(network(separable), "int8")
    model = flat.parse(content, "made")
    assert all(not each.offset for each in model.buffers)  # none behind the flatbuffer
    weights = sum(len(each.data) for each in model.buffers if each.data is not None)
    before = flat.parse(network(separable).content, "made")
    assert weights < 0.4 * sum(len(each.data) for each in before.buffers if each.data is not None)
    assert network(separable).size == SIZE
