"""Rounds weights to int8 so that what a layer gives changes least, not what its weights are.

Weights are rounded one after the other, and what that changes in a layer's output, on the
calibration pictures, is made good by those still to come and at last by the bias: GPTQ (Frantar et
al., 2022, arXiv:2210.17323), here for convolutions. To the nearest, PoseNet's keypoints move four
times as far. The weights stay float32, on a grid that every quantizer finds again: the largest of
an output channel is 127 steps.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from converters import flat, surgery
from converters.flat import Array
from converters.model import FloatModel, Job
from converters.writers._alone import alone
from converters.writers._layers import Layer, layers
from converters.writers._observe import pictures

Doubles = npt.NDArray[np.float64]

_STEPS = 127  # from 0 to the largest weight of a channel
_WINDOWS = 256  # of a picture in each layer: neighbours say much the same
_DAMPING = 0.01  # of the mean square, as in the paper, against what few pictures cannot tell
_LEAST = 1e-6  # for channels that are always 0
_LEAST_OF_BIAS = 2.0**-16  # a channel's weights, or its bias would pass 32 bits, and turn round


def rounded(model: FloatModel, job: Job) -> FloatModel:
    """Put the weights of every layer on the grid of int8; biases change, too."""
    parsed = flat.parse(model.content, job.stem)
    found = list(layers(parsed))
    with alone():
        for layer, moments in zip(found, _moments(model, job, found), strict=True):
            weights = _matrix(layer)
            made = on_grid(np.concatenate([weights, _bias(layer)[..., None]], axis=-1), moments)
            # One that adds nothing is not given a bias: in OpenVINO's files it is an operator.
            bias = made[..., -1].reshape(-1) if layer.bias.any() else layer.bias
            layer.replace(_unfolded(layer, made[..., :-1]), bias)
    surgery.keep(parsed, flat.outputs(parsed))
    return FloatModel.of(parsed, job.stem)


def on_grid(weights: Doubles, moments: Doubles) -> Doubles:
    """Round (groups, out, in + 1) weights, the bias last and free.

    `moments` (groups, in + 1, in + 1) are the means of the products of what each two weights meet.
    """
    made = weights.copy()
    sizes = np.abs(made)
    largest = sizes[..., :-1].argmax(axis=-1)
    widest = np.maximum(sizes[..., :-1].max(axis=-1), _LEAST_OF_BIAS * sizes[..., -1])
    step = np.where(widest > 0.0, widest / _STEPS, 1.0)
    # Row k says how each later weight makes good an error of weight k.
    upper = np.linalg.cholesky(np.linalg.inv(_damped(moments))).swapaxes(-1, -2)
    for k in range(made.shape[-1] - 1):
        wanted = made[..., k]
        nearest = np.clip(np.round(wanted / step), -_STEPS, _STEPS) * step
        nearest = np.where(largest == k, np.copysign(widest, weights[..., k]), nearest)
        error = (wanted - nearest) / upper[:, k, k][:, None]
        made[..., k + 1 :] -= error[..., None] * upper[:, None, k, k + 1 :]
        made[..., k] = nearest
    return made


def _damped(moments: Doubles) -> Doubles:
    count = moments.shape[-1] - 1  # the bias always meets 1 and needs no damping
    square = np.trace(moments[:, :-1, :-1], axis1=1, axis2=2) / count
    made = moments.copy()
    made[:, range(count), range(count)] += (_DAMPING * square + _LEAST)[:, None]
    return made


def _moments(model: FloatModel, job: Job, found: list[Layer]) -> list[Doubles]:
    """Second moments of what each layer reads, and of the 1 that its bias meets."""
    sums = [np.zeros(())] * len(found)
    for look in pictures(model, job):
        for place, layer in enumerate(found):
            windows = layer.windows(look(layer.source), _WINDOWS)
            met = np.concatenate([windows, np.ones_like(windows[..., :1])], axis=-1)
            sums[place] = sums[place] + met.swapaxes(-1, -2) @ met / met.shape[1]
    return [total.astype(np.float64) / len(job.pictures) for total in sums]


def _matrix(layer: Layer) -> Doubles:
    """Weights as (groups, out, in), in the order of the layer's windows."""
    weights = layer.weights.astype(np.float64)
    if not layer.depthwise:
        return weights.reshape(1, len(weights), -1)
    groups = _groups(layer)
    return weights.reshape(-1, groups, weights.shape[3] // groups).transpose(1, 2, 0)


def _bias(layer: Layer) -> Doubles:
    return layer.bias.astype(np.float64).reshape(_matrix(layer).shape[:2])


def _unfolded(layer: Layer, matrix: Doubles) -> Array:
    """The opposite of _matrix."""
    if layer.depthwise:
        matrix = matrix.transpose(2, 0, 1)
    return matrix.reshape(layer.weights.shape)


def _groups(layer: Layer) -> int:
    tensors = layer.model.subgraphs[0].tensors
    return flat.shape(tensors[layer.source])[-1] if layer.depthwise else 1
