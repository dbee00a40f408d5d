"""Poses against what people marked: a row for each variant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks.results import options
from benchmarks.results.cells import among, counted, number, points
from benchmarks.results.markdown import Markdown, table, text

TITLE = "Accuracy"
_HANDS = "hand21"
Cell = Callable[[Mapping[str, Any]], str]


def blocks(figures: Mapping[str, Any]) -> Iterator[Markdown]:
    """On what, and the table; what `lost` means is in the README."""
    hands = figures["skeleton"] == _HANDS
    left_out = sum(figures["left_out"].values())
    told = [counted(figures["pictures"], "picture")]
    told += [f"{figures['people']} marked {'hands' if hands else 'people'}"]
    told += [f"{counted(left_out, 'picture')} left out"] * bool(left_out)
    yield text(f"{figures['coco']}: {', '.join(told)}.")
    columns = _hands() if hands else _bodies()
    rows = [
        (model, target, *(cell(one) for cell in columns.values()))
        for model, targets in figures["models"].items()
        for target, one in targets.items()
    ]
    yield table(("model", "runtime", *columns), rows, words=2)


def options_of(figures: Mapping[str, Any]) -> Iterator[str]:
    """The flags that the figures tell of."""
    models = figures["models"]
    yield from ("--coco", figures["coco"], "--images", "DIR")
    yield from options.each("--model", models)
    every = (one["backend"] for targets in models.values() for one in targets.values())
    yield from options.each("--backend", every)


def _bodies() -> dict[str, Cell]:
    plain = {"AP50": "oks_ap_50", "AP75": "oks_ap_75", "medium": "oks_ap_medium"}
    plain |= {"large": "oks_ap_large", "AR": "oks_ar", "PCK@.2": "pck_0.2", "@.1": "pck_0.1"}
    return {
        "AP (95 %)": _ranged("oks_ap"),
        **{head: _plain(key) for head, key in plain.items()},
        **_found("oks_ap", "AP"),
    }


def _hands() -> dict[str, Cell]:
    plain = {"@.1": "pck_0.1", "AUC": "auc", "error, palms": "mean_error"}
    return {
        "PCK@.2 (95 %)": _ranged("pck_0.2"),
        **{head: _plain(key) for head, key in plain.items()},
        **_found("pck_0.2", "PCK"),
    }


def _found(first: str, name: str) -> dict[str, Cell]:
    return {
        "found": lambda one: f"{one['found']} of {one['people']}",
        "invented": lambda one: str(one["invented"]),
        f"{name} points lost (95 %)": lambda one: among(
            points(one.get(f"{first}_loss")),
            _both(one.get(f"{first}_loss_interval")),
            1,
        ),
    }


def _plain(key: str) -> Cell:
    return lambda one: number(one[key], 3)


def _ranged(key: str) -> Cell:
    return lambda one: among(one[key], one[f"{key}_interval"], 3)


def _both(bounds: Sequence[float | None] | None) -> list[float | None]:
    return [points(bound) for bound in bounds or ()] or [None, None]
