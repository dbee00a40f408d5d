"""The parity table as plain text, for a terminal 80 characters wide."""

from __future__ import annotations

import numpy as np

from converters.parity.measure import Measure
from converters.report import figures
from converters.result import Result, Trial
from converters.views import COUNT

_VERDICTS = {True: "ok", False: "FAILED"}
_KB = 1000


def table(result: Result) -> str:
    """Every trial held against its original: its cost, each measure, limit and verdict."""
    judged = [trial for trial in result.trials if trial.parity or trial.refused]
    columns = [_cells(m) for t in judged if t.parity for m in t.parity.measures]
    widths = [max(map(len, column)) for column in zip(*columns, strict=True)]
    return "\n\n".join(_block(trial, result, widths) for trial in judged)


def _block(trial: Trial, result: Result, widths: list[int]) -> str:
    name = figures.trial_name(trial)
    if trial.parity is None:
        return f"{name}: {_VERDICTS[False]}\n  {trial.refused}"
    verdict = _VERDICTS[trial.parity.passed]
    head = f"{name}, {trial.parity.pictures} pictures in {COUNT} views: {verdict}"
    rows = (_line(measure, widths) for measure in trial.parity.measures)
    return "\n".join([head, f"  {_cost(trial, result)}", *rows])


def _cost(trial: Trial, result: Result) -> str:
    """Size and latency, and what they are of the original's in the same inference runtime."""
    size = f"{trial.size / _KB:,.0f} KB"
    base = figures.baseline(trial, result)
    if base is None or not trial.latency_ms:
        return size
    median, before = (float(np.median(one.latency_ms)) for one in (trial, base))
    shares = (trial.size / base.size, median / before)
    of_size, of_latency = (f"{100 * share:.0f} %" for share in shares)
    return f"{size} ({of_size} of float32), {median:.1f} ms at one thread ({of_latency})"


def _line(measure: Measure, widths: list[int]) -> str:
    title, value, limit, verdict = _cells(measure)
    row = f"  {title:{widths[0]}}  {value:>{widths[1]}}  {limit:{widths[2]}}  {verdict}"
    return row.rstrip()


def _cells(measure: Measure) -> tuple[str, str, str, str]:
    (value,) = figures.numbers([measure.value])
    verdict = _VERDICTS[measure.passed] if measure.judged else ""
    return figures.title(measure), value, figures.limit(measure), verdict
