"""What is done to a float model before it is quantized: it stays itself, and loses less."""

from __future__ import annotations

import numpy as np
import pytest

from converters import flat
from converters.model import FloatModel
from converters.writers._equalize import equalized
from converters.writers._layers import layers
from converters.writers._observe import pictures as look_at
from converters.writers._ranges import narrowed, ranges
from converters.writers._rounding import on_grid, rounded
from tests.converters.tiny_network import (
    Build,
    Floats,
    heads,
    job,
    network,
    pictures,
    separable,
    taken,
)

JOB = job("int8")


def mean_error(model: FloatModel, other: FloatModel) -> float:
    """How far the heads of two models are apart, as a share of how much they vary."""
    errors = []
    for picture in pictures(6, seed=50):
        true, found = (heads(each.content, taken(picture)) for each in (model, other))
        errors += [np.abs(found[name] - true[name]).mean() / true[name].std() for name in true]
    return float(np.mean(errors))


def to_the_nearest(model: FloatModel) -> FloatModel:
    """Round weights as a quantizer does."""
    parsed = flat.parse(model.content, "made")
    for layer in list(layers(parsed)):
        axes = tuple(range(3)) if layer.depthwise else tuple(range(1, layer.weights.ndim))
        step = np.abs(layer.weights).max(axis=axes, keepdims=True) / 127
        layer.replace(np.round(layer.weights / step) * step, layer.bias)
    return FloatModel.of(parsed, "made")


def unevenness(model: FloatModel) -> float:
    """How much larger the largest channel of a tensor is than the typical one, over all."""
    graph = flat.parse(model.content, "made").subgraphs[0]
    tensors = [int(op.outputs[0]) for op in graph.operators]
    sizes: dict[int, Floats] = {}
    for look in look_at(model, JOB):
        for tensor in tensors:
            values = np.abs(look(tensor))
            found = values.reshape(-1, values.shape[-1]).max(axis=0)
            sizes[tensor] = np.maximum(sizes.get(tensor, found), found)
    return float(np.mean([each.max() / (np.median(each) + 1e-6) for each in sizes.values()]))


@pytest.mark.parametrize("build", [None, separable])
def test_equalized_channels_are_more_alike_and_the_model_is_the_same(build: Build) -> None:
    model = network(build)
    made = equalized(model, JOB)
    assert made.heads == model.heads
    for picture in JOB.pictures:
        before, after = (heads(each.content, taken(picture)) for each in (model, made))
        for name, values in before.items():
            np.testing.assert_allclose(after[name], values, rtol=1e-3, atol=1e-3 * values.std())
    assert unevenness(made) < 0.95 * unevenness(model)


@pytest.mark.parametrize("build", [None, separable])
def test_rounding_with_care_costs_less_than_to_the_nearest(build: Build) -> None:
    model = network(build)
    careful, plain = (
        mean_error(model, rounded(model, JOB)),
        mean_error(model, to_the_nearest(model)),
    )
    assert 0.0 < careful < 0.75 * plain


@pytest.mark.parametrize("build", [None, separable])
def test_rounded_weights_are_whole_steps_of_a_channel_s_largest(build: Build) -> None:
    for layer in layers(flat.parse(rounded(network(build), JOB).content, "made")):
        channels = layer.weights if not layer.depthwise else np.moveaxis(layer.weights, 3, 0)
        rows = channels.reshape(len(channels), -1)
        steps = rows / (np.abs(rows).max(axis=1, keepdims=True) / 127)
        np.testing.assert_allclose(steps, np.round(steps), atol=1e-3)


def test_what_a_bias_can_make_good_it_does() -> None:
    draw = np.random.default_rng(2)
    met = np.concatenate([draw.normal(3.0, 1.0, (500, 4)), np.ones((500, 1))], axis=1)
    weights = draw.normal(0, 1, (1, 3, 5))
    made = on_grid(weights, (met.T @ met / len(met))[None])
    shift = (met @ (made - weights)[0].T).mean(axis=0)
    nearest = np.round(
        weights[..., :4] * 127 / np.abs(weights[..., :4]).max(axis=-1, keepdims=True)
    )
    assert np.abs(shift).max() < 1e-6
    assert nearest.shape == made[..., :4].shape


def test_a_channel_of_nothing_but_its_bias_keeps_it_in_32_bits() -> None:
    weights = np.array([[[1e-12, 0.0, 5.0], [0.0, 0.0, 0.0], [0.5, -1.0, 0.1]]])
    made = on_grid(weights, np.eye(3)[None])
    np.testing.assert_allclose(made[0, :, 2], weights[0, :, 2], atol=1e-3)
    step = np.abs(made[0, :, :2]).max(axis=1) / 127
    assert 5.0 / (step[0] * 0.01) < 2**31
    assert step[1] == 0.0


def test_a_few_large_values_do_not_cost_all_others_their_precision() -> None:
    counts = np.zeros(2048)
    counts[1000:1100] = 10_000.0
    counts[-1] = 1.0
    low, high = narrowed((-10.0, 10.0), counts)
    assert (low, high) == pytest.approx((-3.0, 3.0))


def test_a_range_that_is_used_evenly_is_kept_whole() -> None:
    assert narrowed((-1.0, 6.0), np.ones(2048)) == pytest.approx((-1.0, 6.0))


def test_heads_are_not_cut_and_every_range_has_a_zero() -> None:
    model = network()
    found = ranges(model, JOB)
    assert all(low <= 0.0 <= high for low, high in found.values())
    for name in model.heads:
        seen = [heads(model.content, taken(picture))[name] for picture in JOB.pictures]
        assert found[name][0] <= min(each.min() for each in seen) + 1e-5
        assert found[name][1] >= max(each.max() for each in seen) - 1e-5
