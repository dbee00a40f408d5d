"""Brings the channels of a tensor closer to one range, since they share one scale of levels.

A channel can be made larger where it is given and as much smaller where it is read, and the model
computes the same: cross-layer equalization (Nagel et al., 2019, arXiv:1906.04721). What is cut at 6
is then cut lower, but not below what was seen.
"""

from __future__ import annotations

import numpy as np

from converters import flat, surgery
from converters.flat import Array
from converters.model import FloatModel, Job
from converters.writers._channels import Channels
from converters.writers._layers import Layer, layers
from converters.writers._observe import pictures

_RANGE = 6.0  # that every channel moves towards, since many are cut there
_SMALLEST = 1 / 16  # of the largest channel of a tensor: what is almost 0 is not blown up


def equalized(model: FloatModel, job: Job) -> FloatModel:
    """Give a model that computes the same on the calibration pictures, with channels more alike."""
    parsed = flat.parse(model.content, job.stem)
    channels = Channels(parsed)
    factors = _factors(channels, _largest(model, job, channels))
    for layer in list(layers(parsed)):
        given, read = factors[channels.of(layer.output)], factors[channels.of(layer.source)]
        layer.replace(_scaled(layer, given, read), layer.bias * given)
    surgery.keep(parsed, flat.outputs(parsed))
    return FloatModel.of(parsed, job.stem)


def _largest(model: FloatModel, job: Job, channels: Channels) -> Array:
    """The largest size of a value in each channel, on the calibration pictures."""
    largest = np.zeros(len(channels.fixed))
    for look in pictures(model, job):
        for tensor in channels.computed:
            values = look(tensor)
            numbers = channels.of(tensor)
            sizes = np.abs(values).reshape(-1, len(numbers)).max(axis=0)
            largest[numbers] = np.maximum(largest[numbers], sizes)
    for tensor in channels.computed:
        numbers = channels.of(tensor)
        largest[numbers] = np.maximum(largest[numbers], _SMALLEST * largest[numbers].max())
    return channels.highest(largest)


def _factors(channels: Channels, largest: Array) -> Array:
    """What each channel is made larger by."""
    # Half of the way, as a factor: what a channel gains, the weights that read it lose.
    made = np.sqrt(np.divide(_RANGE, largest, out=np.ones_like(largest), where=largest > 0.0))
    cut, fixed = (channels.highest(each).astype(bool) for each in (channels.cut, channels.fixed))
    made = np.where(cut, np.maximum(made, 1.0), made)
    return np.where(fixed, 1.0, made)


def _scaled(layer: Layer, given: Array, read: Array) -> Array:
    """The layer's weights, larger for what they give and smaller for what they read."""
    if layer.depthwise:
        factors = given / np.repeat(read, len(given) // len(read))
    else:
        factors = np.expand_dims(given, tuple(range(1, layer.weights.ndim)))
        if len(read) == layer.weights.shape[-1]:  # else a picture as one row, which is not scaled
            factors = factors / read
    scaled: Array = layer.weights * factors
    return scaled
