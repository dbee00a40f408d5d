"""What a training run keeps, so that it may be stopped at any moment."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import torch


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """All that is needed to go on, and to ship."""

    task: str
    shape: dict[str, Any]  # what the network is built from
    weights: dict[str, Any]
    average: dict[str, Any]  # the weights to use
    optimizer: dict[str, Any]
    seen: int  # pictures
    steps: int


def save(checkpoint: Checkpoint, file: Path) -> None:
    """Write it, whole or not at all."""
    values = {field.name: getattr(checkpoint, field.name) for field in fields(checkpoint)}
    being_made = file.with_suffix(".part")
    with _stopped_later(), being_made.open("wb") as stream:
        torch.save(values, stream)
        stream.flush()
        os.fsync(stream.fileno())
    being_made.replace(file)


def read(file: Path) -> Checkpoint:
    """Read one of any network; raises OSError."""
    return Checkpoint(**torch.load(file, map_location="cpu", weights_only=True))


def load(file: Path, task: str, shape: dict[str, Any] | None = None) -> Checkpoint:
    """Read one; raises OSError, and ValueError for one of another network."""
    found = read(file)
    if found.task != task or (shape is not None and found.shape != shape):
        wanted = f"{task} {shape}" if shape is not None else task
        raise ValueError(f"{file} is of {found.task} {found.shape}, not of {wanted}")
    return found


def load_weights(file: Path) -> dict[str, Any]:
    """Read the averaged weights of any task's checkpoint; raises OSError."""
    return read(file).average


def soup(found: Sequence[Checkpoint]) -> Checkpoint:
    """The mean of several checkpoints' averaged weights, to be shipped, not to go on from.

    Raises ValueError for checkpoints of different networks.
    """
    first = found[0]
    if any((one.task, one.shape) != (first.task, first.shape) for one in found):
        raise ValueError("only checkpoints of the same network can be averaged")
    mean = {
        name: sum(one.average[name] for one in found) / len(found)
        if value.is_floating_point()
        else value
        for name, value in first.average.items()
    }
    seen, steps = max(one.seen for one in found), max(one.steps for one in found)
    return Checkpoint(first.task, first.shape, mean, mean, {}, seen, steps)


@contextmanager
def _stopped_later() -> Iterator[None]:
    """Hold Ctrl-C and its like back: within torch.save they become another error."""
    caught: list[int] = []
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    held = [one for one, handler in before.items() if handler is not signal.SIG_IGN]
    for one in held:
        signal.signal(one, lambda number, _frame: caught.append(number))
    try:
        yield
    finally:
        for one in held:
            signal.signal(one, before[one])
    for number in caught:
        signal.raise_signal(number)
