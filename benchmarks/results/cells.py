"""Figures as cells of a table; "-" is what was not measured."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

NONE = "-"
_FOLDERS = re.compile(
    r"(?<![\w.:/])/(?:[^\s/]+/)+"
)  # of a path that is absolute, not of an address
_POINTS = 100.0  # in all


def number(value: float | None, digits: int = 0) -> str:
    """Such as "12.3"."""
    return NONE if value is None else f"{value:.{digits}f}"


def among(value: float | None, bounds: Sequence[float | None] | None, digits: int) -> str:
    """A value and where it may lie, such as "0.53 (0.47 to 0.67)"."""
    low, high = bounds or (None, None)
    if low is None or high is None:
        return number(value, digits)
    return f"{number(value, digits)} ({low:.{digits}f} to {high:.{digits}f})"


def points(value: float | None) -> float | None:
    """A share in hundredths; never minus nothing."""
    return None if value is None else round(_POINTS * value, 1) + 0.0


def ranks(values: Mapping[str, float | None], digits: int) -> list[str]:
    """The median, the 95th and, where there is one, the 99th percentile, a cell each."""
    return [number(values[rank], digits) for rank in ("p50", "p95", "p99") if rank in values]


def counted(value: int, noun: str) -> str:
    """Such as "1 camera" and "2 cameras"."""
    return f"{value} {noun}" if value == 1 else f"{value} {noun}s"


def text(value: Any) -> str:
    """Anything as words."""
    return NONE if value is None else str(value)


def homeless(words: str) -> str:
    """Words in which paths have lost the folders of a machine."""
    return _FOLDERS.sub("", words)
