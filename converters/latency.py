"""Latency of models that take turns: a busy moment of the machine slows all of them alike."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from converters.progress import Bar
from edge.ports import Backend

ROUNDS = 60
_WARM_UP = 3  # inferences; caches, lazy allocation and the clock of the processor settle
_SEED = 0

Latencies = tuple[float, ...]  # ms, one a round


def interleaved(
    backends: Sequence[Backend], bar: Bar, rounds: int = ROUNDS
) -> tuple[Latencies, ...]:
    """Latencies of each opened backend, pixels in to float32 tensors out, as a device pays them.

    Every round all have one turn, each time in another order, the same in every run.
    """
    chance = np.random.default_rng(_SEED)
    noise = [chance.integers(0, 256, (1, *one.input_size, 3), np.uint8) for one in backends]
    for backend, image in zip(backends, noise, strict=True):
        for _ in range(_WARM_UP):
            backend.infer(backend.feed(image))
    taken = np.empty((len(backends), rounds))
    for done in range(rounds):
        for turn in chance.permutation(len(backends)):
            taken[turn, done] = _timed(backends[turn], noise[turn])
        bar(done + 1, rounds)
    return tuple(tuple(row) for row in taken.tolist())


def _timed(backend: Backend, image: npt.NDArray[np.uint8]) -> float:
    begin = time.perf_counter()
    backend.infer(backend.feed(image))
    return (time.perf_counter() - begin) * 1e3
