"""The parity table as plain text, for a terminal 80 characters wide."""

from __future__ import annotations

from converters.parity.measure import Measure
from converters.report import figures
from converters.result import Result, Trial

_VERDICTS = {True: "ok", False: "FAILED"}


def table(result: Result) -> str:
    """Every trial that was held against its original, with each measure, limit and verdict."""
    judged = [trial for trial in result.trials if trial.parity or trial.refused]
    columns = [_cells(m) for t in judged if t.parity for m in t.parity.measures]
    widths = [max(map(len, column)) for column in zip(*columns, strict=True)]
    return "\n\n".join(_block(trial, widths) for trial in judged)


def _block(trial: Trial, widths: list[int]) -> str:
    name = figures.trial_name(trial)
    if trial.parity is None:
        return f"{name}: {_VERDICTS[False]}\n  {trial.refused}"
    head = f"{name}, {trial.parity.pictures} pictures: {_VERDICTS[trial.parity.passed]}"
    return "\n".join([head, *(_line(measure, widths) for measure in trial.parity.measures)])


def _line(measure: Measure, widths: list[int]) -> str:
    title, value, limit, verdict = _cells(measure)
    row = f"  {title:{widths[0]}}  {value:>{widths[1]}}  {limit:{widths[2]}}  {verdict}"
    return row.rstrip()


def _cells(measure: Measure) -> tuple[str, str, str, str]:
    (value,) = figures.numbers([measure.value])
    verdict = _VERDICTS[measure.passed] if measure.judged else ""
    return figures.title(measure), value, figures.limit(measure), verdict
