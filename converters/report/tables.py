"""The page's two tables: what each variant costs, and how near it is to its original."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from converters.parity.measure import Measure
from converters.report import figures
from converters.report.markup import Markup, element
from converters.result import Result, Trial

TICK, CROSS = "\N{CHECK MARK}", "\N{BALLOT X}"
_NO_SIGN = element("span", class_="sign")  # keeps figures below each other
_KB = 1000


def variants(result: Result) -> Markup:
    """Sizes and latencies of every variant, by inference runtime."""
    head = ("Variant", "Size, KB", "Median, ms", "95 %, ms", "Parity")
    runtimes = dict.fromkeys(trial.backend for trial in result.trials)
    bodies = [_runtime(kind, len(head), result) for kind in runtimes]
    return _scrolled(element("table", _head(head), *bodies, class_="variants"), "Variants")


def parity(result: Result) -> Markup:
    """Every measure of every variant that was compared; nothing when none was."""
    trials = figures.compared(result)
    if not trials:
        return Markup()
    names = [f"{trial.target}\n{figures.runtime(trial.backend)}" for trial in trials]
    rows = [_measure(row) for row in figures.rows(result)]
    body = element("tbody", *rows)
    return _scrolled(element("table", _head(("Measure", "Limit", *names)), body), "Parity")


def _head(titles: Iterable[str]) -> Markup:
    return element("thead", element("tr", *(element("th", words, scope="col") for words in titles)))


def _runtime(kind: str, columns: int, result: Result) -> Markup:
    name = element("th", figures.runtime(kind), scope="rowgroup", colspan=str(columns))
    rows = [_variant(trial, result) for trial in result.trials if trial.backend == kind]
    return element("tbody", element("tr", name), *rows)


def _variant(trial: Trial, result: Result) -> Markup:
    size = _share(trial.size / result.trials[0].size)
    return element(
        "tr",
        element("th", trial.target, scope="row"),
        element("td", f"{trial.size / _KB:,.0f}", size),
        *_latency(trial, result),
        element("td", _state(trial)),
    )


def _latency(trial: Trial, result: Result) -> tuple[Markup, Markup]:
    """Cells of the median and of the 95th percentile."""
    if not trial.latency_ms:
        return element("td"), element("td")
    median, slow = np.percentile(trial.latency_ms, (50, 95)).tolist()
    base = figures.baseline(trial, result)
    ratio = _share(median / float(np.median(base.latency_ms))) if base else ""
    return element("td", f"{median:.1f}", ratio), element("td", f"{slow:.1f}")


def _share(share: float) -> Markup:
    """A percentage, and a bar as long."""
    bar = element("i", class_="bar", style=f"--share:{min(share, 1.0):.1%}")
    return element("small", bar, f"{100 * share:.0f} %")


def _state(trial: Trial) -> Markup:
    if trial.refused:
        return _marked("not opened", passed=False)
    if trial.parity:
        passed = trial.parity.passed
        return _marked("passed" if passed else "failed", passed=passed)
    return element("span", "original", _NO_SIGN, class_="quiet")


def _measure(row: figures.Row) -> Markup:
    title = element("th", figures.title(row.measure), scope="row")
    limit = element("td", figures.limit(row.measure), class_="quiet")
    cells = (_cell(measure, text) for measure, text in zip(row.cells, row.texts, strict=True))
    return element("tr", title, limit, *cells)


def _cell(measure: Measure | None, text: str) -> Markup:
    if measure and measure.judged:
        return element("td", _marked(text, passed=measure.passed))
    return element("td", text, _NO_SIGN)


def _marked(words: str, *, passed: bool) -> Markup:
    """Words with a sign, so that colour is not all that tells."""
    mark = TICK if passed else CROSS
    spoken = "passed" if passed else "failed"
    sign = element("span", mark, class_="sign", role="img", aria_label=spoken)
    return element("span", words, sign, class_="good" if passed else "bad")


def _scrolled(table: Markup, name: str) -> Markup:
    """A table wider than the screen scrolls by itself, also by keyboard."""
    return element("div", table, class_="scrolled", role="region", aria_label=name, tabindex="0")
