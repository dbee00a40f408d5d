"""Quantizers greet, warn and draw bars of their own: a conversion draws one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from edge.backends._quiet import quiet


@contextmanager
def silence() -> Iterator[None]:
    """Send what libraries print, in Python or past it, nowhere; errors still come as exceptions."""
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stdout(nowhere),
        redirect_stderr(nowhere),
        quiet(),
    ):
        yield
