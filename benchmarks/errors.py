"""How a benchmark fails: where, what is wrong, what to do about it."""

from __future__ import annotations

from edge.errors import EdgeposeError


class BenchError(EdgeposeError):
    """Something could not be measured; `where` names the flag, the file or the runtime."""
