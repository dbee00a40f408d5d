"""Lists of numbers as the kernel writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator


def ids(ranges: str) -> frozenset[int]:
    """Numbers of a list such as "0-3,6"."""
    return frozenset(_ids(ranges))


def _digits(name: str) -> list[str]:
    return re.findall(r"\d+", name)


def _ids(ranges: str) -> Iterator[int]:
    for part in ranges.split(","):
        ends = _digits(part)
        if ends:
            yield from range(int(ends[0]), int(ends[-1]) + 1)
