"""The range of numbers that the levels of each tensor cover.

Not simply from the lowest to the highest: the few largest values may cost all others half of their
precision. The range is the one of least squared error, of levels and of what is cut off together.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np
import numpy.typing as npt

from converters import flat
from converters.flat import Array
from converters.model import FloatModel, Job
from converters.writers import _pixels
from converters.writers._observe import pictures

Range = tuple[float, float]  # lowest, highest value

_LEVELS = 255  # from the lowest to the highest
_BINS = 2048
_SHARES = np.linspace(1.0, 0.3, 15)  # of what was seen, below 0 and above


def ranges(model: FloatModel, job: Job) -> Mapping[str, Range]:
    """Give the range of every tensor by name; heads' are not cut, the input's is a pixel's."""
    graph = flat.parse(model.content, job.stem).subgraphs[0]
    names = {int(i): flat.name(graph.tensors[i]) for op in graph.operators for i in op.outputs}
    seen = _seen(model, job, names)
    counts = {tensor: np.zeros(_BINS) for tensor in names}
    for look in pictures(model, job):
        for tensor in names:
            counts[tensor] += np.histogram(look(tensor), _BINS, seen[tensor])[0]
    return {
        name: seen[tensor] if name in model.heads else narrowed(seen[tensor], counts[tensor])
        for tensor, name in names.items()
    } | {model.image: _pixels.levels(job)}


def narrowed(seen: Range, counts: npt.NDArray[np.float64]) -> Range:
    """Give the part of a range that costs least, from a histogram of the values in it."""
    edges = np.linspace(*seen, len(counts) + 1)
    values = (edges[:-1] + edges[1:]) / 2
    parts = [(seen[0] * below, seen[1] * above) for below, above in product(_SHARES, _SHARES)]
    return min(parts, key=lambda part: _cost(part, values, counts))


def _cost(part: Range, values: Array, counts: Array) -> float:
    step = (part[1] - part[0]) / _LEVELS
    cut_off = (np.clip(values, *part) - values) ** 2
    return float((counts * (cut_off + step**2 / 12)).sum())


def _seen(model: FloatModel, job: Job, tensors: Mapping[int, str]) -> dict[int, Range]:
    """Lowest and highest value of each tensor; 0 is always between: a convolution's padding is."""
    seen = dict.fromkeys(tensors, (0.0, 0.0))
    for look in pictures(model, job):
        for tensor, (low, high) in seen.items():
            values = look(tensor)
            seen[tensor] = (min(low, float(values.min())), max(high, float(values.max())))
    return seen
