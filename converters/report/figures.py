"""Figures as people read them, shared by the card, the page and the terminal's table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from converters.parity.measure import Measure
from converters.result import Result, Trial
from converters.views import COUNT

_RUNTIMES = {"tflite": "TensorFlow Lite", "onnxruntime": "ONNX Runtime", "openvino": "OpenVINO"}
_SHARES, _PERCENTS = 1.0, 100.0


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of every trial that was compared; None where a trial lacks it."""

    measure: Measure  # what it is and its limit
    cells: tuple[Measure | None, ...]  # in the order of `compared`
    texts: tuple[str, ...]  # the values, with as many digits each


def compared(result: Result) -> tuple[Trial, ...]:
    """Trials with a parity."""
    return tuple(trial for trial in result.trials if trial.parity)


def rows(result: Result) -> tuple[Row, ...]:
    """Every measure of the compared trials, in the order they were measured."""
    tables = [{m.key: m for m in t.parity.measures} for t in result.trials if t.parity]
    keys = dict.fromkeys(key for table in tables for key in table)
    return tuple(_row([table.get(key) for table in tables]) for key in keys)


def _row(cells: Sequence[Measure | None]) -> Row:
    known = [cell for cell in cells if cell]
    shown = iter(numbers([cell.value for cell in known]))
    return Row(known[0], tuple(cells), tuple(next(shown) if cell else "" for cell in cells))


def compared_on(result: Result) -> str:
    """Say how many pictures the trials were compared on, and how often they saw each."""
    count = max((trial.parity.pictures for trial in result.trials if trial.parity), default=0)
    return f"{count} pictures (each in {COUNT} views: whole or trimmed, mirrored or not)"


def labelled(table: Mapping[str, str | int]) -> dict[str, str | int]:
    """Keys of a manifest's table as words."""
    return {key.replace("_", " "): value for key, value in table.items()}


def numbers(values: Sequence[float]) -> tuple[str, ...]:
    """Values of one kind with equal digits: counts whole, shares with three, percents with two."""
    most = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if all(isinstance(value, int) for value in values):
        digits = 0
    else:
        digits = 3 if most <= _SHARES else 2 if most <= _PERCENTS else 1
    return tuple(f"{v:.{digits}f}" if math.isfinite(v) else "unknown" for v in values)


def limit(measure: Measure) -> str:
    """What it is held to: "at least 0.95"; empty when it is only told."""
    bounds = (("at least", measure.at_least), ("at most", measure.at_most))
    return ", ".join(f"{words} {bound:g}" for words, bound in bounds if bound is not None)


def title(measure: Measure) -> str:
    """What it is, with its unit."""
    return f"{measure.title}, {measure.unit}" if measure.unit else measure.title


def runtime(backend: str) -> str:
    """Give an inference runtime's proper name."""
    return _RUNTIMES.get(backend, backend)


def trial_name(trial: Trial) -> str:
    """Which variant, and where it ran."""
    return f"{trial.target} in {runtime(trial.backend)}"


def failures(result: Result) -> tuple[str, ...]:
    """Say what is wrong with each trial, one line for each fault."""
    return tuple(f"{trial_name(t)}{words}" for t in result.trials for words in _faults(t))


def _faults(trial: Trial) -> Iterator[str]:
    if trial.refused:
        yield f": {trial.refused}"
    for measure in trial.parity.measures if trial.parity else ():
        if not measure.passed:
            (value,) = numbers([measure.value])
            yield f", {measure.title}: {f'{value} {measure.unit}'.strip()} ({limit(measure)})"


def runs_on(result: Result) -> tuple[str, ...]:
    """Kinds of backend that a variant was opened in."""
    return tuple(dict.fromkeys(trial.backend for trial in compared(result) or result.trials))


def is_float(trial: Trial) -> bool:
    """Whether it is the original, unquantized."""
    return trial.target.rpartition(":")[2] == "float32"


def baseline(trial: Trial, result: Result) -> Trial | None:
    """Give the float32 model in the same runtime, if it was timed."""
    timed = (t for t in result.trials if is_float(t) and t.latency_ms)
    return next((t for t in timed if t.backend == trial.backend), None)
